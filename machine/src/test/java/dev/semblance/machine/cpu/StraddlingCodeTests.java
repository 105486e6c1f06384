package dev.semblance.machine.cpu;

import static dev.semblance.machine.cpu.PageTables.A;
import static dev.semblance.machine.cpu.PageTables.V;
import static dev.semblance.machine.cpu.Sv39Space.ALL;
import static dev.semblance.machine.cpu.Sv39Space.DATA;
import static dev.semblance.machine.cpu.Sv39Space.GIB;
import static dev.semblance.machine.cpu.Sv39Space.LAST;
import static dev.semblance.machine.cpu.Sv39Space.entry;
import static dev.semblance.machine.cpu.Sv39Space.hart;
import static dev.semblance.machine.cpu.Sv39Space.last;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.isa.Encoder;
import dev.semblance.machine.profile.Isa;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Code of 16 and 32 bits (unprivileged ISA, 1.5 and chapter 26): its places, its traps, and instructions that lie on two pages. */
class StraddlingCodeTests {

    private static final long EDGE = GIB + 0xffe;
    private static final long FIRST_FRAME = DATA;
    private static final long SECOND_FRAME = DATA + 0x5000;
    private static final int C_NOP = 0x0001;
    private static final int C_ADDI_A0_1 = 0x0505;
    private static final int C_EBREAK = 0x9002;
    private static final int C_JR_RA = 0x8082;
    private static final int ADD_HUNDRED = Encoder.encode("addi", 10, 10, 0, 100);
    private static final int ADD_TEN = Encoder.encode("addi", 10, 10, 0, 10);

    /** A hart at the last parcel of a page, where an instruction of 32 bits begins whose second half is on another frame. */
    private static TestHart straddling(int encoding) {
        TestHart hart = hart("nop").at(EDGE);
        last(hart, 0, entry(FIRST_FRAME, ALL));
        last(hart, 1, entry(SECOND_FRAME, ALL));
        return put(hart, encoding);
    }

    private static TestHart put(TestHart hart, int encoding) {
        return hart.parcels(FIRST_FRAME + 0xffe, encoding).parcels(SECOND_FRAME, encoding >>> 16);
    }

    @Test
    void anInstructionMayLieOnTwoPages() {
        TestHart hart = straddling(ADD_HUNDRED).parcels(SECOND_FRAME + 2, C_ADDI_A0_1);
        hart.step(2);
        assertThat(hart.getLong("a0")).isEqualTo(101);
        assertThat(hart.state.pc).isEqualTo(EDGE + 6);
        assertThat(hart.ram.getLong(LAST)).isEqualTo(entry(FIRST_FRAME, ALL | A));
        assertThat(hart.ram.getLong(LAST + 8)).isEqualTo(entry(SECOND_FRAME, ALL | A));
    }

    @Test
    void aParcelAtTheEndOfAPageNeedsNoOther() {
        TestHart hart = straddling(C_ADDI_A0_1);
        last(hart, 1, 0);
        hart.step(1);
        assertThat(hart.getLong("a0")).isEqualTo(1);
        assertThat(hart.state.pc).isEqualTo(EDGE + 2);
        hart.step(1);
        hart.assertTrapped64(Cause.INSTRUCTION_PAGE_FAULT, EDGE + 2, EDGE + 2);
    }

    /** 12.1.9: on a fault of the second half, sepc is the instruction's address and stval that of the half. */
    @Test
    void aFaultOnTheSecondHalfNamesTheInstructionAndTheHalf() {
        TestHart hart = straddling(ADD_HUNDRED);
        last(hart, 1, entry(SECOND_FRAME, V | PageTables.R));
        hart.step(1);
        hart.assertTrapped64(Cause.INSTRUCTION_PAGE_FAULT, EDGE, EDGE + 2);
        assertThat(hart.getLong("a0")).isZero();

        last(hart, 1, entry(SECOND_FRAME, ALL)).at(EDGE).step(1);
        assertThat(hart.getLong("a0")).as("once it is mapped").isEqualTo(100);

        TestHart nowhere = straddling(ADD_HUNDRED);
        last(nowhere, 1, entry(1L << 40, ALL));
        nowhere.step(1);
        nowhere.assertTrapped64(Cause.INSTRUCTION_ACCESS_FAULT, EDGE, EDGE + 2);

        TestHart first = straddling(ADD_HUNDRED);
        last(last(first, 0, 0), 1, 0);
        first.step(1);
        first.assertTrapped64(Cause.INSTRUCTION_PAGE_FAULT, EDGE, EDGE);
    }

