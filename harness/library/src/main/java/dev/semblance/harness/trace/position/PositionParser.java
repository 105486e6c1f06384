package dev.semblance.harness.trace.position;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.trace.SnapshotLabel;
import dev.semblance.harness.trace.position.Position.End;
import dev.semblance.harness.trace.position.Position.OfCommand;
import dev.semblance.harness.trace.position.Position.OfCycle;
import dev.semblance.harness.trace.position.Position.OfEvent;
import dev.semblance.harness.trace.position.Position.OfFlush;
import dev.semblance.harness.trace.position.Position.OfSnapshot;
import dev.semblance.harness.trace.position.Position.Start;
import dev.semblance.harness.trace.text.EventKinds;
import dev.semblance.harness.util.Suggestions;
import dev.semblance.harness.util.Text;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads positions. */
final class PositionParser {

    /** So much of a text that is no position is shown. */
    private static final int MAX_SHOWN = 100;

    /** Looked for in any text, so it may not try one twice. */
    private static final Pattern NUMBER = Pattern.compile("[0-9]++(?:[_,][0-9]++)*+");

    private final String text;

    private PositionParser(String text) {
        this.text = text;
    }

    static Position parse(String text) {
        return new PositionParser(text).position();
    }

    private Position position() {
        int colon = text.indexOf(':');
        if (colon < 0) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "start" -> new Start();
                case "end" -> new End();
                default -> new OfEvent(number(text));
            };
        }
        String rest = text.substring(colon + 1);
        return switch (text.substring(0, colon).toLowerCase(Locale.ROOT)) {
            case "event", "sequence" -> new OfEvent(number(rest));
            case "cycle" -> new OfCycle(number(rest));
            case "flush" -> new OfFlush(number(rest));
            case "snapshot" -> new OfSnapshot(label(name(rest)), numberBehindName(rest));
            case "command" -> new OfCommand(command(name(rest)), numberBehindName(rest));
            default -> throw none("write " + Position.NOTATION);
        };
    }

    private static String name(String rest) {
        int colon = rest.indexOf(':');
        return colon < 0 ? rest : rest.substring(0, colon);
    }

    private long numberBehindName(String rest) {
        int colon = rest.indexOf(':');
        return colon < 0 ? 0 : number(rest.substring(colon + 1));
    }

    private String label(String name) {
        if (!SnapshotLabel.isLabel(name)) {
            throw none("a snapshot's label has " + SnapshotLabel.RULE_OF_SCANOUT);
        }
        return name;
    }

    private String command(String name) {
        List<String> known = EventKinds.commandNames();
        return known.stream()
                .filter(each -> each.equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> none("there is no command of that name"
                        + Suggestions.hintOrAll(cut(name), known, "the commands are")));
    }

    private long number(String digits) {
        if (!NUMBER.matcher(digits).matches()) {
            throw none("write " + Position.NOTATION);
        }
        return Text.wholeNumber(digits.replace("_", "").replace(",", ""))
                .orElseThrow(() -> none("the number is larger than " + Long.MAX_VALUE));
    }

    private UnusableInputException none(String why) {
        return new UnusableInputException(Text.format("\"%s\" is no position: %s", cut(text), why));
    }

    private static String cut(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }
}
