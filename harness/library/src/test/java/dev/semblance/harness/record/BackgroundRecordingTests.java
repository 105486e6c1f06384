package dev.semblance.harness.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.machine.time.CycleTimeline;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * docs/ARCHITECTURE.md, corner 12: that another thread gives the events away shows in nothing, neither in the events nor in
 * what happens where the sink fails, is slow, or the recording is interrupted.
 */
@Timeout(60)
class BackgroundRecordingTests {

    private static final int BLOCK = 64 << 10;

    private final List<TraceEvent> taken = new ArrayList<>();

    private static TraceEvent event(int number) {
        return new TraceEvent.ConsoleOutput((byte) number);
    }

    private static Recorder recorder(EventSink sink) {
        return new Recorder(new CycleTimeline(), sink);
    }

    private static void emit(Recorder recorder, int from, int to) {
        IntStream.range(from, to).forEach(number -> recorder.emit(event(number)));
    }

    /** An event of some size. */
    private static TraceEvent block() {
        return new TraceEvent.ConsoleInput(new byte[BLOCK]);
    }

    @Test
    void allIsWithTheSinkWhenTheWorkIsDoneAndAtOnceAfterwards() {
        Recorder recorder = recorder((cycle, event) -> taken.add(event));
        recorder.emit(event(0));
        recorder.inBackground(() -> emit(recorder, 1, 5_000));
        assertThat(taken)
                .isEqualTo(IntStream.range(0, 5_000)
                        .mapToObj(BackgroundRecordingTests::event)
                        .toList());
        recorder.emit(event(5));
        assertThat(taken).hasSize(5_001);
    }

    @Test
    void aStepIsWithTheSinkWhenItIsDoneAndNothingOfOneThatThrows() {
        Recorder recorder = recorder((cycle, event) -> taken.add(event));
        int result = recorder.step(() -> {
            emit(recorder, 0, 3);
            assertThat(taken).isEmpty();
            assertThatIllegalStateException().isThrownBy(() -> recorder.step(() -> 1));
            return 7;
        });
        assertThat(result).isEqualTo(7);
        assertThat(taken).containsExactly(event(0), event(1), event(2));
        assertThatThrownBy(() -> recorder.step(() -> {
                    emit(recorder, 3, 5);
                    throw new IllegalArgumentException("memory is gone");
                }))
                .hasMessage("memory is gone");
        assertThat(taken).hasSize(3);
        Recorder.Background running = recorder.background();
        recorder.step(() -> {
            emit(recorder, 5, 6);
            return 0;
        });
        recorder.drain();
        assertThat(taken).hasSize(4).last().isEqualTo(event(5));
        running.close();
    }

    @Test
    void whoDrainsFindsEverythingWithTheSink() {
        Recorder recorder = recorder((cycle, event) -> taken.add(event));
        recorder.inBackground(() -> {
            for (int i = 1; i < 50; i++) {
                recorder.emit(event(i));
                recorder.drain();
                assertThat(taken).hasSize(i);
            }
        });
    }

    @Test
    void whatIsHandedOverComesWithoutMoreBeingEmitted() {
        CountDownLatch came = new CountDownLatch(1);
        Recorder recorder = recorder((cycle, event) -> came.countDown());
        recorder.inBackground(() -> {
            recorder.emit(event(1));
            recorder.handOver();
            assertThat(waited(came)).isTrue();
        });
    }

