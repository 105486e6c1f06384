package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.cpu.UnfencedPrograms.Program;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.ChangedStates;
import dev.semblance.machine.state.SavedState;
import dev.semblance.machine.state.Stateful;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/**
 * docs/ARCHITECTURE.md, "State": the laws of saved states for a hart, with programs that change page tables and do not fence, so that a
 * translation which is not kept shows.
 */
class HartStateProperties {

    private static final int LENGTH = UnfencedPrograms.LENGTH;

    @Provide
    Arbitrary<Program> programs() {
        return UnfencedPrograms.programs();
    }

    private static Stateful whole(TestHart hart) {
        return s -> {
            hart.timeline.state(s);
            hart.hart.state(s);
            hart.ram.state(s);
        };
    }

    /** Returns a hart in a state, with what devices are yet to write. */
    private static TestHart loaded(SavedState state, Program program, int cycle) throws BadStateException {
        Program rest = new Program(
                program.pages(),
                program.user(),
                program.writes().stream()
                        .filter(write -> write.cycle() >= cycle)
                        .toList());
        TestHart hart = UnfencedPrograms.hart(rest);
        state.loadInto(whole(hart));
        return hart;
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void goingOnFromASavedStateIsGoingOn(
            @ForAll("programs") Program program,
            @ForAll @IntRange(min = 0, max = LENGTH - 1) int cut,
            @ForAll @IntRange(min = 0, max = LENGTH - 1) int secondCut)
            throws BadStateException {
        TestHart unseen = UnfencedPrograms.hart(program);
        unseen.hart.run(LENGTH);

        TestHart hart = UnfencedPrograms.hart(program);
        hart.hart.run(cut);
        SavedState atTheCut = SavedState.of(whole(hart));
        TestHart other = loaded(atTheCut, program, cut);
        assertThat(SavedState.of(whole(other))).as("law 1").isEqualTo(atTheCut);

        hart.hart.run(Math.max(cut, secondCut));
        SavedState.of(whole(hart));
        hart.hart.run(LENGTH);
        assertThat(hart.digest()).as("law 3").isEqualTo(unseen.digest());
        SavedState atTheEnd = SavedState.of(whole(hart));
        assertThat(atTheEnd).as("law 3").isEqualTo(SavedState.of(whole(unseen)));

        other.hart.run(LENGTH);
        assertThat(other.digest()).as("law 2").isEqualTo(unseen.digest());
        assertThat(SavedState.of(whole(other))).as("law 2").isEqualTo(atTheEnd);
        TestHart third = loaded(atTheCut, program, cut);
        third.hart.run(LENGTH);
        assertThat(SavedState.of(whole(third)))
                .as("a state can be loaded again")
                .isEqualTo(atTheEnd);
    }

    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void aChangedFieldIsLoadedAsItIsOrRefusedAndNeverMakesTheHartThrow(
            @ForAll("programs") Program program,
            @ForAll @IntRange(min = 0, max = LENGTH - 1) int cut,
            @ForAll @IntRange(min = 0, max = 1 << 16) int first,
            @ForAll @IntRange(min = 0, max = 7) int bit)
            throws BadStateException {
        TestHart hart = UnfencedPrograms.hart(program);
        hart.hart.run(cut);
        byte[] bytes = ChangedStates.bytes(SavedState.of(whole(hart)));
        int length = ChangedStates.fieldBytes(bytes);
        for (int at = first % 101; at < length; at += at < 700 ? 17 : 997) {
            SavedState changed = ChangedStates.flipped(bytes, at, bit);
            TestHart other = UnfencedPrograms.hart(program);
            try {
                changed.loadInto(whole(other));
            } catch (BadStateException e) {
                continue;
            }
            assertThat(SavedState.of(whole(other))).as("byte %d", at).isEqualTo(changed);
            if (other.state.cycle() == other.timeline.now() && other.state.cycle() < LENGTH) {
                other.hart.run(other.state.cycle() + 200);
            }
        }
    }
}
