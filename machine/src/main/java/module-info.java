/**
 * The cycle-deterministic RISC-V machine: hart, memory, bus, platform devices and the virtio-mmio transport.
 *
 * <p>Depends on {@code java.base} alone. The module knows nothing of what is done with a run: whoever wants to watch one
 * decorates the interfaces exported here.
 */
@SuppressWarnings("module") // The modules that packages are exported to are built after this one.
module dev.semblance.machine {
    requires static org.jspecify;

    // What a device, a driver of one, and a program that runs a machine need.
    exports dev.semblance.machine;
    exports dev.semblance.machine.boot;
    exports dev.semblance.machine.bus;
    exports dev.semblance.machine.cpu;
    exports dev.semblance.machine.device;
    exports dev.semblance.machine.memory;
    exports dev.semblance.machine.profile;
    exports dev.semblance.machine.state;
    exports dev.semblance.machine.time;
    exports dev.semblance.machine.translate;
    exports dev.semblance.machine.virtio;
    exports dev.semblance.machine.virtio.driver;

    // What the other modules of this project need besides.
    exports dev.semblance.machine.random to
            dev.semblance.harness;
    exports dev.semblance.machine.virtio.blk to
            dev.semblance.harness;
    exports dev.semblance.machine.virtio.input to
            dev.semblance.harness;
    exports dev.semblance.machine.virtio.rng to
            dev.semblance.harness;
}
