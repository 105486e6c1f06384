package dev.semblance.machine.cpu;

import static dev.semblance.machine.cpu.PageTables.A;
import static dev.semblance.machine.cpu.PageTables.D;
import static dev.semblance.machine.cpu.PageTables.R;
import static dev.semblance.machine.cpu.PageTables.U;
import static dev.semblance.machine.cpu.PageTables.V;
import static dev.semblance.machine.cpu.PageTables.W;
import static dev.semblance.machine.cpu.PageTables.X;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which translations are kept, as the contract on {@link Mmu} has it. The privileged architecture (12.2.1, 12.3.2) leaves it
 * open what an access finds after a page table was changed without SFENCE.VMA; here there is one answer.
 */
class TranslationTests {

    private static final int ALL = V | R | W | X | A | D;
    private static final long CODE = 0x2000;
    private static final long DATA = 0x5000;
    private static final long RUNNING = 0x4000_0000L;

    private TestHart hart = new TestHart();
    private PageTables tables = new PageTables(hart.ram);

    /** Starts a program at 0x2000, mapped one to one for the mode, with translation on. */
    private TestHart start(Privilege mode, String source) {
        tables.map(CODE, CODE, ALL | (mode == Privilege.USER ? U : 0));
        hart.load(CODE, source).enter(mode, CODE);
        hart.state.stvec = 0x1000;
        hart.state.satp = PageTables.satp();
        return hart;
    }

    private void unmap(long virtual) {
        hart.ram.putInt(tables.leafAddress(virtual), 0);
    }

    // ---- the running page ---------------------------------------------------------------------------------------

    /** A program that changes the entry of its own page by the instructions given, then stays in the page for a while. */
    private void startInThePageItChanges(String change) {
        hart = new TestHart();
        tables = new PageTables(hart.ram);
        tables.map(RUNNING, 0x6000, V | X | A).map(DATA, tables.leafAddress(RUNNING) & -4096L, ALL);
        hart.load(0x6000, change + "\nloop: addi a4, a4, 1\n" + "nop\n".repeat(80) + """
                addi a0, a0, -1
                bne a0, zero, loop
                lw a3, 0(a1)
                ecall""");
        start(Privilege.SUPERVISOR, "jalr zero, 0(a2)")
                .set("a0", 20)
                .set("a1", DATA)
                .set("a2", RUNNING);
    }

    private static final String CLEAR_A = "lw a3, 0(a1)\nandi a3, a3, -65\nsw a3, 0(a1)";
    private static final String CLEAR_V = "sw zero, 0(a1)";

    private String inSlices(int slice) {
        long end = hart.state.cycle() + 800;
        while (hart.state.cycle() < end) {
            hart.hart.run(Math.min(end, hart.state.cycle() + slice));
        }
        return hart.digest();
    }

