package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.profile.Isa;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A guest that does nothing any more but trap ends its run (privileged architecture, 12.1: how traps are entered). */
class TrapLoopTests {

    private static final long FAR = 1_000_000;
    private static final int NOWHERE = 0x0800_0000;

    /** A kernel for M mode that lies at 0: its first instruction of M mode goes to the trap vector, 0, and so on. */
    private static TestHart kernelForMachineMode() {
        return TestHart.with("j 0x40").load(0x40, ".word 0x30401073");
    }

    private static TestHart vectorThatIsNoMemory() {
        TestHart hart = TestHart.with("nop\nnop\nlw a0, 0(a1)").set("a1", NOWHERE);
        hart.state.stvec = NOWHERE;
        return hart;
    }

    @Test
    void aVectorThatTrapsItselfIsNoticedAtTheThousandthTrap() {
        TestHart hart = vectorThatIsNoMemory();
        assertThat(hart.hart.run(FAR)).isEqualTo(Hart.Stop.STUCK);
        assertThat(hart.state.cycle()).isEqualTo(2 + 1000);
        assertThat(hart.state.instret()).isEqualTo(2);
        assertThat(hart.hart.trapLoop())
                .isEqualTo(new StuckTrap(Isa.RV32IMA, Cause.LOAD_ACCESS_FAULT, 8, NOWHERE, NOWHERE));
    }

    @Test
    void aVectorThatComesBackToTheSameTrapIsNoticedAtTheThousandthTrap() {
        TestHart hart = kernelForMachineMode();
        assertThat(hart.hart.run(FAR)).isEqualTo(Hart.Stop.STUCK);
        assertThat(hart.state.cycle()).isEqualTo(2 * 1000);
        assertThat(hart.hart.trapLoop())
                .isEqualTo(new StuckTrap(Isa.RV32IMA, Cause.ILLEGAL_INSTRUCTION, 0x40, 0x3040_1073, 0));
    }

    @Test
    void aStuckHartGoesNoFurther() {
        TestHart hart = kernelForMachineMode();
        hart.hart.run(FAR);
        String digest = hart.digest();
        assertThat(hart.hart.run(FAR)).isEqualTo(Hart.Stop.STUCK);
        assertThat(hart.digest()).isEqualTo(digest);
    }

    /** Corner 2 of docs/ARCHITECTURE.md: the same cycle however a run is cut. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 500, 999, 1000, 1001, 1002, 1003, 1999, 2000, 2001})
    void itIsNoticedAtTheSameCycleHoweverTheRunIsCut(int slice) {
        for (boolean backToTheSame : new boolean[] {false, true}) {
            TestHart whole = backToTheSame ? kernelForMachineMode() : vectorThatIsNoMemory();
            whole.hart.run(FAR);
            TestHart cut = backToTheSame ? kernelForMachineMode() : vectorThatIsNoMemory();
            Hart.Stop stop = Hart.Stop.LIMIT;
            while (stop == Hart.Stop.LIMIT && cut.state.cycle() < FAR) {
                stop = cut.hart.run(cut.state.cycle() + slice);
            }
            assertThat(stop).isEqualTo(Hart.Stop.STUCK);
            assertThat(cut.digest()).isEqualTo(whole.digest());
            assertThat(cut.hart.trapLoop()).isEqualTo(whole.hart.trapLoop());
        }
    }

    @Test
    void aLimitAtTheCycleOfTheLastTrapDoesNotHideIt() {
        assertThat(vectorThatIsNoMemory().hart.run(1001)).isEqualTo(Hart.Stop.LIMIT);
        assertThat(vectorThatIsNoMemory().hart.run(1002)).isEqualTo(Hart.Stop.STUCK);
    }

    /** Each of these brings the guest on, if only by a bit: it traps, and it is not stuck. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a register counts | addi s0, s0, 1",
                "the loop is long | nop; nop; nop; nop; nop; nop; nop; nop; nop; nop; nop; nop; nop; nop; nop; nop; nop",
                "the time is read | csrr s0, time",
            })
    void aGuestThatGetsOnBetweenItsTrapsIsNotStuck(String why, String between) {
        TestHart hart = TestHart.with("ebreak").load(0x1000, between.replace("; ", "\n") + "\nj 0");
        hart.state.stvec = 0x1000;
        assertThat(hart.hart.run(100_000)).as(why).isEqualTo(Hart.Stop.LIMIT);
    }

    /** 16 cycles between two traps are near, and 17 are not. */
    @ParameterizedTest(name = "{0} instructions between: {1}")
    @CsvSource({"1, STUCK", "15, STUCK", "16, STUCK", "17, LIMIT"})
    void onlyTrapsThatAreNearEachOtherAreARow(int between, Hart.Stop expected) {
        TestHart hart = TestHart.with("ebreak").load(0x1000, "nop\n".repeat(between - 1) + "j 0");
        hart.state.stvec = 0x1000;
        assertThat(hart.hart.run(FAR)).isEqualTo(expected);
    }

