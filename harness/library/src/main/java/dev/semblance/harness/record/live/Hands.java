package dev.semblance.harness.record.live;

import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.guest.scenario.Effect;
import dev.semblance.harness.guest.scenario.Effect.InputPort;
import dev.semblance.harness.guest.scenario.Effect.Report;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.text.EvdevCodes;
import dev.semblance.machine.virtio.input.InputProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The hands of a person: turns what they do into reports of the input devices, and knows what they hold. */
final class Hands {

    private static final int PRESS = 1;
    private static final int RELEASE = 0;

    private final Pointer pointer;

    /** What is down, and the device on which. */
    private final NavigableMap<Integer, InputPort> held = new TreeMap<>();

    /** The pointing device that moved last, or the first one before any did. */
    private InputPort hand;

    Hands(Pointer pointer) {
        this.pointer = pointer;
        this.hand = pointer.hasMouse() ? InputPort.MOUSE : InputPort.TABLET;
    }

    /** {@return how many keys and buttons are down} */
    int held() {
        return held.size();
    }

    /** {@return the report of a key or a button; none where it changes nothing, or no device has it} */
    Optional<Effect> key(LiveCommand.Key key) {
        boolean button = EvdevCodes.isButton(key.code());
        if (!button && !EvdevCodes.keys().containsValue(key.code())) {
            return Optional.empty();
        }
        if (key.down() == held.containsKey(key.code())) {
            return Optional.empty();
        }
        if (key.down()) {
            InputPort port = button ? hand : InputPort.KEYBOARD;
            held.put(key.code(), port);
            return Optional.of(report(port, EvdevCodes.EV_KEY, key.code(), PRESS));
        }
        return Optional.of(release(key.code()));
    }

    private Effect release(int code) {
        InputPort port = Optional.ofNullable(held.remove(code)).orElseThrow();
        return report(port, EvdevCodes.EV_KEY, code, RELEASE);
    }

    /** {@return the reports by which everything comes up} */
    List<Effect> releaseAll() {
        return List.copyOf(held.keySet()).stream().map(this::release).toList();
    }

    /** {@return the report of a motion, of the axes that moved, X before Y; none where there is no mouse, or no motion} */
    Optional<Effect> move(LiveCommand.Move move) {
        List<InputItem> items = new ArrayList<>(2);
        if (move.dx() != 0) {
            items.add(item(EvdevCodes.EV_REL, EvdevCodes.REL_X, move.dx(), LiveCommand.MAX_MOTION));
        }
        if (move.dy() != 0) {
            items.add(item(EvdevCodes.EV_REL, EvdevCodes.REL_Y, move.dy(), LiveCommand.MAX_MOTION));
        }
        if (!pointer.hasMouse() || items.isEmpty()) {
            return Optional.empty();
        }
        hand = InputPort.MOUSE;
        return Optional.of(new Report(InputPort.MOUSE, items));
    }

    /** {@return the report of a position; none where there is no tablet} */
    Optional<Effect> moveTo(LiveCommand.MoveTo to) {
        if (!pointer.hasTablet()) {
            return Optional.empty();
        }
        hand = InputPort.TABLET;
        return Optional.of(new Report(
                InputPort.TABLET,
                List.of(
                        new InputItem(
                                EvdevCodes.EV_ABS, EvdevCodes.ABS_X, Math.clamp(to.x(), 0, InputProfile.TABLET_MAX)),
                        new InputItem(
                                EvdevCodes.EV_ABS, EvdevCodes.ABS_Y, Math.clamp(to.y(), 0, InputProfile.TABLET_MAX)))));
    }

    /** {@return the report of the wheel; none where it did not turn} */
    Optional<Effect> scroll(LiveCommand.Scroll scroll) {
        if (scroll.notches() == 0) {
            return Optional.empty();
        }
        InputItem turn = item(EvdevCodes.EV_REL, EvdevCodes.REL_WHEEL, scroll.notches(), LiveCommand.MAX_NOTCHES);
        return Optional.of(new Report(pointer.hasMouse() ? InputPort.MOUSE : InputPort.TABLET, List.of(turn)));
    }

    private static InputItem item(int type, int code, int value, int most) {
        return new InputItem(type, code, Math.clamp(value, -most, most));
    }

    private static Report report(InputPort port, int type, int code, int value) {
        return new Report(port, List.of(new InputItem(type, code, value)));
    }
}
