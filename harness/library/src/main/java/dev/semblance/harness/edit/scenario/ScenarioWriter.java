package dev.semblance.harness.edit.scenario;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.edit.scenario.Act.Kind;
import dev.semblance.harness.guest.images.ImageSource;
import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.guest.scenario.ScenarioParser;
import dev.semblance.harness.trace.TraceManifest.Image;
import dev.semblance.harness.trace.text.ByteText;
import dev.semblance.harness.util.Printable;
import dev.semblance.harness.util.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Writes a session as a scenario. */
final class ScenarioWriter {

    private final RecordedSession session;
    private final String header;
    private final Function<Image, Optional<ImageSource.Shipped>> shipped;

    /**
     * Makes a writer.
     *
     * @param name of the trace, for people
     * @param shipped finds what image that ships it is
     */
    ScenarioWriter(RecordedSession session, String name, Function<Image, Optional<ImageSource.Shipped>> shipped) {
        this.session = session;
        this.header = "# Made of " + Printable.line(name) + ".";
        this.shipped = shipped;
    }

    /**
     * A line that does something.
     *
     * @param number of the line, from 1
     * @param act what it does
     * @param still whether the picture was still before it, since the lines before it waited for that
     */
    record Line(int number, Act act, boolean still) {}

    /**
     * A scenario, and what its lines stand for.
     *
     * @param scenario parsed
     * @param lines those that are acts, in order; the end is the line behind the last one
     */
    record Written(Scenario scenario, List<Line> lines) {}

    /**
     * Writes it.
     *
     * @param styles how exactly each stretch is followed
     * @param name what to call the scenario in messages
     * @throws UnusableInputException if it is too long for a scenario
     */
    Written write(List<Style> styles, String name) {
        List<String> text = new ArrayList<>();
        text.add(header);
        text.addAll(new GuestLines(session, shipped).lines());
        session.omitted().forEach((what, count) -> text.add(Text.format("# Left out: %s (%d times).", what, count)));
        text.add("");
        List<Line> lines = new ArrayList<>();
        List<Act> acts = new ActFolder(session).fold(styles);
        Pauses pauses = new Pauses(session);
        Optional<Act> previous = Optional.empty();
        int stretch = 0;
        long length = 0;
        Style announced = Style.FREE;
        for (Act act : acts) {
            Style style = styles.get(stretch);
            if (style == Style.TIMED && announced != style) {
                text.add("# By time alone: what waits for the guest gave other pictures here.");
            }
            announced = style;
            Pauses.Waits waits = pauses.before(previous, typedBy(previous), act, style);
            text.addAll(waits.lines());
            if (act.kind() != Kind.END) {
                text.add(act.line());
            }
            lines.add(new Line(text.size() + (act.kind() == Kind.END ? 1 : 0), act, waits.still()));
            if (act.kind() == Kind.SNAPSHOT) {
                text.add("");
                stretch++;
            }
            pauses.done(act);
            previous = Optional.of(act);
            length += act.line().length();
            if (length > Scenario.MAX_BYTES) {
                break;
            }
        }
        String all = String.join("\n", text) + "\n";
        if (all.length() > Scenario.MAX_BYTES) {
            throw new UnusableInputException(Text.format(
                    "the session is too long for a scenario: more than the %,d bytes that one may have",
                    Scenario.MAX_BYTES));
        }
        return new Written(ScenarioParser.parse(name, Path.of(""), all, session.clock()), lines);
    }

    private static Optional<byte[]> typedBy(Optional<Act> act) {
        return act.filter(before -> before.kind() == Kind.TYPED)
                .flatMap(Act::text)
                .map(ByteText::bytes);
    }
}
