package dev.semblance.cli;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.ToLongFunction;

/**
 * Which of a row of tasks may begin: no more at once than there are jobs and than fit into memory, but one always, and none too far ahead of
 * the first whose result is still awaited. The first in the row that may is the next, so a small one may overtake a large one for which there is
 * no room yet. It knows no threads and no time; whoever has those calls it, one thread at a time.
 */
final class Admission {

    /**
     * How much at once.
     *
     * @param jobs tasks, 1 or more
     * @param memory bytes for all of them
     */
    record Limits(int jobs, long memory) {

        /**
         * The collector that the launchers choose keeps what lives on in two thirds of the heap, and needs the rest for what does not (the
         * usual NewRatio is 2). So replays share two thirds.
         */
        static Limits ofProcess(int jobs) {
            return new Limits(jobs, Runtime.getRuntime().maxMemory() / 3 * 2);
        }

        /** As many as there are jobs. */
        static Limits of(int jobs) {
            return new Limits(jobs, Long.MAX_VALUE);
        }
    }

    /** A result that waits for a slow one before it holds what differs: not many may wait. */
    static final int AHEAD = 32;

    private enum Stage {
        WAITING,
        /** Has to go again when nothing else does. */
        ALONE,
        RUNNING,
        ENDED
    }

    private final Limits limits;
    private final long[] needs;
    private final Stage[] stages;

    /** Those beside which another has run since they began. */
    private final BitSet accompanied = new BitSet();

    private int running;
    private long held;
    private boolean exclusive;
    private int first;

    private Admission(Limits limits, long[] needs) {
        this.limits = limits;
        this.needs = needs;
        this.stages = new Stage[needs.length];
        Arrays.fill(stages, Stage.WAITING);
    }

    /**
     * Starts.
     *
     * @param need bytes of memory that a task takes, 0 or more
     */
    static <T> Admission of(List<T> tasks, Limits limits, ToLongFunction<T> need) {
        return new Admission(limits, tasks.stream().mapToLong(need).toArray());
    }

    /** Takes the next task that may begin now; empty if none may before another has ended. */
    OptionalInt begin() {
        int end = (int) Math.min(needs.length, (long) first + limits.jobs + AHEAD);
        for (int task = first; task < end; task++) {
            boolean alone = stages[task] == Stage.ALONE;
            if (alone ? running == 0 : stages[task] == Stage.WAITING && hasRoom(needs[task])) {
                begin(task, alone);
                return OptionalInt.of(task);
            }
            if (alone) {
                break; // Whoever overtook it would be in its way.
            }
        }
        return OptionalInt.empty();
    }

    private boolean hasRoom(long need) {
        return running == 0 || running < limits.jobs && !exclusive && need <= limits.memory - held;
    }

    private void begin(int task, boolean alone) {
        stages[task] = Stage.RUNNING;
        running++;
        held += needs[task];
        exclusive = alone;
        accompanied.clear(task);
        if (running > 1) {
            for (int other = 0; other < stages.length; other++) {
                accompanied.set(other, accompanied.get(other) || stages[other] == Stage.RUNNING);
            }
        }
    }

    /**
     * Notes that a task has ended. One that came to nothing for want of memory begins again when nothing else runs, unless nothing did.
     *
     * @param lacked whether it lacked memory
     * @return whether that was its end
     */
    boolean ended(int task, boolean lacked) {
        if (stages[task] != Stage.RUNNING) {
            throw new IllegalStateException("task " + task + " does not run");
        }
        running--;
        held -= needs[task];
        exclusive = false;
        boolean again = lacked && accompanied.get(task);
        stages[task] = again ? Stage.ALONE : Stage.ENDED;
        return !again;
    }

    /** Returns the first task whose result is still awaited, if it has ended, and awaits the next. */
    OptionalInt take() {
        return first < stages.length && stages[first] == Stage.ENDED ? OptionalInt.of(first++) : OptionalInt.empty();
    }

    /** Returns whether results are still awaited. */
    boolean isUnderway() {
        return first < stages.length;
    }
}