    /** Linux clears A of pages that run, and does not fence (ptep_clear_flush_young on RISC-V). */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 63, 64, 65, 100, 333})
    void wherePagesAgeUnderTheirCodeACutDoesNotShow(int slice) {
        startInThePageItChanges(CLEAR_A);
        String whole = inSlices(800);
        hart.run();
        assertThat(hart.get("a3")).as("A stays clear").isEqualTo(PageTables.entry(0x6000, V | X));

        startInThePageItChanges(CLEAR_A);
        assertThat(inSlices(slice)).isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 63, 64, 65, 100, 333})
    void wherePagesAreUnmappedUnderTheirCodeACutDoesNotShow(int slice) {
        startInThePageItChanges(CLEAR_V);
        String whole = inSlices(800);
        hart.run();
        assertThat(hart.get("a3")).as("it ran to its end").isZero();
        assertThat(hart.state.scause).isZero();

        startInThePageItChanges(CLEAR_V);
        assertThat(inSlices(slice)).isEqualTo(whole);
    }

    /** Whether code was decoded, and how far, is nobody's business. */
    @Test
    void codeThatMustBeDecodedAgainIsFoundByTheKeptTranslation() {
        startInThePageItChanges(CLEAR_V);
        hart.timeline.schedule(200, () -> hart.ram.putInt(0x6ff0, 1));
        hart.timeline.schedule(300, () -> hart.ram.putInt(0x6000 + 4 * 30, 0x0010_8093));
        hart.run();

        assertThat(hart.state.scause).isZero();
        assertThat(hart.get("ra")).as("addi ra, ra, 1, which the device wrote").isPositive();
    }

    @Test
    void codeThatChangesItsOwnUnmappedPageGoesOn() {
        tables.map(0x7000, 0x6000, ALL);
        tables.map(0x8000, tables.leafAddress(RUNNING) & -4096L, ALL);
        tables.map(RUNNING, 0x6000, ALL);
        hart.load(0x6000, """
                sw zero, 0(a1)
                sw a3, 12(a2)
                nop
                ebreak
                ecall""");
        start(Privilege.SUPERVISOR, "jalr zero, 0(a4)").set("a1", 0x8000).set("a2", 0x7000);
        hart.set("a3", 0x13).set("a4", RUNNING);
        hart.run();

        assertThat(hart.state.scause).isZero();
    }

    @Test
    void anotherPageInItsPlaceEndsATranslation() {
        tables.map(RUNNING, 0x6000, ALL).map(RUNNING + 0x10_0000, 0x7000, ALL);
        hart.load(0x6000, "ret").load(0x7000, "ret");
        start(Privilege.SUPERVISOR, "jalr ra, 0(a1)\njalr ra, 0(a2)\njalr ra, 0(a1)")
                .set("a1", RUNNING)
                .set("a2", (int) RUNNING + 0x10_0000)
                .step(4);
        unmap(RUNNING);
        hart.step(2);

        hart.assertTrapped(Cause.INSTRUCTION_PAGE_FAULT, RUNNING, RUNNING);
    }

    // ---- LR, SC and AMOs ----------------------------------------------------------------------------------------

    /** LR is a load, SC and the AMOs are stores; loads and stores have translations of their own. */
    @ParameterizedTest(name = "{0}, then {1}: {2}")
    @CsvSource({
        "'lw a0, 0(a1)',            'lr.w a0, (a1)',           0",
        "'lr.w a0, (a1)',           'lbu a0, 0(a1)',           0",
        "'sb a0, 0(a1)',            'amoadd.w a0, a0, (a1)',   0",
        "'amoadd.w a0, a0, (a1)',   'sh a0, 0(a1)',            0",
        "'amomaxu.w a0, a0, (a1)',  'sc.w a0, a0, (a1)',       0",
        "'sc.w a0, a0, (a1)',       'sw a0, 0(a1)',            0",
        "'lw a0, 0(a1)',            'amoor.w a0, zero, (a1)',  15",
        "'lr.w a0, (a1)',           'sc.w a0, a0, (a1)',       15",
        "'lr.w a0, (a1)',           'sw a0, 0(a1)',            15",
        "'sw a0, 0(a1)',            'lr.w a0, (a1)',           13",
        "'amoor.w a0, zero, (a1)',  'lw a0, 0(a1)',            13",
        "'sc.w a0, a0, (a1)',       'lr.w a0, (a1)',           13",
    })
    void atomicsShareTheTranslationsOfLoadsAndStores(String first, String second, int cause) {
        tables.map(DATA, 0x6000, ALL);
        start(Privilege.SUPERVISOR, first + "\n" + second).set("a1", DATA).step(1);
        unmap(DATA);
        hart.step(1);

        if (cause == 0) {
            assertThat(hart.state.scause).isZero();
        } else {
            hart.assertTrapped(cause, CODE + 4, DATA);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"amoadd.w zero, zero, (a1)", "sc.w a0, zero, (a1)", "sw zero, 0(a1)"})
    void anAtomicSetsDThoughALoadHasTheTranslation(String instruction) {
        tables.map(DATA, 0x6000, V | R | W);
        start(Privilege.SUPERVISOR, "lw a0, 0(a1)\n" + instruction).set("a1", DATA);
        hart.step(1);
        assertThat(hart.ram.getInt(tables.leafAddress(DATA)) & (A | D)).isEqualTo(A);
        hart.step(1);

        assertThat(hart.ram.getInt(tables.leafAddress(DATA)) & (A | D)).isEqualTo(A | D);
    }

    /** Each of them with its translation kept, so that nothing but the TLB is asked. */
    @ParameterizedTest(name = "{0} at {1}: {2}")
    @CsvSource({
        "'lr.w a0, (a1)', 2, 4",
        "'sc.w a0, a0, (a1)', 1, 6",
        "'amoadd.w a0, a0, (a1)', 2, 6",
        "'amoadd.w a0, a0, (a1)', 3, 6"
    })
    void aMisalignedAtomicTrapsAlsoWhereItsPageIsKept(String instruction, int offset, int cause) {
        tables.map(DATA, 0x6000, ALL);
        start(Privilege.SUPERVISOR, "lw a0, 0(a2)\nsw a0, 0(a2)\n" + instruction)
                .set("a1", (int) DATA + offset)
                .set("a2", DATA)
                .step(3);

        hart.assertTrapped(cause, CODE + 8, DATA + offset);
    }

    @Test
    void aReservationIsThatOfThePhysicalWordWhateverAddressReachesIt() {
        tables.map(DATA, 0x6000, ALL).map(0x9000, 0x6000, ALL).map(0xa000, 0x7000, ALL);
        start(Privilege.SUPERVISOR, """
                sw zero, 0(a2)
                lr.w a0, (a1)
                sc.w a4, a1, (a2)
                lr.w a0, (a1)
                sc.w a5, a1, (a3)
                ecall""")
                .set("a1", (int) DATA + 4)
                .set("a2", 0x9004)
                .set("a3", 0xa004);
        hart.run();

        assertThat(hart.get("a4")).isZero();
        assertThat(hart.get("a5")).isOne();
        assertThat(hart.ram.getInt(0x6004)).isEqualTo((int) DATA + 4);
    }

    // ---- code and stores ----------------------------------------------------------------------------------------

    /** Stores to decoded code take the long way, but do not translate again. */
    @ParameterizedTest
    @ValueSource(strings = {"sw a0, 0(a1)", "amoswap.w zero, a0, (a1)"})
    void aStoreToAPageKeepsItsTranslationThoughThePageIsExecuted(String store) {
        tables.map(DATA, 0x6000, ALL).map(0x9000, 0x6000, ALL);
        hart.load(0x6000, "ret\nret");
        start(Privilege.SUPERVISOR, store + "\njalr ra, 4(a2)\n" + store + "\njalr ra, 0(a2)\necall")
                .set("a0", 0x8067)
                .set("a1", DATA)
                .set("a2", 0x9000)
                .step(1);
        unmap(DATA);
        hart.run();

        assertThat(hart.state.scause).isZero();
    }

    @Test
    void aPageThatTakesAnAmosPlaceTakesAStoresToo() {
        tables.map(DATA, 0x6000, ALL).map(DATA + 0x10_0000, 0x7000, ALL);
        start(Privilege.SUPERVISOR, "sw a0, 0(a1)\namoadd.w a0, a0, (a2)\nsw a0, 0(a1)")
                .set("a1", DATA)
                .set("a2", (int) DATA + 0x10_0000)
                .step(2);
        unmap(DATA);
        hart.step(1);

        hart.assertTrapped(Cause.STORE_PAGE_FAULT, CODE + 8, DATA);
    }

    // ---- fences -------------------------------------------------------------------------------------------------

    /** 12.2.1: the fence orders accesses to the leaf of that address alone. Each of the three sets of each TLB obeys it. */
    @ParameterizedTest(name = "{0}, SUM {1}, {2}")
    @CsvSource({
        "SUPERVISOR, false, 'lw a0, 0(a1)', 13",
        "SUPERVISOR, false, 'amoor.w a0, zero, (a1)', 15",
        "SUPERVISOR, false, 'jalr ra, 0(a1)', 12",
        "SUPERVISOR, true, 'lw a0, 0(a1)', 13",
        "SUPERVISOR, true, 'sw a0, 0(a1)', 15",
        "SUPERVISOR, true, 'jalr ra, 0(a1)', 12",
        "USER, false, 'lw a0, 0(a1)', 13",
        "USER, false, 'sw a0, 0(a1)', 15",
        "USER, false, 'jalr ra, 0(a1)', 12",
    })
    void aFenceWithAnAddressDropsItsPageAndLeavesTheOthers(Privilege mode, boolean sum, String access, int cause) {
        int user = mode == Privilege.USER ? U : 0;
        tables.map(0x1000, 0x1000, ALL).map(DATA, 0x6000, ALL | user).map(0x9000, 0x7000, ALL | user);
        hart.load(0x6000, "ret").load(0x7000, "ret").load(0x1000, """
                sfence.vma a3, zero
                csrr t0, sepc
                addi t0, t0, 4
                csrw sepc, t0
                sret""");
        String other = access.replace("a1", "a2");
        boolean fetch = access.startsWith("jalr");
        hart.state.sstatus = sum ? HartState.SUM : 0;
        start(mode, access + "\n" + other + "\nebreak\n" + other + "\n" + access)
                .set("a1", DATA)
                .set("a2", 0x9000)
                .set("a3", (int) DATA + 0xffc)
                .step(fetch ? 5 : 3);
        hart.assertTrapped(Cause.BREAKPOINT, CODE + 8, CODE + 8);
        unmap(DATA);
        unmap(0x9000);
        hart.step(5 + (fetch ? 2 : 1));
        assertThat(hart.state.scause).as("the other page").isEqualTo(Cause.BREAKPOINT);
        hart.step(fetch ? 2 : 1);

        hart.assertTrapped(cause, fetch ? DATA : CODE + 16, DATA);
    }

    /** What is remembered of superpages is remembered of each 4 MiB by themselves. */
    @Test
    void aFenceInOneSuperpageLeavesWhatIsToBeDroppedInAnother() {
        tables.mapSuperpage(0xc000_0000L, 0, ALL).mapSuperpage(0x8000_0000L, 0, ALL);
        start(Privilege.SUPERVISOR, """
                lw a0, 0(a1)
                lw a0, 0(a2)
                sfence.vma a2, zero
                sfence.vma a3, zero
                lw a0, 0(a1)""")
                .set("a1", 0xc000_5000)
                .set("a2", 0x8000_6000)
                .set("a3", 0xc000_9000)
                .step(3);
        hart.ram.putInt(PageTables.rootAddress(0xc000_0000L), 0);
        hart.step(2);

        hart.assertTrapped(Cause.LOAD_PAGE_FAULT, CODE + 16, 0xc000_5000L);
    }

    /** Once they are dropped, the translations of a superpage leave nothing behind: pages in its place are fenced one by one. */
    @ParameterizedTest
    @ValueSource(strings = {"sfence.vma a3, zero", "sfence.vma zero, zero"})
    void pagesInThePlaceOfADroppedSuperpageAreFencedOneByOne(String fence) {
        tables.mapSuperpage(0xc000_0000L, 0, ALL);
        start(Privilege.SUPERVISOR, """
                lw a0, 0(a1)
                %s
                lw a0, 0(a1)
                lw a0, 0(a2)
                sfence.vma a2, zero
                lw a0, 0(a1)
                lw a0, 0(a2)""".replace("%s", fence))
                .set("a1", 0xc000_5000)
                .set("a2", 0xc000_6000)
                .set("a3", 0xc000_9000)
                .step(1);
        hart.ram.putInt(PageTables.rootAddress(0xc000_0000L), 0);
        tables.map(0xc000_5000L, 0x6000, ALL).map(0xc000_6000L, 0x6000, ALL);
        hart.step(3);
        unmap(0xc000_5000L);
        unmap(0xc000_6000L);
        hart.step(3);

        hart.assertTrapped(Cause.LOAD_PAGE_FAULT, CODE + 24, 0xc000_6000L);
    }
}
