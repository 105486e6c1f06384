package dev.semblance.machine.cpu;

import static dev.semblance.machine.cpu.PageTables.A;
import static dev.semblance.machine.cpu.PageTables.D;
import static dev.semblance.machine.cpu.PageTables.G;
import static dev.semblance.machine.cpu.PageTables.R;
import static dev.semblance.machine.cpu.PageTables.U;
import static dev.semblance.machine.cpu.PageTables.V;
import static dev.semblance.machine.cpu.PageTables.W;
import static dev.semblance.machine.cpu.PageTables.X;
import static dev.semblance.machine.cpu.Sv39Space.ALL;
import static dev.semblance.machine.cpu.Sv39Space.CODE;
import static dev.semblance.machine.cpu.Sv39Space.DATA;
import static dev.semblance.machine.cpu.Sv39Space.GIB;
import static dev.semblance.machine.cpu.Sv39Space.LAST;
import static dev.semblance.machine.cpu.Sv39Space.MIB2;
import static dev.semblance.machine.cpu.Sv39Space.MIDDLE;
import static dev.semblance.machine.cpu.Sv39Space.ROOT;
import static dev.semblance.machine.cpu.Sv39Space.SATP;
import static dev.semblance.machine.cpu.Sv39Space.entry;
import static dev.semblance.machine.cpu.Sv39Space.hart;
import static dev.semblance.machine.cpu.Sv39Space.last;
import static dev.semblance.machine.cpu.Sv39Space.middle;
import static dev.semblance.machine.cpu.Sv39Space.root;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Translation of 64 bits (privileged architecture, 12.4), in a {@link Sv39Space}. */
class Sv39Tests {

    // ---- addresses ----------------------------------------------------------------------------------------------

