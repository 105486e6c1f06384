package dev.semblance.machine.boot;

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

    /** A place for a virtio device. */
    public enum Slot {
        /** virtio-net. */
        NET(0xf410_0000L, 2),
        /** virtio-blk. */
        BLOCK(0xf420_0000L, 3),
        /** virtio-rng. */
        ENTROPY(0xf460_0000L, 4),
        /** virtio-snd. */
        SOUND(0xf470_0000L, 5),
        /** virtio-fs. */
        FILE_SYSTEM(0xf480_0000L, 6),
        /** virtio-input: the keyboard. */
        KEYBOARD(0xf490_0000L, 7),
        /** virtio-input: the mouse. */
        MOUSE(0xf4a0_0000L, 8),
        /** virtio-gpu. */
        GPU(0xf4b0_0000L, 9),
        /** virtio-input: the tablet, which semu has not. Nothing answers there without one, as in semu. */
        TABLET(0xf4c0_0000L, 10, false);

        private final long base;
        private final int interrupt;
        private final boolean answersEmpty;

        Slot(long base, int interrupt) {
            this(base, interrupt, true);
        }

        Slot(long base, int interrupt, boolean answersEmpty) {
            this.base = base;
            this.interrupt = interrupt;
            this.answersEmpty = answersEmpty;
        }

        /** {@return the physical address of the device's window} */
        public long base() {
            return base;
        }

        /** {@return whether the slot answers as one without a device while none is in it; otherwise nothing is there} */
        public boolean answersEmpty() {
            return answersEmpty;
        }

        /** {@return the PLIC source} */
        public int interrupt() {
            return interrupt;
        }
    }

    /** The slots of the devices that this machine has. */
    public static final List<Slot> USUAL_SLOTS = List.of(Slot.BLOCK, Slot.ENTROPY, Slot.KEYBOARD, Slot.MOUSE, Slot.GPU);

    private SemuPlatform() {}
}
