package dev.semblance.machine.cpu;

import static dev.semblance.machine.cpu.PageTables.A;
import static dev.semblance.machine.cpu.PageTables.D;
import static dev.semblance.machine.cpu.PageTables.G;
import static dev.semblance.machine.cpu.PageTables.R;
import static dev.semblance.machine.cpu.PageTables.U;
import static dev.semblance.machine.cpu.PageTables.V;
import static dev.semblance.machine.cpu.PageTables.W;
import static dev.semblance.machine.cpu.PageTables.X;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.bus.MmioDevice;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Privileged architecture, 12.3 (Sv32) and 12.2.1 (SFENCE.VMA). */
class Sv32Tests {

    private static final int ALL = V | R | W | X | A | D;
    private static final long CODE = 0x2000;

    private final TestHart hart = new TestHart();
    private final PageTables tables = new PageTables(hart.ram);

    /** Starts a program at 0x2000, mapped one to one for the mode, with translation on. */
    private TestHart start(Privilege mode, String source) {
        tables.map(CODE, CODE, ALL | (mode == Privilege.USER ? U : 0));
        hart.load(CODE, source).enter(mode, CODE);
        hart.state.stvec = 0x1000;
        hart.state.satp = PageTables.satp();
        return hart;
    }

    @Test
    void pagesAreFoundByBothLevels() {
        tables.map(0x8040_3000L, 0x5000, ALL).map(0xffff_f000L, 0x6000, ALL).map(0, 0x7000, ALL);
        hart.ram.putInt(0x5ffc, 11);
        hart.ram.putInt(0x6ffc, 22);
        hart.ram.putInt(0x7000, 33);
        start(Privilege.SUPERVISOR, """
                lw a0, -4(a3)
                lw a1, -4(zero)
                lw a2, 0(zero)
                sw a2, -8(zero)
                ecall""").set("a3", 0x8040_4000);
        hart.run();

        assertThat(hart.get("a0")).isEqualTo(11);
        assertThat(hart.get("a1")).isEqualTo(22);
        assertThat(hart.get("a2")).isEqualTo(33);
        assertThat(hart.ram.getInt(0x6ff8)).isEqualTo(33);
    }

    @Test
    void aSuperpageMapsFourMebibytes() {
        tables.mapSuperpage(0xc000_0000L, 0x40_0000, ALL);
        hart.ram.putInt(0x40_0000, 11);
        hart.ram.putInt(0x7f_fffc, 22);
        start(Privilege.SUPERVISOR, """
                lw a0, 0(a2)
                lw a1, -4(a3)
                ecall""").set("a2", 0xc000_0000).set("a3", 0xc040_0000);
        hart.run();

        assertThat(hart.get("a0")).isEqualTo(11);
        assertThat(hart.get("a1")).isEqualTo(22);
    }

    /** 12.3.2, step 6. */
    @ParameterizedTest
    @ValueSource(ints = {1, 0x200, 0x3ff})
    void aMisalignedSuperpageIsAPageFault(int pages) {
        tables.mapSuperpage(0xc000_0000L, 0x40_0000L + 4096L * pages, ALL);
        start(Privilege.SUPERVISOR, "sw a0, 0(a1)").set("a1", 0xc000_0004).step(1);

        hart.assertTrapped(Cause.STORE_PAGE_FAULT, CODE, 0xc000_0004);
    }

    @Test
    void aPointerAtTheLastLevelIsAPageFault() {
        tables.map(0x5000, 0x6000, V);
        start(Privilege.SUPERVISOR, "lw a0, 0(a1)").set("a1", 0x5008).step(1);

        hart.assertTrapped(Cause.LOAD_PAGE_FAULT, CODE, 0x5008);
    }

