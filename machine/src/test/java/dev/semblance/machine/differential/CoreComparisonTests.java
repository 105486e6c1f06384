package dev.semblance.machine.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.translate.Translator;
import java.util.Optional;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * As many instructions of random programs as one likes, interpreted, translated, and with all translated code dropped again and again. In ordinary
 * builds the programs with QEMU's answers do (see {@link QemuAnswersTests}).
 */
@EnabledIfSystemProperty(
        named = CoreComparisonTests.INSTRUCTIONS,
        matches = "[0-9]+",
        disabledReason = "takes minutes: mvn -Pcores -pl machine test")
class CoreComparisonTests {

    static final String INSTRUCTIONS = "semblance.cores.instructions";

    /** Of none of the programs with answers. */
    private static final int FIRST_SEED = 1_000_000;

    @ParameterizedTest
    @EnumSource(
            value = Isa.class,
            names = {"RV32GC", "RV64GC"})
    void randomProgramsComeToTheSameOnBothCores(Isa isa) {
        long wanted = Long.parseLong(System.getProperty(INSTRUCTIONS, "0")) / 2;
        long executed = 0;
        for (int seed = FIRST_SEED; executed < wanted; seed++) {
            RandomProgram program = RandomProgram.of(isa, seed, Answers.LENGTH);
            MachineRun.Outcome interpreted = MachineRun.run(program, MachineRun.LIMIT);
            int threshold = 1 + seed % 7;
            Translator translator = new Translator(
                    Runnable::run, new Translator.Options(threshold, 1_000, 20 + seed % 280, 0, seed % 3 == 0));
            long slice = seed % 2 == 0 ? MachineRun.LIMIT : 99_991;
            assertThat(MachineRun.run(program, slice, Optional.of(translator)))
                    .as("program %s of %s, translated at arrival %s, cut every %s", seed, isa, threshold, slice)
                    .isEqualTo(interpreted);
            executed += interpreted.cycles();
        }
        System.out.println(isa + ": " + executed + " instructions, the same on both cores");
    }
}
