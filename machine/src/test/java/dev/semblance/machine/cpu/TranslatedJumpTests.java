package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.translate.Fault;
import dev.semblance.machine.translate.Translator;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** JALR goes where its register says (unprivileged ISA, 2.5.1), also out of code that was translated with some of the places it may come to. */
class TranslatedJumpTests {

    private static final int ROUNDS = 40;

    /** Calls a function of its own page twice a round, and leaves the page for the same place of the next one, where the round ends. */
    private static TestHart program(Optional<Translator> translator) {
        TestHart hart = new TestHart(Isa.RV32IMA, TestHart.RAM_SIZE, Hart::stop, translator);
        hart.load(0x2000, """
                again: jalr ra, 0(s1)
                addi a0, a0, 1
                addi s0, s0, -1
                bne s0, zero, again
                jalr zero, 0(s2)""");
        hart.load(0x2100, "jalr zero, 0(ra)");
        hart.load(0x3004, """
                addi a1, a1, 1
                addi s0, zero, 2
                beq a1, s3, done
                jalr zero, 0(s4)
                done: ecall""");
        return hart.set("s0", 2)
                .set("s1", 0x2100)
                .set("s2", 0x3004)
                .set("s3", ROUNDS)
                .set("s4", 0x2000)
                .at(0x2000);
    }

    @Test
    void aJumpOutOfThePageComesToTheOtherPageThoughItsPlaceIsAnEntryHere() {
        TestHart interpreted = program(Optional.empty());
        interpreted.hart.run(10_000);
        assertThat(interpreted.get("a0")).isEqualTo(2 * ROUNDS);
        // By the eighth call, the way out has been taken, and is in the region with the place behind the call.
        for (int threshold : new int[] {1, 2, 8, 12}) {
            Translator translator =
                    new Translator(Runnable::run, new Translator.Options(threshold, 100, 300, 0, false));
            TestHart translated = program(Optional.of(translator));
            translated.hart.run(10_000);
            assertThat(translated.get("a0"))
                    .as("translated at arrival %s", threshold)
                    .isEqualTo(2 * ROUNDS);
            assertThat(translated.digest()).isEqualTo(interpreted.digest());
        }
    }

    /** Else the other test could not fail. */
    @Test
    void aJumpThatStaysInItsPageIsSeen() {
        TestHart interpreted = program(Optional.empty());
        interpreted.hart.run(10_000);
        Translator.Options options = new Translator.Options(8, 100, 300, 0, false);
        TestHart wrong = program(Optional.of(Fault.JUMPS_STAY_IN_THE_PAGE.plantedIn(Runnable::run, options)));
        wrong.hart.run(10_000);
        assertThat(wrong.digest()).isNotEqualTo(interpreted.digest());
        TestHart compared =
                program(Optional.of(Fault.JUMPS_STAY_IN_THE_PAGE.plantedIn(Runnable::run, options.comparing())));
        assertThatExceptionOfType(CoreDifferenceException.class).isThrownBy(() -> compared.hart.run(10_000));
    }
}
