package dev.semblance.harness.playback;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.record.session.HostActs;
import dev.semblance.harness.record.session.Session;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.record.session.SessionStart;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.Machine;
import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.cpu.Pause;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.StateExchange;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Plays the machine of a trace, forwards and back: the same images, the trace's input at its cycles, and everything else computed
 * again. Nothing is recorded and events are not compared, but wherever the trace has a digest of the machine or of a
 * picture (checkpoints, snapshots, the end) it must be the same there.
 *
 * <p>Going back is going forward from a state that was kept on the way. States are kept every {@value #SPACING} cycles, and
 * wherever one went back to, twice as dense with each half of the way, so that the next step back is short. One thread at a time.
 */
public final class Playback {

    /** Cycles between the states that are kept on the way forward: a third of a second of a fast core. */
    public static final long SPACING = 50_000_000;

    /** How many cycles a step back may have to play again. */
    public static final long NEAR = 1 << 16;

    private static final long DEFAULT_BUDGET = 512L << 20;
    private static final long CYCLES_BETWEEN_PROGRESS = 10_000_000;

    private final TraceIndex index;
    private final Session session;
    private final Machine machine;
    private final HostActs acts;
    private final Checkpoints<Moment> checkpoints;
    private final long spacing;

    /** How many acts of the host were done. */
    private int done;

    private Moment reached;

    /** How many acts were seen to be as recorded: what was compared once is not compared again. */
    private int compared;

    /**
     * Builds the machine, at the start of the trace.
     *
     * @param index of the trace
     * @param config the session that the trace came from
     * @throws BadImageException if an image cannot be used
     */
    public Playback(TraceIndex index, SessionConfig config) throws BadImageException {
        this(index, config, SessionStart.POWER_ON);
    }

    /**
     * Builds the machine, at the start of the trace.
     *
     * @param index of the trace
     * @param config the session that the trace came from
     * @param start where its machine begins
     * @throws BadImageException if an image cannot be used
     */
    public Playback(TraceIndex index, SessionConfig config, SessionStart start) throws BadImageException {
        this(index, config, start, Math.min(DEFAULT_BUDGET, Runtime.getRuntime().maxMemory() / 4), SPACING);
    }

    /**
     * Builds the machine, at the start of the trace.
     *
     * @param index of the trace
     * @param config the session that the trace came from
     * @param budget how many bytes the states may take that are kept on the way; without any, going back begins at the start
     * @throws BadImageException if an image cannot be used
     */
    public Playback(TraceIndex index, SessionConfig config, long budget) throws BadImageException {
        this(index, config, SessionStart.POWER_ON, budget, SPACING);
    }

    /**
     * Builds the machine, at the start of the trace.
     *
     * @param index of the trace
     * @param config the session that the trace came from
     * @param start where its machine begins
     * @param budget how many bytes the states may take that are kept on the way
     * @param spacing cycles between the states that are kept on the way forward
     * @throws BadImageException if an image cannot be used
     */
    public Playback(TraceIndex index, SessionConfig config, SessionStart start, long budget, long spacing)
            throws BadImageException {
        this.index = index;
        this.spacing = spacing;
        this.session = new Session(config, start, Optional.empty(), Session.Observer.NONE);
        this.machine = session.machine();
        this.acts = new HostActs(session);
        if (machine.hart().cycle() != index.start().cycle()) {
            throw new IllegalArgumentException(Text.format(
                    "the trace begins at %s, and the machine at cycle %d",
                    index.start(), machine.hart().cycle()));
        }
        this.reached = index.start();
        this.checkpoints = new Checkpoints<>(budget, Moment::cycle);
        keep();
    }

    /** {@return the index of the trace} */
    public TraceIndex index() {
        return index;
    }

    /** {@return where it is} */
    public Moment now() {
        return new Moment(machine.hart().cycle(), done);
    }

    /** {@return the latest moment that was come to so far: what is before it can be come to in a short time} */
    public Moment reached() {
        return reached;
    }

    /**
     * {@return the last moment before another at which a state is kept: it can be come to at once}
     *
     * @param moment after the start
     */
    public Moment keptBefore(Moment moment) {
        return checkpoints.lower(moment).orElse(index.start());
    }

    /** {@return the machine, to look at; who runs it or changes it breaks the playback} */
    public Machine machine() {
        return machine;
    }

    /**
     * {@return what a scanout shows now}
     *
     * @param scanout the number of the scanout, from 0, below {@link #scanouts}
     */
    public Frame picture(int scanout) {
        return session.picture(scanout);
    }

    /** {@return how many scanouts there are} */
    public int scanouts() {
        return session.scanouts();
    }

    /**
     * Goes to a moment, earlier or later.
     *
     * @param target a moment that the trace has: not after {@link TraceIndex#end}
     */
    public void seek(Moment target) {
        seek(target, cycle -> {});
    }

    /**
     * Goes to a moment, earlier or later.
     *
     * @param target a moment that the trace has: not after {@link TraceIndex#end}
     * @param progress told the cycle now and then; what it throws leaves the playback somewhere on the way
     * @throws IncompatibleException if the machine does not do what was recorded
     */
    public void seek(Moment target, LongConsumer progress) {
        requireThere(target);
        boolean back = target.isBefore(now());
        comeNear(target);
        play(target, back, progress);
    }

    /**
     * Goes to a moment as {@link #seek} does, from where one is not going further back: nothing is kept for that.
     *
     * @param target a moment that the trace has
     * @param progress as of {@link #seek}
     */
    public void visit(Moment target, LongConsumer progress) {
        requireThere(target);
        comeNear(target);
        play(target, false, progress);
    }

    /**
     * Plays on to a later moment, every instruction of the way, or to where the machine pauses since it is watched
     * ({@link Machine#watch}). While it is watched it is moved by this method alone.
     *
     * @param target a moment that the trace has, not before now
     * @param progress as of {@link #seek}
     * @return why it paused; empty at the target
     */
    public Optional<Pause> playOn(Moment target, LongConsumer progress) {
        requireThere(target);
        if (target.isBefore(now())) {
            throw new IllegalArgumentException(Text.format("%s is before %s", target, now()));
        }
        return play(target, false, progress);
    }

    private void requireThere(Moment target) {
        if (index.end().isBefore(target) || target.acts() > index.acts().size()) {
            throw new IllegalArgumentException(Text.format("the trace ends at %s, before %s", index.end(), target));
        }
    }

    private void comeNear(Moment target) {
        Checkpoints.Checkpoint<Moment> nearest = checkpoints.before(target).orElseThrow();
        if (target.isBefore(now()) || now().isBefore(nearest.moment())) {
            load(nearest);
        }
    }

    /**
     * Executes an instruction, or what comes in its place: a trap, an interrupt and the first instruction of its handler. What the host
     * did before it is done too, and waiting for an interrupt is part of the instruction that began it.
     *
     * @param progress as of {@link #seek(Moment, LongConsumer)}
     * @return whether there was one: false at the end of the trace
     */
    public boolean stepForward(LongConsumer progress) {
        Moment from = now();
        Moment next = index.before(from.cycle() + 1);
        if (next.isBefore(from) || index.end().isBefore(next)) {
            seek(index.end(), progress);
            return from.isBefore(index.end());
        }
        seek(next, progress);
        if (machine.hart().isWaiting()) {
            seek(endOfWait(progress), progress);
        }
        return true;
    }

    /**
     * Goes back to before the last instruction, as {@link #stepForward} counts them.
     *
     * @param progress as of {@link #seek(Moment, LongConsumer)}
     * @return whether there was one: false at the start
     */
    public boolean stepBack(LongConsumer progress) {
        Moment from = now();
        long instret = machine.hart().instret();
        Moment before = index.before(from.cycle());
        if (before.isBefore(from)) {
            seek(before, progress);
            return true;
        }
        if (!index.start().isBefore(from)) {
            return false;
        }
        seek(index.before(from.cycle() - 1), progress);
        if (machine.hart().isWaiting() && machine.hart().instret() == instret) {
            seek(startOfWait(progress), progress);
        }
        return true;
    }

    /** {@return the moment before the instruction that began the waiting; it is waiting now} */
    private Moment startOfWait(LongConsumer progress) {
        long instret = machine.hart().instret();
        long waiting = machine.hart().cycle();
        long first = index.start().cycle();
        long distance = 1;
        while (distance < waiting - first && retiredBefore(waiting - distance, progress) == instret) {
            distance *= 2;
        }
        long low = Math.max(first, waiting - distance);
        if (low == first && retiredBefore(first, progress) == instret) {
            return index.start(); // It begins in a wait.
        }
        return index.before(lastBelow(instret, low, waiting, progress));
    }

    /** {@return the last moment at which it waits, or the end of the trace; it is waiting now} */
    private Moment endOfWait(LongConsumer progress) {
        long instret = machine.hart().instret();
        long waiting = machine.hart().cycle();
        long end = index.end().cycle();
        long distance = 1;
        while (waiting + distance < end && retiredBefore(waiting + distance, progress) == instret) {
            distance *= 2;
        }
        long after = Math.min(end, waiting + distance);
        return retiredBefore(after, progress) == instret
                ? index.end()
                : index.before(lastBelow(instret + 1, waiting, after, progress));
    }

    /** {@return the last cycle before which fewer instructions were retired than some number: as at {@code low}, and not as at {@code high}} */
    private long lastBelow(long instret, long low, long high, LongConsumer progress) {
        long below = low;
        long notBelow = high;
        while (notBelow - below > 1) {
            long middle = (below + notBelow) >>> 1;
            if (retiredBefore(middle, progress) < instret) {
                below = middle;
            } else {
                notBelow = middle;
            }
        }
        return below;
    }

    private long retiredBefore(long cycle, LongConsumer progress) {
        seek(index.before(cycle), progress);
        return machine.hart().instret();
    }

    private Optional<Pause> play(Moment target, boolean dense, LongConsumer progress) {
        long middle = dense ? middle(target) : Long.MAX_VALUE;
        while (true) {
            boolean act = done < target.acts();
            long goal = act ? index.acts().get(done).cycle() : target.cycle();
            while (machine.hart().cycle() < goal) {
                long now = machine.hart().cycle();
                long spaced =
                        now / spacing < Long.MAX_VALUE / spacing - 1 ? (now / spacing + 1) * spacing : Long.MAX_VALUE;
                long stop = Math.min(Math.min(goal, now + CYCLES_BETWEEN_PROGRESS), Math.min(spaced, middle));
                Optional<Pause> pause = acts.runTo(stop);
                if (pause.isPresent()) {
                    return pause;
                }
                if (stop == middle) {
                    keep();
                    middle = middle(target);
                } else if (stop == spaced) {
                    keep();
                }
                progress.accept(stop);
            }
            if (!act) {
                reached = reached.isBefore(now()) ? now() : reached;
                return Optional.empty();
            }
            acts.perform(index.acts().get(done), done >= compared);
            done++;
            compared = Math.max(compared, done);
        }
    }

    /** {@return the cycle half way to a moment, if there is far to go} */
    private long middle(Moment target) {
        long now = machine.hart().cycle();
        return target.cycle() - now > NEAR ? now + (target.cycle() - now) / 2 : Long.MAX_VALUE;
    }

    private void keep() {
        checkpoints.add(now(), session.save(this::exchange));
    }

    private void load(Checkpoints.Checkpoint<Moment> checkpoint) {
        try {
            session.load(checkpoint.state(), this::exchange);
        } catch (BadStateException e) {
            throw new IllegalStateException("a state of the same session was refused", e);
        }
    }

    private void exchange(StateExchange s) {
        s.part("PLAY", 1);
        done = s.saved(done, 0, index.acts().size());
    }
}