    @Test
    void theLastInstructionOfTheAddressSpaceEndsAtItsBeginning() {
        TestHart hart = new TestHart(Isa.RV32GC).at(-2);
        hart.ram.putInt(PageTables.ROOT, PageTables.entry(0, ALL));
        hart.ram.putInt(PageTables.ROOT + 4 * 1023, PageTables.entry(0x40_0000, ALL));
        hart.state.satp = PageTables.satp();
        hart.parcels(0x7f_fffe, ADD_HUNDRED).parcels(0, ADD_HUNDRED >>> 16, C_ADDI_A0_1);
        hart.step(2);
        assertThat(hart.get("a0")).isEqualTo(101);
        assertThat(hart.state.pc).isEqualTo(4);
    }

    @Test
    void bothHalvesAreFetchedAnewEachTime() {
        TestHart hart = straddling(ADD_HUNDRED);
        hart.step(1);
        put(hart, ADD_TEN).at(EDGE).step(1);
        assertThat(hart.getLong("a0")).as("its second half was written to").isEqualTo(110);
        hart.parcels(FIRST_FRAME + 0xffe, C_ADDI_A0_1).at(EDGE).step(1);
        assertThat(hart.getLong("a0")).as("it became one of 16 bits").isEqualTo(111);
        put(hart, ADD_HUNDRED).at(EDGE).step(1);
        assertThat(hart.getLong("a0")).as("and one of 32 again").isEqualTo(211);
    }

    @Test
    void aRunOfCodeThatEndsWithAStraddlerGoesOnThroughItHoweverOftenAndChanges() {
        TestHart hart = straddling(ADD_HUNDRED);
        // Two parcels, the straddler, and back; a1 counts, and at its third time round the second half is stored to.
        hart.parcels(FIRST_FRAME + 0xffa, C_ADDI_A0_1, C_ADDI_A0_1);
        int at = 2;
        for (int word : new int[] {
            Encoder.encode("addi", 11, 11, 0, 1),
            Encoder.encode("sh", 0, 12, 13, 0),
            Encoder.encode("bne", 0, 11, 14, -6 - 2 - 2 - 4 - 0),
        }) {
            hart.ram.putShort(SECOND_FRAME + at, (short) word);
            hart.ram.putShort(SECOND_FRAME + at + 2, (short) (word >>> 16));
            at += 4;
        }
        // The branch stands at 0x100a of the two pages and leads to 0xffc: one parcel, then the straddler.
        hart.set("a2", GIB + 0x1000).set("a3", ADD_TEN >>> 16).set("a4", 3).at(GIB + 0xffa);
        hart.step(2 + 1 + 3 + (1 + 1 + 3) + (1 + 1 + 3));
        assertThat(hart.getLong("a1")).isEqualTo(3);
        assertThat(hart.getLong("a0")).isEqualTo(2 + 100 + 1 + 10 + 1 + 10);
        assertThat(hart.state.pc).isEqualTo(GIB + 0x100e);
    }

    @Test
    void anotherPageForTheSecondHalfCountsAfterAFence() {
        TestHart hart = straddling(ADD_HUNDRED);
        hart.step(1);
        last(hart, 1, entry(DATA + 0x8000, ALL));
        hart.parcels(DATA + 0x8000, ADD_TEN >>> 16).at(EDGE).step(1);
        assertThat(hart.getLong("a0")).as("the translation is kept").isEqualTo(200);
        hart.hart.flushTranslations();
        hart.at(EDGE).step(1);
        assertThat(hart.getLong("a0")).isEqualTo(210);
    }

    @Test
    void jumpsLinksTrapsAndSystemInstructionsMayLieOnTwoPages() {
        TestHart jump = straddling(Encoder.encode("jal", 1, 0, 0, -16));
        jump.step(1);
        assertThat(jump.state.pc).isEqualTo(EDGE - 16);
        assertThat(jump.getLong("ra")).isEqualTo(EDGE + 4);

        TestHart untaken = straddling(Encoder.encode("bne", 0, 0, 0, 8));
        untaken.step(1);
        assertThat(untaken.state.pc).isEqualTo(EDGE + 4);

        TestHart upper = straddling(Encoder.encode("auipc", 10, 0, 0, 1));
        upper.step(1);
        assertThat(upper.getLong("a0")).isEqualTo(EDGE + 0x1000);

        TestHart csr = straddling(Encoder.encode("csrrw", 10, 11, 0, 0x140)).set("a1", 5);
        csr.step(1);
        assertThat(csr.state.sscratch).isEqualTo(5);
        assertThat(csr.state.pc).isEqualTo(EDGE + 4);

        TestHart illegal = straddling(0xabcd_ee7f);
        illegal.step(1);
        illegal.assertTrapped64(Cause.ILLEGAL_INSTRUCTION, EDGE, 0xabcd_ee7fL);

        TestHart load = straddling(Encoder.encode("ld", 10, 11, 0, 0)).set("a1", 5 * GIB);
        load.step(1);
        load.assertTrapped64(Cause.LOAD_PAGE_FAULT, EDGE, 5 * GIB);
    }

