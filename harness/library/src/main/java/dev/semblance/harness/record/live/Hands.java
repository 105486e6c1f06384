package dev.semblance.harness.record.live;

import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.guest.scenario.Effect;
import dev.semblance.harness.guest.scenario.Effect.InputPort;
import dev.semblance.harness.guest.scenario.Effect.Report;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.text.EvdevCodes;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.virtio.input.InputProfile;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * The hands of a person: knows what they hold, and keeps what they do until the guest takes it. Motion is summed meanwhile, and a position
 * replaced by the next; presses wait in their order, up to a bound; and the release of what is down always waits, so that nothing sticks. Safe
 * for any threads.
 */
final class Hands {

    /** How many presses wait at most: more than anybody means who sees that nothing happens. */
    static final int MOST_PRESSES = 256;

    private static final int PRESS = 1;
    private static final int RELEASE = 0;

    private final Pointer pointer;

    /** What is down when all that waits has gone, and the device on which. */
    private final NavigableMap<Integer, InputPort> held = new TreeMap<>();

    /** What the guest has not taken yet. */
    private final List<Act> waiting = new ArrayList<>();

    private int presses;

    /** The pointing device that moved last, or the first one before any did. */
    private InputPort hand;

    /** What a hand does, on a device. */
    private sealed interface Act {

        InputPort port();

        /** A key or a button goes down or up. */
        record Stroke(InputPort port, int code, boolean down) implements Act {}

        /** The mouse goes so far. */
        record Motion(InputPort port, int dx, int dy) implements Act {}

        /** The pen goes to a place. */
        record Place(InputPort port, int x, int y) implements Act {}

        /** The wheel turns. */
        record Turn(InputPort port, int notches) implements Act {}
    }

    Hands(Pointer pointer) {
        this.pointer = pointer;
        this.hand = pointer.hasMouse() ? InputPort.MOUSE : InputPort.TABLET;
    }

    /** {@return how many keys and buttons are down, when all that waits has gone to the guest} */
    synchronized int held() {
        return held.size();
    }

    /**
     * Presses or releases a key or a button; nothing where that changes nothing, or no device has it.
     *
     * @return why it is not done, as a sentence without a full stop; empty where it is
     */
    synchronized Optional<String> key(LiveCommand.Key key) {
        boolean button = EvdevCodes.isButton(key.code());
        if (!button && !EvdevCodes.keys().containsValue(key.code())) {
            return Optional.empty();
        }
        if (key.down() == held.containsKey(key.code())) {
            return Optional.empty();
        }
        if (!key.down()) {
            release(key.code());
            return Optional.empty();
        }
        if (presses == MOST_PRESSES) {
            return Optional.of(Text.format(
                    "the guest takes no input just now, and %s wait for it already",
                    Text.count(MOST_PRESSES, "key press", "key presses")));
        }
        InputPort port = button ? hand : InputPort.KEYBOARD;
        held.put(key.code(), port);
        presses++;
        waiting.add(new Act.Stroke(port, key.code(), true));
        return Optional.empty();
    }

    private void release(int code) {
        Optional.ofNullable(held.remove(code)).ifPresent(port -> waiting.add(new Act.Stroke(port, code, false)));
    }

    /** Releases everything. */
    synchronized void releaseAll() {
        List.copyOf(held.keySet()).forEach(this::release);
    }

    /** Moves the mouse; nothing where there is none. */
    synchronized void move(LiveCommand.Move move) {
        if (pointer.hasMouse() && (move.dx() != 0 || move.dy() != 0)) {
            hand = InputPort.MOUSE;
            join(new Act.Motion(InputPort.MOUSE, move.dx(), move.dy()));
        }
    }

    /** Moves the pen; nothing where there is no tablet. */
    synchronized void moveTo(LiveCommand.MoveTo to) {
        if (pointer.hasTablet()) {
            hand = InputPort.TABLET;
            join(new Act.Place(InputPort.TABLET, to.x(), to.y()));
        }
    }

