package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.SavedState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A guest that asks for more than is there is told what it asked for (privileged architecture, 12.1.7: what is illegal). */
class IllegalInstructionTests {

    private static final int VSETVLI = 0x0c05_72d7;
    private static final int CSRR_MHARTID = 0xf140_2573;
    private static final int CPOP = 0x6025_9513;

    /** A hart whose trap handler goes on behind the instruction. */
    private static TestHart hart(Isa isa, int... words) {
        TestHart hart = new TestHart(isa);
        for (int i = 0; i < words.length; i++) {
            hart.load(4L * i, ".word 0x" + Integer.toHexString(words[i]));
        }
        hart.load(4L * words.length, "wfi\nj " + 4 * words.length);
        hart.load(0x1000, "csrr t0, sepc\naddi t0, t0, 4\ncsrw sepc, t0\nsret");
        hart.state.stvec = 0x1000;
        return hart;
    }

    private static IllegalInstruction illegal(Isa isa, int bits) {
        return new IllegalInstruction(isa, Privilege.SUPERVISOR, 0, bits & 0xffff_ffffL, 0);
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void theFirstAndTheLastOfAModeAreKeptWithTheirCycles(Isa isa) {
        TestHart hart = hart(isa, 0x13, VSETVLI, CPOP, CSRR_MHARTID);
        hart.hart.run(100);
        assertThat(hart.hart.illegalInstructions())
                .containsExactly(new IllegalInstruction.Series(
                        new IllegalInstruction(isa, Privilege.SUPERVISOR, 4, VSETVLI, 1),
                        new IllegalInstruction(isa, Privilege.SUPERVISOR, 12, CSRR_MHARTID & 0xffff_ffffL, 11),
                        3));
    }

    @Test
    void eachModeHasItsOwn() {
        TestHart hart = hart(Isa.RV64GC, CPOP);
        hart.load(4, "li t0, 0x100\ncsrw sepc, t0\nsret")
                .load(0x100, ".word 0x" + Integer.toHexString(VSETVLI) + "\nloop: j loop");
        hart.hart.run(100);
        assertThat(hart.hart.illegalInstructions())
                .extracting(
                        series -> series.first().mode(),
                        series -> series.first().bits(),
                        series -> series.count())
                .containsExactly(
                        tuple(Privilege.SUPERVISOR, (long) CPOP, 1L), tuple(Privilege.USER, (long) VSETVLI, 1L));
    }

    @Test
    void aGuestThatMeetsNoneHasNone() {
        TestHart hart = hart(Isa.RV64GC, 0x13);
        hart.hart.run(100);
        assertThat(hart.hart.illegalInstructions()).isEmpty();
    }

    @Test
    void whatWasMetIsTakenToAnotherHartThatGoesOnAndIsInNoDigest() throws BadStateException {
        TestHart one = hart(Isa.RV32GC, VSETVLI, CPOP);
        one.hart.run(3);
        TestHart other = new TestHart(Isa.RV32GC);
        SavedState saved = SavedState.of(s -> {
            one.timeline.state(s);
            one.hart.state(s);
            one.ram.state(s);
        });
        saved.loadInto(s -> {
            other.timeline.state(s);
            other.hart.state(s);
            other.ram.state(s);
        });
        assertThat(other.hart.illegalInstructions()).isEqualTo(one.hart.illegalInstructions());
        other.hart.run(100);
        one.hart.run(100);
        assertThat(other.hart.illegalInstructions()).isEqualTo(one.hart.illegalInstructions());
        assertThat(other.hart.illegalInstructions().getFirst().count()).isEqualTo(2);
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "0c0572d7 | RV64GC  | vsetvli, 0x0c0572d7       | it is of extension V (vectors), which is not there",
                "60259513 | RV32IMA | cpop, 0x60259513          | it is of extension Zbb (bit manipulation), which is not there",
                "0ec5d533 | RV32GC  | czero.eqz, 0x0ec5d533     | it is of extension Zicond (conditional zeroing), which is not there",
                "f1402573 | RV64GC  | csrr mhartid, 0xf1402573  | it is written for M mode, and M mode is not there",
                "30200073 | RV64GC  | mret, 0x30200073          | it is written for M mode, and M mode is not there",
                "60002573 | RV64GC  | csrr hstatus, 0x60002573  | it is a register of extension H (hypervisor), which is not there",
                "10a02573 | RV64GC  | csrr senvcfg, 0x10a02573  | it is a register of the privileged architecture since 1.12, which is not there",
                "c2202573 | RV64GC  | csrr vlenb, 0xc2202573    | it is a register of extension V (vectors), which is not there",
                "c0002573 | RV32IMA | csrr cycle, 0xc0002573    | it is a register of extension Zicntr (counters), which is not there",
                "5c002573 | RV64GC  | csrr csr 0x5c0, 0x5c002573 | it is a register that is not there",
                "00c5f553 | RV32IMA | fadd.s, 0x00c5f553 | it is of extension F or D (floating point), which is not there; --profile virt --isa rv32gc has it",
                "00c5f553 | RV64GC  | fadd.s fa0, fa1, fa2, 0x00c5f553 | it needs floating point, which is off (sstatus.FS)",
                "0005b503 | RV32GC  | ld, 0x0005b503            | it is for harts of 64 bits, and this one has 32",
                "00000000 | RV64GC  | 0x0000                    | all its bits are 0, as in memory that holds no code",
                "00000000 | RV32IMA | 0x00000000                | all its bits are 0, as in memory that holds no code",
                "00009d4d | RV64GC  | c.mul, 0x9d4d             | it is of extension Zcb (more compressed instructions), which is not there",
                "00005a4d | RV32IMA | 0x00005a4d                | it is a compressed instruction, and extension C is not there; --profile virt --isa rv32gc has it",
                "0000000b | RV64GC  | custom-0, 0x0000000b      | it is of a vendor's own extension, which is not there",
                "ffffffff | RV64GC  | 0xffffffff                | -",
            })
    void whatItIsAndWhyItIsIllegalIsTold(String bits, Isa isa, String text, String reason) {
        IllegalInstruction illegal = illegal(isa, Integer.parseUnsignedInt(bits, 16));
        assertThat(illegal.text()).isEqualTo(text);
        assertThat(illegal.reason()).isEqualTo(Optional.ofNullable(reason));
    }

    /** sret, sfence.vma, csrr sstatus and a counter that scounteren closes. */
    @ParameterizedTest
    @CsvSource({
        "10200073, may not execute",
        "12000073, may not execute",
        "10002573, may not touch",
        "c0102573, scounteren"
    })
    void whatUModeMayNotDoIsToldAsThat(String bits, String reason) {
        IllegalInstruction illegal = new IllegalInstruction(Isa.RV64GC, Privilege.USER, 0, Long.parseLong(bits, 16), 0);
        assertThat(illegal.reason()).hasValueSatisfying(text -> assertThat(text).contains(reason));
    }

    @Test
    void everythingThatCanBeIllegalHasATextOnEveryHart() {
        List<Integer> words = List.of(0, -1, 0x73, 0x1073, 0x4073, VSETVLI, CPOP, 1, 2, 0x8000_0000, 0x7b20_0073);
        for (Isa isa : Isa.values()) {
            for (int word : words) {
                assertThat(illegal(isa, word).text()).contains("0x");
            }
        }
    }
}
