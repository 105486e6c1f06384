package dev.semblance.harness.replay;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.record.session.Devices;
import dev.semblance.harness.record.session.HostActs;
import dev.semblance.harness.record.session.Session;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.record.session.SessionStart;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Place;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.RunResult;
import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.SavedState;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.time.Timeline.Lane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Replays a whole machine: the same images, input from the trace at its cycles, and everything else computed again and
 * compared with the trace, event by event. It stops at the first difference.
 */
public final class MachineReplayer {

    private static final long CYCLES_BETWEEN_PROGRESS = 10_000_000;

    private final TraceReader reader;
    private final ExpectedEvents expected;
    private final FrameObserver pictures;
    private final Session session;
    private final FrameDifferences differences;
    private Optional<Divergence> divergence = Optional.empty();
    private boolean traceEnded;
    private long events;
    private long flushes;

    /** The first event that is not replayed any more, and the cycle up to which nothing else may happen. */
    private long end = Long.MAX_VALUE;

    private long endCycle = Long.MAX_VALUE;

    /**
     * Builds the machine.
     *
     * @param reader a trace of a machine, at its start; it is not closed
     * @param config the same as when the trace was recorded
     * @param pictures takes the snapshots
     * @throws BadImageException if an image cannot be used
     */
    public MachineReplayer(TraceReader reader, SessionConfig config, FrameObserver pictures) throws BadImageException {
        this(reader, config, SessionStart.POWER_ON, pictures, DigestStrictness.EXACT);
    }

    /**
     * Builds the machine; its pictures may differ from the recorded ones where a policy says so.
     *
     * @param reader a trace of a machine, at its start; it is not closed
     * @param config the same as when the trace was recorded
     * @param start where the machine begins
     * @param pictures takes the snapshots
     * @param digests which digests must be as recorded
     * @throws BadImageException if an image cannot be used
     */
    public MachineReplayer(
            TraceReader reader,
            SessionConfig config,
            SessionStart start,
            FrameObserver pictures,
            DigestStrictness digests)
            throws BadImageException {
        this.differences = new FrameDifferences(digests);
        this.reader = reader;
        this.expected = new ExpectedEvents(reader);
        this.pictures = pictures;
        this.session = new Session(config, start, Optional.of(this::happened), Session.Observer.NONE);
    }

    /**
     * Runs to the end of the trace, or to the first difference.
     *
     * @param progress told the cycle now and then
     * @return what came of it
     * @throws IOException if the trace cannot be read, or is corrupt
     */
    public ReplayOutcome run(LongConsumer progress) throws IOException {
        return run(Optional.empty(), progress);
    }