    @Test
    void anInstructionThatRetiresEndsTheRow() {
        // The page of the vector is memory for the first thousand traps less one, and then a device writes a program
        // there.
        TestHart hart = TestHart.with("ebreak");
        hart.state.stvec = 0x1000;
        hart.timeline.schedule(900, () -> hart.load(0x1000, "nop\nnop\nwfi\nj 0x1008"));
        assertThat(hart.hart.run(FAR)).isEqualTo(Hart.Stop.IDLE);
    }

    /** Where an interrupt may come, it may end the row. */
    @Test
    void aGuestThatCanBeInterruptedIsNotStuck() {
        TestHart hart = TestHart.with("ebreak").load(0x1000, "csrr s1, sepc\ncsrw sepc, s1\nsret");
        hart.state.stvec = 0x1000;
        hart.state.sstatus |= HartState.SIE;
        assertThat(hart.hart.run(100_000)).isEqualTo(Hart.Stop.LIMIT);
        hart.state.sstatus &= ~(HartState.SIE | HartState.SPIE);
        assertThat(hart.hart.run(FAR)).isEqualTo(Hart.Stop.STUCK);
    }

    private static String described(int cause, int pc, int value, int vector) {
        return new StuckTrap(Isa.RV32IMA, cause, pc, value, vector).describe();
    }

    @Test
    void aStuckGuestIsToldWhatTrappedAndWhere() {
        String machineMode = "; it is written for M mode, and M mode is not there";
        assertThat(described(Cause.ILLEGAL_INSTRUCTION, 0x40, 0x3040_1073, 0))
                .isEqualTo("illegal instruction (csrw mie, 0x30401073) at 0x40, trap vector 0" + machineMode);
        assertThat(described(Cause.ILLEGAL_INSTRUCTION, 8, 0x3020_0073, 0x1001))
                .isEqualTo("illegal instruction (mret, 0x30200073) at 0x8, trap vector 0x1000" + machineMode);
        assertThat(described(Cause.ILLEGAL_INSTRUCTION, 0, 0xf140_2573, 0))
                .isEqualTo("illegal instruction (csrr mhartid, 0xf1402573) at 0x0, trap vector 0" + machineMode);
        assertThat(described(Cause.ILLEGAL_INSTRUCTION, 0, 0xc000_2573, 0))
                .isEqualTo("illegal instruction (csrr cycle, 0xc0002573) at 0x0, trap vector 0"
                        + "; it is a register of extension Zicntr (counters), which is not there");
        assertThat(described(Cause.ILLEGAL_INSTRUCTION, 0, 0x1020_0073, 0))
                .isEqualTo("illegal instruction (sret, 0x10200073) at 0x0, trap vector 0");
        assertThat(described(Cause.ILLEGAL_INSTRUCTION, 0, 0, 0))
                .isEqualTo("illegal instruction (0x00000000) at 0x0, trap vector 0"
                        + "; all its bits are 0, as in memory that holds no code");
        assertThat(described(Cause.ILLEGAL_INSTRUCTION, 0, 0x5a4d, 0))
                .isEqualTo(
                        "illegal instruction (0x00005a4d) at 0x0, trap vector 0"
                                + "; it is a compressed instruction, and extension C is not there; --profile virt --isa rv32gc has it");
        assertThat(described(Cause.ILLEGAL_INSTRUCTION, 4, 0x0c05_72d7, 0))
                .isEqualTo("illegal instruction (vsetvli, 0x0c0572d7) at 0x4, trap vector 0"
                        + "; it is of extension V (vectors), which is not there");
        assertThat(described(Cause.LOAD_ACCESS_FAULT, 0xc000_0000, 0xc000_1000, 0xc000_0040))
                .isEqualTo("load access fault (address 0xc0001000) at 0xc0000000, trap vector 0xc0000040");
        assertThat(described(Cause.INSTRUCTION_PAGE_FAULT, 4, 4, 0))
                .isEqualTo("instruction page fault at 0x4, trap vector 0");
        assertThat(described(Cause.ECALL_FROM_USER, 4, 0, 32))
                .isEqualTo("environment call from U mode at 0x4, trap vector 0x20");
    }
}
