package dev.semblance.machine.boot;

import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Slot;
import dev.semblance.machine.profile.VirtPlatform;
import dev.semblance.machine.random.SplitMix64;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The device tree of profile virt: QEMU's nodes, names and compatible strings, for what is there. Addresses have two cells. {@code
 * /chosen/rng-seed} follows from the seed so that the guest's randomness does.
 *
 * @param model the machine
 * @param bootargs the kernel's command line
 * @param initrd where the initrd was loaded
 * @param seed what {@code rng-seed} is made from: 64 bytes of the stream "rng-seed" of {@link SplitMix64}
 */
public record VirtDeviceTree(MachineModel model, String bootargs, Optional<LoadedImage> initrd, long seed) {

    private static final int RNG_SEED_SIZE = 64;

    private static final int MACHINE_SOFTWARE_INTERRUPT = 3;
    private static final int MACHINE_TIMER_INTERRUPT = 7;
    private static final int SUPERVISOR_EXTERNAL_INTERRUPT = 9;
    private static final int MACHINE_EXTERNAL_INTERRUPT = 11;

    /** The sources of the PLIC that exist. */
    private static final int SOURCES = 31;

    /** {@return the tree as the blob that the guest reads} */
    public byte[] toBytes() {
        FlattenedDeviceTree tree = new FlattenedDeviceTree();
        FlattenedDeviceTree.Node root = tree.root();
        root.cells("#address-cells", 2)
                .cells("#size-cells", 2)
                .strings("compatible", "riscv-virtio")
                .strings("model", "riscv-virtio,semblance");
        root.node("aliases").strings("serial0", "/soc/" + name("serial", VirtPlatform.UART));
        addChosen(root.node("chosen"));
        root.node(name("memory", VirtPlatform.RAM))
                .strings("device_type", "memory")
                .cells("reg", wide(VirtPlatform.RAM, model.ramBytes()));
        int hart = addHart(root.node("cpus"));
        addDevices(root.node("soc"), hart);
        return tree.toBytes();
    }

    private void addChosen(FlattenedDeviceTree.Node chosen) {
        chosen.strings("bootargs", bootargs).strings("stdout-path", "serial0");
        initrd.ifPresent(image ->
                chosen.cells("linux,initrd-start", wide(image.address())).cells("linux,initrd-end", wide(image.end())));
        chosen.bytes("rng-seed", SplitMix64.stream(seed, "rng-seed").nextBytes(RNG_SEED_SIZE));
    }

    /** Returns the phandle of its interrupt controller. */
    private int addHart(FlattenedDeviceTree.Node cpus) {
        Isa isa = model.isa();
        return cpus.cells("#address-cells", 1)
                .cells("#size-cells", 0)
                .cells("timebase-frequency", VirtPlatform.TIMEBASE_FREQUENCY)
                .node("cpu@0")
                .strings("device_type", "cpu")
                .strings("compatible", "riscv")
                .cells("reg", 0)
                .strings("riscv,isa", isa.description())
                .strings("riscv,isa-base", isa.base())
                .strings("riscv,isa-extensions", isa.extensions().toArray(String[]::new))
                .strings("mmu-type", isa.is64() ? "riscv,sv39" : "riscv,sv32")
                .node("interrupt-controller")
                .cells("#interrupt-cells", 1)
                .cells("#address-cells", 0)
                .flag("interrupt-controller")
                .strings("compatible", "riscv,cpu-intc")
                .phandle();
    }

    private static void addDevices(FlattenedDeviceTree.Node soc, int hart) {
        FlattenedDeviceTree.Node plic = device(soc, "interrupt-controller", VirtPlatform.PLIC, VirtPlatform.PLIC_SIZE)
                .cells("#interrupt-cells", 1)
                .cells("#address-cells", 0)
                .strings("compatible", "sifive,plic-1.0.0", "riscv,plic0")
                .flag("interrupt-controller")
                .cells("interrupts-extended", hart, MACHINE_EXTERNAL_INTERRUPT, hart, SUPERVISOR_EXTERNAL_INTERRUPT)
                .cells("riscv,ndev", SOURCES);
        soc.cells("#address-cells", 2)
                .cells("#size-cells", 2)
                .strings("compatible", "simple-bus")
                .flag("ranges")
                .cells("interrupt-parent", plic.phandle());
        device(soc, "test", VirtPlatform.TEST, VirtPlatform.TEST_SIZE)
                .strings("compatible", "sifive,test1", "sifive,test0", "syscon");
        device(soc, "clint", VirtPlatform.CLINT, VirtPlatform.CLINT_SIZE)
                .strings("compatible", "sifive,clint0", "riscv,clint0")
                .cells("interrupts-extended", hart, MACHINE_SOFTWARE_INTERRUPT, hart, MACHINE_TIMER_INTERRUPT);
        device(soc, "serial", VirtPlatform.UART, VirtPlatform.UART_SIZE)
                .strings("compatible", "ns16550a")
                .cells("interrupts", VirtPlatform.UART_INTERRUPT)
                .cells("clock-frequency", VirtPlatform.UART_CLOCK);
        for (Slot slot : VirtPlatform.SLOTS) {
            Slot.Place place = VirtPlatform.place(slot);
            device(soc, "virtio", place.base(), VirtPlatform.VIRTIO_SIZE)
                    .strings("compatible", "virtio,mmio")
                    .cells("interrupts", place.interrupt());
        }
    }

    private static FlattenedDeviceTree.Node device(FlattenedDeviceTree.Node soc, String name, long base, long size) {
        return soc.node(name(name, base)).cells("reg", wide(base, size));
    }

    private static String name(String name, long base) {
        return name + "@" + Long.toHexString(base);
    }

    /** Returns numbers as two cells each. */
    private static int[] wide(long... numbers) {
        return LongStream.of(numbers)
                .mapMulti((number, cells) -> {
                    cells.accept(number >>> 32);
                    cells.accept(number);
                })
                .mapToInt(cell -> (int) cell)
                .toArray();
    }
}