    /** 12.3.2, step 2: the access fault is that of the original access. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"'lw a0, 0(a1)', 5", "'sw a0, 0(a1)', 7", "'amoadd.w a0, a0, (a1)', 7", "'lr.w a0, (a1)', 5"})
    void aTableOutsideRamIsAnAccessFault(String instruction, int cause) {
        hart.ram.putInt(PageTables.rootAddress(0xc000_0000L), PageTables.entry(0xf000_0000L, V));
        start(Privilege.SUPERVISOR, instruction).set("a1", 0xc000_1000).step(1);

        hart.assertTrapped(cause, CODE, 0xc000_1000);
    }

    @Test
    void aFetchThroughATableOutsideRamIsAnAccessFault() {
        hart.ram.putInt(PageTables.rootAddress(0xc000_0000L), PageTables.entry(0xf000_0000L, V));
        start(Privilege.SUPERVISOR, "jalr zero, 4(a1)").set("a1", 0xc000_1000).step(2);

        hart.assertTrapped(Cause.INSTRUCTION_ACCESS_FAULT, 0xc000_1004, 0xc000_1004);
    }

    @Test
    void aRootOutsideRamFaultsOnTheNextFetch() {
        start(Privilege.SUPERVISOR, "csrw satp, a0")
                .set("a0", 1 << 31 | 0x3f_ffff)
                .step(2);

        hart.assertTrapped(Cause.INSTRUCTION_ACCESS_FAULT, CODE + 4, CODE + 4);
    }

    /** 12.3.1: physical addresses have 34 bits; those above 4 GiB are no alias of those below. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"'lw a0, 0(a1)', 5", "'sw a0, 0(a1)', 7", "'sc.w a0, a0, (a1)', 7"})
    void aPageAbove4GibIsAnAccessFault(String instruction, int cause) {
        tables.map(0xc000_0000L, 0x1_0000_5000L, ALL);
        start(Privilege.SUPERVISOR, instruction).set("a1", 0xc000_0010).step(1);

        hart.assertTrapped(cause, CODE, 0xc000_0010);
        assertThat(hart.ram.getInt(0x5010)).isZero();
    }

    @Test
    void codeIsFetchedFromRamAloneAndDevicesAreReachedThroughPages() {
        hart.bus.map(0xf000_0000L, 4096, new MmioDevice() {
            @Override
            public int load(int offset, int width) {
                return 0x13;
            }

            @Override
            public void store(int offset, int width, int value) {}
        });
        tables.map(0xc000_0000L, 0xf000_0000L, ALL);
        start(Privilege.SUPERVISOR, "lw a0, 0(a1)\njalr ra, 8(a1)").set("a1", 0xc000_0000);
        hart.step(3);

        assertThat(hart.get("a0")).isEqualTo(0x13);
        hart.assertTrapped(Cause.INSTRUCTION_ACCESS_FAULT, 0xc000_0008, 0xc000_0008);
    }

    /** 12.3.1: the second of the two schemes; hardware sets A and D, and D for stores only. */
    @Test
    void accessedAndDirtyAreSetByTheAccessThatNeedsThem() {
        tables.map(0x5000, 0x5000, V | R | W | X);
        long entry = tables.leafAddress(0x5000);
        start(Privilege.SUPERVISOR, """
                lw a0, 0(a1)
                sw a0, 0(a1)
                ecall""").set("a1", 0x5000);

        assertThat(hart.ram.getInt(entry) & (A | D)).isZero();
        hart.step(1);
        assertThat(hart.ram.getInt(entry) & (A | D)).isEqualTo(A);
        hart.step(1);
        assertThat(hart.ram.getInt(entry) & (A | D))
                .as("though the load's translation was cached")
                .isEqualTo(A | D);
    }

    @Test
    void aFaultingAccessLeavesTheEntryAsItWas() {
        tables.map(0x5000, 0x5000, V | R);
        long entry = tables.leafAddress(0x5000);
        start(Privilege.SUPERVISOR, "sw a0, 0(a1)").set("a1", 0x5000).step(1);

        hart.assertTrapped(Cause.STORE_PAGE_FAULT, CODE, 0x5000);
        assertThat(hart.ram.getInt(entry)).isEqualTo(PageTables.entry(0x5000, V | R));
    }

    @Test
    void anAmoNeedsThePageToBeWritable() {
        tables.map(0x5000, 0x5000, V | R | A | D);
        start(Privilege.SUPERVISOR, "amoor.w a0, zero, (a1)").set("a1", 0x5000).step(1);

        hart.assertTrapped(Cause.STORE_PAGE_FAULT, CODE, 0x5000);
    }

