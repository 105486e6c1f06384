package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.cpu.UnfencedPrograms.Program;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.SavedState;
import dev.semblance.machine.state.Stateful;
import dev.semblance.machine.translate.Translator;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/**
 * docs/ARCHITECTURE.md, "State": a saved state is the same whichever core ran, with the translations that are kept and the pages that have come into being,
 * and any core goes on from it, whatever code it had before.
 */
class TranslatedStateProperties {

    private static final int LENGTH = UnfencedPrograms.LENGTH;

    @Provide
    Arbitrary<Program> programs() {
        return UnfencedPrograms.programs();
    }

    @Provide
    Arbitrary<ParcelPrograms.Program> parcels() {
        return ParcelPrograms.programs();
    }

    private static Stateful whole(TestHart hart) {
        return s -> {
            hart.timeline.state(s);
            hart.hart.state(s);
            hart.ram.state(s);
        };
    }

    private static SavedState stateAt(TestHart hart, int cycle) {
        hart.hart.run(cycle);
        return SavedState.of(whole(hart));
    }

    /** A program with what devices are yet to write from a cycle on of another. */
    private static Program withWrites(Program program, List<UnfencedPrograms.DeviceWrite> writes, int from) {
        return new Program(
                program.pages(),
                program.user(),
                writes.stream().filter(write -> write.cycle() >= from).toList());
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void aSavedStateIsTheSameAndIsGoneOnFromWhicheverCoreRan(
            @ForAll("programs") Program program,
            @ForAll("programs") Program other,
            @ForAll @IntRange(min = 1, max = LENGTH - 1) int cut)
            throws BadStateException {
        TestHart interpreted = UnfencedPrograms.hart(program, Optional.empty());
        SavedState atTheCut = stateAt(interpreted, cut);
        SavedState atTheEnd = stateAt(interpreted, LENGTH);

        TestHart translated = UnfencedPrograms.hart(program, TestHart.EAGER);
        SavedState translatedAtTheCut = stateAt(translated, cut);
        assertThat(translatedAtTheCut).as("at the cut").isEqualTo(atTheCut);
        assertThat(stateAt(translated, LENGTH)).as("at the end").isEqualTo(atTheEnd);

        // A core that has code of another program, and asked for more of it, which comes after the state was loaded.
        Queue<Runnable> asked = new ArrayDeque<>();
        TestHart busy = UnfencedPrograms.hart(
                withWrites(other, program.writes(), cut),
                Optional.of(new Translator(asked::add, new Translator.Options(1, 60, 300, 0, false))));
        busy.hart.run(cut / 2);
        List.copyOf(asked).forEach(Runnable::run);
        asked.clear();
        busy.hart.run(cut);
        translatedAtTheCut.loadInto(whole(busy));
        for (int cycle = cut; cycle < LENGTH; cycle += 50) {
            busy.hart.run(cycle);
            while (!asked.isEmpty()) {
                asked.remove().run();
            }
        }
        assertThat(stateAt(busy, LENGTH)).as("gone on from").isEqualTo(atTheEnd);
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void aSavedStateOfAHartWithCompressedCodeIsTheSameWhicheverCoreRan(
            @ForAll("parcels") ParcelPrograms.Program program,
            @ForAll @IntRange(min = 1, max = ParcelPrograms.LENGTH - 1) int cut) {
        TestHart interpreted = ParcelPrograms.hart(program, Optional.empty());
        TestHart translated = ParcelPrograms.hart(program, TestHart.EAGER);
        assertThat(stateAt(translated, cut)).as("at the cut").isEqualTo(stateAt(interpreted, cut));
        assertThat(stateAt(translated, ParcelPrograms.LENGTH))
                .as("at the end")
                .isEqualTo(stateAt(interpreted, ParcelPrograms.LENGTH));
    }
}
