package dev.semblance.cli;

import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * How far long work is: one line for all that is done at once, with percent and the time left where it is known how much
 * there is to do. Only on a terminal, where the line is written over, unless it is asked for elsewhere. For several threads.
 */
final class Progress implements AutoCloseable {

    /** What is counted. */
    enum Unit {
        /** Cycles of the guest, in millions. */
        CYCLES("Mcycles", 1_000_000),
        /** Bytes of files, in MiB. */
        BYTES("MiB", 1 << 20),
        /** Commands put to a device. */
        COMMANDS("commands", 1),
        /** Recordings and scripts, each on all targets. */
        ROUNDS("recordings and scripts", 1),
        /** Milliseconds of the host's time, in seconds. */
        TIME("s", 1000);

        private final String text;
        private final long size;

        Unit(String text, long size) {
            this.text = text;
            this.size = size;
        }
    }

    private static final long BETWEEN_BARS = 200_000_000;
    private static final long BETWEEN_LINES = 10_000_000_000L;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Terminal terminal;
    private final LongSupplier nanos;
    private final String verb;
    private final Unit unit;
    private final int tasks;
    private final String noun;
    private final OptionalLong total;
    private final long start;
    private final List<Task> underway = new ArrayList<>();
    private long finishedSteps;
    private int finished;
    private long last;

    private Progress(Terminal terminal, LongSupplier nanos, String verb, Unit unit, Tasks tasks, OptionalLong total) {
        this.terminal = terminal;
        this.nanos = nanos;
        this.verb = verb;
        this.unit = unit;
        this.tasks = tasks.count();
        this.noun = tasks.noun();
        this.total = total;
        this.start = nanos.getAsLong();
        this.last = start - (terminal.shows() == Terminal.Shows.BAR ? BETWEEN_BARS : 0);
    }

    /**
     * What is done.
     *
     * @param noun what one of them is, in the plural
     */
    record Tasks(int count, String noun) {}

    /** Starts with one task. */
    static Progress start(Terminal terminal, String verb, Unit unit, OptionalLong total) {
        return start(terminal, System::nanoTime, verb, unit, new Tasks(1, ""), total);
    }

    /**
     * Starts.
     *
     * @param nanos tells nanoseconds from some moment on
     * @param verb what is done, as in "replaying"
     * @param total steps of all tasks together, if that is known
     */
    static Progress start(
            Terminal terminal, LongSupplier nanos, String verb, Unit unit, Tasks tasks, OptionalLong total) {
        return new Progress(terminal, nanos, verb, unit, tasks, total);
    }

    /** A part of the work. */
    final class Task implements LongConsumer, AutoCloseable {
        private final String name;
        private final boolean counts;
        private long steps;

        private Task(String name, boolean counts) {
            this.name = name;
            this.counts = counts;
        }

        /** Tells how many steps of it are done. */
        @Override
        public void accept(long done) {
            if (terminal.showsProgress()) {
                at(this, done);
            }
        }

        /** Ends it. */
        @Override
        public void close() {
            end(this);
        }
    }

    /** Begins a part of the work. */
    synchronized Task begin(String name) {
        return begin(new Task(name, true));
    }

    /** Begins what has to be done before a part of the work, and is none of those that are counted. */
    synchronized Task beginUncounted(String name) {
        return begin(new Task(name, false));
    }

    private Task begin(Task task) {
        underway.add(task);
        return task;
    }

    private synchronized void at(Task task, long done) {
        task.steps = done;
        long now = nanos.getAsLong();
        boolean bar = terminal.shows() == Terminal.Shows.BAR;
        if (now - last < (bar ? BETWEEN_BARS : BETWEEN_LINES)) {
            return;
        }
        last = now;
        if (bar) {
            terminal.status().show(line(now));
        } else {
            terminal.err().println(line(now));
            terminal.err().flush();
        }
    }

    private synchronized void end(Task task) {
        if (underway.remove(task) && task.counts) {
            finished++;
            finishedSteps += task.steps;
        }
    }

    private String line(long now) {
        StringBuilder line = new StringBuilder(verb);
        if (tasks > 1) {
            line.append(Text.format(" %d/%d %s", Math.min(finished + 1, tasks), tasks, noun));
        }
        long done =
                finishedSteps + underway.stream().mapToLong(task -> task.steps).sum();
        long elapsed = now - start;
        if (total.isPresent() && total.getAsLong() > 0) {
            double part = Math.min(1, (double) done / total.getAsLong());
            line.append(Text.format(
                    "  %d %%  %,d/%,d %s",
                    (long) (100 * part), done / unit.size, total.getAsLong() / unit.size, unit.text));
            if (elapsed > NANOS_PER_SECOND && part > 0.01) {
                line.append(Text.format("  %s left", clock((long) (elapsed * (1 - part) / part))));
            }
        } else {
            line.append(Text.format("  %,d %s  %s", done / unit.size, unit.text, clock(elapsed)));
        }
        String names = String.join(
                ", ",
                underway.stream()
                        .map(task -> task.name)
                        .filter(name -> !name.isEmpty())
                        .toList());
        return names.isEmpty()
                ? line.toString()
                : line.append("  ").append(names).toString();
    }

    private static String clock(long nanos) {
        long seconds = nanos / NANOS_PER_SECOND;
        return seconds < 3600
                ? Text.format("%d:%02d", seconds / 60, seconds % 60)
                : Text.format("%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    @Override
    public void close() {
        terminal.status().clear();
    }
}
