package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.replay.ReplaySubject;
import dev.semblance.harness.report.ReplayTimes;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How long parts of a replay took (docs/CI.md). */
class StopwatchTests {

    private static final ReplaySubject DEVICE = ReplaySubject.Whole.DEVICE_REPLAY;
    private static final ReplaySubject MACHINE = ReplaySubject.Whole.MACHINE_REPLAY;
    private static final ReplaySubject SNAPSHOT = new ReplaySubject.Snapshot("a");

    private final AtomicLong now = new AtomicLong(-5);
    private final Stopwatch stopwatch = new Stopwatch(now::get);

    private void pass(long nanos) {
        now.addAndGet(nanos);
    }

    @Test
    void whatIsWithinAPartIsNotCountedTwiceAndWhatBeginsAgainIsAdded() {
        stopwatch.begins(DEVICE);
        pass(1);
        stopwatch.begins(SNAPSHOT);
        pass(10);
        stopwatch.ends(SNAPSHOT);
        pass(2);
        stopwatch.ends(DEVICE);
        pass(100);
        stopwatch.begins(DEVICE);
        pass(4);
        stopwatch.ends(DEVICE);
        ReplayTimes times = stopwatch.times();
        assertThat(times.of(DEVICE)).isEqualTo(Duration.ofNanos(7));
        assertThat(times.of(SNAPSHOT)).isEqualTo(Duration.ofNanos(10));
        assertThat(times.of(MACHINE)).isEqualTo(Duration.ZERO);
        assertThat(times.of(ReplaySubject.Whole.TRACE)).isEqualTo(Duration.ofNanos(117));
    }

    @Test
    void partsOfTwoThreadsRunBesideEachOther() throws InterruptedException {
        stopwatch.begins(DEVICE);
        Thread other = Thread.ofPlatform().start(() -> {
            stopwatch.begins(MACHINE);
            pass(3);
            stopwatch.ends(MACHINE);
        });
        other.join();
        stopwatch.ends(DEVICE);
        assertThat(stopwatch.times().of(DEVICE)).isEqualTo(Duration.ofNanos(3));
        assertThat(stopwatch.times().of(MACHINE)).isEqualTo(Duration.ofNanos(3));
    }

    @Test
    void whatEndsIsWhatBeganLast() {
        assertThatThrownBy(() -> stopwatch.ends(DEVICE)).isInstanceOf(IllegalStateException.class);
        stopwatch.begins(DEVICE);
        stopwatch.begins(SNAPSHOT);
        assertThatThrownBy(() -> stopwatch.ends(DEVICE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("what ends is not what began last: device replay");
    }
}
