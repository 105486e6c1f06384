package dev.semblance.machine.cpu;

import static dev.semblance.machine.cpu.PageTables.A;
import static dev.semblance.machine.cpu.PageTables.D;
import static dev.semblance.machine.cpu.PageTables.R;
import static dev.semblance.machine.cpu.PageTables.V;
import static dev.semblance.machine.cpu.PageTables.W;
import static dev.semblance.machine.cpu.PageTables.X;

import dev.semblance.machine.profile.Isa;

/**
 * Harts of 64 bits that translate. Code runs in S-mode out of a leaf of 1 GiB that maps address 0 to itself; what is tried lies
 * from 1 GiB on, where there are tables.
 */
final class Sv39Space {

    static final int ALL = V | R | W | X;
    static final long ROOT = 8 << 20;
    static final long MIDDLE = ROOT + 0x1000;
    static final long LAST = ROOT + 0x2000;
    static final long GIB = 1L << 30;
    static final long MIB2 = 2L << 20;
    static final long CODE = 0x2000;
    static final long DATA = 0x40_0000;
    static final long SATP = 8L << 60 | ROOT >>> 12;

    static long entry(long physical, int flags) {
        return physical >>> 12 << 10 | flags;
    }

    private Sv39Space() {}

    /** A hart about to execute a program; the second GiB has tables down to pages of 4 KiB, none of them mapped yet. */
    static TestHart hart(String source) {
        TestHart hart = new TestHart(Isa.RV64GC).load(CODE, source).at(CODE);
        hart.ram.putLong(ROOT, entry(0, ALL | A | D));
        hart.ram.putLong(ROOT + 8, entry(MIDDLE, V));
        hart.ram.putLong(MIDDLE, entry(LAST, V));
        hart.state.stvec = 0x1000;
        hart.state.satp = SATP;
        return hart;
    }

    static TestHart root(TestHart hart, int index, long entry) {
        hart.ram.putLong(ROOT + 8L * index, entry);
        return hart;
    }

    static TestHart middle(TestHart hart, int index, long entry) {
        hart.ram.putLong(MIDDLE + 8L * index, entry);
        return hart;
    }

    static TestHart last(TestHart hart, int index, long entry) {
        hart.ram.putLong(LAST + 8L * index, entry);
        return hart;
    }
}
