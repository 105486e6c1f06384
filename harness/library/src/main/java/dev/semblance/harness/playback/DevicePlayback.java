package dev.semblance.harness.playback;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.playback.TraceIndex.Landmark;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceReader.Mark;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.SavedState;
import dev.semblance.machine.state.StateExchange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Plays the GPU of a trace alone, forwards and back: its commands on the model of this project, with the guest memory that the trace tells
 * of. It needs no images, so that it goes for traces of {@code serve}, of device scripts, and of machines that are not here. It compares
 * nothing: {@link dev.semblance.harness.replay.DeviceReplayer} does.
 *
 * <p>It is at a number of events that have happened. A command happens as a whole: where one is inside of its events, after what it has shown and
 * before its answer, it is done to its end, as by a device replay up to there.
 *
 * <p>States are kept on the way within a budget, and twice as dense with each half of the way where one goes back, so that the next step
 * back is short; pages, pixels and rows that two of them have in common are held once. One thread at a time.
 */
public final class DevicePlayback implements AutoCloseable {

    /** How much is done between the states that are kept on the way forward at first, in bytes of guest memory: some milliseconds. */
    private static final long SPACING = 4 << 20;

    /** The most that is done between them: a large part of a second. */
    private static final long MOST_SPACING = 256 << 20;

    /** How many events a step back may have to play again. */
    private static final int NEAR = 8;

    private static final long DEFAULT_BUDGET = 512L << 20;
    private static final int EVENTS_BETWEEN_PROGRESS = 4096;

    private final Path trace;
    private final TraceIndex index;
    private final List<Mark> marks;
    private final BitSet insides;
    private final PlayedGpu gpu;
    private final Checkpoints<Integer> checkpoints;
    private final Optional<TraceFormatException> damage;

    /** How many events have been done: all of {@link #passed}, and the rest of the command that this is inside of. */
    private int done;

    private int passed;

    /** Since the last state was kept or loaded. */
    private long work;

    /** Where there is no room for states so dense, making them only for others to go is a waste: it doubles. */
    private long spacing = SPACING;

    /** Stands before the next event to be done, unless one went elsewhere. */
    private Optional<TraceReader> reader = Optional.empty();

    private DevicePlayback(
            Path trace,
            ReplayableGpu gpu,
            TraceIndex index,
            List<Mark> marks,
            BitSet insides,
            long budget,
            Optional<TraceFormatException> damage) {
        this.trace = trace;
        this.index = index;
        this.marks = marks;
        this.insides = insides;
        this.gpu = new PlayedGpu(gpu);
        this.checkpoints = new Checkpoints<>(budget, Integer::longValue);
        this.damage = damage;
    }

    /**
     * Reads a trace once, for what happens in it where, and stands at its start. The file stays as it is until this is closed.
     *
     * @param trace the file
     * @return its playback
     * @throws IOException if it cannot be read, or is damaged
     * @throws IncompatibleException if its GPU is none that is here, or it has too many events
     */
    public static DevicePlayback open(Path trace) throws IOException {
        return open(trace, Math.min(DEFAULT_BUDGET, Runtime.getRuntime().maxMemory() / 4));
    }

    /**
     * Reads a trace once, as {@link #open(Path)}.
     *
     * @param trace the file
     * @param budget how many bytes the states may take that are kept on the way; without any, going back begins at the start
     * @return its playback
     * @throws IOException if it cannot be read, or is damaged
     * @throws IncompatibleException if its GPU is none that is here, or it has too many events
     */
    public static DevicePlayback open(Path trace, long budget) throws IOException {
        DevicePlayback playback = openReadable(trace, budget);
        if (playback.damage.isPresent()) {
            throw playback.damage.get();
        }
        return playback;
    }