    /**
     * Runs up to a place of the trace, or to the first difference. Events behind the place are not compared.
     *
     * @param until where to stop; empty for the end of the trace
     * @param progress told the cycle now and then
     * @return what came of it
     * @throws IOException if the trace cannot be read, or is corrupt
     */
    public ReplayOutcome run(Optional<Place> until, LongConsumer progress) throws IOException {
        end = until.map(Place::passed).orElse(Long.MAX_VALUE);
        endCycle = until.map(Place::cycle).orElse(Long.MAX_VALUE);
        boolean toTheEnd;
        try {
            expected.advanceTo(Math.max(expected.passed(), reader.manifest().preambleEvents()));
            replay(progress);
            toTheEnd = divergence.isEmpty() && expected.peek().isEmpty();
            divergence = divergence.or(() -> differences.settle(expected));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return new ReplayOutcome(
                divergence,
                events,
                flushes,
                toTheEnd ? Optional.of(reader.status()) : Optional.empty(),
                differences.excused());
    }

    private void replay(LongConsumer progress) throws TraceFormatException {
        Optional<Stamped> head = expected.peek();
        while (divergence.isEmpty() && head.isPresent() && head.get().sequence() < end) {
            Stamped next = head.get();
            if (HostActs.isAct(next.event())) {
                // What the host does comes before anything else at its cycle.
                runTo(next.cycle(), progress);
            } else {
                run(next.cycle() + 1, progress);
            }
            if (divergence.isEmpty() && isStillNext(next)) {
                if (HostActs.isAct(next.event()) && session.machine().hart().cycle() == next.cycle()) {
                    host(next);
                } else {
                    divergence = Optional.of(new Divergence.Missing(next, circumstances(), expected.before(next)));
                }
            }
            progress.accept(session.machine().hart().cycle());
            head = expected.peek();
        }
        if (divergence.isEmpty() && head.isPresent()) {
            comeToEnd(head.get(), progress);
        }
    }

    /** Goes on to the cycle to stop at, which may be long after the last event before it: nothing is to happen until then. */
    private void comeToEnd(Stamped next, LongConsumer progress) {
        if (session.machine().hart().cycle() < endCycle) {
            runTo(endCycle, progress);
        }
        if (divergence.isEmpty() && session.machine().hart().cycle() < endCycle) {
            divergence = Optional.of(new Divergence.Missing(next, circumstances(), expected.before(next)));
        }
    }

    private boolean isStillNext(Stamped event) {
        return expected.peek().map(Stamped::sequence).equals(Optional.of(event.sequence()));
    }

    private String circumstances() {
        long now = session.machine().hart().cycle();
        return switch (session.machine().run(now + 1)) {
            case RunResult.Halted halted -> "the guest had switched off by cycle " + now;
            case RunResult.Idle idle -> "the guest was waiting for ever at cycle " + now;
            case RunResult.Stuck stuck ->
                Text.format(
                        "the guest was stuck at cycle %d: %s", now, stuck.trap().describe());
            case RunResult.BudgetSpent spent -> "the guest had gone on to cycle " + now;
            case RunResult.Paused paused -> "the guest had gone on to cycle " + now;
        };
    }

    private void runTo(long cycle, LongConsumer progress) {
        if (run(cycle, progress) instanceof RunResult.Idle) {
            // While recording, the host was going to do something, and time went on to that.
            session.machine().timeline().schedule(cycle, Lane.OBSERVER, () -> {});
            run(cycle, progress);
        }
    }

    /** Runs to a cycle in parts: a trace may put its next event half a year of guest time away. */
    private RunResult run(long until, LongConsumer progress) {
        while (true) {
            long now = session.machine().hart().cycle();
            long target = until - now > CYCLES_BETWEEN_PROGRESS ? now + CYCLES_BETWEEN_PROGRESS : until;
            RunResult result = session.machine().run(target);
            boolean wasStopped = session.machine().hart().cycle() < target;
            if (target == until || wasStopped || !(result instanceof RunResult.BudgetSpent)) {
                return result;
            }
            progress.accept(target);
        }
    }

    /** Does what the host did while recording. */
    private void host(Stamped next) throws TraceFormatException {
        switch (next.event()) {
            case TraceEvent.Input input -> {
                if (!session.takesInput(input.device())) {
                    throw ImpossibleEventException.asCorruption(
                            next, Text.format("device %d takes no input", input.device()));
                }
                session.port().input(input);
            }
            case TraceEvent.ConsoleInput input -> session.port().console(input.bytes());
            case TraceEvent.DisplayChange change -> {
                if (change.device() != Devices.GPU) {
                    throw ImpossibleEventException.asCorruption(
                            next, Text.format("device %d has no displays", change.device()));
                }
                if (change.appliedTo(session.displays()).isEmpty()) {
                    throw ImpossibleEventException.asCorruption(
                            next, ImpossibleEventException.noDisplay(change, session.displays()));
                }
                session.port().display(change);
            }
            case TraceEvent.Checkpoint checkpoint -> session.recordCheckpoint();
            case TraceEvent.Snapshot snapshot -> snapshot(next, snapshot);
            case TraceEvent.End end -> session.recordEnd(end.reason());
            default -> throw new IllegalStateException("not the host's: " + next.event());
        }
    }

    private void snapshot(Stamped next, TraceEvent.Snapshot recorded) throws TraceFormatException {
        if (recorded.scanout() >= session.scanouts()) {
            throw ImpossibleEventException.asCorruption(next, "there is no scanout " + recorded.scanout());
        }
        Frame picture = session.picture(recorded.scanout());
        pictures.snapshot(recorded, picture);
        happened(
                session.machine().hart().cycle(),
                new TraceEvent.Snapshot(
                        recorded.label(), recorded.scanout(), picture.width(), picture.height(), picture.digest()));
    }

    /** Compares what happened with what comes next in the trace. */
    private void happened(long cycle, TraceEvent event) {
        if (divergence.isPresent() || traceEnded) {
            return;
        }
        Optional<Stamped> head = expected.peek();
        if (head.isEmpty()) {
            // A torn trace: what the machine does from here on has nothing to be compared with.
            traceEnded = true;
            session.machine().stop();
            return;
        }
        Stamped next = head.get();
        if (next.sequence() >= end && cycle >= endCycle) {
            // What belongs to the last event that counts, or comes behind it in the same instruction.
            traceEnded = true;
            session.machine().stop();
            return;
        }
        boolean same = next.cycle() == cycle && next.event().equals(event);
        if (!same && next.cycle() == cycle && differences.mayBeExcused(next.event(), event)) {
            differences.add(new Divergence.Different(next, cycle, event, expected.before(next)));
            same = true;
        }
        if (same) {
            expected.advance();
            events++;
            if (event instanceof TraceEvent.Flush flush) {
                flushes++;
                pictures.shown(next.sequence(), flush.scanout(), () -> session.picture(flush.scanout()));
            }
            if (event instanceof TraceEvent.Snapshot snapshot) {
                divergence = differences.passed(snapshot);
            }
        } else {
            divergence = Optional.of(new Divergence.Different(next, cycle, event, expected.before(next)));
            session.machine().stop();
        }
    }

    /**
     * {@return the state of the session, and of where the replay is in the trace} To be asked for before a run, or after one up
     * to a cycle; the session's is {@link Session#save}.
     *
     * @throws IllegalStateException if something was not as recorded, or the replay stopped within the events of an instruction
     */
    public SavedState save() {
        requireGoingOn();
        return session.save(this::exchange);
    }

    /**
     * {@return the state of the session alone, with what the trace has told of memory up to here} To be asked for as {@link #save}.
     *
     * @throws IllegalStateException as {@link #save}
     */
    public SavedState saveSession() {
        requireGoingOn();
        return session.save();
    }

    /** {@return the cycle of the machine's next instruction} */
    public long cycle() {
        return session.machine().hart().cycle();
    }

    /**
     * {@return the event with which a recording of this machine would end here}
     *
     * @param reason why it would end
     */
    public TraceEvent.End end(TraceEvent.End.Reason reason) {
        return new TraceEvent.End(
                reason, session.machine().hart().instret(), session.machine().stateDigest());
    }

    /**
     * Takes the replay to a saved state: {@link Session#load}. The trace is read up to there; what was played is not played again.
     *
     * @param state where it goes on: of a replay of the same trace. It is not behind what was read of the trace
     * @throws BadStateException if the state is damaged or of another replay; this one must be thrown away then
     * @throws IOException if the trace cannot be read, or is corrupt
     * @throws IllegalStateException as {@link #save}
     */
    public void load(SavedState state) throws BadStateException, IOException {
        requireGoingOn();
        try {
            session.load(state, this::exchange);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void requireGoingOn() {
        if (divergence.isPresent() || traceEnded || !differences.isNone()) {
            throw new IllegalStateException("the replay cannot go on from here");
        }
    }

    private void exchange(StateExchange s) {
        s.part("RPLY", 1);
        long passed = s.saved(expected.passed());
        events = s.saved(events);
        flushes = s.saved(flushes);
        s.require(flushes >= 0 && flushes <= events && events <= passed, "its counts contradict each other");
        s.whenLoaded(() -> {
            s.require(passed >= expected.passed(), "the trace was read beyond it");
            long now = session.machine().timeline().now();
            long last = expected.advanceTo(passed);
            boolean between = last <= now
                    && expected.peek().map(next -> next.cycle() >= now).orElse(true);
            s.require(expected.passed() == passed && between, "it is of another trace");
        });
    }
}
