package dev.semblance.harness.guest.scenario;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import dev.semblance.machine.time.Timeline;
import dev.semblance.machine.time.Timeline.Deadline;
import dev.semblance.machine.time.Timeline.Lane;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Puts a {@link ScenarioStepper} on a timeline: wakes it when it is due, in the lane of host input, and hands on what it
 * wants done. Its owner forwards what the guest does and carries out the effects.
 */
public final class ScenarioDriver implements Stateful {

    private final Timeline timeline;
    private final ScenarioStepper stepper;
    private final Consumer<Effect> effects;
    private Optional<Deadline> alarm = Optional.empty();

    /**
     * Makes a driver that does nothing before {@link #start}.
     *
     * @param scenario what is done
     * @param pointer the machine's pointing devices
     * @param displays what its GPU offers
     * @param timeline tells the time
     * @param effects does what the scenario says
     * @throws ScenarioException if a step cannot be done on such a machine
     */
    public ScenarioDriver(
            Scenario scenario, Pointer pointer, DisplayConfig displays, Timeline timeline, Consumer<Effect> effects) {
        this.timeline = timeline;
        this.stepper = new ScenarioStepper(scenario, pointer, displays);
        this.effects = effects;
    }

    /** Schedules the first step. Call once, before the machine runs. */
    public void start() {
        setAlarm();
    }

    /**
     * Schedules the first step of a scenario that begins now, in the middle of a run. Call once in place of {@link #start}.
     *
     * @param digest of what is shown
     * @param cursor where the guest's cursor is, if it shows one
     */
    public void startHere(long digest, Optional<Desktop.Pixel> cursor) {
        stepper.begin(timeline.now(), digest, cursor);
        setAlarm();
    }

    /**
     * Forwards a byte that the guest wrote to the console just now.
     *
     * @param value the byte, 0 to 255
     */
    public void consoleOutput(byte value) {
        stepper.consoleOutput(timeline.now(), value);
        setAlarm();
    }

    /** Forwards that the guest flushed a scanout. */
    public void flushed() {
        stepper.flushed(timeline.now());
        setAlarm();
    }

    /**
     * Forwards where the guest's cursor is from now on.
     *
     * @param cursor the pixel that it points to; empty if none is shown
     */
    public void cursorShown(Optional<Desktop.Pixel> cursor) {
        stepper.cursorShown(timeline.now(), cursor);
        setAlarm();
    }

    /**
     * Forwards a picture that is shown from now on: a digest of everything that can be seen.
     *
     * @param digest of the pixels
     */
    public void pictureShown(long digest) {
        stepper.pictureShown(timeline.now(), digest);
        setAlarm();
    }

    /**
     * Forwards that the machine stopped by itself: {@link ScenarioStepper#machineStopped}.
     *
     * @param reason why it stopped, as the rest of a sentence
     */
    public void machineStopped(String reason) {
        carryOut(stepper.machineStopped(timeline.now(), reason));
    }

    /** {@return whether the scenario has come to its end, good or bad} */
    public boolean isOver() {
        return stepper.isOver();
    }

    private void wake() {
        alarm = Optional.empty();
        carryOut(stepper.advance(timeline.now()));
    }

    private void carryOut(List<Effect> wanted) {
        setAlarm();
        wanted.forEach(effects);
    }

    private void setAlarm() {
        long due = stepper.nextWake();
        if (alarm.isPresent() && alarm.get().cycle() == due) {
            return;
        }
        alarm.ifPresent(Deadline::cancel);
        alarm = due == ScenarioStepper.NEVER
                ? Optional.empty()
                : Optional.of(timeline.schedule(due, Lane.HOST, this::wake));
    }

    /** To be exchanged after the timeline. The alarm follows from where the scenario is. */
    @Override
    public void state(StateExchange s) {
        stepper.state(s);
        if (s.isLoading()) {
            long due = stepper.nextWake();
            s.require(stepper.now() <= timeline.now() && due >= timeline.now(), "its scenario has another time");
            alarm.ifPresent(Deadline::cancel);
            alarm = Optional.empty();
            setAlarm();
        }
    }
}
