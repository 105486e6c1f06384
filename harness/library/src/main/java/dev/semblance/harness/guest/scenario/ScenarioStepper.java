package dev.semblance.harness.guest.scenario;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.guest.scenario.Effect.Report;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The scripted user as a state machine, without a machine. It is told what the guest does, and says what to do and when
 * it wants to be asked again. What it says depends on nothing else, so the same run gives the same input.
 *
 * <p>Whoever runs the machine calls {@link #advance} exactly at each {@link #nextWake} (which every other call may bring
 * forward), before the instruction at that cycle, and the other methods as things happen:
 *
 * <ul>
 *   <li>A step starts at the cycle at which the one before it was done, and the first at cycle 0, or where it {@linkplain #begin begins}.
 *   <li>What the guest does at cycle c is reacted to at c + 1.
 *   <li>A bound ({@code within n}) counts from the start of the step: what happens in the n cycles from there is in time.
 *   <li>Two reports of one step are {@value #REPORT_GAP} cycles apart, and as many pass after its last one.
 * </ul>
 */
public final class ScenarioStepper implements Stateful {

    /** Cycles from one report of a step to the next, and from its last to the next step: 15 ms of guest time. */
    public static final long REPORT_GAP = 1_000_000;

    /** What {@link #nextWake} returns when nothing more will happen. */
    public static final long NEVER = Long.MAX_VALUE;

    private final List<Step> steps;
    private final int lastWait;
    private final Pointer pointer;
    private final DisplayConfig displays;
    private InputReports hands;
    private final ConsoleBuffer unread = new ConsoleBuffer();

    private int index;
    private boolean begun;
    private boolean over;
    private long stepStart;
    private long now;

    /** The wait or flush in progress came true at {@link #matchCycle}. */
    private boolean matched;

    private long matchCycle;

    /** The reports of the step in progress, and how many of them are out. */
    private List<Report> reports = List.of();

    private int reported;

    /** How often the guest has flushed since the step began, if that is what it waits for. */
    private int flushes;

    private final Steering steering = new Steering();

    private boolean pictureKnown;
    private long pictureDigest;
    private long pictureChange;

    /**
     * Makes a user who has not started yet.
     *
     * @param scenario what is done
     * @param pointer the machine's pointing devices
     * @param displays what its GPU offers
     * @throws ScenarioException if a step cannot be done on such a machine
     */
    public ScenarioStepper(Scenario scenario, Pointer pointer, DisplayConfig displays) {
        scenario.check(pointer, displays);
        this.steps = scenario.steps();
        this.pointer = pointer;
        this.displays = displays;
        this.hands = handsAfter(0);
        int last = -1;
        for (int i = 0; i < steps.size(); i++) {
            last = steps.get(i) instanceof Step.Wait ? i : last;
        }
        this.lastWait = last;
    }

    /** {@return the hands of the user once some steps are done} */
    private InputReports handsAfter(int done) {
        InputReports result = new InputReports(pointer, new Desktop(displays));
        steps.subList(0, done).forEach(result::done);
        return result;
    }

    /**
     * Begins later than at cycle 0. To be called before everything else.
     *
     * @param cycle now
     * @param digest of everything that can be seen
     * @param cursor where the guest's cursor is, if it shows one
     */
    public void begin(long cycle, long digest, Optional<Desktop.Pixel> cursor) {
        if (now > 0 || begun) {
            throw new IllegalStateException("it has begun");
        }
        now = cycle;
        pictureKnown = true;
        pictureDigest = digest;
        pictureChange = cycle;
        steering.cursor(cycle, cursor);
    }

    /** {@return whether the last effect, {@link Effect.Finish} or {@link Effect.Fail}, has been given} */
    public boolean isOver() {
        return over;
    }

    /** {@return the cycle at which it was told something last, or asked} */
    long now() {
        return now;
    }

    /** {@return the cycle at which {@link #advance} is due next, or {@link #NEVER}} */
    public long nextWake() {
        if (over) {
            return NEVER;
        }
        if (!begun) {
            return now;
        }
        return switch (steps.get(index)) {
            case Step.Wait wait -> matched ? matchCycle + 1 : stepStart + wait.within();
            case Step.Flush flush -> matched ? matchCycle + 1 : stepStart + flush.within();
            case Step.Point point -> steering.due(point, stepStart);
            case Step.Sleep sleep -> stepStart + sleep.cycles();
            case Step.Settle settle -> Math.min(quietSince() + settle.quiet(), stepStart + settle.within());
            case Step.ByHand unused -> stepStart + reported * REPORT_GAP;
            case Step.AtOnce unused -> now;
        };
    }

    /**
     * Tells that the guest wrote a byte to the console.
     *
     * @param cycle now
     * @param value the byte, 0 to 255
     */
    public void consoleOutput(long cycle, byte value) {
        noteTime(cycle);
        if (over || index > lastWait) {
            return;
        }
        unread.append(value);
        if (begun && !matched && steps.get(index) instanceof Step.Wait wait && unread.consumeIfAtEnd(wait.text())) {
            matched = true;
            matchCycle = cycle;
        }
    }

    /**
     * Tells that the guest flushed a scanout, whether or not the picture has changed by it.
     *
     * @param cycle now
     */
    public void flushed(long cycle) {
        noteTime(cycle);
        if (!over && begun && !matched && steps.get(index) instanceof Step.Flush flush && ++flushes == flush.count()) {
            matched = true;
            matchCycle = cycle;
        }
    }

    /**
     * Tells where the guest's cursor is from now on.
     *
     * @param cycle now
     * @param cursor the pixel that it points to; empty if none is shown
     */
    public void cursorShown(long cycle, Optional<Desktop.Pixel> cursor) {
        noteTime(cycle);
        steering.cursor(cycle, cursor);
    }

    /**
     * Tells what the guest shows from now on. A picture like the one before is no change.
     *
     * @param cycle now
     * @param digest of everything that can be seen, cursor included
     */
    public void pictureShown(long cycle, long digest) {
        noteTime(cycle);
        if (!pictureKnown || pictureDigest != digest) {
            pictureKnown = true;
            pictureDigest = digest;
            pictureChange = cycle;
        }
    }

    /**
     * {@return what to do at this cycle, in order} The cycle is {@link #nextWake} or earlier.
     *
     * @param cycle now
     */
    public List<Effect> advance(long cycle) {
        if (cycle > nextWake()) {
            throw new IllegalStateException(Text.format("asked at cycle %d, due at %d", cycle, nextWake()));
        }
        return proceed(cycle, "");
    }

    /**
     * Tells that the machine stopped by itself: nothing will happen from here on. Steps that only look or let time pass
     * are done at once; one that waits for text or flushes that did not come, or would do something to the guest, fails.
     *
     * @param cycle now
     * @param reason as in "the guest powered off"
     * @return what to do, ending with {@link Effect.Finish} or {@link Effect.Fail} unless that was given before
     */
    public List<Effect> machineStopped(long cycle, String reason) {
        return proceed(cycle, reason);
    }

    private List<Effect> proceed(long cycle, String stopped) {
        if (cycle < now) {
            throw new IllegalStateException(Text.format("time went back from cycle %d to %d", now, cycle));
        }
        now = cycle;
        List<Effect> effects = new ArrayList<>();
        while (!over) {
            if (index == steps.size() || steps.get(index) instanceof Step.PowerOff) {
                effects.add(new Effect.Finish());
                over = true;
            } else if (step(steps.get(index), stopped, effects)) {
                hands.done(steps.get(index));
                index++;
                begun = false;
                reports = List.of();
                reported = 0;
                if (index > lastWait) {
                    unread.clear();
                }
            } else {
                break;
            }
        }
        return effects;
    }

    /** Begins or carries on a step; true if it is done. */
    private boolean step(Step step, String stopped, List<Effect> effects) {
        boolean first = !begun;
        if (first) {
            begun = true;
            stepStart = now;
            matched = false;
            flushes = 0;
            steering.begin();
        }
        boolean halted = !stopped.isEmpty();
        return switch (step) {
            case Step.Wait wait -> waitFor(wait, first, stopped, effects);
            case Step.Flush flush -> flushedEnough(flush, stopped, effects);
            case Step.Point point ->
                halted && first
                        ? fail(step, stopped + " before this step", effects)
                        : halted || steered(point, effects);
            case Step.Sleep sleep -> halted || now >= stepStart + sleep.cycles();
            case Step.Settle settle -> halted || settled(settle, effects);
            case Step.Snapshot snapshot -> effects.add(new Effect.TakeSnapshot(snapshot.label()));
            case Step.Type type ->
                halted
                        ? fail(step, stopped + " before this step", effects)
                        : effects.add(new Effect.ConsoleInput(type.text()));
            case Step.DisplayChange change -> {
                if (halted) {
                    yield fail(step, stopped + " before this step", effects);
                }
                yield effects.add(new Effect.ChangeDisplay(change.number(), change.mode()));
            }
            case Step.ByHand hand ->
                halted && first && !(hand instanceof Step.LetGo)
                        ? fail(step, stopped + " before this step", effects)
                        : halted || report(hand, first, effects);
            case Step.PowerOff unused -> throw new IllegalStateException("ends the run; no step may follow it");
        };
    }

    private boolean waitFor(Step.Wait wait, boolean first, String stopped, List<Effect> effects) {
        if (first && unread.consumeThrough(wait.text()) || matched && (now > matchCycle || !stopped.isEmpty())) {
            return true;
        }
        if (matched || stopped.isEmpty() && now < stepStart + wait.within()) {
            return false;
        }
        String last = unread.size() == 0
                ? "; it wrote nothing since the last wait"
                : "; its last words were:" + unread.tail();
        return stopped.isEmpty()
                ? fail(
                        wait,
                        Text.format(
                                "the guest had not written %s after %,d cycles%s", wait.text(), wait.within(), last),
                        effects)
                : fail(wait, Text.format("%s before it wrote %s%s", stopped, wait.text(), last), effects);
    }

    private boolean flushedEnough(Step.Flush flush, String stopped, List<Effect> effects) {
        if (matched && (now > matchCycle || !stopped.isEmpty())) {
            return true;
        }
        if (matched || stopped.isEmpty() && now < stepStart + flush.within()) {
            return false;
        }
        return fail(
                flush,
                stopped.isEmpty()
                        ? Text.format(
                                "the guest had flushed %,d times, not %,d, after %,d cycles",
                                flushes, flush.count(), flush.within())
                        : Text.format("%s when it had flushed %,d times, and not %,d", stopped, flushes, flush.count()),
                effects);
    }

    private boolean steered(Step.Point step, List<Effect> effects) {
        if (now < steering.due(step, stepStart)) {
            return false;
        }
        if (steering.isAt(step)) {
            return true;
        }
        Optional<Desktop.Pixel> place = steering.place();
        if (now >= stepStart + step.within() || place.isEmpty()) {
            String where = place.map(pixel ->
                            Text.format("it was last at %d %d of display %d", pixel.x(), pixel.y(), pixel.display()))
                    .orElse("the guest never showed one");
            return fail(
                    step,
                    Text.format(
                            "the cursor was not at %d %d of display %d within %,d cycles; %s",
                            step.x(), step.y(), step.display(), step.within(), where),
                    effects);
        }
        effects.add(hands.towards(step, place.get()));
        steering.report(now);
        return false;
    }

    private long quietSince() {
        return pictureKnown ? Math.max(stepStart, pictureChange) : stepStart;
    }

    private boolean settled(Step.Settle settle, List<Effect> effects) {
        if (now >= quietSince() + settle.quiet()) {
            return true;
        }
        return now >= stepStart + settle.within()
                && fail(
                        settle,
                        Text.format(
                                "the picture had not been still for %,d cycles within %,d; it changed last at cycle %,d",
                                settle.quiet(), settle.within(), pictureChange),
                        effects);
    }

    private boolean report(Step.ByHand step, boolean first, List<Effect> effects) {
        if (first) {
            reports = hands.of(step);
            reported = 0;
        }
        if (now < stepStart + reported * REPORT_GAP) {
            return false;
        }
        if (reported == reports.size()) {
            return true;
        }
        effects.add(reports.get(reported++));
        return false;
    }

    /** Ends the run; the step is not done. */
    private boolean fail(Step step, String reason, List<Effect> effects) {
        effects.add(new Effect.Fail(new StepFailure(step, now, reason)));
        over = true;
        return false;
    }

    private void noteTime(long cycle) {
        if (cycle < now) {
            throw new IllegalStateException(Text.format("time went back from cycle %d to %d", now, cycle));
        }
        if (cycle >= nextWake()) {
            throw new IllegalStateException(Text.format("cycle %d came before the step due at %d", cycle, nextWake()));
        }
        now = cycle;
    }

    /** What the hands hold follows from the steps that are done, and the reports of a step from it and what the hands hold. */
    @Override
    public void state(StateExchange s) {
        s.part("USER", 2);
        index = s.saved(index, 0, steps.size());
        begun = s.saved(begun);
        over = s.saved(over);
        s.require(over || !begun || index < steps.size(), "its scenario is at no step");
        now = time(s, now, Long.MAX_VALUE);
        stepStart = time(s, stepStart, now);
        matched = s.saved(matched);
        matchCycle = time(s, matchCycle, now);
        flushes = s.saved(flushes, 0, Integer.MAX_VALUE);
        pictureKnown = s.saved(pictureKnown);
        pictureDigest = s.saved(pictureDigest);
        pictureChange = time(s, pictureChange, now);
        unread.state(s);
        steering.state(s);
        s.require(steering.latest() <= now, "a time of its cursor is yet to come");
        if (s.isLoading()) {
            hands = handsAfter(index);
            reports = begun && !over && steps.get(index) instanceof Step.ByHand hand ? hands.of(hand) : List.of();
        }
        reported = s.saved(reported, 0, reports.size());
    }

    private static long time(StateExchange s, long cycle, long latest) {
        long exchanged = s.saved(cycle);
        s.require(exchanged >= 0 && exchanged <= latest, "a time of its scenario is yet to come");
        return exchanged;
    }
}
