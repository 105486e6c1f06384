package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class OrderedExecutorProperties {

    @Property(tries = 50)
    void theResultsAreThoseOfOneThreadInTheSameOrder(
            @ForAll @Size(max = 20) List<Integer> tasks, @ForAll @IntRange(min = 1, max = 5) int jobs) {
        List<String> results = new ArrayList<>();
        OrderedExecutor.run(tasks, jobs, String::valueOf, results::add);
        assertThat(results).isEqualTo(tasks.stream().map(String::valueOf).toList());
    }

    @Example
    void tasksReallyRunAtOnce() {
        CountDownLatch both = new CountDownLatch(2);
        List<Boolean> met = new ArrayList<>();
        OrderedExecutor.run(
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
    void noMoreResultsWaitThanTwiceTheJobs() {
        AtomicInteger begun = new AtomicInteger();
        List<Integer> begunAtFirst = new ArrayList<>();
        OrderedExecutor.run(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9), 2, task -> begun.incrementAndGet(), result -> {
            if (begunAtFirst.isEmpty()) {
                begunAtFirst.add(begun.get());
            }
        });
        assertThat(begunAtFirst.getFirst()).isLessThanOrEqualTo(4);
        assertThat(begun).hasValue(9);
    }

    @Example
    void whatATaskThrowsIsThrown() {
        for (int jobs = 1; jobs <= 2; jobs++) {
            int at = jobs;
            assertThatThrownBy(() -> OrderedExecutor.run(
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