    /** 12.1.9: stval is the address of the part that faulted; here instructions never straddle a page. */
    @Test
    void runningIntoAnUnmappedPageFaultsAtItsFirstInstruction() {
        tables.map(CODE, CODE, ALL | U);
        hart.load(CODE + 4092, "addi a0, a0, 1").enter(Privilege.USER, CODE + 4092);
        hart.state.stvec = 0x1000;
        hart.state.satp = PageTables.satp();
        hart.step(2);

        hart.assertTrapped(Cause.INSTRUCTION_PAGE_FAULT, CODE + 4096, CODE + 4096);
        assertThat(hart.get("a0")).isEqualTo(1);
        assertThat(hart.state.sstatus & HartState.SPP).isZero();
    }

    @Test
    void consecutivePagesNeedNotBeConsecutiveInRam() {
        tables.map(0x4000_0000L, 0x5000, ALL).map(0x4000_1000L, 0x3000, ALL);
        hart.load(0x5ffc, "addi a0, a0, 1").load(0x6000, "addi a0, a0, 64").load(0x3000, "addi a0, a0, 2\necall");
        start(Privilege.SUPERVISOR, "jalr zero, -4(a1)").set("a1", 0x4000_1000);
        hart.run();

        assertThat(hart.get("a0")).isEqualTo(3);
    }

    @Test
    void aJumpWithinAPageStaysInThePageThatIsMappedThere() {
        tables.map(0x4000_0000L, 0x5000, ALL);
        hart.load(0x5000, """
                loop: addi a0, a0, 1
                blt a0, a2, loop
                j 0x500c
                ecall""");
        start(Privilege.SUPERVISOR, "jalr zero, 0(a1)").set("a1", 0x4000_0000).set("a2", 5);
        hart.run();

        assertThat(hart.get("a0")).isEqualTo(5);
        assertThat(hart.state.pc()).isEqualTo(0x4000_0010);
    }

    // ---- modes and sstatus -------------------------------------------------------------------------------------

    @Test
    void eachModeSeesItsOwnPermissionsThoughBothUsedThePage() {
        tables.map(0x5000, 0x5000, ALL).map(0x1000, 0x1000, ALL);
        hart.load(0x1000, """
                lw a2, 0(a1)
                sw a2, 4(a1)
                ecall""");
        hart.ram.putInt(0x5000, 77);
        start(Privilege.USER, "lw a0, 0(a1)\nlw a0, 0(a1)").set("a1", 0x5000).step(1);

        hart.assertTrapped(Cause.LOAD_PAGE_FAULT, CODE, 0x5000);
        hart.run();
        assertThat(hart.get("a2")).isEqualTo(77);
        assertThat(hart.ram.getInt(0x5004)).isEqualTo(77);

        hart.load(0x100c, "sret");
        hart.state.sepc = CODE + 4;
        hart.step(2);
        hart.assertTrapped(Cause.LOAD_PAGE_FAULT, CODE + 4, 0x5000);
        assertThat(hart.get("a0")).isZero();
    }

    @Test
    void sumIsHeededFromTheNextInstructionOn() {
        tables.map(0x5000, 0x5000, ALL | U);
        start(Privilege.SUPERVISOR, """
                csrs sstatus, a2
                lw a0, 0(a1)
                sw a0, 0(a1)
                csrc sstatus, a2
                lw a0, 0(a1)""").set("a1", 0x5000).set("a2", HartState.SUM);
        hart.step(5);

        hart.assertTrapped(Cause.LOAD_PAGE_FAULT, CODE + 16, 0x5000);
    }

    @Test
    void mxrIsHeededFromTheNextInstructionOn() {
        tables.map(0x5000, 0x5000, V | X | A);
        start(Privilege.SUPERVISOR, """
                csrs sstatus, a2
                lw a0, 0(a1)
                csrc sstatus, a2
                lw a0, 0(a1)""").set("a1", 0x5000).set("a2", HartState.MXR);
        hart.step(4);

        hart.assertTrapped(Cause.LOAD_PAGE_FAULT, CODE + 12, 0x5000);
    }

    // ---- the TLB must not show ----------------------------------------------------------------------------------

