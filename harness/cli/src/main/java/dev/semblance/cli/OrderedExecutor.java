package dev.semblance.cli;

import dev.semblance.harness.Futures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** Does work on several threads and hands over the results in the order of the tasks, as one thread would. */
final class OrderedExecutor {

    private OrderedExecutor() {}

    /**
     * What is done with tasks.
     *
     * @param need bytes of memory that the work on a task takes
     * @param work makes a result of a task
     * @param lacked whether a result says that there was too little memory; such work is done again with nothing beside it
     */
    record Work<T, R>(ToLongFunction<T> need, Function<T, R> work, Predicate<R> lacked) {

        /** Work that memory is always enough for. */
        static <T, R> Work<T, R> of(Function<T, R> work) {
            return new Work<>(task -> 0, work, result -> false);
        }
    }

    /**
     * Works on tasks, begun in their order as far as there is room ({@link Admission}), until a result is the last one wanted. Work that is
     * under way on others then is told so by an interruption, and waited for; its results are dropped.
     *
     * @param limits how many at once; with one job, on this thread
     * @param goesOn takes the results, on this thread, each as soon as all before it were taken; whether it wants more
     * @return how many results were taken: the same for all limits
     */
    static <T, R> int runWhile(List<T> tasks, Admission.Limits limits, Work<T, R> work, Predicate<R> goesOn) {
        int taken = 0;
        if (limits.jobs() == 1) {
            for (T task : tasks) {
                taken++;
                if (!goesOn.test(work.work().apply(task))) {
                    break;
                }
            }
            return taken;
        }
        ExecutorService threads = Executors.newFixedThreadPool(
                Math.min(limits.jobs(), Math.max(1, tasks.size())),
                Thread.ofPlatform().daemon().name("replay-", 1).factory());
        boolean goingOn = true;
        try {
            Underway<T, R> underway = new Underway<>(tasks, limits, work, threads);
            while (goingOn && underway.admission.isUnderway()) {
                goingOn = goesOn.test(underway.next());
                taken++;
            }
        } finally {
            threads.shutdownNow();
        }
        if (!goingOn) {
            // They may not go on to use what is put away next.
            threads.close();
        }
        return taken;
    }

    /** Work on several threads. */
    private static final class Underway<T, R> {
        private final List<T> tasks;
        private final Work<T, R> work;
        private final Admission admission;
        private final ExecutorCompletionService<R> threads;
        private final IdentityHashMap<Future<R>, Integer> numbers = new IdentityHashMap<>();
        private final Map<Integer, Future<R>> ended = new HashMap<>();

        Underway(List<T> tasks, Admission.Limits limits, Work<T, R> work, ExecutorService threads) {
            this.tasks = new ArrayList<>(tasks);
            this.work = work;
            this.admission = Admission.of(tasks, limits, work.need());
            this.threads = new ExecutorCompletionService<>(threads);
        }

        /** Waits for the next result in the order of the tasks; what its work has thrown is thrown here. */
        R next() {
            while (true) {
                for (OptionalInt next = admission.begin(); next.isPresent(); next = admission.begin()) {
                    T task = tasks.get(next.getAsInt());
                    numbers.put(threads.submit(() -> work.work().apply(task)), next.getAsInt());
                }
                OptionalInt taken = admission.take();
                if (taken.isPresent()) {
                    return Futures.get(Objects.requireNonNull(ended.remove(taken.getAsInt())));
                }
                Future<R> future = Futures.next(threads);
                int number = Objects.requireNonNull(numbers.remove(future));
                boolean lacked =
                        future.state() == Future.State.SUCCESS && work.lacked().test(future.resultNow());
                if (admission.ended(number, lacked)) {
                    ended.put(number, future);
                }
            }
        }
    }
}
