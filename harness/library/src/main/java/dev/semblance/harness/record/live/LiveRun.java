package dev.semblance.harness.record.live;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.guest.scenario.Effect;
import dev.semblance.harness.record.session.Attendant;
import dev.semblance.harness.record.session.Session;
import dev.semblance.harness.trace.SnapshotLabel;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.End.Reason;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import dev.semblance.harness.trace.text.ByteText;
import dev.semblance.harness.util.Text;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The seam between a run and those who watch it and take part in it, on other threads. The thread that runs the machine never waits for them:
 * it takes their commands between two stretches, each of which is recorded at the cycle at which the guest gets it, and leaves what the guest
 * shows where they find it. The newest counts; who is slow misses what came between.
 *
 * <p>Give it to the run as its watcher and its attendant. {@link #submit}, {@link #interrupt} and what returns something may be
 * called by any thread; all else is the run's.
 */
public final class LiveRun implements Attendant, Session.Observer, Watchable {

    /** How many commands may wait for the end of a stretch: seconds of the fastest typist, with the mouse in the other hand. */
    private static final int MOST_COMMANDS = 4096;

    /** How many reports wait in a device at most, of its 1024: what waits here instead is summed, and never dropped. */
    private static final int MOST_REPORTS = 32;

    /** How many typed bytes wait for the guest at most: who has more keeps it, and sends it when there is room. */
    public static final int MOST_TYPED = 1 << 13;

    /** What goes in at once: as much as a 16550 takes, so that what is lost to a driver that clears it is little. */
    private static final int BYTES_AT_ONCE = 16;

    /** So many times a second of guest time, commands are looked for. */
    private static final long STRETCHES_PER_SECOND = 500;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Pace pace;
    private final LongSupplier nanos;
    private final LiveControls controls;
    private final Hands hands;
    private final BlockingQueue<LiveCommand.Later> commands = new ArrayBlockingQueue<>(MOST_COMMANDS);
    private final Set<String> labels = new ConcurrentSkipListSet<>();
    private final ShownScanouts shown = new ShownScanouts();
    private final ConsoleHistory console = new ConsoleHistory();

    /** How many of the bytes that were typed the guest has not taken. */
    private final AtomicInteger typedBytes = new AtomicInteger();

    private volatile LiveStatus status;
    private volatile boolean interrupted;
    private volatile Optional<Thread> machineThread = Optional.empty();

    // Of the thread that runs the machine.
    private final ArrayDeque<Byte> typed = new ArrayDeque<>();
    private Optional<Session> session = Optional.empty();
    private boolean scripted;
    private boolean scriptDone;
    private boolean paused;
    private boolean stepping;
    private long flushes;
    private int snapshots;
    private Optional<Reason> ending = Optional.empty();
    private List<DisplayMode> modes = List.of();
    private DisplayConfig displays = DisplayConfig.DEFAULT;
    private boolean begun;
    private long start;
    private long firstCycle;
    private long fellBehind;

    /**
     * Makes one for a run that has not begun.
     *
     * @param pace how fast guest time goes by
     * @param pointer the machine's pointing devices
     * @param scripted the labels of the scenario's snapshots, where there is a scenario, which has the first turn
     * @param nanos tells nanoseconds from some moment on, for the pace
     */
    public LiveRun(Pace pace, Pointer pointer, Optional<List<String>> scripted, LongSupplier nanos) {
        this.pace = pace;
        this.nanos = nanos;
        this.controls = LiveControls.ofMachine(pointer);
        this.hands = new Hands(pointer);
        this.scripted = scripted.isPresent();
        this.status = new LiveStatus(
                scripted.isPresent() ? LiveStatus.Phase.SCENARIO : LiveStatus.Phase.RUNNING,
                0,
                0,
                OptionalLong.empty(),
                0,
                List.of(),
                0);
        labels.add(TraceEvent.Snapshot.END);
        scripted.ifPresent(labels::addAll);
    }

    // ---- for other threads ---------------------------------------------------------------------------------------

    @Override
    public LiveControls controls() {
        return controls;
    }

    /** Has it done when the stretch that runs has ended. */
    @Override
    public Optional<String> submit(LiveCommand command) {
        Optional<String> refusal = refusal(command).or(() -> accept(command));
        machineThread.ifPresent(LockSupport::unpark);
        return refusal;
    }

    private Optional<String> accept(LiveCommand command) {
        return switch (command) {
            case LiveCommand.Key key -> hands.key(key);
            case LiveCommand.Move move -> {
                hands.move(move);
                yield Optional.empty();
            }
            case LiveCommand.MoveTo to -> {
                hands.moveTo(to);
                yield Optional.empty();
            }
            case LiveCommand.Scroll scroll -> {
                hands.scroll(scroll);
                yield Optional.empty();
            }
            case LiveCommand.ReleaseAll all -> {
                hands.releaseAll();
                yield Optional.empty();
            }
            case LiveCommand.Type type -> acceptTyped(type);
            case LiveCommand.Later later -> offer(later);
        };
    }

    private Optional<String> offer(LiveCommand.Later command) {
        return commands.offer(command) ? Optional.empty() : Optional.of("too much waits for the guest already");
    }

    /** Takes all of it, or nothing. */
    private Optional<String> acceptTyped(LiveCommand.Type type) {
        int length = type.bytes().length;
        if (typedBytes.addAndGet(length) > MOST_TYPED) {
            typedBytes.addAndGet(-length);
            return Optional.of(Text.format(
                    "the guest has not read what was typed before, and has room for %s",
                    Text.count(typingRoom(), "byte")));
        }
        Optional<String> refusal = offer(type);
        if (refusal.isPresent()) {
            typedBytes.addAndGet(-length);
        }
        return refusal;
    }

    @Override
    public int typingRoom() {
        return Math.max(0, MOST_TYPED - typedBytes.get());
    }

    private Optional<String> refusal(LiveCommand command) {
        LiveStatus.Phase phase = status.phase();
        if (phase == LiveStatus.Phase.ENDED) {
            return Optional.of("the run is over");
        }
        boolean always = command instanceof LiveCommand.Pause
                || command instanceof LiveCommand.Resume
                || command instanceof LiveCommand.StepToFlush
                || command instanceof LiveCommand.ReleaseAll
                || command instanceof LiveCommand.Finish;
        if (!always && (phase == LiveStatus.Phase.SCENARIO || phase == LiveStatus.Phase.SCENARIO_PAUSED)) {
            return Optional.of("it is the scenario's turn");
        }
        if (command instanceof LiveCommand.Snapshot snapshot) {
            if (!SnapshotLabel.isPlain(snapshot.label())) {
                return Optional.of("a label is " + SnapshotLabel.RULE);
            }
            if (!labels.add(snapshot.label())) {
                return Optional.of(Text.format("there is a snapshot \"%s\" already", snapshot.label()));
            }
        }
        return Optional.empty();
    }

    /** Ends the run at once, as Ctrl-C does. */
    public void interrupt() {
        interrupted = true;
        machineThread.ifPresent(LockSupport::unpark);
    }

    /** {@return whether {@link #interrupt} ended the run, rather than a person who took part in it} */
    public boolean isInterrupted() {
        return interrupted;
    }

    @Override
    public LiveStatus status() {
        return status;
    }

    @Override
    public Optional<ConsoleHistory> console() {
        return Optional.of(console);
    }

    @Override
    public Shown shown(int scanout) {
        return shown.get(scanout);
    }

    /** Says that the run has ended, whatever ended it. */
    public void end() {
        status = new LiveStatus(
                LiveStatus.Phase.ENDED,
                status.cycle(),
                status.flushes(),
                status.events(),
                status.snapshots(),
                status.displays(),
                0);
    }

    // ---- what the guest does -------------------------------------------------------------------------------------

    @Override
    public void consoleOutput(byte value) {
        console.write(value);
    }

    @Override
    public void pictureShown(int scanout) {
        session.ifPresent(running -> shown.publish(
                scanout, running.frames().primary(scanout), running.frames().cursor(scanout)));
    }

    @Override
    public void flushed(int scanout) {
        flushes++;
        if (stepping) {
            stepping = false;
            paused = true;
            session.ifPresent(running -> running.machine().stop());
        }
    }

    // ---- what comes next -----------------------------------------------------------------------------------------

    @Override
    public boolean wakesTheGuest() {
        return true;
    }

    @Override
    public boolean goesOnAfterScenario() {
        scripted = false;
        scriptDone = true;
        paused = true;
        return true;
    }

    @Override
    public Turn next(Session running) {
        if (!begun) {
            begun = true;
            session = Optional.of(running);
            machineThread = Optional.of(Thread.currentThread());
            start = nanos.getAsLong();
            firstCycle = running.machine().hart().cycle();
            // One that goes on from a recording shows what that showed.
            for (int scanout = 0; scanout < running.scanouts(); scanout++) {
                if (running.frames().primary(scanout).isPresent()) {
                    pictureShown(scanout);
                }
            }
        }
        List<Effect> effects = new ArrayList<>();
        while (true) {
            take(running, effects);
            publish(running);
            long now = running.machine().hart().cycle();
            if (!effects.isEmpty()) {
                // They come to this cycle; what comes after them is asked again.
                return new Turn.Go(effects, now);
            }
            if (interrupted) {
                return new Turn.End(Reason.INTERRUPTED);
            }
            if (ending.isPresent()) {
                return new Turn.End(ending.get());
            }
            if (!paused) {
                long clock = running.machine().config().model().profile().cyclesPerSecond();
                if (waited(now, clock)) {
                    return new Turn.Go(effects, now + clock / STRETCHES_PER_SECOND);
                }
            } else if (commands.isEmpty() && !interrupted) {
                LockSupport.park(this);
            }
            if (Thread.currentThread().isInterrupted()) {
                return new Turn.End(Reason.INTERRUPTED);
            }
        }
    }

    /** Waits for real time, if the guest's is ahead of it. Returns whether the machine may go on; if not, there is a command. */
    private boolean waited(long cycle, long clock) {
        if (pace == Pace.MAX) {
            return true;
        }
        long gone = cycle - firstCycle;
        long guest = gone / clock * NANOS_PER_SECOND + gone % clock * NANOS_PER_SECOND / clock;
        long ahead = guest + fellBehind - (nanos.getAsLong() - start);
        if (ahead <= 0) {
            fellBehind -= ahead;
            return true;
        }
        LockSupport.parkNanos(this, ahead);
        return false;
    }

    /** Takes what came: what hands do and what was typed goes to the guest while its time goes on, and waits while it stands still. */
    private void take(Session running, List<Effect> effects) {
        for (LiveCommand.Later command = commands.poll(); command != null; command = commands.poll()) {
            if (ending.isEmpty()) {
                // What hands did before it comes before it.
                takeByHand(running, effects);
                carryOut(command, running, effects);
            }
        }
        if (ending.isEmpty()) {
            takeByHand(running, effects);
        }
        if (!typed.isEmpty()
                && !paused
                && effects.isEmpty()
                && running.machine().takesConsole()) {
            byte[] bytes = new byte[Math.min(typed.size(), BYTES_AT_ONCE)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = typed.remove();
            }
            typedBytes.addAndGet(-bytes.length);
            effects.add(new Effect.ConsoleInput(ByteText.of(bytes)));
        }
    }

    private void takeByHand(Session running, List<Effect> effects) {
        if (!paused) {
            effects.addAll(hands.take(port -> MOST_REPORTS - running.waitingReports(port) - reports(effects, port)));
        }
    }

    /** Returns how many reports of a device are among what is done next. */
    private static int reports(List<Effect> effects, Effect.InputPort port) {
        return (int) effects.stream()
                .filter(effect -> effect instanceof Effect.Report report && report.port() == port)
                .count();
    }

    private void carryOut(LiveCommand.Later command, Session running, List<Effect> effects) {
        switch (command) {
            case LiveCommand.Type type -> type(type.bytes());
            case LiveCommand.Snapshot snapshot -> {
                snapshots++;
                effects.add(new Effect.TakeSnapshot(snapshot.label()));
            }
            case LiveCommand.ChangeDisplay change -> {
                TraceEvent.DisplayChange wanted = new TraceEvent.DisplayChange(0, change.number(), change.mode());
                if (wanted.appliedTo(running.displays()).isPresent()) {
                    effects.add(new Effect.ChangeDisplay(change.number(), change.mode()));
                }
            }
            case LiveCommand.Pause pause -> {
                paused = true;
                stepping = false;
            }
            case LiveCommand.Resume resume -> goOn(false);
            case LiveCommand.StepToFlush step -> goOn(true);
            case LiveCommand.PowerOff off -> ending = Optional.of(Reason.SCENARIO);
            case LiveCommand.Finish finish -> ending = Optional.of(scriptDone ? Reason.SCENARIO : Reason.INTERRUPTED);
        }
    }

    private void goOn(boolean toFlush) {
        paused = false;
        stepping = toFlush;
        scriptDone = false;
    }

    private void type(byte[] bytes) {
        for (byte value : bytes) {
            typed.add(value);
        }
    }

    private void publish(Session running) {
        if (!running.displays().equals(displays) || modes.isEmpty()) {
            displays = running.displays();
            modes = DisplayMode.of(displays);
        }
        status = new LiveStatus(
                phase(),
                running.machine().hart().cycle(),
                flushes,
                OptionalLong.empty(),
                snapshots,
                modes,
                hands.held());
    }

    private LiveStatus.Phase phase() {
        if (scripted) {
            return paused ? LiveStatus.Phase.SCENARIO_PAUSED : LiveStatus.Phase.SCENARIO;
        }
        if (scriptDone) {
            return LiveStatus.Phase.SCENARIO_DONE;
        }
        return paused ? LiveStatus.Phase.PAUSED : LiveStatus.Phase.RUNNING;
    }
}