    /** Loads, stores and fetches by a mapping that is changed, then fences, then does it all again. */
    private void changeAndFence(long virtual, Runnable change, String fence) {
        hart.load(0x40_5000, "li a0, 1\nret").load(0x5000, "li a0, 2\nret");
        hart.ram.putInt(0x40_5100, 10);
        hart.ram.putInt(0x5100, 20);
        start(Privilege.SUPERVISOR, String.format(Locale.ROOT, """
                lw a3, 0x100(a1)
                sw a3, 0x104(a1)
                jalr ra, 0(a1)
                mv a4, a0
                fence:
                %s
                lw a3, 0x100(a1)
                sw a3, 0x104(a1)
                jalr ra, 0(a1)
                ecall""", fence))
                .set("a1", virtual)
                .set("a2", (int) virtual + 0xff0);
        hart.set("a5", (int) virtual - 0x3000).set("t2", PageTables.satp());
        hart.step(7);
        assertThat(hart.get("a4")).isEqualTo(1);
        assertThat(hart.get("a3")).isEqualTo(10);
        assertThat(hart.ram.getInt(0x40_5104)).isEqualTo(10);
        change.run();
        hart.run();

        assertThat(hart.get("a0")).as("fetched").isEqualTo(2);
        assertThat(hart.get("a3")).as("loaded").isEqualTo(20);
        assertThat(hart.ram.getInt(0x5104)).as("stored").isEqualTo(20);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sfence.vma zero, zero",
                "sfence.vma a1, zero",
                "sfence.vma a2, zero",
                "sfence.vma zero, a2",
                "csrw satp, t2"
            })
    void aFenceMakesAChangedPageSeen(String fence) {
        tables.map(0xc000_5000L, 0x40_5000, ALL);
        changeAndFence(0xc000_5000L, () -> tables.map(0xc000_5000L, 0x5000, ALL), fence);
    }

    /** 12.2.1: any address in the superpage names the leaf that maps it all. */
    @ParameterizedTest
    @ValueSource(
            strings = {"sfence.vma zero, zero", "sfence.vma a1, zero", "sfence.vma a2, zero", "sfence.vma a5, zero"})
    void aFenceWithAnyAddressInItMakesAChangedSuperpageSeen(String fence) {
        tables.mapSuperpage(0xc000_0000L, 0x40_0000, ALL | G);
        changeAndFence(0xc000_5000L, () -> tables.mapSuperpage(0xc000_0000L, 0, ALL | G), fence);
    }

    @Test
    void aFenceMakesASuperpageThatBecamePagesSeen() {
        tables.mapSuperpage(0xc000_0000L, 0x40_0000, ALL);
        changeAndFence(
                0xc000_5000L,
                () -> {
                    hart.ram.putInt(PageTables.rootAddress(0xc000_0000L), 0);
                    tables.map(0xc000_5000L, 0x5000, ALL);
                },
                "sfence.vma a5, zero");
    }

    /** Also after 300 other pages have gone through a TLB that holds fewer. */
    @Test
    void moreMappedPagesThanTheTlbHoldsAreAllSeenRight() {
        for (int page = 0; page < 300; page++) {
            tables.map(0xc000_0000L + page * 4096L, 0x40_0000 + (299 - page) * 4096L, ALL);
            hart.ram.putInt(0x40_0000 + (299 - page) * 4096L, page);
        }
        start(Privilege.SUPERVISOR, """
                li a3, 300
                li t2, 2
                round: li a1, 0xc0000000
                li a0, 0
                loop: lw a2, 0(a1)
                bne a2, a0, wrong
                lui t0, 1
                add a1, a1, t0
                addi a0, a0, 1
                blt a0, a3, loop
                addi t2, t2, -1
                bne t2, zero, round
                li a4, 1
                wrong: ecall""");
        hart.run();

        assertThat(hart.get("a4")).isEqualTo(1);
    }

    @Test
    void satpOffMeansPhysicalAddresses() {
        tables.map(0x5000, 0x6000, ALL);
        hart.ram.putInt(0x5000, 5);
        hart.ram.putInt(0x6000, 6);
        start(Privilege.SUPERVISOR, """
                lw a0, 0(a1)
                csrw satp, zero
                lw a2, 0(a1)
                ecall""").set("a1", 0x5000);
        hart.run();

        assertThat(hart.get("a0")).isEqualTo(6);
        assertThat(hart.get("a2")).isEqualTo(5);
    }

    /** semu: ASIDLEN is 0. */
    @Test
    void satpHasNoAsidBits() {
        TestHart plain = TestHart.with("csrw satp, a0\ncsrr a1, satp").set("a0", 0x7fff_ffff);
        plain.step(2);

        assertThat(plain.get("a1")).isEqualTo(0x003f_ffff);
    }
}
