package dev.semblance.harness.record.session;

import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.trace.ParentTrace;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.util.Sha256;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.boot.BadImageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongConsumer;

/**
 * Has where the machines of traces begin: the one place that knows how a session becomes what it was at the start of its trace. The
 * machine of a child goes on from that of its parent, which is played up to there, unless the state is kept.
 * Several threads may ask at once; what two of them need is played once, and what they need alone at the
 * same time.
 */
public final class SessionStarts {

    /** How many traces may go on from one another: far more than anybody has, and an end to those that go round in a circle. */
    public static final int MAX_CHAIN = 16;

    private static final long CYCLES_BETWEEN_PROGRESS = 10_000_000;

    private final StateStore store;

    /** What is played at a time by one thread alone: a moment of a trace. As many as were asked for. */
    private final ConcurrentMap<Played, Object> locks = new ConcurrentHashMap<>();

    private record Played(String identity, long cycle, long passed) {}

    /**
     * Makes it.
     *
     * @param store keeps the states that parents were played to
     */
    public SessionStarts(StateStore store) {
        this.store = store;
    }

    /**
     * {@return where the machine of a trace begins}
     *
     * @param trace the file; its parent lies beside it
     * @param manifest the trace's
     * @param config the session that it came from
     * @param progress told the cycle now and then while a parent is played
     * @throws IncompatibleException if its parent is not there, or does not lead to where the trace begins
     * @throws BadImageException if an image cannot be used
     * @throws IOException if the parent cannot be read, or is damaged
     */
    public SessionStart of(Path trace, TraceManifest manifest, SessionConfig config, LongConsumer progress)
            throws IOException, BadImageException {
        requireChain(trace, manifest, MAX_CHAIN);
        return come(trace, manifest, config, progress);
    }

    /**
     * {@return whether a state that is stored in a trace leads to where the machine of one begins} What is beside it is taken at its
     * word: {@link #of} compares it.
     *
     * @param trace the file; its parent lies beside it
     * @param manifest the trace's
     */
    static boolean isStored(Path trace, TraceManifest manifest) {
        Path child = trace;
        TraceManifest first = manifest;
        try {
            for (int length = 0; length < MAX_CHAIN && first.parent().isPresent(); length++) {
                child = child.resolveSibling(first.parent().get().file());
                if (!Files.isRegularFile(child)) {
                    return false;
                }
                try (TraceReader reader = TraceReader.open(child)) {
                    first = reader.manifest();
                }
            }
        } catch (InvalidPathException | IOException e) {
            return false;
        }
        return first.storedState().isPresent();
    }

    /** Whether all are there, and of one machine, must not depend on what is kept. */
    private static void requireChain(Path trace, TraceManifest manifest, int most) throws IOException {
        Path child = trace;
        TraceManifest machine = manifest.ofMachine();
        Optional<ParentTrace> parent = manifest.parent();
        for (int length = 0; parent.isPresent(); length++) {
            if (length == most) {
                throw new IncompatibleException(
                        Text.format("more than %d traces go on from one another, down to %s", MAX_CHAIN, trace));
            }
            child = find(child, parent.get(), machine);
            try (TraceReader reader = TraceReader.open(child)) {
                parent = reader.manifest().parent();
            }
        }
    }

    private SessionStart come(Path trace, TraceManifest manifest, SessionConfig config, LongConsumer progress)
            throws IOException, BadImageException {
        if (manifest.storedState().isPresent()) {
            return stored(trace, manifest.firstCycle());
        }
        if (manifest.parent().isEmpty()) {
            return SessionStart.POWER_ON;
        }
        ParentTrace parent = manifest.parent().get();
        // The chain was looked at, and what is played is compared once more as it is read.
        Path file = trace.resolveSibling(parent.file());
        StateStore.Kept kept = play(file, parent.identity(), parent.cycle(), parent.passed(), config, progress);
        if (!kept.stateDigest().equals(parent.stateDigest())) {
            throw new IncompatibleException(Text.format(
                    "its parent %s comes to another state @%,d than the one that it begins in",
                    parent.file(), parent.cycle()));
        }
        return new SessionStart.Saved(kept.state(), parent.cycle());
    }

