package dev.semblance.machine.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.machine.time.Timeline.Lane;
import java.util.ArrayList;
import java.util.List;
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
}
