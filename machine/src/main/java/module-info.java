/**
 * The cycle-deterministic RISC-V machine: hart, memory, bus, platform devices and the virtio-mmio transport.
 *
 * <p>Depends on {@code java.base} alone. The module knows nothing of what is done with a run: whoever wants to watch one
 * decorates the interfaces exported here.
 */
module dev.semblance.machine {
    requires static org.jspecify;

    exports dev.semblance.machine;
    exports dev.semblance.machine.boot;
    exports dev.semblance.machine.bus;
    exports dev.semblance.machine.cpu;
    exports dev.semblance.machine.device;
    exports dev.semblance.machine.isa;
    exports dev.semblance.machine.memory;
    exports dev.semblance.machine.random;
    exports dev.semblance.machine.sbi;
    exports dev.semblance.machine.state;
    exports dev.semblance.machine.time;
    exports dev.semblance.machine.virtio;
    exports dev.semblance.machine.virtio.blk;
    exports dev.semblance.machine.virtio.driver;
    exports dev.semblance.machine.virtio.input;
    exports dev.semblance.machine.virtio.rng;
}