    /** 26.1: instructions begin at any multiple of 2; what a parcel means hangs on where one comes from. */
    @Test
    void theMiddleOfAnInstructionMayBeOneToo() {
        // Its upper half is c.addi a0, 1; its lower half with it, lui a0.
        int encoding = C_ADDI_A0_1 << 16 | 0x0537;
        TestHart hart = new TestHart(Isa.RV64GC).at(0x2000);
        hart.ram.putInt(0x2000, encoding);
        hart.parcels(0x2004, C_ADDI_A0_1, C_JR_RA);
        for (int round = 0; round < 3; round++) {
            hart.set("ra", 0x2002).at(0x2000).step(3);
            assertThat(hart.getLong("a0")).isEqualTo(0x0505_0001);
            assertThat(hart.state.pc).isEqualTo(0x2002);
            hart.set("ra", 0x3000).step(3);
            assertThat(hart.getLong("a0")).isEqualTo(0x0505_0003);
            assertThat(hart.state.pc).isEqualTo(0x3000);
        }
        hart.parcels(0x2002, 0x0509).set("a0", 0).set("ra", 0x3000).at(0x2002).step(3);
        assertThat(hart.getLong("a0"))
                .as("a store into the middle changes both")
                .isEqualTo(3);
        hart.at(0x2000).step(1);
        assertThat(hart.getLong("a0")).isEqualTo(0x0509_0000);
    }

    /** 12.1.9: of an illegal instruction, stval is its bits, 16 of them if it has no more. */
    @ParameterizedTest
    @ValueSource(ints = {0x0000, 0x6081, 0x8002, 0x2001, 0x8000, 0x9c41, 0x4002, 0x6002})
    void ofAnIllegalParcelStvalIsThatParcel(int parcel) {
        TestHart hart =
                new TestHart(Isa.RV64GC).parcels(0x2000, C_NOP, parcel, 0xffff).at(0x2000);
        hart.state.stvec = 0x1000;
        hart.step(2);
        hart.assertTrapped64(Cause.ILLEGAL_INSTRUCTION, 0x2002, parcel);
    }

    @ParameterizedTest
    @EnumSource(
            value = Isa.class,
            names = {"RV32GC", "RV64GC"})
    void aCompressedBreakpointIsOne(Isa isa) {
        TestHart hart = new TestHart(isa).parcels(0x2000, C_NOP, C_EBREAK).at(0x2000);
        hart.state.stvec = 0x1000;
        hart.step(2);
        hart.assertTrapped(Cause.BREAKPOINT, 0x2002, 0x2002);
    }

    /** 26.4: C.JALR and C.JAL link to what follows them, two bytes on. */
    @Test
    void compressedCallsLinkToTheNextParcel() {
        TestHart hart = new TestHart(Isa.RV64GC)
                .parcels(0x2000, C_NOP, 0x9502)
                .at(0x2000)
                .set("a0", 0x3002);
        hart.step(2);
        assertThat(hart.getLong("ra")).isEqualTo(0x2004);
        assertThat(hart.state.pc).isEqualTo(0x3002);

        TestHart narrow =
                new TestHart(Isa.RV32GC).parcels(0x2000, C_NOP, 0x2019).at(0x2000);
        narrow.step(2);
        assertThat(narrow.get("ra")).as("c.jal, of 32 bits alone").isEqualTo(0x2004);
        assertThat(narrow.state.pc).isEqualTo(0x2008);
    }

    /** 12.1.7: with IALIGN of 16, sepc keeps bit 1 and never bit 0. */
    @Test
    void sepcIsAMultipleOfTwo() {
        TestHart hart = TestHart.with64("csrw sepc, a0\ncsrr a1, sepc\nsret").set("a0", 0x3003);
        hart.parcels(0x3002, C_ADDI_A0_1);
        hart.step(2);
        assertThat(hart.getLong("a1")).isEqualTo(0x3002);
        hart.state.sstatus |= HartState.SPP;
        hart.step(2);
        assertThat(hart.state.pc).isEqualTo(0x3004);
    }
}