    private static boolean waited(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatTheSinkThrowsAtAnyEventIsThrownToTheWorkOrAtItsEndAndNothingComesAfterIt() {
        for (int failing = 0; failing < 300; failing += failing < 5 ? 1 : 59) {
            int at = failing;
            taken.clear();
            IllegalArgumentException thrown = new IllegalArgumentException("no");
            Recorder recorder = recorder((cycle, event) -> {
                taken.add(event);
                if (taken.size() == at + 1) {
                    throw thrown;
                }
            });
            assertThatThrownBy(() -> recorder.inBackground(() -> emit(recorder, 0, 300)))
                    .as("at event %d", at)
                    .isSameAs(thrown)
                    .hasNoSuppressedExceptions();
            assertThat(taken).as("at event %d", at).hasSize(at + 1);
        }
    }

    @Test
    void anErrorOfTheSinkIsThrownToTheVeryNextEventOnceItIsThere() {
        AssertionError thrown = new AssertionError("no");
        Recorder recorder = recorder((cycle, event) -> {
            throw thrown;
        });
        AtomicInteger emitted = new AtomicInteger();
        assertThatThrownBy(() -> recorder.inBackground(() -> {
                    while (true) {
                        recorder.emit(block());
                        emitted.incrementAndGet();
                    }
                }))
                .isSameAs(thrown);
        assertThat(emitted).hasPositiveValue();
    }

    @Test
    void whatTheWorkThrowsComesThroughAndTheSinkHasWhatWasEmittedBefore() {
        Recorder recorder = recorder((cycle, event) -> taken.add(event));
        IllegalStateException thrown = new IllegalStateException("the guest is gone");
        assertThatThrownBy(() -> recorder.inBackground(() -> {
                    emit(recorder, 0, 100);
                    throw thrown;
                }))
                .isSameAs(thrown);
        assertThat(taken).hasSize(100);
    }

    @Test
    void whatBothThrowIsNotLost() {
        IllegalArgumentException ofSink = new IllegalArgumentException("the sink");
        IllegalStateException ofWork = new IllegalStateException("the work");
        Recorder recorder = recorder((cycle, event) -> {
            throw ofSink;
        });
        assertThatThrownBy(() -> recorder.inBackground(() -> {
                    recorder.emit(event(0));
                    throw ofWork;
                }))
                .isSameAs(ofWork)
                .hasSuppressedException(ofSink);
    }

    /** Work in a thread of its own with a sink that takes an event and then waits to be let on. */
    private static final class Stuck {
        private final CountDownLatch on = new CountDownLatch(1);
        private final AtomicInteger sunk = new AtomicInteger();
        private final AtomicInteger emitted = new AtomicInteger();
        private final FutureTask<Optional<Throwable>> work;
        private final Thread thread;

        Stuck(int blocks) {
            Recorder recorder = recorder((cycle, event) -> {
                try {
                    on.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("the sink was interrupted", e);
                }
                sunk.incrementAndGet();
            });
            work = new FutureTask<>(() -> {
                try {
                    recorder.inBackground(() -> {
                        for (int i = 0; i < blocks; i++) {
                            recorder.emit(block());
                            emitted.incrementAndGet();
                        }
                    });
                    return Optional.empty();
                } catch (RuntimeException e) {
                    return Optional.of(Thread.currentThread().isInterrupted() ? e : new AssertionError(e));
                }
            });
            thread = Thread.ofPlatform().daemon().start(work);
            // It waits for room, or at the end for the sink, with a limit that is days away.
            while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
                if (!thread.isAlive()) {
                    throw new AssertionError("the work did not wait");
                }
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aSlowSinkMakesTheWorkWaitSoThatWhatWaitsIsBounded() throws Exception {
        int blocks = 4 * RecordingThread.ROOM / BLOCK;
        Stuck stuck = new Stuck(blocks);
        assertThat((long) stuck.emitted.get() * BLOCK)
                .isGreaterThan(RecordingThread.ROOM / 2)
                .isLessThan(RecordingThread.ROOM * 5L / 4);
        stuck.on.countDown();
        assertThat(stuck.work.get(30, TimeUnit.SECONDS)).isEmpty();
        assertThat(stuck.sunk).hasValue(blocks);
    }

    @Test
    void aThreadThatIsInterruptedWhileItWaitsForRoomStopsAndTheSinkIsNotUsedAnyMore() throws Exception {
        Stuck stuck = new Stuck(4 * RecordingThread.ROOM / BLOCK);
        stuck.thread.interrupt();
        assertThat(stuck.work.get(30, TimeUnit.SECONDS).orElseThrow())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("interrupted");
        assertThat(stuck.sunk).hasValue(0);
    }

    @Test
    void aThreadThatIsInterruptedWhileItWaitsForTheLastEventsSaysThatTheyAreLost() throws Exception {
        Stuck stuck = new Stuck(1);
        assertThat(stuck.emitted).hasValue(1);
        stuck.thread.interrupt();
        assertThat(stuck.work.get(30, TimeUnit.SECONDS)).isPresent();
        assertThat(stuck.sunk).hasValue(0);
    }

    @Test
    void oneEventThatIsLargerThanTheRoomPasses() {
        Recorder recorder = recorder((cycle, event) -> taken.add(event));
        recorder.inBackground(() -> recorder.emit(new TraceEvent.ConsoleInput(new byte[RecordingThread.ROOM + BLOCK])));
        assertThat(taken).as("cut into parts").hasSizeGreaterThan(RecordingThread.ROOM / (256 << 10));
    }

    @Test
    void workInTheBackgroundBeginsOnceAtATime() {
        Recorder recorder = recorder((cycle, event) -> taken.add(event));
        recorder.inBackground(() -> assertThatIllegalStateException()
                .isThrownBy(() -> recorder.inBackground(() -> recorder.emit(event(1)))));
        assertThat(taken).isEmpty();
    }
}
