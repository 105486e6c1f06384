package dev.semblance.harness.guest.scenario;

import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.guest.scenario.Effect.InputPort;
import dev.semblance.harness.guest.scenario.Effect.Report;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.text.EvdevCodes;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Turns steps into reports of the input devices, as a person's hands would make them: each key is a report of its own. It is
 * told of all steps that are done, in order, since a button belongs to the pointing device that moved last, and is released where
 * it was pressed.
 */
final class InputReports {

    private static final int PRESS = 1;
    private static final int RELEASE = 0;

    /** From here on the cursor is moved pixel by pixel, and farther away by half the way, but no more than this at once. */
    private static final int SLOW = 6;

    private static final int MAX_PART = 500;

    private final Pointer pointer;
    private Desktop desktop;
    private final NavigableMap<Integer, InputPort> held = new TreeMap<>();

    /** The pointing device that moved last, or the first one before any did. */
    private InputPort hand;

    InputReports(Pointer pointer, Desktop desktop) {
        this.pointer = pointer;
        this.desktop = desktop;
        this.hand = pointer.hasMouse() ? InputPort.MOUSE : InputPort.TABLET;
    }

    /** Takes notice of what a step has changed: where the hands are, what they hold, and the desktop that they point at. */
    void done(Step step) {
        switch (step) {
            case Step.Move move -> hand = InputPort.MOUSE;
            case Step.Point point -> hand = InputPort.MOUSE;
            case Step.MoveTo to -> hand = InputPort.TABLET;
            case Step.Press press -> held.put(press.code(), portOf(press));
            case Step.Release release -> held.remove(release.code());
            case Step.LetGo letGo -> letGo.codes().forEach(held::remove);
            case Step.DisplayChange change -> desktop = desktop.after(change).orElseThrow();
            default -> {
                // The others leave everything as it is.
            }
        }
    }

    private InputPort portOf(Step.Press press) {
        return EvdevCodes.isButton(press.code()) ? hand : InputPort.KEYBOARD;
    }

    /** {@return why a step cannot be done with these devices, if so} */
    static Optional<String> obstacle(Step.ByHand step, Pointer pointer, Desktop desktop) {
        return switch (step) {
            case Step.Move move ->
                pointer.hasMouse()
                        ? Optional.empty()
                        : Optional.of("there is no mouse to move: pointer is tablet; write move-to, or pointer both");
            case Step.MoveTo to ->
                pointer.hasTablet()
                        ? desktop.obstacle(to.display(), to.x(), to.y())
                        : Optional.of(
                                "only a tablet can be moved to a place: pointer is mouse; write pointer tablet, or"
                                        + " pointer both, before the first step");
            case Step.Key key -> Optional.empty();
            case Step.Keys keys -> Optional.empty();
            case Step.Click click -> Optional.empty();
            case Step.Scroll scroll -> Optional.empty();
            case Step.Press press -> Optional.empty();
            case Step.Release release -> Optional.empty();
            case Step.LetGo letGo -> Optional.empty();
        };
    }

    /** {@return why the cursor cannot be moved to a place, if so} It may lie beyond an edge, where a cursor is cut off. */
    static Optional<String> obstacle(Step.Point step, Pointer pointer, Desktop desktop) {
        return pointer.hasMouse()
                ? desktop.obstacle(step.display(), 0, 0)
                : Optional.of("there is no mouse to move: pointer is tablet; write move-to, or pointer both");
    }

    /**
     * {@return the report that brings the cursor nearer to a place} Half the way, as a guest may take it for twice as far; the last
     * pixels one by one, first across and then down, which no guest takes for more.
     *
     * @param from where the cursor is, or was last
     */
    Report towards(Step.Point step, Desktop.Pixel from) {
        long right = (long) desktop.left(step.display()) + step.x() - desktop.left(from.display()) - from.x();
        long down = (long) step.y() - from.y();
        if (right == 0 && down == 0) {
            // A cursor that is hidden where it should be shows itself when it is moved.
            return motion(new Step.Move(step.line(), 1, 0));
        }
        boolean near = Math.abs(right) <= SLOW && Math.abs(down) <= SLOW;
        return motion(new Step.Move(step.line(), part(right), near && right != 0 ? 0 : part(down)));
    }

    private static int part(long way) {
        return Math.abs(way) <= SLOW ? Long.signum(way) : Math.clamp(way / 2, -MAX_PART, MAX_PART);
    }

    /** {@return the reports of a step that has no {@link #obstacle} and is not done yet, in order} */
    List<Report> of(Step.ByHand step) {
        return switch (step) {
            case Step.Key key -> chord(InputPort.KEYBOARD, key.codes());
            case Step.Keys keys ->
                keys.text()
                        .chars()
                        .mapToObj(c -> stroke((char) c))
                        .flatMap(List::stream)
                        .toList();
            case Step.Click click -> chord(hand, List.of(click.button()));
            case Step.Move move -> List.of(motion(move));
            case Step.MoveTo to -> List.of(place(desktop.position(to.display(), to.x(), to.y())));
            case Step.Scroll scroll ->
                List.of(new Report(
                        pointer.hasMouse() ? InputPort.MOUSE : InputPort.TABLET,
                        List.of(new InputItem(EvdevCodes.EV_REL, EvdevCodes.REL_WHEEL, scroll.notches()))));
            case Step.Press press -> List.of(button(portOf(press), press.code(), PRESS));
            case Step.Release release -> List.of(release(release.code()));
            case Step.LetGo letGo -> letGo.codes().stream().map(this::release).toList();
        };
    }

    private Report release(int code) {
        InputPort port = Optional.ofNullable(held.get(code))
                .orElseThrow(() -> new IllegalStateException("the parser let a key be released that is not held"));
        return button(port, code, RELEASE);
    }

    private static List<Report> stroke(char c) {
        UsKeyboard.Stroke stroke = UsKeyboard.stroke(c)
                .orElseThrow(() -> new IllegalStateException("the parser let a character pass that has no key"));
        return chord(InputPort.KEYBOARD, stroke.codes());
    }

    private static List<Report> chord(InputPort port, List<Integer> codes) {
        List<Report> reports = new ArrayList<>();
        codes.forEach(code -> reports.add(button(port, code, PRESS)));
        codes.reversed().forEach(code -> reports.add(button(port, code, RELEASE)));
        return reports;
    }

    private static Report button(InputPort port, int code, int value) {
        return new Report(port, List.of(new InputItem(EvdevCodes.EV_KEY, code, value)));
    }

    /** Only axes that moved, X before Y. */
    private static Report motion(Step.Move move) {
        List<InputItem> items = new ArrayList<>(2);
        if (move.dx() != 0) {
            items.add(new InputItem(EvdevCodes.EV_REL, EvdevCodes.REL_X, move.dx()));
        }
        if (move.dy() != 0) {
            items.add(new InputItem(EvdevCodes.EV_REL, EvdevCodes.REL_Y, move.dy()));
        }
        return new Report(InputPort.MOUSE, items);
    }

    /** Both axes, X before Y: Linux drops one that is as it was. */
    private static Report place(Desktop.Position position) {
        return new Report(
                InputPort.TABLET,
                List.of(
                        new InputItem(EvdevCodes.EV_ABS, EvdevCodes.ABS_X, position.x()),
                        new InputItem(EvdevCodes.EV_ABS, EvdevCodes.ABS_Y, position.y())));
    }
}
