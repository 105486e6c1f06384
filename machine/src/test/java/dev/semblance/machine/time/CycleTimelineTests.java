package dev.semblance.machine.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.ChangedStates;
import dev.semblance.machine.state.SavedState;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.time.Timeline.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CycleTimelineTests {

    private final CycleTimeline timeline = new CycleTimeline();
    private final List<String> ran = new ArrayList<>();

    private void advanceTo(long cycle) {
        timeline.setNow(cycle);
        timeline.runDue();
    }

    @Test
    void actionsRunInTheOrderOfCycleThenLaneThenInsertion() {
        timeline.schedule(5, Lane.OBSERVER, () -> ran.add("observer"));
        timeline.schedule(5, Lane.DEVICE, () -> ran.add("device 1"));
        timeline.schedule(5, Lane.HOST, () -> ran.add("host"));
        timeline.schedule(5, () -> ran.add("device 2"));
        timeline.schedule(4, Lane.OBSERVER, () -> ran.add("early"));

        advanceTo(5);

        assertThat(ran).containsExactly("early", "host", "device 1", "device 2", "observer");
    }

    @Test
    void nothingRunsBeforeItsCycle() {
        timeline.schedule(10, () -> ran.add("x"));

        advanceTo(9);
        assertThat(ran).isEmpty();
        assertThat(timeline.nextDeadline()).isEqualTo(10);

        advanceTo(10);
        assertThat(ran).containsExactly("x");
        assertThat(timeline.nextDeadline()).isEqualTo(CycleTimeline.NEVER);
    }

    @Test
    void aCycleThatHasPassedMeansNow() {
        timeline.setNow(100);
        Timeline.Deadline deadline = timeline.schedule(3, () -> ran.add("x"));

        assertThat(deadline.cycle()).isEqualTo(100);
        timeline.runDue();
        assertThat(ran).containsExactly("x");
    }

    @Test
    void actionsMayScheduleMoreForTheSameCycle() {
        timeline.schedule(1, () -> {
            ran.add("first");
            timeline.schedule(1, Lane.HOST, () -> ran.add("second"));
        });
        timeline.schedule(1, () -> ran.add("third"));

        advanceTo(1);

        assertThat(ran).containsExactly("first", "second", "third");
    }

    @Test
    void aCancelledActionNeverRunsAndCancellingTwiceIsHarmless() {
        Timeline.Deadline cancelled = timeline.schedule(1, () -> ran.add("x"));
        timeline.schedule(2, () -> ran.add("y"));

        cancelled.cancel();
        cancelled.cancel();
        assertThat(timeline.nextDeadline()).isEqualTo(2);

        advanceTo(2);
        assertThat(ran).containsExactly("y");
    }

    @Test
    void timeNeverGoesBack() {
        timeline.setNow(5);
        timeline.setNow(5);

        assertThatThrownBy(() -> timeline.setNow(4)).isInstanceOf(IllegalStateException.class);
    }

    /** Two owners of deadlines, whose state is exchanged in an order of its own. */
    private final class Owners {
        final CycleTimeline time = new CycleTimeline();
        Optional<Timeline.Deadline> first = Optional.empty();
        Optional<Timeline.Deadline> second = Optional.empty();
        Optional<Timeline.Deadline> third = Optional.empty();

        void state(StateExchange s) {
            time.state(s);
            second = time.exchange(s, second, () -> ran.add("second"));
            third = time.exchange(s, third, () -> ran.add("third"));
            first = time.exchange(s, first, () -> ran.add("first"));
        }
    }

    private Owners scheduled() {
        Owners owners = new Owners();
        owners.time.setNow(3);
        owners.time.schedule(9, Lane.HOST, () -> ran.add("host"));
        owners.first = Optional.of(owners.time.schedule(9, () -> ran.add("first")));
        owners.second = Optional.of(owners.time.schedule(9, () -> ran.add("second")));
        owners.third = Optional.of(owners.time.schedule(8, () -> ran.add("third")));
        return owners;
    }

    @Test
    void deadlinesOfASavedStateComeInTheSameOrderBeforeWhatIsScheduledLater() throws BadStateException {
        SavedState state = SavedState.of(scheduled()::state);
        Owners other = new Owners();
        other.time.schedule(9, Lane.OBSERVER, () -> ran.add("onlooker"));
        state.loadInto(other::state);
        assertThat(other.time.now()).isEqualTo(3);
        assertThat(SavedState.of(other::state)).isEqualTo(state);
        other.time.schedule(9, () -> ran.add("later"));
        other.time.setNow(9);
        other.time.runDue();
        assertThat(ran).containsExactly("third", "first", "second", "later", "onlooker");
    }

    @Test
    void deadlinesThatWereCancelledOrHaveRunAreNotSaved() throws BadStateException {
        Owners owners = scheduled();
        owners.first.orElseThrow().cancel();
        owners.time.setNow(8);
        owners.time.runDue();
        Owners other = new Owners();
        SavedState.of(owners::state).loadInto(other::state);
        assertThat(other.first).isEmpty();
        assertThat(other.third).isEmpty();
        assertThat(other.time.nextDeadline()).isEqualTo(9);
    }

    @Test
    void everyByteOfADeadlineIsLoadedOrRefused() throws BadStateException {
        ChangedStates.Outcome outcome =
                ChangedStates.changeEveryByte(SavedState.of(scheduled()::state), () -> new Owners()::state);
        assertThat(outcome.reproduced()).as("later cycles").isGreaterThan(5);
        assertThat(outcome.refused()).as("the past, and places that are taken").isGreaterThan(10);
    }
}
