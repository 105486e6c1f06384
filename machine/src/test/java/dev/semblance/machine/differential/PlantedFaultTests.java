package dev.semblance.machine.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semblance.machine.Machine;
import dev.semblance.machine.cpu.CoreDifferenceException;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.state.StateDigest;
import dev.semblance.machine.translate.Fault;
import dev.semblance.machine.translate.Translator;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The programs whose answers QEMU gave find what can be wrong with translated code (docs/DIFFERENTIAL.md); so does comparing the two cores as they run.
 * What they do not find is seen by {@code TranslatedJumpTests} and {@code TranslatedFloatStateTests}.
 */
class PlantedFaultTests {

    /** A run is cut here and there, as any may be. */
    private static final long SLICE = 997;

    private static final long CYCLES = 400_000;

    private static final int PROGRAMS = 6;

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"JUMPS_STAY_IN_THE_PAGE", "FLAGS_NEVER_DIRTY"})
    void theProgramsFindAFaultInTranslatedCode(Fault fault) {
        Translator translator = fault.plantedIn(Runnable::run, Translator.Options.EAGER);
        assertThat(IntStream.range(0, PROGRAMS).anyMatch(seed -> differs(seed, translator)))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"JUMPS_STAY_IN_THE_PAGE", "FLAGS_NEVER_DIRTY"})
    void comparingAsItRunsFindsAFaultInTranslatedCode(Fault fault) {
        Translator translator = fault.plantedIn(Runnable::run, Translator.Options.EAGER.comparing());
        assertThatExceptionOfType(CoreDifferenceException.class).isThrownBy(() -> {
            for (int seed = 0; seed < PROGRAMS; seed++) {
                machine(seed, Optional.of(translator)).run(CYCLES);
            }
        });
    }

    @Test
    void nothingIsFoundInTranslatedCodeThatIsRight() {
        Translator translator = new Translator(Runnable::run, Translator.Options.EAGER.comparing());
        assertThat(differs(0, translator)).isFalse();
    }

    /** Says whether a program comes to something else when it is translated, or to nothing. */
    private static boolean differs(int seed, Translator translator) {
        Machine right = machine(seed, Optional.empty());
        Machine translated = machine(seed, Optional.of(translator));
        for (long cycle = SLICE; cycle < CYCLES; cycle += SLICE) {
            right.run(cycle);
            try {
                translated.run(cycle);
            } catch (CoreDifferenceException e) {
                throw e;
            } catch (RuntimeException e) {
                return true;
            }
            if (!Arrays.equals(digest(right), digest(translated))) {
                return true;
            }
        }
        return false;
    }

    private static Machine machine(int seed, Optional<Translator> translator) {
        RandomProgram program = RandomProgram.of(Isa.RV64GC, seed, Answers.LENGTH);
        return MachineRun.start(program.isa(), program.image(), new ByteArrayOutputStream(), translator);
    }

    private static byte[] digest(Machine machine) {
        return StateDigest.sha256(machine.hart());
    }
}
