package dev.semblance.machine.differential;

import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.VirtPlatform;

/**
 * Where the parts of a random program lie, in memory and in its address space. The image is loaded at {@link #IMAGE}, 2 MiB into RAM,
 * where virt loads what has no header. A <em>region</em> of addresses is what a leaf of the last level but one maps: 2 MiB of Sv39, 4
 * MiB of Sv32; regions count from {@link #PLAYGROUND}.
 */
final class Layout {

    static final long RAM_BYTES = 64L << 20;
    static final long RAM_END = VirtPlatform.RAM + RAM_BYTES;
    static final long IMAGE = VirtPlatform.RAM + VirtPlatform.FLAT_BINARY_OFFSET;

    /** Entry and trap handler. */
    static final int HANDLER_SIZE = 0x2000;

    /** What the handler saves and knows. */
    static final int CONTEXT = 0x2000;

    /** What programs load by tp, which points into the middle. */
    static final int CONSTANTS = 0x3000;

    static final int ROOT = 0x4000;
    static final int MIDDLE = 0x5000;
    static final int CODE_TABLE = 0x6000;
    static final int USER_CODE_TABLE = 0x7000;
    static final int DATA_TABLE = 0x8000;
    static final int OTHER_TABLE = 0x9000;

    /** Pages that are jumped to and never written. */
    static final int LANDING = 0xa000;

    static final int LANDING_FRAMES = 4;
    static final int DATA = 0x1_0000;
    static final int DATA_FRAMES = 8;
    static final int CODE = 0x2_0000;

    /** The physical page of superpages, of which the first 16 KiB are used. */
    static final long SUPERPAGE = VirtPlatform.RAM + (4 << 20);

    static final int PAGE = 0x1000;

    /** The first address that is mapped page by page. */
    static final long PLAYGROUND = 0x4000_0000L;

    static final int CODE_REGION = 0;
    static final int USER_CODE_REGION = 1;
    static final int DATA_REGION = 2;
    static final int SUPERPAGE_REGION = 3;
    static final int USER_SUPERPAGE_REGION = 4;
    static final int BROKEN_SUPERPAGE_REGION = 5;
    static final int OTHER_REGION = 6;
    static final int EMPTY_REGION = 7;

    /** Slots of the data region that are never changed: two for S-mode, two for U-mode. */
    static final int SAFE_SLOTS = 4;

    /** The first slot of the data region that maps pages to jump to; the last of them is {@link #SLOTS} - 1. */
    static final int LANDING_SLOT = 48;

    static final int SLOTS = 64;

    /** The slot of the data region that maps nothing; those beside it stay empty, and pointers keep away from them. */
    static final int NOTHING_SLOT = 44;

    /** Physical addresses where there is nothing, on virt and on QEMU's. */
    static final long NOTHING = 0xa0_0000L;

    private final Isa isa;

    Layout(Isa isa) {
        this.isa = isa;
    }

    /** Returns the bytes of a register, and of an entry of a page table. */
    int size() {
        return isa.xlen() / Byte.SIZE;
    }

    long region(int number) {
        return PLAYGROUND + number * ((long) PAGE * PAGE / size());
    }

    long slot(int number) {
        return region(DATA_REGION) + (long) PAGE * number;
    }

    static long physical(int offset) {
        return IMAGE + offset;
    }

    long dataEntry(int slot) {
        return physical(DATA_TABLE) + (long) size() * slot;
    }

    /** Returns the address by which U-mode reaches {@link #dataEntry}. */
    long dataEntryOfUser(int slot) {
        return region(OTHER_REGION) + 2L * PAGE + (long) size() * slot;
    }

    /** Returns the address of the entry that leads to a region. */
    long regionEntry(int number) {
        return isa.is64() ? physical(MIDDLE) + 8L * number : physical(ROOT) + 4L * (256 + number);
    }

    /** Returns the address where U-mode sees the constants. */
    long constantsOfUser() {
        return region(OTHER_REGION);
    }

    /** Returns what satp is while addresses are translated. */
    long satp() {
        long page = physical(ROOT) >>> 12;
        return isa.is64() ? 8L << 60 | page : (int) (1L << 31 | page);
    }
}
