package dev.semblance.machine.boot;

import dev.semblance.machine.profile.SemuPlatform;
import dev.semblance.machine.profile.Slot;
import dev.semblance.machine.random.SplitMix64;
import dev.semblance.machine.virtio.MmioTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The device tree of semu's machine: semu's nodes, names and compatible strings, for the devices that are there. What
 * differs: the initrd's end is exact, {@code /chosen/rng-seed} follows from the seed so that the guest's randomness does,
 * and the harts also have the newer {@code riscv,isa-base} and {@code riscv,isa-extensions}.
 *
 * @param harts how many harts there are, 1 to 32
 * @param bootargs the kernel's command line
 * @param initrd where the initrd was loaded
 * @param seed what {@code rng-seed} is made from: 64 bytes of the stream "rng-seed" of {@link SplitMix64}
 * @param slots the virtio devices, in this order
 */
public record SemuDeviceTree(int harts, String bootargs, Optional<LoadedImage> initrd, long seed, List<Slot> slots) {

    private static final int MAX_HARTS = 32;
    private static final int RNG_SEED_SIZE = 64;
    private static final String SOC = "soc@F0000000";

    private static final int SUPERVISOR_SOFTWARE_INTERRUPT = 1;
    private static final int MACHINE_SOFTWARE_INTERRUPT = 3;
    private static final int MACHINE_TIMER_INTERRUPT = 7;
    private static final int SUPERVISOR_EXTERNAL_INTERRUPT = 9;

    /** Checks the number of harts. */
    public SemuDeviceTree {
        if (harts < 1 || harts > MAX_HARTS) {
            throw new IllegalArgumentException("a machine has 1 to " + MAX_HARTS + " harts, not " + harts);
        }
        slots = List.copyOf(slots);
    }

    /** {@return the tree as the blob that the guest reads} */
    public byte[] toBytes() {
        FlattenedDeviceTree tree = new FlattenedDeviceTree();
        FlattenedDeviceTree.Node root = tree.root();
        root.cells("#address-cells", 1).cells("#size-cells", 1).strings("model", "semu");
        root.node("aliases").strings("serial0", "/" + SOC + "/serial@4000000");
        addChosen(root.node("chosen"));
        List<Integer> hartInterrupts = addHarts(root.node("cpus"));
        root.node("memory@0")
                .strings("device_type", "memory")
                .cells("reg", 0, (int) SemuPlatform.RAM_SIZE)
                .strings("reg-names", "sram0");
        addDevices(root.node(SOC), hartInterrupts);
        return tree.toBytes();
    }

    private void addChosen(FlattenedDeviceTree.Node chosen) {
        chosen.strings("bootargs", bootargs).strings("stdout-path", "serial0");
        initrd.ifPresent(image ->
                chosen.cells("linux,initrd-start", (int) image.address()).cells("linux,initrd-end", (int) image.end()));
        chosen.bytes("rng-seed", SplitMix64.stream(seed, "rng-seed").nextBytes(RNG_SEED_SIZE));
    }

    private List<Integer> addHarts(FlattenedDeviceTree.Node cpus) {
        cpus.cells("#address-cells", 1)
                .cells("#size-cells", 0)
                .cells("timebase-frequency", SemuPlatform.TIMEBASE_FREQUENCY);
        List<Integer> controllers = new ArrayList<>();
        for (int hart = 0; hart < harts; hart++) {
            FlattenedDeviceTree.Node controller = cpus.node("cpu@" + Integer.toHexString(hart))
                    .strings("device_type", "cpu")
                    .strings("compatible", "riscv")
                    .cells("reg", hart)
                    .strings("riscv,isa", "rv32ima")
                    .strings("riscv,isa-base", "rv32i")
                    .strings("riscv,isa-extensions", "i", "m", "a", "zicsr", "zifencei")
                    .strings("mmu-type", "riscv,sv32")
                    .node("interrupt-controller")
                    .cells("#interrupt-cells", 1)
                    .cells("#address-cells", 0)
                    .flag("interrupt-controller")
                    .strings("compatible", "riscv,cpu-intc");
            controllers.add(controller.phandle());
        }
        return controllers;
    }

    private void addDevices(FlattenedDeviceTree.Node soc, List<Integer> hartInterrupts) {
        FlattenedDeviceTree.Node plic = soc.node("interrupt-controller@0")
                .cells("#interrupt-cells", 1)
                .cells("#address-cells", 0)
                .strings("compatible", "sifive,plic-1.0.0")
                .cells("reg", 0, 0x400_0000)
                .flag("interrupt-controller")
                .cells("interrupts-extended", toEachHart(hartInterrupts, SUPERVISOR_EXTERNAL_INTERRUPT))
                .cells("riscv,ndev", 31);
        soc.cells("#address-cells", 1)
                .cells("#size-cells", 1)
                .strings("compatible", "simple-bus")
                .cells("ranges", 0, (int) SemuPlatform.SOC, 0x1000_0000)
                .cells("interrupt-parent", plic.phandle());
        addSoftwareInterrupts(
                soc, "sswi", SemuPlatform.SSWI, toEachHart(hartInterrupts, SUPERVISOR_SOFTWARE_INTERRUPT));
        addSoftwareInterrupts(soc, "mswi", SemuPlatform.MSWI, toEachHart(hartInterrupts, MACHINE_SOFTWARE_INTERRUPT));
        device(soc, "mtimer", SemuPlatform.MTIMER, 0x8000)
                .cells("interrupts-extended", toEachHart(hartInterrupts, MACHINE_TIMER_INTERRUPT))
                .strings("compatible", "riscv,aclint-mtimer");
        device(soc, "serial", SemuPlatform.UART, (int) SemuPlatform.WINDOW)
                .strings("compatible", "ns16550")
                .cells("interrupts", SemuPlatform.UART_INTERRUPT)
                .flag("no-loopback-test")
                // The divisor means nothing on a line of infinite speed.
                .cells("clock-frequency", 5_000_000);
        for (Slot slot : slots) {
            Slot.Place place = SemuPlatform.place(slot);
            device(soc, "virtio", place.base(), MmioTransport.WINDOW_SIZE)
                    .strings("compatible", "virtio,mmio")
                    .cells("interrupts", place.interrupt());
        }
    }

    private static void addSoftwareInterrupts(
            FlattenedDeviceTree.Node soc, String name, long base, int[] interruptsExtended) {
        device(soc, name, base, 0x4000)
                .cells("#interrupt-cells", 0)
                .cells("#address-cells", 0)
                .flag("interrupt-controller")
                .cells("interrupts-extended", interruptsExtended)
                .strings("compatible", "riscv,aclint-" + name);
    }

    private static FlattenedDeviceTree.Node device(FlattenedDeviceTree.Node soc, String name, long base, int size) {
        int offset = (int) (base - SemuPlatform.SOC);
        return soc.node(name + "@" + Integer.toHexString(offset)).cells("reg", offset, size);
    }

    private static int[] toEachHart(List<Integer> controllers, int interrupt) {
        return controllers.stream()
                .flatMapToInt(controller -> IntStream.of(controller, interrupt))
                .toArray();
    }
}
