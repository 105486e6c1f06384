package dev.semblance.harness.record.session;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.guest.scenario.Desktop;
import dev.semblance.harness.guest.scenario.Effect;
import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.guest.scenario.ScenarioDriver;
import dev.semblance.harness.guest.scenario.ScenarioException;
import dev.semblance.harness.guest.scenario.Step;
import dev.semblance.harness.guest.scenario.StepFailure;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.End.Reason;
import dev.semblance.harness.util.Sha256;
import dev.semblance.machine.RunResult;
import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.cpu.StuckTrap;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.SavedState;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.time.Timeline.Lane;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/** One run from power-on, or from where another one had come to, to its end, driven by a scenario or left alone, and recorded if a sink is given. */
public final class RecordingRun {

    /** How many cycles pass between two reports of progress. */
    private static final long SLICE = 20_000_000;

    private final Session session;
    private final Optional<ScenarioDriver> driver;
    private final ConsoleComplaints complaints = new ConsoleComplaints();
    private Optional<StepFailure> failure = Optional.empty();
    private Optional<StuckTrap> trap = Optional.empty();
    private Optional<Reason> ended = Optional.empty();
    private boolean finished;

    /** The scenario switches the machine off at its end, so that there is nothing to go on with. */
    private final boolean switchesOff;

    /** Of the scenario's text, which is no part of a state: enough to tell it from others. 0 without one. */
    private final long script;

    /**
     * How a run ended.
     *
     * @param reason why it ended
     * @param cycles on the machine's clock
     * @param instret instructions retired
     * @param failure the step of the scenario that did not come true, if one did not
     * @param trap what the guest is stuck at, if it is
     * @param trouble what is known of what the guest got into, each as a sentence without a full stop: {@link GuestTrouble}
     */
    public record Outcome(
            Reason reason,
            long cycles,
            long instret,
            Optional<StepFailure> failure,
            Optional<StuckTrap> trap,
            List<String> trouble) {}

    /**
     * Builds the machine.
     *
     * @param config the guest, and its devices
     * @param scenario what is done to it
     * @param recording takes the events, if any are wanted: in order and one at a time, but {@link #run} has another thread give
     *     them away while the machine goes on. What it throws ends the run
     * @param console sees what the guest writes
     * @throws BadImageException if an image cannot be used
     * @throws ScenarioException if the machine lacks what a step of the scenario needs
     */
    public RecordingRun(
            SessionConfig config, Optional<Scenario> scenario, Optional<EventSink> recording, ConsoleWatcher console)
            throws BadImageException {
        this(config, SessionStart.POWER_ON, scenario, recording, new Session.Observer() {
            @Override
            public void consoleOutput(byte value) {
                console.written(value);
            }
        });
    }

    /**
     * Builds the machine and brings it to where it begins.
     *
     * @param config the guest, and its devices
     * @param start where it begins
     * @param scenario what is done to it from there on
     * @param recording takes the events from there on, as with a run from power-on
     * @param watcher sees what the guest writes and shows from there on
     * @throws BadImageException if an image cannot be used
     * @throws ScenarioException if the machine lacks what a step of the scenario needs
     * @throws IncompatibleException if it cannot begin in the state that it is to begin in
     */
    public RecordingRun(
            SessionConfig config,
            SessionStart start,
            Optional<Scenario> scenario,
            Optional<EventSink> recording,
            Session.Observer watcher)
            throws BadImageException {
        this.session = new Session(config, start, recording, new Session.Observer() {
            @Override
            public void consoleOutput(byte value) {
                watcher.consoleOutput(value);
                complaints.written(value);
                driver().ifPresent(d -> d.consoleOutput(value));
            }

            @Override
            public void pictureShown(int scanout) {
                watcher.pictureShown(scanout);
                driver().ifPresent(d -> {
                    d.cursorShown(cursor());
                    d.pictureShown(shownDigest());
                });
            }

            @Override
            public void flushed(int scanout) {
                watcher.flushed(scanout);
                driver().ifPresent(ScenarioDriver::flushed);
            }
        });
        this.driver = scenario.map(s -> new ScenarioDriver(
                s, config.pointer(), session.displays(), session.machine().timeline(), this::carryOut));
        this.switchesOff = scenario.map(Scenario::steps)
                .filter(steps -> !steps.isEmpty() && steps.getLast() instanceof Step.PowerOff)
                .isPresent();
        this.script = scenario.map(s -> Sha256.of(s.text().getBytes(StandardCharsets.UTF_8)))
                .map(hash -> Long.parseUnsignedLong(hash.substring(0, 16), 16))
                .orElse(0L);
        switch (start) {
            case SessionStart.PowerOn powerOn -> driver.ifPresent(ScenarioDriver::start);
            case SessionStart.Saved saved -> driver.ifPresent(d -> d.startHere(shownDigest(), cursor()));
        }
    }

