package dev.semblance.harness.edit.scenario;

import dev.semblance.harness.edit.scenario.Act.Kind;
import dev.semblance.harness.guest.scenario.ScenarioStepper;
import dev.semblance.harness.guest.scenario.Step;
import dev.semblance.harness.trace.TraceEvent.End.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Chooses the waits that stand between two acts. They are asked for in the order of the acts. */
final class Pauses {

    private static final long GAP = ScenarioStepper.REPORT_GAP;

    private final RecordedSession session;
    private final Clock clock;
    private final TextWaits texts;

    /** In the scenario's time, as far as it follows the session's: when the next step can start. */
    private long ready;

    Pauses(RecordedSession session) {
        this.session = session;
        this.clock = new Clock(session.clock());
        this.texts = new TextWaits(session.console());
    }

    /**
     * What stands before an act.
     *
     * @param lines in order
     * @param still whether the last one waits until the picture is still, so that it can be compared
     */
    record Waits(List<String> lines, boolean still) {}

    /** {@return the waits before an act} */
    Waits before(Optional<Act> previous, Optional<byte[]> typed, Act act, Style style) {
        long from = previous.map(Act::last).orElse(-1L);
        List<String> lines = new ArrayList<>();
        boolean keysDown = previous.isPresent() && previous.get().keysDown();
        Optional<TextWaits.Awaited> text = keysDown ? Optional.empty() : texts.next(from, act.first(), typed);
        text.ifPresent(awaited -> {
            for (int i = 0; i < awaited.times(); i++) {
                lines.add("wait " + awaited.text() + within(awaited.cycle() - from));
            }
        });
        long start = previous.map(before -> before.done(GAP)).orElse(0L);
        start = Math.max(start, text.map(awaited -> awaited.cycle() + 1).orElse(0L));
        ready = Math.max(ready, start);
        if (style == Style.TIMED || keysDown) {
            sleepUntil(act.first(), lines);
            return new Waits(lines, false);
        }
        boolean still = false;
        if (act.kind() == Kind.END && endsByItself()) {
            // A time that passes is done at once when the guest switches itself off.
            lines.add("sleep "
                    + clock.text(clock.rounded(2 * (act.first() - Math.min(start, act.first())) + clock.ms(1000))));
        } else if (style == Style.MOTION && isSpaced(previous, act)) {
            spaceOut(previous.orElseThrow(), act, lines);
        } else if (mayBeDoubleClick(previous, act)) {
            lines.add("sleep "
                    + clock.text(
                            clock.rounded(act.first() - previous.orElseThrow().last())));
        } else if (start < act.first()) {
            still = byPicture(start, act, text.isPresent(), lines);
        }
        ready = act.first();
        return new Waits(lines, still);
    }

    /** Tells that an act was written, which takes the time that its reports take. */
    void done(Act act) {
        ready = Math.max(ready, act.first()) + (act.done(GAP) - act.last());
    }

    private void sleepUntil(long cycle, List<String> lines) {
        if (cycle > ready) {
            lines.add("sleep " + clock.text(cycle - ready));
            ready = cycle;
        }
    }

    private boolean endsByItself() {
        Reason reason = ((HandEvent.Ended) session.hands().getLast()).reason();
        return switch (reason) {
            case POWER_OFF, REBOOT, IDLE, STUCK -> true;
            case LIMIT, SCENARIO, SCENARIO_FAILED, INTERRUPTED, SCRIPT -> false;
        };
    }

    /** {@return whether an act follows another of the pointer so soon that their distance matters to a guest that accelerates it} */
    private boolean isSpaced(Optional<Act> previous, Act act) {
        return previous.isPresent()
                && previous.get().isPointing()
                && act.isPointing()
                && act.first() - previous.get().last() < clock.still();
    }

    /** Lets as many milliseconds of the guest's clock pass between two acts as passed in the session. */
    private void spaceOut(Act previous, Act act, List<String> lines) {
        long distance = clock.ms(clock.wholeMs(act.first()) - clock.wholeMs(previous.last()));
        if (distance > GAP) {
            lines.add("sleep " + clock.text(distance - GAP));
        }
    }

    /** {@return whether a wait that is shorter than the pause was could make a double click of two single ones} */
    private boolean mayBeDoubleClick(Optional<Act> previous, Act act) {
        return previous.isPresent()
                && previous.get().kind() == Kind.BUTTON
                && act.kind() == Kind.BUTTON
                && act.first() - previous.get().last() > clock.still() / 2
                && act.first() - previous.get().last() < clock.doubleClick();
    }

    /** Adds waits that go by what is shown; true if the picture is still at their end. */
    private boolean byPicture(long start, Act act, boolean afterText, List<String> lines) {
        PictureLog pictures = session.pictures();
        long pause = act.first() - start;
        long lastChange = pictures.lastChange(start, act.first());
        long quiet = act.first() - lastChange;
        if (quiet >= clock.still()) {
            if (afterText && act.kind() == Kind.TYPED) {
                return false;
            }
            settle(start, lastChange, quiet, pause, lines);
            return true;
        }
        if (!act.isShot() && (afterText || pause < clock.still())) {
            return false;
        }
        int flushes = pictures.flushes(start, act.first());
        if (flushes > 0) {
            lines.add("flush " + flushes + within(pause));
        } else if (pause > clock.ms(1)) {
            lines.add("sleep " + clock.text(pause));
        }
        return false;
    }

    private void settle(long start, long lastChange, long quiet, long pause, List<String> lines) {
        long longest = session.pictures().longestStill(start, lastChange + 1);
        long wanted = clock.still();
        if (longest + longest / 4 > wanted) {
            // A shorter one would be over before the last change.
            long longer = clock.rounded(longest + longest / 2);
            if (longer <= quiet) {
                wanted = longer;
            } else {
                lines.add("sleep " + clock.text(Math.min(clock.rounded(lastChange - start), pause)));
            }
        }
        long bound = Math.max(3 * pause, wanted);
        lines.add("settle " + clock.text(wanted)
                + (bound > usual() ? " within " + clock.text(clock.rounded(bound)) : ""));
    }

    private String within(long took) {
        return 3 * took > usual() ? " within " + clock.text(clock.rounded(3 * took)) : "";
    }

    private long usual() {
        return Step.defaultWithin(session.clock());
    }
}
