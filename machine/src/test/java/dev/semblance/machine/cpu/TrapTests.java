package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Privileged architecture, 12.1 (supervisor CSRs) and 12.2 (SRET). */
class TrapTests {

    private static final int STACK = HartState.SIE | HartState.SPIE | HartState.SPP;

    private static TestHart at1000(String source) {
        TestHart hart = TestHart.with(source);
        hart.state.stvec = 0x1000;
        return hart;
    }

    // ---- causes --------------------------------------------------------------------------------------------------

    /** 12.1.9: stval of an illegal instruction is the instruction. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000000",
                "ffffffff",
                "00003503",
                "30200073",
                "c0002573",
                "30002573",
                "b0202573",
                "c8002573",
                "f1402573",
                "7b002573",
                "c0151073",
                "6002a573",
            })
    void anIllegalInstructionGivesItsBitsToStval(String hex) {
        int bits = Integer.parseUnsignedInt(hex, 16);
        TestHart hart = at1000("nop\n.word 0x" + hex).set("a0", 99);
        hart.step(2);

        hart.assertTrapped(Cause.ILLEGAL_INSTRUCTION, 4, bits);
        assertThat(hart.get("a0")).isEqualTo(99);
        assertThat(hart.state.cycle()).isEqualTo(2);
        assertThat(hart.state.instret()).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "csrr a0, sstatus | 10002573",
                "csrr a0, satp | 18002573",
                "csrw sscratch, a0 | 14051073",
                "csrrwi zero, sip, 31 | 144fd073",
                "csrrsi a1, sie, 1 | 1040e5f3",
                "csrrc a1, sepc, a2 | 141635f3",
                "csrrci a1, stval, 0 | 143075f3",
                "sret | 10200073",
                "wfi | 10500073",
                "sfence.vma zero, zero | 12000073",
                "sfence.vma a0, a1 | 12b50073",
                "csrr a0, cycle | c0002573",
                "csrw time, a0 | c0151073",
            })
    void whatIsForTheSupervisorAloneIsIllegalInUserMode(String text, String hex) {
        TestHart hart = new TestHart().load(0x2000, text);
        hart.state.stvec = 0x1000;
        hart.enter(Privilege.USER, 0x2000).step(1);

        hart.assertTrapped(Cause.ILLEGAL_INSTRUCTION, 0x2000, Integer.parseUnsignedInt(hex, 16));
        assertThat(hart.state.sstatus & HartState.SPP).isZero();
    }

    @Test
    void ecallFromUserModeIsCause8() {
        TestHart hart = new TestHart().load(0x2000, "ecall");
        hart.state.stvec = 0x1000;
        hart.enter(Privilege.USER, 0x2000).step(1);

        hart.assertTrapped(Cause.ECALL_FROM_USER, 0x2000, 0);
    }

    @Test
    void ecallFromSupervisorModeIsAnsweredByTheEnvironmentAndGoesOn() {
        TestHart hart =
                new TestHart(TestHart.RAM_SIZE, caller -> caller.state().setX(10, 42)).load(0, "ecall\nmv a1, a0");
        hart.step(2);

        assertThat(hart.get("a1")).isEqualTo(42);
        assertThat(hart.state.instret()).isEqualTo(2);
    }

    @Test
    void ebreakIsCause3AtItself() {
        at1000("nop\nebreak").step(2).assertTrapped(Cause.BREAKPOINT, 4, 4);
    }

    // ---- the interrupt-enable stack ------------------------------------------------------------------------------

    @ParameterizedTest(name = "{0} SIE {1}")
    @CsvSource({"SUPERVISOR, true", "SUPERVISOR, false", "USER, true", "USER, false"})
    void aTrapStacksModeAndInterruptEnableAndSretUnstacksThem(Privilege mode, boolean enabled) {
        TestHart hart = new TestHart().load(0x2000, "ebreak").load(0x1000, "sret");
        hart.state.stvec = 0x1000;
        hart.state.sstatus = HartState.SUM | HartState.MXR | (enabled ? HartState.SPIE : 0);
        hart.enter(mode, 0x2000);
        assertThat(hart.state.sstatus & STACK).isEqualTo(HartState.SPIE | (enabled ? HartState.SIE : 0));

        hart.step(1).assertTrapped(Cause.BREAKPOINT, 0x2000, 0x2000);
        int previous = (enabled ? HartState.SPIE : 0) | (mode == Privilege.SUPERVISOR ? HartState.SPP : 0);
        assertThat(hart.state.sstatus & STACK).as("in the handler").isEqualTo(previous);

        hart.step(1);
        assertThat(hart.state.privilege()).isEqualTo(mode);
        assertThat(hart.state.pc()).isEqualTo(0x2000);
        assertThat(hart.state.sstatus & STACK).as("back").isEqualTo(HartState.SPIE | (enabled ? HartState.SIE : 0));
        assertThat(hart.state.sstatus & ~STACK).isEqualTo(HartState.SUM | HartState.MXR);
    }

    /** 12.1.2: in vectored mode exceptions still go to the base. */
    @Test
    void vectoredModeIsForInterruptsAlone() {
        TestHart hart = TestHart.with("ebreak");
        hart.state.stvec = 0x1001;
        hart.step(1);

        assertThat(hart.state.pc()).isEqualTo(0x1000);
    }