    private static SessionStart stored(Path trace, long cycle) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            return reader.readStoredState()
                    .<SessionStart>map(state -> new SessionStart.Saved(state, cycle))
                    .orElse(SessionStart.POWER_ON);
        }
    }

    /**
     * {@return the state that the machine of a trace comes to}
     *
     * @param file the trace
     * @param identity its identity
     * @param cycle the cycle of the machine's next instruction
     * @param passed how many of the events have happened
     * @param config the session that it came from
     * @param progress told the cycle now and then while it is played
     * @throws IncompatibleException if it does not come there, or has another identity
     * @throws BadImageException if an image cannot be used
     * @throws IOException if it cannot be read, or is damaged
     */
    public StateStore.Kept reach(
            Path file, String identity, long cycle, long passed, SessionConfig config, LongConsumer progress)
            throws IOException, BadImageException {
        try (TraceReader reader = TraceReader.open(file)) {
            // One more goes on from it.
            requireChain(file, reader.manifest(), MAX_CHAIN - 1);
        }
        return play(file, identity, cycle, passed, config, progress);
    }

    private StateStore.Kept play(
            Path file, String identity, long cycle, long passed, SessionConfig config, LongConsumer progress)
            throws IOException, BadImageException {
        // A thread that has the lock of a child may wait for that of its parent, and never the other way round.
        synchronized (locks.computeIfAbsent(new Played(identity, cycle, passed), played -> new Object())) {
            return playAlone(file, identity, cycle, passed, config, progress);
        }
    }

    private StateStore.Kept playAlone(
            Path file, String identity, long cycle, long passed, SessionConfig config, LongConsumer progress)
            throws IOException, BadImageException {
        try (TraceReader reader = TraceReader.open(file)) {
            TraceManifest manifest = reader.manifest();
            String machine = manifest.ofMachine()
                    .with()
                    .parent(manifest.parent())
                    .build()
                    .toJson();
            StateStore.Key key =
                    new StateStore.Key(Sha256.of(machine.getBytes(StandardCharsets.UTF_8)), identity, cycle, passed);
            // The identity says nothing of a state that is stored in the trace; nor is it far from there.
            StateStore states = manifest.storedState().isPresent() ? StateStore.NONE : store;
            Optional<StateStore.Kept> found = states.find(key);
            if (found.isPresent()) {
                return found.get();
            }
            SessionStart start = come(file, manifest, config, progress);
            Session session = new Session(config, start, Optional.empty(), Session.Observer.NONE);
            play(reader, session, cycle, passed, progress);
            requireIdentity(file, reader, identity);
            String digest = HexFormat.of().formatHex(session.machine().stateDigest());
            StateStore.Kept kept = new StateStore.Kept(session.save(), digest);
            states.keep(key, kept);
            return kept;
        }
    }

    /** What was played is kept under the identity, and somebody may have put another file there since that was compared. */
    private static void requireIdentity(Path file, TraceReader reader, String identity) throws IOException {
        if (!(reader.readAll((cycle, event) -> {}) instanceof TraceStatus.Complete complete)
                || !complete.totals().identity().equals(identity)) {
            throw new IncompatibleException(Text.format(
                    "%s is no longer the file of identity %s; was it replaced just now? try again", file, identity));
        }
    }

    /**
     * {@return the file of the parent of a trace, which is what the trace says}
     *
     * @param trace the file of the child
     * @param parent what the child says of it
     * @throws IncompatibleException if it is not there, or another one
     * @throws IOException if it cannot be read, or is damaged
     */
    public static Path find(Path trace, ParentTrace parent) throws IOException {
        Path file;
        try {
            file = trace.resolveSibling(parent.file());
        } catch (InvalidPathException e) {
            throw new IncompatibleException(
                    Text.format("no file here can have the name of its parent, %s", parent.file()), e);
        }
        if (!Files.isRegularFile(file)) {
            throw new IncompatibleException(Text.format(
                    "its parent %s, of identity %s, is not beside it; put it there, or replay with --device",
                    parent.file(), parent.identity()));
        }
        String identity = identity(file, parent);
        if (!identity.equals(parent.identity())) {
            throw new IncompatibleException(Text.format(
                    "its parent %s has identity %s, and the one beside it %s; record the trace again, or replay with --device",
                    parent.file(), parent.identity(), identity));
        }
        return file;
    }

    private static Path find(Path trace, ParentTrace parent, TraceManifest machine) throws IOException {
        Path file = find(trace, parent);
        try (TraceReader reader = TraceReader.open(file)) {
            if (!reader.manifest().ofMachine().equals(machine)) {
                throw new IncompatibleException(
                        Text.format("its parent %s was recorded on another machine", parent.file()));
            }
        }
        return file;
    }

    private static String identity(Path file, ParentTrace parent) throws IOException {
        try (TraceReader reader = TraceReader.open(file)) {
            if (reader.readAll((cycle, event) -> {}) instanceof TraceStatus.Complete complete) {
                return complete.totals().identity();
            }
            throw new IncompatibleException(
                    Text.format("its parent %s is torn; repair it, or replay with --device", parent.file()));
        } catch (TraceFormatException e) {
            throw new IncompatibleException(
                    Text.format("its parent %s cannot be read: %s", parent.file(), e.getMessage()), e);
        }
    }

    private static void play(TraceReader reader, Session session, long cycle, long passed, LongConsumer progress)
            throws IOException {
        HostActs acts = new HostActs(session);
        long first = reader.manifest().firstCycle();
        long preamble = reader.manifest().preambleEvents();
        long last = first;
        long count = 0;
        Optional<Stamped> next = reader.next();
        while (next.isPresent() && next.get().sequence() < passed && next.get().cycle() <= cycle) {
            Stamped event = next.get();
            last = Math.max(last, event.cycle());
            if (event.sequence() >= preamble && HostActs.isAct(event.event())) {
                runTo(event.cycle(), session, acts, progress);
                acts.perform(event, true);
            }
            count++;
            next = reader.next();
        }
        // The moment after the last event is one cycle later, if the guest did it.
        long latest = next.map(Stamped::cycle).orElse(last == Long.MAX_VALUE ? last : last + 1);
        if (count != passed || cycle < first || cycle > latest) {
            throw new IncompatibleException(
                    Text.format("its parent has no such moment: after %s, @%,d", Text.count(passed, "event"), cycle));
        }
        runTo(cycle, session, acts, progress);
    }

    private static void runTo(long cycle, Session session, HostActs acts, LongConsumer progress) {
        long now = session.machine().hart().cycle();
        while (now < cycle) {
            now = cycle - now > CYCLES_BETWEEN_PROGRESS ? now + CYCLES_BETWEEN_PROGRESS : cycle;
            acts.runTo(now);
            progress.accept(now);
        }
    }
}