    /**
     * Reads a trace once, as {@link #open(Path, long)}, as far as it is whole: what comes after damage is not played.
     *
     * @param trace the file
     * @param budget how many bytes the states may take that are kept on the way
     * @return its playback, whose {@link #damage} tells of it
     * @throws IOException if it cannot be read, or is no trace
     * @throws IncompatibleException if its GPU is none that is here, or it has too many events
     */
    public static DevicePlayback openReadable(Path trace, long budget) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            ReplayableGpu gpu = ReplayableGpu.of(reader.manifest());
            TraceIndex.Collector collector = new TraceIndex.Collector(reader);
            CommandInsides insides = new CommandInsides(gpu.device());
            List<Mark> marks = new ArrayList<>();
            Optional<TraceFormatException> damage = Optional.empty();
            try {
                for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                    if (marks.isEmpty() || !marks.getLast().equals(reader.mark())) {
                        marks.add(reader.mark());
                    }
                    collector.take(next.get());
                    insides.take(next.get());
                }
            } catch (TraceFormatException e) {
                damage = Optional.of(e);
            }
            DevicePlayback playback = new DevicePlayback(
                    trace, gpu, collector.index(), List.copyOf(marks), insides.positions(), budget, damage);
            playback.keep();
            return playback;
        }
    }

    /** {@return the damage behind which the trace is not played; empty where there is none} */
    public Optional<TraceFormatException> damage() {
        return damage;
    }

    /** {@return the index of the trace} */
    public TraceIndex index() {
        return index;
    }

    /** {@return how many events have happened here} */
    public int passed() {
        return passed;
    }

    /** {@return how many scanouts there are} */
    public int scanouts() {
        return gpu.displays().count();
    }

    /**
     * {@return what a scanout shows here, its cursor with it; empty where its display is off and nothing is shown}
     *
     * @param scanout the number of the scanout, from 0, below {@link #scanouts}
     */
    public Optional<Frame> picture(int scanout) {
        return gpu.picture(scanout);
    }

    /**
     * {@return what a scanout shows here without its cursor; empty where it is dark}
     *
     * @param scanout the number of the scanout, from 0, below {@link #scanouts}
     */
    public Optional<Frame> primary(int scanout) {
        return gpu.primary(scanout);
    }

    /**
     * {@return the hardware cursor of a scanout here}
     *
     * @param scanout the number of the scanout, from 0, below {@link #scanouts}
     */
    public CursorPlane cursor(int scanout) {
        return gpu.cursor(scanout);
    }

    /** {@return the numbers of the resources that there are here, in order} */
    public List<Long> resources() {
        return gpu.resources();
    }

    /**
     * {@return the image of a resource as it is on the host here, with its alpha; nothing, if there is no such resource}
     *
     * @param resource its number
     */
    public Optional<Frame> image(long resource) {
        return gpu.image(resource);
    }

    /**
     * Goes to where a number of events have happened, forwards or back: to a {@link dev.semblance.harness.trace.position.Place}, the number
     * that it says.
     *
     * @param events the number, 0 to that of all events
     * @param progress told the number now and then; what it throws leaves the playback somewhere on the way
     * @throws IOException if the trace cannot be read again, or asks for what no guest can have done
     */
    public void seek(int events, LongConsumer progress) throws IOException {
        if (events < 0 || events > index.events()) {
            throw new IllegalArgumentException(
                    Text.format("nothing is at %d: the trace has %s", events, Text.count(index.events(), "event")));
        }
        int goal = insides.nextClearBit(events);
        boolean back = goal < done;
        Checkpoints.Checkpoint<Integer> nearest = checkpoints.before(goal).orElseThrow();
        if (back || done < nearest.moment()) {
            load(nearest);
        }
        play(goal, back, progress);
        passed = events;
    }

    /**
     * Goes on to right after the next event of a kind.
     *
     * @param kind of the event
     * @return whether there was one; if not, it stays where it is
     * @throws IOException as of {@link #seek}
     */
    public boolean forward(Landmark kind) throws IOException {
        int event = index.next(kind, passed);
        if (event < 0 || event >= index.events()) {
            return false;
        }
        seek(event + 1, reached -> {});
        return true;
    }

    /**
     * Goes back to right after the last event of a kind that is behind: to after the one before the event that this is right after.
     *
     * @param kind of the event
     * @return whether there was one; if not, it stays where it is
     * @throws IOException as of {@link #seek}
     */
    public boolean back(Landmark kind) throws IOException {
        int event = passed < 2 ? -1 : index.previous(kind, passed - 2);
        if (event < 0) {
            return false;
        }
        seek(event + 1, reached -> {});
        return true;
    }

    private void play(int goal, boolean dense, LongConsumer progress) throws IOException {
        int middle = dense ? middle(goal) : Integer.MAX_VALUE;
        while (done < goal) {
            gpu.take(next().event());
            done++;
            work += gpu.takeWork();
            if (!insides.get(done)) {
                if (done >= middle && done < goal) {
                    keep();
                    middle = middle(goal);
                } else if (work >= spacing && keep()) {
                    spacing = Math.min(2 * spacing, MOST_SPACING);
                }
            }
            if (done % EVENTS_BETWEEN_PROGRESS == 0) {
                progress.accept(done);
            }
        }
    }

    /** {@return half way to a number of events, if there is far to go} */
    private int middle(int goal) {
        return goal - done > NEAR ? done + (goal - done) / 2 : Integer.MAX_VALUE;
    }

    private Stamped next() throws IOException {
        TraceReader open = reader.isPresent() ? reader.get() : openAtNext();
        Optional<Stamped> next = open.next();
        if (next.isEmpty() || next.get().sequence() != done) {
            throw new TraceFormatException(0, "the file is not what it was when it was opened");
        }
        return next.get();
    }

    private TraceReader openAtNext() throws IOException {
        int low = 0;
        int high = marks.size();
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (marks.get(middle).sequence() <= done) {
                low = middle;
            } else {
                high = middle;
            }
        }
        TraceReader opened = TraceReader.openAt(trace, marks.get(low));
        reader = Optional.of(opened);
        for (long skipped = marks.get(low).sequence(); skipped < done; skipped++) {
            opened.next();
        }
        return opened;
    }

    /** Keeps a state; tells whether others had to go for it. */
    private boolean keep() {
        work = 0;
        return checkpoints.add(done, SavedState.of(this::exchange));
    }

    private void load(Checkpoints.Checkpoint<Integer> checkpoint) throws IOException {
        close();
        try {
            checkpoint.state().loadInto(this::exchange);
        } catch (BadStateException e) {
            throw new IllegalStateException("a state of the same GPU was refused", e);
        }
        work = 0;
    }

    private void exchange(StateExchange s) {
        s.part("PLAY", 1);
        done = s.saved(done, 0, index.events());
        gpu.state(s);
    }

    @Override
    public void close() throws IOException {
        if (reader.isPresent()) {
            reader.get().close();
            reader = Optional.empty();
        }
    }
}
