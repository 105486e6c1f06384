package dev.semblance.harness.edit.child;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.edit.trim.GpuPreamble;
import dev.semblance.harness.playback.Moment;
import dev.semblance.harness.playback.TraceIndex;
import dev.semblance.harness.record.session.HostActs;
import dev.semblance.harness.record.session.Session;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.record.session.SessionStart;
import dev.semblance.harness.record.session.SessionStarts;
import dev.semblance.harness.record.session.StateStore;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.ParentTrace;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.trace.position.Found;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.position.PositionFinder;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.RunResult;
import dev.semblance.machine.boot.BadImageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * A recording that goes on from another one, its parent: the same machine at some moment of it, and a new user. It has what its
 * manifest says of the parent, where its machine begins, and the events that stand before what the machine does.
 */
public final class ChildRecording {

    private final TraceManifest parent;
    private final ParentTrace origin;
    private final SessionStart start;
    private final DisplayConfig displays;
    private final GpuPreamble preamble;

    private ChildRecording(
            TraceManifest parent,
            ParentTrace origin,
            SessionStart start,
            DisplayConfig displays,
            GpuPreamble preamble) {
        this.displays = displays;
        this.parent = parent;
        this.origin = origin;
        this.start = start;
        this.preamble = preamble;
    }

    /**
     * Plays a recording to where another one is to go on.
     *
     * @param trace the parent
     * @param at where it goes on
     * @param config the session that the parent came from
     * @param starts plays the parent, and those before it
     * @param progress told the cycle now and then
     * @return what the child needs
     * @throws UnusableInputException if there is no such position, the guest is off there, or the file has a name
     *     that no parent can have
     * @throws IncompatibleException if the parent is torn, or its machine does not do what was recorded
     * @throws BadImageException if an image cannot be used
     * @throws IOException if it cannot be read, or is damaged
     */
    public static ChildRecording of(
            Path trace, Position at, SessionConfig config, SessionStarts starts, LongConsumer progress)
            throws IOException, BadImageException {
        String name = String.valueOf(trace.getFileName());
        if (!ParentTrace.isName(name)) {
            throw new UnusableInputException(Text.format(
                    "nothing can go on from %s: the name of a parent has no \"/\", \"\\\", \":\" and control characters, and %d"
                            + " characters at most; rename it",
                    trace, TraceManifest.MAX_SHORT_TEXT));
        }
        Found.There place;
        try (TraceReader reader = TraceReader.open(trace)) {
            place = PositionFinder.find(reader, List.of(at)).getFirst().require(trace);
        }
        TraceManifest manifest;
        TraceIndex index;
        String identity;
        try (TraceReader reader = TraceReader.open(trace)) {
            manifest = reader.manifest();
            index = TraceIndex.of(reader);
            if (!(reader.status() instanceof TraceStatus.Complete complete)) {
                throw new IncompatibleException(trace + " is torn, and nothing can go on from it; repair it first");
            }
            identity = complete.totals().identity();
        }
        Moment moment = index.at(place.place());
        long passed = index.passed(moment);
        StateStore.Kept kept = starts.reach(trace, identity, moment.cycle(), passed, config, progress);
        SessionStart start = new SessionStart.Saved(kept.state(), moment.cycle());
        Session session = new Session(config, start, Optional.empty(), Session.Observer.NONE);
        requireOn(trace, place, passed, session);
        GpuPreamble preamble = GpuPreamble.of(trace, ReplayableGpu.of(manifest), passed, moment.cycle());
        ParentTrace origin =
                new ParentTrace(name, identity, moment.cycle(), passed, kept.stateDigest(), preamble.events());
        return new ChildRecording(manifest, origin, start, session.displays(), preamble);
    }

    /** A machine that is off does nothing any more. */
    private static void requireOn(Path trace, Found.There place, long passed, Session session) throws IOException {
        if (!(session.machine().run(session.machine().hart().cycle()) instanceof RunResult.Halted)) {
            return;
        }
        long last = -1;
        try (TraceReader reader = TraceReader.open(trace)) {
            for (Optional<Stamped> next = reader.next();
                    next.isPresent() && next.get().sequence() < passed;
                    next = reader.next()) {
                last = HostActs.isAct(next.get().event()) ? last : next.get().sequence();
            }
        }
        throw new UnusableInputException(Text.format(
                "the guest of %s is off at %s, and nothing can go on from there; the last position at which it is on is event:%d",
                trace, place, last));
    }

    /**
     * {@return the manifest of the child: that of the parent, but for these}
     *
     * @param toolVersion the name and version of the program
     * @param scenario its text, if there is one
     */
    public TraceManifest manifest(String toolVersion, Optional<String> scenario) {
        return parent.with()
                .kind(TraceManifest.Kind.MACHINE)
                .storedState(Optional.empty())
                .toolVersion(toolVersion)
                .scenario(scenario)
                .parent(Optional.of(origin))
                .build();
    }

    /** {@return where its machine begins} */
    public SessionStart start() {
        return start;
    }

    /** {@return the displays that its GPU offers where it begins} */
    public DisplayConfig displays() {
        return displays;
    }

    /** {@return the cycle of its machine's first instruction} */
    public long firstCycle() {
        return origin.cycle();
    }

    /**
     * Writes the events that bring a GPU into the state where the machine begins. They come before all others.
     *
     * @param sink takes the events
     * @throws IOException if the parent cannot be read, or is damaged
     */
    public void writePreamble(EventSink sink) throws IOException {
        preamble.write(sink);
    }
}
