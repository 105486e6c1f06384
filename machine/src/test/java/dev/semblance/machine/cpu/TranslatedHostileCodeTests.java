package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.isa.Encoder;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.translate.Translator;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Whatever code a guest executes can be translated or left alone, and does the same: also where all of it together would be more than a method of
 * the JVM has room for (Java Virtual Machine Specification, 4.7.3: fewer than 65,536 bytes).
 */
class TranslatedHostileCodeTests {

    private static final int PAGE = 0x2000;
    private static final int ROUNDS = 20;

    /** A program at the start of a page, run to its ECALL, interpreted and translated after a few rounds. */
    private static void assertSame(Isa isa, String source) {
        TestHart interpreted = run(isa, source, Optional.empty());
        assertThat(interpreted.state.x(8)).as("rounds").isEqualTo(ROUNDS);
        for (int threshold : new int[] {1, 3}) {
            Translator translator =
                    new Translator(Runnable::run, new Translator.Options(threshold, 1_000, 300, 0, false));
            assertThat(run(isa, source, Optional.of(translator)).digest())
                    .as("translated at arrival %s", threshold)
                    .isEqualTo(interpreted.digest());
        }
    }

    private static TestHart run(Isa isa, String source, Optional<Translator> translator) {
        TestHart hart = new TestHart(isa, TestHart.RAM_SIZE, Hart::stop, translator);
        hart.load(PAGE, source)
                .set("a0", 0x10_0000)
                .set("s1", ROUNDS)
                .set("s2", PAGE)
                .at(PAGE);
        hart.hart.run(1_000_000);
        return hart;
    }

    /** Each of them may go to any entry of the page, and each is followed by one. */
    @Test
    void aPageOfIndirectCallsDoesTheSameWhenItIsTranslated() {
        assertSame(Isa.RV32IMA, "again: auipc t0, 0\naddi t0, t0, 8\n" + "jalr t0, 4(t0)\n".repeat(900) + """
                addi s0, s0, 1
                bne s0, s1, again
                ecall""");
    }

    @Test
    void aPageOfBranchesDoesTheSameWhenItIsTranslated() {
        StringBuilder source = new StringBuilder("again: addi s0, s0, 1\n");
        for (int at = PAGE + 4; at < PAGE + 0xf00; at += 4) {
            source.append("beq zero, zero, ").append(at + 4).append('\n');
        }
        assertSame(Isa.RV32IMA, source + "bne s0, s1, again\necall");
    }

    @Test
    void codeWithoutAJumpOfManyPagesDoesTheSameWhenItIsTranslated() {
        assertSame(Isa.RV64GC, "again: addi s0, s0, 1\n" + "amoadd.d a1, s0, (a0)\n".repeat(16_384) + """
                addi a2, a2, 1
                beq s0, s1, done
                jalr zero, 0(s2)
                done: ecall""");
    }

    /** Loads of four bytes, each entered in its middle as well, where C.ADDI of two bytes stands; from there on, the loads follow again. */
    @Test
    void codeThatOverlapsItselfManyTimesDoesTheSameWhenItIsTranslated() {
        int loads = 62;
        int first = PAGE + 4 * (loads + 3);
        StringBuilder source = new StringBuilder("again: addi s0, s0, 1\n");
        for (int i = 0; i < loads; i++) {
            source.append("jal ra, ").append(first + 4 * i + 2).append('\n');
        }
        source.append("bne s0, s1, again\necall\n");
        String load = ".word " + Encoder.encode("lw", 12, 10, 0, 88) + "\n";
        assertSame(Isa.RV64GC, source + load.repeat(loads) + "ret");
    }
}
