package dev.semblance.machine.profile;

import java.util.List;

/** semu's address map and interrupt numbers: physical addresses, sizes in bytes, PLIC sources. */
public final class SemuPlatform {

    /** RAM begins at 0 and has 512 MiB. */
    public static final long RAM_SIZE = 512L << 20;

    /** Every device answers in a window of 1 MiB. */
    public static final long WINDOW = 1L << 20;

    /** The base of the device tree's /soc node. */
    public static final long SOC = 0xf000_0000L;

    /** The PLIC's first window: priorities, pending bits, enable bits. */
    public static final long PLIC = 0xf000_0000L;

    /** The PLIC's second window, its offset 0x200000: claim and complete. What lies between faults, as in semu. */
    public static final long PLIC_CONTEXTS = 0xf020_0000L;

    /** The serial port. */
    public static final long UART = 0xf400_0000L;

    /** The serial port's interrupt. */
    public static final int UART_INTERRUPT = 1;

    /** ACLINT MTIMER. */
    public static final long MTIMER = 0xf430_0000L;

    /** ACLINT MSWI. */
    public static final long MSWI = 0xf440_0000L;

    /** ACLINT SSWI. */
    public static final long SSWI = 0xf450_0000L;

    /** Ticks of mtime in a second, as the device tree says. */
    public static final int TIMEBASE_FREQUENCY = 65_000_000;

    /** Where the kernel image is loaded, and the first instruction. */
    public static final long KERNEL = 0;

    /** Where an initrd of up to {@link #INITRD_SIZE} is loaded: 503 MiB. */
    public static final long INITRD = 0x1f70_0000L;

    /** The room for an initrd at its usual place. */
    public static final long INITRD_SIZE = 8L << 20;

    /** Where the device tree is loaded: 511 MiB, up to the end of RAM. */
    public static final long DEVICE_TREE = 0x1ff0_0000L;

    /** The bootargs of a machine with a root disk. */
    public static final String BOOTARGS_DISK =
            "earlycon console=ttyS0 root=/dev/vda rw rootwait quiet loglevel=3 lpj=260000";

    /** The bootargs of a machine with an initrd. */
    public static final String BOOTARGS_INITRD = "earlycon console=ttyS0";

    /** The slots of the devices that this machine has. */
    public static final List<Slot> USUAL_SLOTS = List.of(Slot.BLOCK, Slot.ENTROPY, Slot.KEYBOARD, Slot.MOUSE, Slot.GPU);

    private SemuPlatform() {}

    /**
     * {@return where a slot is reached} semu has no tablet: nothing answers there without one, as in semu.
     *
     * @param slot which
     */
    public static Slot.Place place(Slot slot) {
        return switch (slot) {
            case NET -> new Slot.Place(0xf410_0000L, 2, true);
            case BLOCK -> new Slot.Place(0xf420_0000L, 3, true);
            case ENTROPY -> new Slot.Place(0xf460_0000L, 4, true);
            case SOUND -> new Slot.Place(0xf470_0000L, 5, true);
            case FILE_SYSTEM -> new Slot.Place(0xf480_0000L, 6, true);
            case KEYBOARD -> new Slot.Place(0xf490_0000L, 7, true);
            case MOUSE -> new Slot.Place(0xf4a0_0000L, 8, true);
            case GPU -> new Slot.Place(0xf4b0_0000L, 9, true);
            case TABLET -> new Slot.Place(0xf4c0_0000L, 10, false);
        };
    }
}
