package dev.semblance.machine.profile;

import java.util.List;

/**
 * The address map and the interrupt numbers of QEMU's virt machine, of what is here: physical addresses, sizes in bytes, PLIC
 * sources. There is no PCI, no flash and no fw_cfg, which every kernel copes with, and no firmware lies in memory.
 */
public final class VirtPlatform {

    /** RAM begins at 2 GiB. */
    public static final long RAM = 0x8000_0000L;

    /** As much RAM as there is if nothing is said: 256 MiB. */
    public static final long USUAL_RAM = 256L << 20;

    /** Ticks of mtime in a second. */
    public static final int TIMEBASE_FREQUENCY = 10_000_000;

    /** Cycles in a tick of mtime, so that a cycle is a nanosecond. */
    public static final int CYCLES_PER_TICK = 100;

    /** The device that ends the run: SiFive's test finisher. */
    public static final long TEST = 0x10_0000L;

    /** Bytes of the test finisher's window. */
    public static final long TEST_SIZE = 0x1000;

    /** CLINT: MSWI, then MTIMER at {@link #MTIMER}. */
    public static final long CLINT = 0x200_0000L;

    /** Bytes of MSWI in the CLINT. */
    public static final long MSWI_SIZE = 0x4000;

    /** MTIMER in the CLINT. */
    public static final long MTIMER = CLINT + MSWI_SIZE;

    /** Bytes of MTIMER. */
    public static final long MTIMER_SIZE = 0x8000;

    /** Bytes of the CLINT, as the device tree says. */
    public static final long CLINT_SIZE = 0x1_0000;

    /** The PLIC. Context 0 is the hart's M mode, which is not there; context 1 is its S mode. */
    public static final long PLIC = 0xc00_0000L;

    /** Bytes of the PLIC's window. */
    public static final long PLIC_SIZE = 0x60_0000;

    /** The serial port. */
    public static final long UART = 0x1000_0000L;

    /** Bytes of the serial port's window. */
    public static final long UART_SIZE = 0x100;

    /** The serial port's interrupt. */
    public static final int UART_INTERRUPT = 10;

    /** The clock from which a driver of the serial port computes its divisor, in Hz. */
    public static final int UART_CLOCK = 3_686_400;

    /** The first of the virtio-mmio slots; the others follow. */
    public static final long VIRTIO = 0x1000_1000L;

    /** Bytes of a virtio-mmio slot. */
    public static final long VIRTIO_SIZE = 0x1000;

    /** The virtio-mmio slots in their order. There is none for virtio-fs. */
    public static final List<Slot> SLOTS =
            List.of(Slot.BLOCK, Slot.ENTROPY, Slot.GPU, Slot.KEYBOARD, Slot.MOUSE, Slot.TABLET, Slot.NET, Slot.SOUND);

    /** Room for the device tree at the end of RAM; kernels map as much of it early. */
    public static final long DEVICE_TREE_ROOM = 2L << 20;

    /** Room behind the device tree's content for programs that are no Linux kernel: as much as U-Boot adds before it starts one. */
    public static final int ROOM_IN_DEVICE_TREE = 0x3000;

    /** Where what has no header is loaded, from the start of RAM. */
    public static final long FLAT_BINARY_OFFSET = 2L << 20;

    /** The bootargs if none are given. */
    public static final String BOOTARGS = "earlycon=sbi console=ttyS0";

    /** The bootargs of a machine with a root disk, if none are given. */
    public static final String BOOTARGS_DISK = BOOTARGS + " root=/dev/vda rw rootwait";

    private VirtPlatform() {}

    /**
     * {@return where a slot is reached} The keyboard comes before the pointers: guests number input devices in this order.
     *
     * @param slot which, of {@link #SLOTS}
     */
    public static Slot.Place place(Slot slot) {
        int number = SLOTS.indexOf(slot);
        if (number < 0) {
            throw new IllegalArgumentException("profile virt has no slot for " + slot);
        }
        return new Slot.Place(VIRTIO + number * VIRTIO_SIZE, 1 + number, true);
    }
}
