package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class OrderedExecutorProperties {

    private static <T, R> void run(List<T> tasks, int jobs, Function<T, R> work, Consumer<R> results) {
        OrderedExecutor.runWhile(tasks, Admission.Limits.of(jobs), OrderedExecutor.Work.of(work), result -> {
            results.accept(result);
            return true;
        });
    }

    @Property(tries = 50)
    void theResultsAreThoseOfOneThreadInTheSameOrder(
            @ForAll @Size(max = 20) List<Integer> tasks, @ForAll @IntRange(min = 1, max = 5) int jobs) {
        List<String> results = new ArrayList<>();
        run(tasks, jobs, String::valueOf, results::add);
        assertThat(results).isEqualTo(tasks.stream().map(String::valueOf).toList());
    }

    /** A result of work that had too little memory depends on what ran beside it, and no other is to be told. */
    @Property(tries = 50)
    void workThatLackedMemoryBesideOthersIsDoneAgainAlone(@ForAll @IntRange(min = 2, max = 5) int jobs) {
        AtomicInteger working = new AtomicInteger();
        CountDownLatch together = new CountDownLatch(jobs);
        List<Integer> beside = new ArrayList<>();
        OrderedExecutor.runWhile(
                IntStream.range(0, 2 * jobs).boxed().toList(),
                Admission.Limits.of(jobs),
                new OrderedExecutor.Work<>(
                        task -> 0,
                        task -> {
                            int at = working.incrementAndGet();
                            together.countDown();
                            try {
                                // All of the first ones are beside each other.
                                assertThat(together.await(10, TimeUnit.SECONDS)).isTrue();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                            int most = Math.max(at, working.getAndDecrement());
                            return most;
                        },
                        most -> most > 1),
                beside::add);
        assertThat(beside).hasSize(2 * jobs).containsOnly(1);
    }

    /** The one that is slow is the first: those behind it do not wait for it. */
    @Example
    void aSlowTaskKeepsOtherThreadsFromNothing() {
        CountDownLatch others = new CountDownLatch(Admission.AHEAD);
        List<Boolean> results = new ArrayList<>();
        run(
                IntStream.rangeClosed(0, Admission.AHEAD).boxed().toList(),
                2,
                task -> {
                    if (task > 0) {
                        others.countDown();
                        return true;
                    }
                    try {
                        return others.await(10, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        return false;
                    }
                },
                results::add);
        assertThat(results).hasSize(Admission.AHEAD + 1).containsOnly(true);
    }

    @Example
    void tasksReallyRunAtOnce() {
        CountDownLatch both = new CountDownLatch(2);
        List<Boolean> met = new ArrayList<>();
        run(
                List.of(1, 2),
                2,
                task -> {
                    both.countDown();
                    try {
                        return both.await(10, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        return false;
                    }
                },
                met::add);
        assertThat(met).containsExactly(true, true);
    }

    @Example
    void noMoreResultsWaitThanMay() {
        AtomicInteger begun = new AtomicInteger();
        List<Integer> begunAtFirst = new ArrayList<>();
        int tasks = 3 * Admission.AHEAD;
        run(IntStream.range(0, tasks).boxed().toList(), 2, task -> begun.incrementAndGet(), result -> {
            if (begunAtFirst.isEmpty()) {
                begunAtFirst.add(begun.get());
            }
        });
        assertThat(begunAtFirst.getFirst()).isLessThanOrEqualTo(2 + Admission.AHEAD);
        assertThat(begun).hasValue(tasks);
    }

    @Example
    void whatATaskThrowsIsThrown() {
        for (int jobs = 1; jobs <= 2; jobs++) {
            int at = jobs;
            assertThatThrownBy(() -> run(
                            List.of(1, 2),
                            at,
                            task -> {
                                throw new IllegalStateException("lost");
                            },
                            result -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("lost");
        }
    }
}