    /** 12.4.1: bits 63 to 39 must all equal bit 38, or else a page fault occurs. */
    @ParameterizedTest
    @ValueSource(
            longs = {
                1L << 38,
                1L << 39,
                1L << 62,
                Long.MIN_VALUE,
                -1L << 39,
                0xffff_ff7f_ffff_f000L,
                0x0000_8000_4000_0000L
            })
    void anAddressWhoseUpperBitsAreNoCopiesFaults(long address) {
        for (String access :
                new String[] {"ld a1, 0(a0)", "sd a1, 0(a0)", "jalr zero, 0(a0)", "lr.d a1, a0", "amoadd.d a1, a2, a0"
                }) {
            TestHart hart = hart(access).set("a0", address);
            for (int index = 0; index < 512; index++) {
                root(hart, index, entry(0, ALL | A | D));
            }
            boolean fetch = access.startsWith("jalr");
            hart.step(fetch ? 2 : 1);
            int cause = fetch
                    ? Cause.INSTRUCTION_PAGE_FAULT
                    : access.startsWith("l") ? Cause.LOAD_PAGE_FAULT : Cause.STORE_PAGE_FAULT;
            hart.assertTrapped64(cause, fetch ? address : CODE, address);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {GIB, 0x3f_ffff_f000L, 0xffff_ffc0_0000_0000L, 0xffff_ffff_8000_0000L, 0xffff_ffff_ffff_f000L})
    void anAddressWhoseUpperBitsAreCopiesIsTranslated(long address) {
        TestHart hart = hart("ld a1, 8(a0)").set("a0", address);
        root(hart, (int) (address >>> 30) & 511, entry(0, ALL));
        long offset = address & GIB - 1;
        boolean inRam = offset < TestHart.RAM_SIZE - 16;
        if (!inRam) {
            middle(
                    root(hart, (int) (address >>> 30) & 511, entry(MIDDLE, V)),
                    (int) (address >>> 21) & 511,
                    entry(LAST, V));
            last(hart, (int) (address >>> 12) & 511, entry(DATA, ALL));
        }
        hart.ram.putLong(inRam ? offset + 8 : DATA + 8, 0x1234_5678_9abc_def0L);
        hart.step(1);
        assertThat(hart.getLong("a1")).isEqualTo(0x1234_5678_9abc_def0L);
    }

    /** Without translation all 64 bits count: what lies behind the physical addresses is an access fault (3.6). */
    @ParameterizedTest
    @ValueSource(longs = {1L << 56, Long.MIN_VALUE, -8, 1L << 32})
    void withoutTranslationAnAddressBehindAllMemoryIsAnAccessFault(long address) {
        TestHart hart = hart("ld a1, 0(a0)").set("a0", address);
        hart.state.satp = 0;
        hart.step(1);
        hart.assertTrapped64(Cause.LOAD_ACCESS_FAULT, CODE, address);

        TestHart jumping = hart("jalr zero, 0(a0)").set("a0", address);
        jumping.state.satp = 0;
        jumping.step(2);
        jumping.assertTrapped64(Cause.INSTRUCTION_ACCESS_FAULT, address, address);
    }

    // ---- leaves -------------------------------------------------------------------------------------------------

    @Test
    void leavesOfEachLevelKeepTheOffsetBelowThem() {
        TestHart hart = hart("ld a1, 0(a0)\nld a3, 0(a2)\nld a5, 0(a4)");
        last(hart, 3, entry(DATA, ALL));
        middle(hart, 2, entry(MIB2, ALL));
        root(hart, 2, entry(0, ALL));
        hart.ram.putLong(DATA + 0xff8, 1);
        hart.ram.putLong(MIB2 + 0x1f_fff8, 2);
        hart.ram.putLong(0xab_cde8, 3);
        hart.set("a0", GIB + 0x3ff8).set("a2", GIB + 3 * MIB2 - 8).set("a4", 2 * GIB + 0xab_cde8);
        hart.step(3);
        assertThat(new long[] {hart.getLong("a1"), hart.getLong("a3"), hart.getLong("a5")})
                .containsExactly(1, 2, 3);
    }

    /** 12.3.2, step 6: a superpage whose low page number bits are not 0 is a page fault. */
    @ParameterizedTest
    @ValueSource(longs = {0x1000, 0x10_0000, 0x1f_f000})
    void aSuperpageThatIsNotAlignedFaults(long misalignment) {
        TestHart mega = hart("ld a1, 0(a0)").set("a0", GIB + MIB2);
        middle(mega, 1, entry(MIB2 + misalignment, ALL));
        mega.step(1);
        mega.assertTrapped64(Cause.LOAD_PAGE_FAULT, CODE, GIB + MIB2);

        for (long physical : new long[] {misalignment, MIB2, 512 * misalignment & GIB - 1}) {
            TestHart giga = hart("sd a1, 0(a0)").set("a0", 2 * GIB);
            root(giga, 2, entry(physical, ALL));
            giga.step(1);
            giga.assertTrapped64(Cause.STORE_PAGE_FAULT, CODE, 2 * GIB);
        }
    }

    /** 12.4.1: bits 60 to 54 are reserved; N (63) and PBMT (62, 61) are those of extensions that are not here. */
    @ParameterizedTest
    @ValueSource(ints = {54, 55, 56, 57, 58, 59, 60, 61, 62, 63})
    void aReservedBitFaultsAtEveryLevel(int bit) {
        for (int level = 0; level < 3; level++) {
            TestHart hart = hart("ld a1, 0(a0)").set("a0", GIB);
            last(hart, 0, entry(DATA, ALL) | (level == 0 ? 1L << bit : 0));
            middle(hart, 0, entry(LAST, V) | (level == 1 ? 1L << bit : 0));
            root(hart, 1, entry(MIDDLE, V) | (level == 2 ? 1L << bit : 0));
            hart.step(1);
            hart.assertTrapped64(Cause.LOAD_PAGE_FAULT, CODE, GIB);
        }
        TestHart giga = root(hart("ld a1, 0(a0)").set("a0", 2 * GIB), 2, entry(0, ALL | A | D) | 1L << bit);
        giga.step(1);
        giga.assertTrapped64(Cause.LOAD_PAGE_FAULT, CODE, 2 * GIB);
    }

    /** 12.4.1: for entries that are no leaves, D, A and U are reserved and must be cleared; G is not. */
    @ParameterizedTest
    @ValueSource(ints = {U, A, D, A | D, G})
    void inAnInnerEntryUserAccessedAndDirtyFault(int flags) {
        for (int level = 1; level < 3; level++) {
            TestHart hart = last(hart("ld a1, 0(a0)").set("a0", GIB), 0, entry(DATA, ALL));
            middle(hart, 0, entry(LAST, V | (level == 1 ? flags : 0)));
            root(hart, 1, entry(MIDDLE, V | (level == 2 ? flags : 0)));
            hart.ram.putLong(DATA, 7);
            hart.step(1);
            if (flags == G) {
                assertThat(hart.getLong("a1")).isEqualTo(7);
            } else {
                hart.assertTrapped64(Cause.LOAD_PAGE_FAULT, CODE, GIB);
            }
        }
    }

    /** 12.3.2, steps 3 and 4: invalid entries, writable ones that are not readable, and pointers at the last level. */
    @ParameterizedTest
    @ValueSource(ints = {0, R | W | X, V | W, V | W | X, V})
    void anEntryThatIsNoneFaults(int flags) {
        TestHart hart = last(hart("sd a1, 0(a0)").set("a0", GIB), 0, entry(DATA, flags));
        hart.step(1);
        hart.assertTrapped64(Cause.STORE_PAGE_FAULT, CODE, GIB);
    }

    /** 12.3.2, step 2: an entry that lies in no memory is an access fault of the kind of the access. */
    @Test
    void aTableOutsideOfMemoryIsAnAccessFault() {
        for (long table : new long[] {1L << 31, 1L << 55, TestHart.RAM_SIZE}) {
            TestHart hart = root(hart("sd a1, 0(a0)").set("a0", 2 * GIB), 2, entry(table, V));
            hart.step(1);
            hart.assertTrapped64(Cause.STORE_ACCESS_FAULT, CODE, 2 * GIB);
        }
    }

    /** Page numbers have 44 bits: an address of 56 bits is not cut to fewer. */
    @ParameterizedTest
    @ValueSource(ints = {24, 32, 34, 44, 55})
    void aPageBehindMemoryIsAnAccessFault(int bit) {
        TestHart hart = last(hart("ld a1, 0(a0)").set("a0", GIB), 0, entry(1L << bit, ALL));
        hart.step(1);
        hart.assertTrapped64(Cause.LOAD_ACCESS_FAULT, CODE, GIB);
    }

    /** 12.3.1: A is set when a page is read, written or fetched from, D when it is written; nothing else of the entry changes. */
    @Test
    void accessedAndDirtyAreSetInTheLeafAlone() {
        int software = 3 << 8;
        TestHart hart = hart("ld a1, 0(a0)\nsd a1, 0(a2)\nsd a1, 0(a3)");
        last(hart, 0, entry(DATA, ALL | software | G));
        last(hart, 1, entry(DATA, ALL));
        root(hart, 2, entry(0, ALL));
        hart.set("a0", GIB).set("a2", GIB + 0x1000).set("a3", 2 * GIB + DATA).step(3);
        assertThat(hart.ram.getLong(LAST)).isEqualTo(entry(DATA, ALL | A | software | G));
        assertThat(hart.ram.getLong(LAST + 8)).isEqualTo(entry(DATA, ALL | A | D));
        assertThat(hart.ram.getLong(ROOT + 16)).isEqualTo(entry(0, ALL | A | D));
        assertThat(hart.ram.getLong(ROOT + 8)).isEqualTo(entry(MIDDLE, V));
        assertThat(hart.ram.getLong(MIDDLE)).isEqualTo(entry(LAST, V));
    }

    @Test
    void aStoreThroughAnEntryThatALoadUsedSetsDirty() {
        TestHart hart =
                last(hart("ld a1, 0(a0)\nsd a1, 8(a0)"), 0, entry(DATA, ALL)).set("a0", GIB);
        hart.step(1);
        assertThat(hart.ram.getLong(LAST)).isEqualTo(entry(DATA, ALL | A));
        hart.step(1);
        assertThat(hart.ram.getLong(LAST)).isEqualTo(entry(DATA, ALL | A | D));
    }

    // ---- satp ---------------------------------------------------------------------------------------------------

    /** 12.1.11: a write of a mode that is not there has no effect, on no field. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 9, 10, 11, 14, 15})
    void aModeThatIsNotThereLeavesAllOfSatp(int mode) {
        TestHart hart = hart("csrw satp, a0\ncsrr a1, satp").set("a0", (long) mode << 60 | 0xffff_0000_1234L);
        hart.step(2);
        assertThat(hart.getLong("a1")).isEqualTo(SATP);

        TestHart bare = hart("csrw satp, a0\ncsrr a1, satp").set("a0", (long) mode << 60 | 0x1234);
        bare.state.satp = 0;
        bare.step(2);
        assertThat(bare.getLong("a1")).isZero();
    }

    /** 12.1.11: ASID has no bits here, which software finds by writing ones. */
    @Test
    void asidReadsAsZeroAndThePageNumberHas44Bits() {
        TestHart hart = hart("csrw satp, a0\ncsrr a1, satp").set("a0", 8L << 60 | 0xffffL << 44 | 0xfff_ffff_ffffL);
        hart.state.satp = 0;
        // The page table that is named lies nowhere: the instruction behind is not reached.
        hart.step(1);
        assertThat(hart.state.satp).isEqualTo(8L << 60 | 0xfff_ffff_ffffL);

        TestHart probing = hart("csrw satp, a0\ncsrr a1, satp").set("a0", SATP | 0xffffL << 44);
        probing.state.satp = 0;
        probing.step(2);
        assertThat(probing.getLong("a1")).isEqualTo(SATP);
    }

    @Test
    void bareHasNoOtherFields() {
        TestHart hart = hart("csrw satp, a0\ncsrr a1, satp").set("a0", 0x1234);
        hart.step(2);
        assertThat(hart.getLong("a1")).isZero();
    }

    // ---- fences -------------------------------------------------------------------------------------------------

    /** 12.2.1: a fence of an address is one of the leaf that translates it, whatever that maps. */
    @Test
    void aFenceOfOnePageOfASuperpageIsOneOfAllOfIt() {
        String source = "ld a1, 0(a0)\nld a1, 0(a2)\nsfence.vma a0, zero\nld a3, 0(a0)\nld a4, 0(a2)";
        for (boolean giga : new boolean[] {false, true}) {
            long base = giga ? 2 * GIB : GIB + MIB2;
            long apart = giga ? 3 * MIB2 + 0x5000 : 0x5000;
            TestHart hart = hart(source).set("a0", base).set("a2", base + apart);
            hart.ram.putLong(giga ? 0x20_0000 : 0x60_0000, 1);
            hart.ram.putLong((giga ? 0 : 0x60_0000) + apart, 2);
            hart.ram.putLong(giga ? ROOT + 16 : MIDDLE + 8, entry(giga ? 0 : MIB2, ALL));
            hart.step(2);
            // Of the 1 GiB that holds all memory, a table; of the 2 MiB, the 2 MiB at 6 MiB.
            if (giga) {
                root(hart, 2, entry(0x90_0000, V));
                hart.ram.putLong(0x90_0000, entry(0x20_0000, ALL));
                hart.ram.putLong(0x90_0000 + 3 * 8, entry(0x40_0000, ALL));
                hart.ram.putLong(0x40_5000, 2);
            } else {
                middle(hart, 1, entry(0x60_0000, ALL));
            }
            hart.step(3);
            assertThat(hart.getLong("a3")).as("the page that was fenced").isEqualTo(1);
            assertThat(hart.getLong("a4")).as("another of the same leaf").isEqualTo(2);
        }
    }

    /** 12.2.1: if rs1 holds no valid virtual address, SFENCE.VMA has no effect. */
    @ParameterizedTest
    @ValueSource(longs = {1L << 39, 1L << 63, 5L << 40})
    void aFenceOfAnAddressThatIsNoneHasNoEffect(long upper) {
        TestHart hart = hart(
                "ld a1, 0(a0)\nld a1, 0(a2)\nsfence.vma a5, zero\nld a3, 0(a0)\nsfence.vma a0, zero\nld a4, 0(a2)");
        long base = GIB + MIB2;
        hart.set("a0", base).set("a2", base + 0x5000).set("a5", upper | base);
        middle(hart, 1, entry(MIB2, ALL));
        hart.ram.putLong(MIB2, 0x11);
        hart.ram.putLong(MIB2 + 0x5000, 0x22);
        hart.ram.putLong(0x60_5000, 0x33);
        hart.step(2);
        middle(hart, 1, entry(0x60_0000, ALL));
        hart.step(2);
        assertThat(hart.getLong("a3")).as("what is kept of the page stays").isEqualTo(0x11);
        hart.step(2);
        assertThat(hart.getLong("a4"))
                .as("the fence of the leaf drops all of it")
                .isEqualTo(0x33);
    }

    /** The rights of a page are those of 12.3.1, as for 32 bits. */
    @Test
    void supervisorsReachUserPagesOnlyWithSumAndNeverFetchFromThem() {
        TestHart hart = last(hart("ld a1, 0(a0)").set("a0", GIB), 0, entry(DATA, ALL | U));
        hart.step(1);
        hart.assertTrapped64(Cause.LOAD_PAGE_FAULT, CODE, GIB);

        TestHart withSum =
                last(hart("csrs sstatus, a2\nld a1, 0(a0)\njalr zero, 0(a0)").set("a0", GIB), 0, entry(DATA, ALL | U));
        withSum.ram.putLong(DATA, 9);
        withSum.set("a2", HartState.SUM).step(2);
        assertThat(withSum.getLong("a1")).isEqualTo(9);
        withSum.step(2);
        withSum.assertTrapped64(Cause.INSTRUCTION_PAGE_FAULT, GIB, GIB);
    }
}
