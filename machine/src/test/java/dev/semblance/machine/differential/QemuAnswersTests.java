package dev.semblance.machine.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.isa.Instruction;
import dev.semblance.machine.isa.Op;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.translate.Translator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random programs come to what they came to on QEMU 7.2: registers, flags, traps, page tables and memory. The answers are a
 * resource; docs/DIFFERENTIAL.md says how they are made, and what is left out and why.
 */
class QemuAnswersTests {

    private static final Answers ANSWERS = Answers.read();

    static Stream<Answers.Answer> answers() {
        return ANSWERS.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void aProgramComesToWhatItCameToOnQemu(Answers.Answer answer) {
        RandomProgram program = RandomProgram.of(answer.isa(), answer.seed(), Answers.LENGTH);
        Answers.Answer ours = Answers.Answer.of(
                program, MachineRun.run(program, MachineRun.LIMIT).printed());
        assertThat(ours.image())
                .as(
                        "the programs have changed, since the table or what makes them has: docs/DIFFERENTIAL.md says how QEMU answers anew")
                .isEqualTo(answer.image());
        assertThat(ours).isEqualTo(answer);
    }

    /** docs/ARCHITECTURE.md, corner 2: where a run is cut cannot be seen. */
    @ParameterizedTest
    @EnumSource(
            value = Isa.class,
            names = {"RV32GC", "RV64GC"})
    void aProgramComesToTheSameHoweverItsRunIsCut(Isa isa) {
        List<Answers.Answer> answers = ANSWERS.of(isa);
        for (int i = 0; i < 2; i++) {
            RandomProgram program = RandomProgram.of(isa, answers.get(i).seed(), Answers.LENGTH);
            for (long slice : new long[] {1, 61, 10_007}) {
                String printed = MachineRun.run(program, slice).printed();
                assertThat(Answers.Answer.of(program, printed))
                        .as("cut every %s cycles", slice)
                        .isEqualTo(answers.get(i));
            }
        }
    }

    /** Which core executes a program cannot be seen either; of what is translated at its first arrival, no block is interpreted that need not be. */
    @ParameterizedTest
    @EnumSource(
            value = Isa.class,
            names = {"RV32GC", "RV64GC"})
    void aProgramComesToTheSameWhenItIsTranslated(Isa isa) {
        List<Answers.Answer> answers = ANSWERS.of(isa);
        for (int threshold : new int[] {1, 3}) {
            Translator translator =
                    new Translator(Runnable::run, new Translator.Options(threshold, 10_000, 100, 0, false));
            for (int i = 0; i < 3; i++) {
                RandomProgram program = RandomProgram.of(isa, answers.get(i).seed(), Answers.LENGTH);
                String printed = MachineRun.run(program, i == 2 ? 997 : MachineRun.LIMIT, Optional.of(translator))
                        .printed();
                assertThat(Answers.Answer.of(program, printed))
                        .as("translated at arrival %s", threshold)
                        .isEqualTo(answers.get(i));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Isa.class,
            names = {"RV32GC", "RV64GC"})
    void everyInstructionIsExecuted(Isa isa) {
        assertThat(ANSWERS.of(isa)).hasSize(Answers.PROGRAMS);
        Census census = new Census();
        for (int seed = 0; seed < 3; seed++) {
            census.run(RandomProgram.of(isa, seed, Answers.LENGTH));
        }
        Set<String> wanted = new TreeSet<>();
        for (Kind kind : Kind.values()) {
            RowPool pool = RowPool.of(isa);
            pool.rows(kind).stream().map(Instruction::mnemonic).forEach(wanted::add);
            pool.parcels(kind).keySet().forEach(mnemonic -> wanted.add("c." + mnemonic));
        }
        assertThat(wanted).hasSizeGreaterThan(140);
        assertThat(census.counts().keySet()).containsAll(wanted).anyMatch(name -> name.endsWith(" (straddling)"));
        assertThat(census.counted()).isGreaterThan(100_000);
        assertThat(RowPool.of(isa).rows(Kind.ILLEGAL))
                .extracting(Instruction::op)
                .containsExactly(Op.ILLEGAL);
    }
}
