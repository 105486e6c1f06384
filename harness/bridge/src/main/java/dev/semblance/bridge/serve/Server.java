package dev.semblance.bridge.serve;

import dev.semblance.bridge.memory.MemoryGoneException;
import dev.semblance.bridge.posix.EventFd;
import dev.semblance.bridge.posix.Poller;
import dev.semblance.bridge.posix.Poller.Interest;
import dev.semblance.bridge.posix.PosixException;
import dev.semblance.bridge.posix.UnixSocket;
import dev.semblance.bridge.serve.Requests.Request;
import dev.semblance.bridge.vhost.MessageSocket;
import dev.semblance.bridge.vhost.ProtocolException;
import dev.semblance.bridge.vhost.VhostCodec;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.record.live.Watchable;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.TargetConfig;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.memory.MemoryMap;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * Serves one guest from the moment its front-end connects until that is over: one thread, and one place where it waits. What the
 * front-end says comes first, then its display, then the queues, a few chains of each in turn.
 *
 * <p>{@link #command}, {@link #wake} and what {@link #guest} returns may be used by any thread.
 */
public final class Server implements AutoCloseable {

    /** How long a message may take from its first byte to its last. */
    private static final Duration MESSAGE_LIMIT = Duration.ofSeconds(3);

    /** How many chains of a queue are served before the front-end is looked at again. */
    private static final int TURN = 64;

    /** The part of this process's memory that a target's may take. */
    private static final int TARGET_SHARE = 2;

    /** How long a recording stands still until all of it is in its file, in milliseconds. */
    private static final int IDLE_MILLIS = 1000;

    /**
     * Takes the recording. Events come from a thread of their own, one at a time; all have come when {@link Server#run}
     * returns or throws.
     */
    public interface Recording extends EventSink {

        /**
         * Begins it; called once, before the first event, if a driver starts at all.
         *
         * @param manifest what is recorded
         * @throws IOException if it cannot be written
         */
        void begin(TraceManifest manifest) throws IOException;

        /**
         * Nothing has happened for a while, and all that has was told.
         *
         * @throws IOException if what has cannot be written
         */
        void rest() throws IOException;
    }

    /** Why it was over. */
    public sealed interface Ending {

        /** Somebody said {@code finish}. */
        record Finished() implements Ending {}

        /** The front-end closed its end: the virtual machine is gone. */
        record Disconnected() implements Ending {}

        /** The process is to end. */
        record Interrupted() implements Ending {}

        /**
         * The target died, hung, or did something else that no device may do.
         *
         * @param failure what it did
         */
        record TargetFailed(TargetFailure failure) implements Ending {}

        /**
         * The front-end or its guest cannot be served.
         *
         * @param reason why, as a sentence without a full stop
         */
        record Unusable(String reason) implements Ending {}
    }

    private final ServeSettings settings;
    private final Recording recording;
    private final Notices notices;
    private final BooleanSupplier interrupted;
    private final HostTime time;
    private final Requests requests;
    private final Snapshots snapshots;
    private final DisplayForwarder display;
    private final WatchedGuest guest;
    private boolean written = true;

    /**
     * Makes a server.
     *
     * @param settings what is served
     * @param recording takes what happens
     * @param notices takes what is worth telling
     * @param interrupted tells whether the process is to end; {@link #wake} makes the server ask
     * @throws PosixException if there are too many open files
     */
    public Server(ServeSettings settings, Recording recording, Notices notices, BooleanSupplier interrupted)
            throws PosixException {
        this.settings = settings;
        this.recording = recording;
        this.notices = notices;
        this.interrupted = interrupted;
        time = new HostTime(settings.nanos());
        display = new DisplayForwarder(settings.displays().count());
        requests = Requests.create();
        snapshots = new Snapshots(notices);
        guest = new WatchedGuest(settings.displays(), time, requests, snapshots, display);
    }

    /** {@return the guest, for those who watch it: nothing of them is in the recording but the snapshots that they ask for, and its end} */
    public Watchable guest() {
        return guest;
    }

    /**
     * Does what a line of a person says, soon: {@code snapshot LABEL} or {@code finish}.
     *
     * @param line without its end
     */
    public void command(String line) {
        if (!requests.ask(new Request.Line(line))) {
            notices.say("\"" + line.strip() + "\" is not done: too much waits to be done already");
        }
    }

    /** Makes the server look whether it is to end. */
    public void wake() {
        requests.wake();
    }

    @Override
    public void close() {
        requests.close();
    }

    /**
     * Waits for a front-end and serves it.
     *
     * @param socket where it connects; closed when it has
     * @return why it was over
     * @throws IOException if the recording cannot be written
     * @throws SemblanceException if there is a target that cannot be used; nothing was recorded then
     */
    public Ending run(ServeSocket socket) throws IOException {
        while (true) {
            Optional<Ending> told = obey(Optional.empty());
            if (told.isPresent()) {
                guest.end();
                return told.get();
            }
            List<Interest> interests =
                    List.of(readable(requests.wakeUp()), new Interest(socket.listener(), Poller.READABLE));
            BitSet ready = Poller.await(interests, -1);
            requests.wakeUp().drain();
            if (ready.get(1)) {
                UnixSocket peer = socket.accept();
                notices.say("process " + peer.peer().process() + " has connected");
                return serve(peer);
            }
        }
    }

    /**
     * Serves a front-end that has connected.
     *
     * @param peer its socket; closed when it is over
     * @return why it was over
     * @throws IOException if the recording cannot be written
     */
    Ending serve(UnixSocket peer) throws IOException {
        guest.connected();
        MessageSocket control = new MessageSocket(peer, VhostCodec.MAX_PAYLOAD, MESSAGE_LIMIT);
        try (BackEnd backEnd = new BackEnd(
                control, settings.displays().count(), display, (memory, map) -> make(memory, map), notices)) {
            Ending ending;
            boolean sound = true;
            try {
                ending = loop(backEnd);
            } catch (MemoryGoneException gone) {
                sound = false;
                ending = new Ending.Unusable("the memory that the front-end shared was taken away while it was used");
            } catch (TargetFailedException failed) {
                // A signal from a terminal ends the target too.
                ending = interrupted.getAsBoolean()
                        ? new Ending.Interrupted()
                        : new Ending.TargetFailed(failed.failure());
            } catch (ProtocolException | PeerException breach) {
                ending = new Ending.Unusable(String.valueOf(breach.getMessage()));
            } catch (PosixException problem) {
                ending = problem.isPeerGone()
                        ? new Ending.Disconnected()
                        : new Ending.Unusable("the front-end cannot be served: " + problem.getMessage());
            }
            finish(backEnd, ending, sound);
            Optional<TargetFailure> failure = backEnd.gpu().flatMap(ServedGpu::finishTarget);
            return switch (ending) {
                case Ending.Finished finished -> endedWith(failure, ending);
                case Ending.Disconnected disconnected -> endedWith(failure, ending);
                case Ending.Unusable unusable -> ending;
                case Ending.TargetFailed failed -> ending;
                case Ending.Interrupted signal -> ending;
            };
        } finally {
            guest.end();
        }
    }

    private static Ending endedWith(Optional<TargetFailure> failure, Ending ending) {
        return failure.<Ending>map(Ending.TargetFailed::new).orElse(ending);
    }

    private ServedGpu make(GuestView memory, MemoryMap map) throws IOException {
        TraceManifest manifest = ServedGpu.manifest(settings.toolVersion(), settings.displays(), map);
        ServedGpu gpu = new ServedGpu(
                settings.displays(),
                memory,
                time,
                guest.counting(recording),
                guest,
                settings.target().map(factory -> told -> start(factory, map, told)));
        boolean begun = false;
        try {
            recording.begin(manifest);
            begun = true;
            guest.begin();
            return gpu;
        } finally {
            if (!begun) {
                gpu.close();
            }
        }
    }

    private DeviceUnderTest start(DeviceUnderTest.Factory factory, MemoryMap map, GuestMemory told) {
        DeviceUnderTest target = factory.make(new TargetConfig(
                map,
                settings.displays(),
                QueueFeatures.among(ServedGpu.FEATURES),
                Optional.of(told),
                new NoFrames(),
                Optional.empty()));
        if (!TargetGpu.showsPictures(target)) {
            notices.say("the target shows no pictures: those that are shown and recorded are of this project's GPU");
        }
        return target;
    }

    /** A picture that came of memory that is gone may be of a command that the trace has not. */
    private void finish(BackEnd backEnd, Ending ending, boolean sound) {
        backEnd.gpu().ifPresent(gpu -> {
            if (sound) {
                snapshots.takeEnd(gpu);
            }
            gpu.end(
                    ending instanceof Ending.Interrupted
                            ? TraceEvent.End.Reason.INTERRUPTED
                            : TraceEvent.End.Reason.SCRIPT);
        });
    }

    private static Interest readable(EventFd fd) {
        return new Interest(fd, Poller.READABLE);
    }

    private Ending loop(BackEnd backEnd) throws IOException, PeerException {
        BitSet more = new BitSet();
        while (true) {
            Optional<Ending> told = obey(backEnd.gpu());
            if (told.isPresent()) {
                return told.get();
            }
            Ready ready = await(backEnd, !more.isEmpty());
            if (ready.woken()) {
                requests.wakeUp().drain();
            }
            if (ready.control() && !backEnd.receive()) {
                return new Ending.Disconnected();
            }
            guest.driven(backEnd.isDriven());
            if (backEnd.takeStart()) {
                more.set(0, backEnd.queueCount());
            }
            if (ready.display()) {
                display.drain();
            }
            for (int queue = 0; queue < backEnd.queueCount(); queue++) {
                boolean kicked = ready.kicks().get(queue)
                        && backEnd.kick(queue).map(EventFd::drain).orElse(false);
                if (kicked || more.get(queue)) {
                    more.set(queue, serve(backEnd, queue));
                    written = false;
                }
            }
            checkTarget(backEnd);
            display.pump();
            rest(backEnd, ready.any());
        }
    }

    /** A guest can spread its requests over all of its memory. */
    private static void checkTarget(BackEnd backEnd) throws PeerException {
        long held = backEnd.gpu().map(ServedGpu::heldBytes).orElse(0L);
        if (held > Runtime.getRuntime().maxMemory() / TARGET_SHARE) {
            throw new PeerException(
                    "the guest's requests lie in so many places that this process has no memory for a copy of"
                            + " them, which the target reads; give the JVM more by SEMBLANCE_JAVA_OPTS=-Xmx4g");
        }
    }

    /** Serves some chains of a queue. Returns whether there may be more. */
    private static boolean serve(BackEnd backEnd, int queue) {
        for (int i = 0; i < TURN; i++) {
            if (!backEnd.serve(queue)) {
                return false;
            }
        }
        return true;
    }

    /** What can be done. */
    private record Ready(boolean any, boolean woken, boolean control, boolean display, BitSet kicks) {}

    private Ready await(BackEnd backEnd, boolean atOnce) throws PosixException {
        List<Interest> interests = new ArrayList<>();
        interests.add(readable(requests.wakeUp()));
        interests.add(new Interest(backEnd.socket(), Poller.READABLE));
        int kicks = interests.size();
        List<Integer> queues = new ArrayList<>();
        for (int queue = 0; queue < backEnd.queueCount(); queue++) {
            Optional<EventFd> kick = backEnd.kick(queue);
            if (kick.isPresent()) {
                interests.add(readable(kick.get()));
                queues.add(queue);
            }
        }
        int shown = interests.size();
        display.socket()
                .ifPresent(socket -> interests.add(
                        new Interest(socket, Poller.READABLE | (display.hasMore() ? Poller.WRITABLE : 0))));
        BitSet ready = Poller.await(interests, atOnce ? 0 : patience(backEnd));
        BitSet kicked = new BitSet();
        for (int i = 0; i < queues.size(); i++) {
            kicked.set(queues.get(i), ready.get(kicks + i));
        }
        return new Ready(!ready.isEmpty() || atOnce, ready.get(0), ready.get(1), ready.get(shown), kicked);
    }

    /** Returns how many milliseconds there is nothing to do, if nothing comes; -1 for any number. */
    private int patience(BackEnd backEnd) {
        long least = written ? Long.MAX_VALUE : IDLE_MILLIS;
        OptionalLong still = untilStill(backEnd);
        if (still.isPresent()) {
            // Rounded up, lest it wake too early again and again.
            least = Math.min(least, Math.max(0, still.getAsLong() / 1_000_000 + 1));
        }
        return least == Long.MAX_VALUE ? -1 : (int) Math.min(least, Integer.MAX_VALUE);
    }

    private OptionalLong untilStill(BackEnd backEnd) {
        Optional<Long> left =
                settings.still().flatMap(still -> backEnd.gpu().flatMap(gpu -> gpu.untilStill(still.toNanos())));
        return left.isPresent() ? OptionalLong.of(left.get()) : OptionalLong.empty();
    }

    private void rest(BackEnd backEnd, boolean busy) throws IOException {
        OptionalLong still = untilStill(backEnd);
        if (still.isPresent() && still.getAsLong() <= 0) {
            snapshots.takeStill(backEnd.gpu().orElseThrow());
            written = false;
        }
        if (!busy && !written) {
            backEnd.gpu().ifPresent(ServedGpu::drain);
            recording.rest();
            written = true;
        }
    }

    // ---- what people say ----------------------------------------------------------------------------------------

    /** Does what was said meanwhile. Returns why it is over, if it is. */
    private Optional<Ending> obey(Optional<ServedGpu> gpu) {
        if (interrupted.getAsBoolean()) {
            return Optional.of(new Ending.Interrupted());
        }
        for (Optional<Request> next = requests.next(); next.isPresent(); next = requests.next()) {
            // There may be another snapshot.
            written &= gpu.isEmpty();
            switch (next.get()) {
                case Request.Finish finish -> {
                    return Optional.of(new Ending.Finished());
                }
                case Request.Snapshot wanted -> gpu.ifPresent(shown -> snapshots.take(shown, wanted.label()));
                case Request.Line line -> {
                    String command = line.text().strip();
                    if (command.equals("finish")) {
                        return Optional.of(new Ending.Finished());
                    }
                    if (command.startsWith("snapshot ")) {
                        snapshots.takeIfPossible(
                                gpu, command.substring("snapshot ".length()).strip());
                    } else if (!command.isEmpty()) {
                        notices.say("\"" + command + "\" is neither \"snapshot LABEL\" nor \"finish\"");
                    }
                }
            }
        }
        return Optional.empty();
    }
}
