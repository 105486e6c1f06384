package dev.semblance.harness.edit.trim;

import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.edit.trim.WholeBatches.Range;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.record.session.SessionStart;
import dev.semblance.harness.record.session.SessionStarts;
import dev.semblance.harness.replay.DigestStrictness;
import dev.semblance.harness.replay.Divergence;
import dev.semblance.harness.replay.FrameObserver;
import dev.semblance.harness.replay.MachineReplayer;
import dev.semblance.harness.replay.ReplayOutcome;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Place;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.state.SavedState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Plays the machine of a trace, so that a range which is cut out of it has a machine too: to where the range begins, for the
 * state there, and to where it ends.
 */
public final class TrimmedMachine {

    private final SessionConfig config;
    private final SessionStarts starts;
    private final LongConsumer progress;

    /**
     * Makes one.
     *
     * @param config the session that the trace came from
     * @param starts where machines begin
     * @param progress told the cycle now and then
     */
    public TrimmedMachine(SessionConfig config, SessionStarts starts, LongConsumer progress) {
        this.config = config;
        this.starts = starts;
        this.progress = progress;
    }

    /**
     * What there is at the ends of a range.
     *
     * @param cycle of the machine's next instruction where it begins
     * @param state the session's there
     * @param end the end that a recording has which stops behind the range
     */
    record Ends(long cycle, SavedState state, Stamped end) {}

    /**
     * {@return a range that begins and ends between two instructions: widened to all events of the cycles of its first and last one}
     *
     * @param trace the trace
     * @param range events of it
     */
    static Range wholeCycles(Path trace, Range range) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            long preamble = reader.manifest().preambleEvents();
            long start = 0;
            long startCycle = -1;
            long lastCycle = Long.MAX_VALUE;
            long last = range.last();
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                Stamped event = next.get();
                if (event.sequence() <= range.first() && event.cycle() != startCycle) {
                    start = event.sequence();
                    startCycle = event.cycle();
                }
                if (event.sequence() == range.last()) {
                    lastCycle = event.cycle();
                } else if (event.sequence() > range.last()) {
                    if (event.cycle() > lastCycle) {
                        break;
                    }
                    last = event.sequence();
                }
            }
            // What leads a GPU to where the machine begins is one thing with the beginning.
            return new Range(start <= preamble ? 0 : start, last);
        }
    }

    /**
     * {@return what there is at the ends of a range}
     *
     * @param trace the trace
     * @param range events of whole cycles
     * @throws IncompatibleException if the machine does not do what was recorded
     */
    Ends play(Path trace, Range range) throws IOException {
        long startCycle;
        long endCycle = 0;
        try (TraceReader reader = TraceReader.open(trace)) {
            startCycle = reader.manifest().firstCycle();
            for (Optional<Stamped> next = reader.next();
                    next.isPresent() && next.get().sequence() <= range.last();
                    next = reader.next()) {
                if (next.get().sequence() == range.first() && range.first() > 0) {
                    startCycle = next.get().cycle();
                }
                endCycle = next.get().cycle();
            }
        }
        try (TraceReader reader = TraceReader.open(trace)) {
            MachineReplayer replayer = replayer(trace, reader, reader.manifest());
            long preamble = reader.manifest().preambleEvents();
            play(replayer, new Place(Math.max(preamble, range.first()), startCycle, range.first(), range.first() - 1));
            SavedState state = replayer.saveSession();
            // Behind the instruction that the last event belongs to.
            long behind = endCycle == Long.MAX_VALUE ? endCycle : endCycle + 1;
            play(replayer, new Place(range.last() + 1, behind, range.last(), range.last()));
            return new Ends(
                    startCycle,
                    state,
                    new Stamped(range.last() + 1, replayer.cycle(), replayer.end(TraceEvent.End.Reason.LIMIT)));
        } catch (BadImageException e) {
            throw new IncompatibleException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * {@return the first difference of a machine replay}
     *
     * @param trace what was cut out
     */
    Optional<Divergence> verify(Path trace) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            return replayer(trace, reader, reader.manifest()).run(progress).divergence();
        } catch (BadImageException e) {
            throw new IncompatibleException(String.valueOf(e.getMessage()), e);
        }
    }

    private MachineReplayer replayer(Path trace, TraceReader reader, TraceManifest manifest)
            throws IOException, BadImageException {
        SessionStart start = starts.of(trace, manifest, config, progress);
        return new MachineReplayer(reader, config, start, FrameObserver.NONE, DigestStrictness.EXACT);
    }

    private void play(MachineReplayer replayer, Place place) throws IOException {
        ReplayOutcome outcome = replayer.run(Optional.of(place), progress);
        if (outcome.divergence().isPresent()) {
            throw new IncompatibleException(Text.format(
                    "no state of the machine: it does not do what was recorded, from event #%d on; replay --machine tells more",
                    outcome.divergence().get().expected().sequence()));
        }
    }
}