    /** Turns the wheel. */
    synchronized void scroll(LiveCommand.Scroll scroll) {
        if (scroll.notches() != 0) {
            join(new Act.Turn(pointer.hasMouse() ? InputPort.MOUSE : InputPort.TABLET, scroll.notches()));
        }
    }

    /** Lets a motion wait as one with the last of its kind behind the last stroke. */
    private void join(Act motion) {
        ListIterator<Act> back = waiting.listIterator(waiting.size());
        while (back.hasPrevious()) {
            Act last = back.previous();
            if (last instanceof Act.Stroke) {
                break;
            }
            Optional<Act> both = joined(last, motion);
            if (both.isPresent()) {
                back.set(both.get());
                return;
            }
        }
        waiting.add(motion);
    }

    private static Optional<Act> joined(Act first, Act second) {
        if (first instanceof Act.Motion before && second instanceof Act.Motion after) {
            return Optional.of(new Act.Motion(
                    after.port(),
                    sum(before.dx(), after.dx(), LiveCommand.MAX_MOTION),
                    sum(before.dy(), after.dy(), LiveCommand.MAX_MOTION)));
        }
        if (first instanceof Act.Turn before && second instanceof Act.Turn after) {
            return Optional.of(
                    new Act.Turn(after.port(), sum(before.notches(), after.notches(), LiveCommand.MAX_NOTCHES)));
        }
        return first instanceof Act.Place && second instanceof Act.Place ? Optional.of(second) : Optional.empty();
    }

    /** Beyond the bound of a report there is no screen any more. */
    private static int sum(int a, int b, int most) {
        return Math.clamp((long) a + b, -most, most);
    }

    /**
     * {@return what goes to the guest now, in its order} What a device has no room for waits on, without keeping that of others back.
     *
     * @param room how many reports a device takes
     */
    synchronized List<Effect> take(ToIntFunction<InputPort> room) {
        List<Effect> reports = new ArrayList<>();
        Map<InputPort, Integer> left = new EnumMap<>(InputPort.class);
        Iterator<Act> acts = waiting.iterator();
        while (acts.hasNext()) {
            Act act = acts.next();
            int places = left.computeIfAbsent(act.port(), room::applyAsInt);
            if (places <= 0) {
                continue;
            }
            acts.remove();
            if (act instanceof Act.Stroke stroke && stroke.down()) {
                presses--;
            }
            List<InputItem> items = items(act);
            if (!items.isEmpty()) {
                reports.add(new Report(act.port(), items));
                left.put(act.port(), places - 1);
            }
        }
        return reports;
    }

    /** Returns the events of a report: of a motion those of the axes that moved, X before Y. */
    private static List<InputItem> items(Act act) {
        return switch (act) {
            case Act.Stroke stroke ->
                List.of(new InputItem(EvdevCodes.EV_KEY, stroke.code(), stroke.down() ? PRESS : RELEASE));
            case Act.Motion motion -> {
                List<InputItem> items = new ArrayList<>(2);
                turn(items, EvdevCodes.REL_X, motion.dx(), LiveCommand.MAX_MOTION);
                turn(items, EvdevCodes.REL_Y, motion.dy(), LiveCommand.MAX_MOTION);
                yield items;
            }
            case Act.Place place -> List.of(axis(EvdevCodes.ABS_X, place.x()), axis(EvdevCodes.ABS_Y, place.y()));
            case Act.Turn turn -> {
                List<InputItem> items = new ArrayList<>(1);
                turn(items, EvdevCodes.REL_WHEEL, turn.notches(), LiveCommand.MAX_NOTCHES);
                yield items;
            }
        };
    }

    private static void turn(List<InputItem> items, int code, int value, int most) {
        if (value != 0) {
            items.add(new InputItem(EvdevCodes.EV_REL, code, Math.clamp(value, -most, most)));
        }
    }

    private static InputItem axis(int code, int value) {
        return new InputItem(EvdevCodes.EV_ABS, code, Math.clamp(value, 0, InputProfile.TABLET_MAX));
    }
}
