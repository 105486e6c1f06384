package dev.semblance.harness.guest.scenario;

import dev.semblance.harness.guest.scenario.Effect.InputPort;
import dev.semblance.harness.guest.scenario.Effect.Report;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.text.EvdevCodes;
import java.util.ArrayList;
import java.util.List;

/** Turns steps into reports of the input devices, as a person's hands would make them: each key is a report of its own. */
final class InputReports {

    private static final int PRESS = 1;
    private static final int RELEASE = 0;

    private InputReports() {}

    /** {@return the reports of a step, in order} */
    static List<Report> of(Step.ByHand step) {
        return switch (step) {
            case Step.Key key -> chord(InputPort.KEYBOARD, key.codes());
            case Step.Keys keys ->
                keys.text()
                        .chars()
                        .mapToObj(c -> stroke((char) c))
                        .flatMap(List::stream)
                        .toList();
            case Step.Click click -> chord(InputPort.MOUSE, List.of(click.button()));
            case Step.Move move -> List.of(motion(move));
        };
    }

    private static List<Report> stroke(char c) {
        UsKeyboard.Stroke stroke = UsKeyboard.stroke(c)
                .orElseThrow(() -> new IllegalStateException("the parser let a character pass that has no key"));
        return chord(
                InputPort.KEYBOARD,
                stroke.shift() ? List.of(EvdevCodes.KEY_LEFTSHIFT, stroke.code()) : List.of(stroke.code()));
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
}