    @ParameterizedTest(name = "cause {0}")
    @ValueSource(ints = {1, 5, 9})
    void interruptsGoToTheBaseOrToTheirVector(int cause) {
        for (int vectored = 0; vectored < 2; vectored++) {
            TestHart hart = TestHart.with("nop").load(0x1000 + 4L * cause * vectored, "nop");
            hart.state.stvec = 0x1000 | vectored;
            hart.state.sie = 1L << cause;
            hart.state.sstatus = HartState.SIE;
            hart.state.sip = 1L << cause;
            hart.state.stval = 77;
            hart.step(1);

            assertThat(hart.state.pc()).isEqualTo(0x1004 + 4L * cause * vectored);
            assertThat((int) hart.state.scause).isEqualTo(1 << 31 | cause);
            assertThat(hart.state.sepc).isZero();
            assertThat(hart.state.stval).isZero();
            assertThat(hart.state.instret())
                    .as("taking an interrupt takes no time")
                    .isEqualTo(1);
        }
    }

    /** 12.1.3: SEI, SSI, STI, in that order. */
    @ParameterizedTest(name = "pending {0}, enabled {1}: cause {2}")
    @CsvSource({
        "0x222, 0x222, 9", "0x022, 0x222, 1", "0x020, 0x222, 5", "0x220, 0x222, 9",
        "0x222, 0x022, 1", "0x222, 0x020, 5", "0x202, 0x022, 1", "0x200, 0x022, -1",
    })
    void theHighestEnabledPendingInterruptIsTaken(String pending, String enabled, int cause) {
        TestHart hart = TestHart.with("nop").load(0x1000, "nop");
        hart.state.stvec = 0x1000;
        hart.state.sip = Integer.decode(pending);
        hart.state.sie = Integer.decode(enabled);
        hart.state.sstatus = HartState.SIE;
        hart.step(1);

        if (cause < 0) {
            assertThat(hart.state.pc()).isEqualTo(4);
        } else {
            assertThat((int) hart.state.scause).isEqualTo(1 << 31 | cause);
        }
    }

    @ParameterizedTest(name = "{0} SIE {1}")
    @CsvSource({"SUPERVISOR, false, false", "SUPERVISOR, true, true", "USER, false, true", "USER, true, true"})
    void interruptsAreMaskedBySieInSupervisorModeAlone(Privilege mode, boolean enabled, boolean taken) {
        TestHart hart = new TestHart().load(0x2000, "nop\nnop").load(0x1000, "nop");
        hart.state.stvec = 0x1000;
        hart.state.sstatus = enabled ? HartState.SPIE : 0;
        hart.state.sie = 1 << Cause.SUPERVISOR_TIMER;
        hart.enter(mode, 0x2000);
        hart.hart.timerInterrupt().set(true);
        hart.step(1);

        assertThat(hart.state.pc()).isEqualTo(taken ? 0x1004 : 0x2004);
    }

    /** An instruction that lets a pending interrupt through is the last before it: no block end is waited for. */
    @ParameterizedTest
    @ValueSource(strings = {"csrrsi zero, sstatus, 2", "csrs sie, a0", "csrrsi zero, sip, 2", "sret"})
    void anInterruptIsTakenRightAfterTheInstructionThatAllowsIt(String instruction) {
        TestHart hart =
                TestHart.with(instruction + "\nnop\nnop").load(0x1000, "nop").set("a0", 0x222);
        hart.state.stvec = 0x1000;
        hart.state.sepc = 4;
        boolean bySip = instruction.contains("sip");
        boolean bySie = instruction.contains("sie");
        hart.state.sip = bySip ? 0 : 2;
        hart.state.sie = bySie ? 0 : 0x222;
        hart.state.sstatus = bySip || bySie ? HartState.SIE : HartState.SPIE | HartState.SPP;
        hart.step(2);

        assertThat(hart.state.pc()).isEqualTo(0x1004);
        assertThat(hart.state.sepc).isEqualTo(4);
    }
}
