package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Privileged architecture, 12.1; the instructions: unprivileged ISA, chapter 6. */
class CsrTests {

    /** Which bits can be written, as WARL fields allow and semu has it. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "sstatus, 000c0122",
        "sie, 00000222",
        "stvec, fffffffd",
        "sscratch, ffffffff",
        "sepc, fffffffc",
        "scause, ffffffff",
        "stval, ffffffff",
        "sip, 00000002",
        "satp, 803fffff",
        "scounteren, ffffffff",
    })
    void onlyWritableBitsAreKept(String csr, String mask) {
        TestHart hart = TestHart.with(String.format(Locale.ROOT, "csrw %s, a0\ncsrr a1, %s", csr, csr));
        hart.set("a0", -1);
        // One instruction at a time: with satp on, the next fetch fails.
        hart.step(1);
        long stored = switch (csr) {
            case "satp" -> hart.state.satp;
            case "sip" -> hart.state.sip;
            default -> {
                hart.state.sstatus &= ~HartState.SIE;
                hart.step(1);
                yield hart.get("a1") | (csr.equals("sstatus") ? HartState.SIE : 0);
            }
        };
        assertThat((int) stored).isEqualTo(Integer.parseUnsignedInt(mask, 16));
    }

    @Test
    void setAndClearChangeTheBitsOfTheirOperandAndReturnTheOldValue() {
        TestHart hart =
                TestHart.with("""
                csrrw a0, sscratch, s0
                csrrs a1, sscratch, s1
                csrrc a2, sscratch, s2
                csrrwi a3, sscratch, 21
                csrrsi a4, sscratch, 10
                csrrci a5, sscratch, 17
                csrr a6, sscratch
                ecall""").set("s0", 0xff00_ff00).set("s1", 0x0ff0_0ff0).set("s2", 0xf000_000f);
        hart.state.sscratch = 5;
        hart.run();

        assertThat(hart.get("a0")).isEqualTo(5);
        assertThat(hart.get("a1")).isEqualTo(0xff00_ff00);
        assertThat(hart.get("a2")).isEqualTo(0xfff0_fff0);
        assertThat(hart.get("a3")).isEqualTo(0x0ff0_fff0);
        assertThat(hart.get("a4")).isEqualTo(21);
        assertThat(hart.get("a5")).isEqualTo(31);
        assertThat(hart.get("a6")).isEqualTo(14);
    }

    @Test
    void oneRegisterMaySwapWithACsr() {
        TestHart hart = TestHart.with("csrrw a0, sscratch, a0\necall").set("a0", 1);
        hart.state.sscratch = 2;
        hart.run();

        assertThat(hart.get("a0")).isEqualTo(2);
        assertThat(hart.state.sscratch).isEqualTo(1);
    }

    /** Table 8: csrrs and csrrc with x0, and the immediate forms with 0, do not write at all. */
    @ParameterizedTest
    @ValueSource(
            strings = {"csrrs a0, time, zero", "csrrc a0, instret, zero", "csrrsi a0, time, 0", "csrrci a0, timeh, 0"})
    void readingAReadOnlyCsrIsAllowed(String instruction) {
        TestHart hart = TestHart.with(instruction + "\necall");

        assertThat(hart.run().state.instret()).isEqualTo(2);
    }

    /** The register's number decides, not its value. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "csrrw zero, time, zero",
                "csrrs a0, time, a1",
                "csrrc a0, instret, a1",
                "csrrwi zero, timeh, 0",
                "csrrsi a0, instreth, 1"
            })
    void writingAReadOnlyCsrIsIllegal(String instruction) {
        TestHart hart = TestHart.with(instruction).set("a0", 99).set("a1", 0);
        hart.state.stvec = 0x1000;
        hart.step(1);

        assertThat((int) hart.state.scause).isEqualTo(Cause.ILLEGAL_INSTRUCTION);
        assertThat(hart.get("a0")).isEqualTo(99);
    }

    /** 12.1.3: what devices drive is not the guest's to clear, SSIP is. */
    @Test
    void sipLetsTheGuestChangeTheSoftwareInterruptAlone() {
        TestHart hart = TestHart.with("csrw sip, zero\ncsrr a0, sip\ncsrw sip, a1\ncsrr a2, sip\necall")
                .set("a1", -1);
        hart.hart.timerInterrupt().set(true);
        hart.hart.externalInterrupt().set(true);
        hart.hart.softwareInterrupt().set(true);
        hart.run();
        assertThat(hart.get("a0")).isEqualTo(0x220);
        assertThat(hart.get("a2")).isEqualTo(0x222);

        hart.hart.timerInterrupt().set(false);
        hart.hart.externalInterrupt().set(false);
        assertThat(hart.state.sip).isEqualTo(2);
    }

    // ---- counters --------------------------------------------------------------------------------------------------

    @Test
    void countersAreReadInHalvesBeforeTheReadItselfCounts() {
        TestHart hart = TestHart.with("""
                csrr a0, time
                csrr a1, timeh
                csrr a2, instret
                csrr a3, instreth
                ecall""");
        hart.state.cycle = 0x5_ffff_fffeL;
        hart.state.unretired = 0x2_0000_0000L;
        hart.run();

        assertThat(hart.get("a0")).isEqualTo(-2);
        assertThat(hart.get("a1")).isEqualTo(5);
        assertThat(hart.get("a2")).isZero();
        assertThat(hart.get("a3")).isEqualTo(4);
    }

    /** 12.1.5: a clear bit of scounteren closes a counter to U-mode, and to it alone. */
    @ParameterizedTest(name = "scounteren {0}: {1} readable in U-mode: {2}")
    @CsvSource({
        "7, time, true", "7, instret, true", "7, timeh, true", "7, instreth, true",
        "2, time, true", "2, timeh, true", "2, instret, false", "2, instreth, false",
        "4, time, false", "4, timeh, false", "4, instret, true", "4, instreth, true",
        "0, time, false", "0, instret, false",
    })
    void scounterenOpensCountersToUserMode(int enabled, String csr, boolean readable) {
        TestHart hart =
                new TestHart().load(0x2000, "csrr a0, " + csr).load(0x3000, "csrw scounteren, a1\ncsrr a0, " + csr);
        hart.state.stvec = 0x1000;
        hart.at(0x3000).set("a1", enabled).step(2);
        assertThat(hart.state.pc()).as("S-mode reads it anyway").isEqualTo(0x3008);
        hart.enter(Privilege.USER, 0x2000).step(1);

        assertThat(hart.state.pc()).isEqualTo(readable ? 0x2004 : 0x1000);
        assertThat((int) hart.state.scause).isEqualTo(readable ? 0 : Cause.ILLEGAL_INSTRUCTION);
    }

    /** No firmware runs before the kernel that could open them. */
    @Test
    void countersAreOpenAtTheStart() {
        TestHart hart = new TestHart().load(0x2000, "csrr a0, time\ncsrr a1, instret");

        assertThat(hart.enter(Privilege.USER, 0x2000).step(2).state.pc()).isEqualTo(0x2008);
    }
}
