package dev.semblance.machine.cpu;

import dev.semblance.machine.memory.Ram;

/** Writes Sv32 page tables into RAM: the root at 8 MiB, the tables below it in the pages that follow. */
public final class PageTables {

    public static final int V = 1;
    public static final int R = 2;
    public static final int W = 4;
    public static final int X = 8;
    public static final int U = 16;
    public static final int G = 32;
    public static final int A = 64;
    public static final int D = 128;

    public static final long ROOT = 8 << 20;

    private final Ram ram;
    private long free = ROOT + 4096;

    public PageTables(Ram ram) {
        this.ram = ram;
    }

    /** Returns the satp that puts these tables into use. */
    public static int satp() {
        return 1 << 31 | (int) (ROOT >>> 12);
    }

    /** Returns a page table entry. */
    public static int entry(long physical, int flags) {
        return (int) (physical >>> 12) << 10 | flags;
    }

    /** Maps one page. */
    public PageTables map(long virtual, long physical, int flags) {
        ram.putInt(leafAddress(virtual), entry(physical, flags));
        return this;
    }

    /** Maps 4 MiB. */
    public PageTables mapSuperpage(long virtual, long physical, int flags) {
        ram.putInt(rootAddress(virtual), entry(physical, flags));
        return this;
    }

    /** Returns where the first-level entry of an address is. */
    public static long rootAddress(long virtual) {
        return ROOT + 4 * (virtual >>> 22 & 0x3ff);
    }

    /** Returns where the second-level entry of an address is; makes the table if it is missing. */
    public long leafAddress(long virtual) {
        long root = rootAddress(virtual);
        if (ram.getInt(root) == 0) {
            ram.putInt(root, entry(free, V));
            free += 4096;
        }
        long table = (ram.getInt(root) >>> 10 & 0x3f_ffffL) << 12;
        return table + 4 * (virtual >>> 12 & 0x3ff);
    }
}