    /** Sees the console's bytes. */
    @FunctionalInterface
    public interface ConsoleWatcher {
        /**
         * The guest wrote a byte.
         *
         * @param value the byte, 0 to 255
         */
        void written(byte value);
    }

    private Optional<ScenarioDriver> driver() {
        return driver;
    }

    /** {@return the machine and its devices} */
    public Session session() {
        return session;
    }

    /** Digests everything that can be seen, so that a change of any plane shows. */
    private long shownDigest() {
        long digest = 0;
        for (int scanout = 0; scanout < session.scanouts(); scanout++) {
            CursorPlane cursor = session.frames().cursor(scanout);
            digest = digest * 31
                    + session.frames()
                            .primary(scanout)
                            .map(frame -> frame.digest())
                            .orElse(0L);
            digest = digest * 31 + cursor.image().map(image -> image.digest()).orElse(0L);
            digest = digest * 31 + cursor.x();
            digest = digest * 31 + cursor.y();
        }
        return digest;
    }

    /** {@return where the guest's cursor points to: that of the first scanout that shows one} */
    private Optional<Desktop.Pixel> cursor() {
        for (int scanout = 0; scanout < session.scanouts(); scanout++) {
            CursorPlane cursor = session.frames().cursor(scanout);
            if (cursor.image().isPresent()) {
                return Optional.of(Desktop.Pixel.of(scanout, cursor.x(), cursor.y(), cursor.hotX(), cursor.hotY()));
            }
        }
        return Optional.empty();
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.ConsoleInput input ->
                session.port().console(input.text().bytes());
            case Effect.Report report ->
                session.port()
                        .input(new TraceEvent.Input(Devices.of(report.port(), session.pointer()), report.items()));
            case Effect.ChangeDisplay change ->
                session.port().display(new TraceEvent.DisplayChange(Devices.GPU, change.number(), change.mode()));
            case Effect.TakeSnapshot snapshot -> {
                session.recordSnapshot(snapshot.label());
                session.recordCheckpoint();
            }
            case Effect.Finish finish -> {
                finished = true;
                session.machine().stop();
            }
            case Effect.Fail fail -> {
                failure = Optional.of(fail.failure());
                session.machine().stop();
            }
        }
    }

    /**
     * Runs to the end and records it. All events are with the sink when this returns or throws.
     *
     * @param maxCycles where to stop at the latest
     * @param progress told the cycle now and then
     * @return how it ended
     */
    public Outcome run(long maxCycles, LongConsumer progress) {
        return run(maxCycles, () -> false, progress);
    }

    /**
     * Runs to the end, or until somebody wants it to end, and records it. All events are with the sink when this returns or throws.
     *
     * @param maxCycles where to stop at the latest
     * @param interrupted asked now and then; the recording ends there as {@link Reason#INTERRUPTED}, and replays like others
     * @param progress told the cycle now and then
     * @return how it ended
     */
    public Outcome run(long maxCycles, BooleanSupplier interrupted, LongConsumer progress) {
        return run(maxCycles, new Unattended(interrupted, progress));
    }

    /**
     * Runs to the end with somebody who takes part in it, and records it. All events are with the sink when this returns or throws.
     *
     * @param maxCycles where to stop at the latest
     * @param attendant says what is done to the guest, and how far it runs each time
     * @return how it ended
     */
    public Outcome run(long maxCycles, Attendant attendant) {
        session.recordInBackground(() -> {
            Reason reason = runToEnd(maxCycles, attendant);
            session.recordSnapshot(TraceEvent.Snapshot.END);
            session.recordEnd(reason);
        });
        return new Outcome(
                ended.orElseThrow(),
                session.machine().hart().cycle(),
                session.machine().hart().instret(),
                failure,
                trap,
                GuestTrouble.of(session.machine(), complaints, trap));
    }

    /** Nobody takes part: stretches are as long as progress is to be told of. */
    private static final class Unattended implements Attendant {

        private final BooleanSupplier interrupted;
        private final LongConsumer progress;
        private boolean begun;

        Unattended(BooleanSupplier interrupted, LongConsumer progress) {
            this.interrupted = interrupted;
            this.progress = progress;
        }

        @Override
        public Turn next(Session session) {
            if (begun) {
                progress.accept(session.machine().hart().cycle());
            }
            begun = true;
            if (interrupted.getAsBoolean()) {
                return new Turn.End(Reason.INTERRUPTED);
            }
            long now = session.machine().hart().cycle();
            return new Turn.Go(List.of(), Long.MAX_VALUE - now > SLICE ? now + SLICE : Long.MAX_VALUE);
        }

        @Override
        public boolean wakesTheGuest() {
            return false;
        }

        @Override
        public boolean goesOnAfterScenario() {
            return false;
        }
    }

    private Reason runToEnd(long maxCycles, Attendant attendant) {
        long handedOver = session.machine().hart().cycle();
        while (ended.isEmpty()) {
            switch (attendant.next(session)) {
                case Attendant.Turn.End end -> ended = Optional.of(end.reason());
                case Attendant.Turn.Go go -> {
                    go.effects().forEach(this::carryOut);
                    ended = runOn(Math.min(go.until(), maxCycles), attendant);
                    if (ended.isEmpty() && session.machine().hart().cycle() >= maxCycles) {
                        ended = Optional.of(stopped("the cycle limit was reached", Reason.LIMIT));
                    }
                }
            }
            if (ended.isEmpty() && session.machine().hart().cycle() - handedOver >= SLICE) {
                session.handOver();
                handedOver = session.machine().hart().cycle();
            }
        }
        return ended.orElseThrow();
    }

    private Optional<Reason> runOn(long limit, Attendant attendant) {
        if (limit <= session.machine().hart().cycle()) {
            return Optional.empty();
        }
        Optional<Reason> end = runOn(limit, attendant.wakesTheGuest());
        if (finished && !switchesOff && end.equals(Optional.of(Reason.SCENARIO)) && attendant.goesOnAfterScenario()) {
            finished = false;
            return Optional.empty();
        }
        return end;
    }

    /**
     * Runs on to a cycle, from where {@link #run} goes on to the end. Cutting a run changes nothing of it.
     *
     * @param cycle where to stop
     * @return whether it came there; else it ended before, and {@link #run} records that
     */
    public boolean runTo(long cycle) {
        while (ended.isEmpty() && session.machine().hart().cycle() < cycle) {
            ended = runOn(cycle, false);
        }
        return ended.isEmpty();
    }

    /** Runs to a cycle, or to something before. Returns why the run ended, if it did. */
    private Optional<Reason> runOn(long limit, boolean letsTimePass) {
        RunResult result = session.machine().run(limit);
        if (result instanceof RunResult.Idle && letsTimePass && !finished && failure.isEmpty()) {
            // Nothing is due, but a person may do something: let time pass, as the replay does.
            session.machine().timeline().schedule(limit, Lane.OBSERVER, () -> {});
            result = session.machine().run(limit);
        }
        if (failure.isPresent()) {
            return Optional.of(Reason.SCENARIO_FAILED);
        }
        if (finished) {
            return Optional.of(Reason.SCENARIO);
        }
        return switch (result) {
            case RunResult.Halted halted ->
                Optional.of(stopped(
                        halted.reboot() ? "the guest asked for a reboot" : "the guest powered off",
                        halted.reboot() ? Reason.REBOOT : Reason.POWER_OFF));
            case RunResult.Idle idle -> Optional.of(stopped("the guest waits, and nothing will wake it", Reason.IDLE));
            case RunResult.Stuck stuck -> {
                trap = Optional.of(stuck.trap());
                yield Optional.of(stopped("the guest is stuck: " + stuck.trap().describe(), Reason.STUCK));
            }
            case RunResult.BudgetSpent spent -> Optional.empty();
            // Who watches the machine goes on when they have seen it: a pause is no end.
            case RunResult.Paused paused -> Optional.empty();
        };
    }

    /**
     * {@return the state of the session, and of where the scenario is in it} To be asked for before {@link #run}, or when it
     * tells of its progress: {@link Session#save}.
     *
     * @throws IllegalStateException if the run has ended
     */
    public SavedState save() {
        requireGoingOn();
        return session.save(this::exchange);
    }

    /**
     * Takes the run to a saved state, earlier or later: {@link Session#load}.
     *
     * @param state where it goes on: of a run with the same config and scenario
     * @throws BadStateException if the state is damaged or of another run; this one must be thrown away then
     * @throws IllegalStateException if this run has ended
     */
    public void load(SavedState state) throws BadStateException {
        requireGoingOn();
        session.load(state, this::exchange);
    }

    private void requireGoingOn() {
        if (ended.isPresent()) {
            throw new IllegalStateException("the run has ended");
        }
    }

    private void exchange(StateExchange s) {
        s.part("RUN ", 2);
        s.savedConstant(script, "scenario");
        complaints.state(s);
        driver.ifPresent(d -> d.state(s));
    }

    /** Lets the scenario say what it makes of a machine that stopped by itself. */
    private Reason stopped(String what, Reason reason) {
        driver.ifPresent(d -> d.machineStopped(what));
        return failure.isPresent() ? Reason.SCENARIO_FAILED : reason;
    }
}
