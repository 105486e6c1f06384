package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Text;
import dev.semblance.harness.edit.trim.TraceTrimmer;
import dev.semblance.harness.edit.trim.TraceTrimmer.Trimmed;
import dev.semblance.harness.trace.text.EventText;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/** Cuts a range out of a trace, and says what stands before it and why. */
final class TrimAction {

    private final Terminal terminal;

    TrimAction(Terminal terminal) {
        this.terminal = terminal;
    }

    ExitCode run(Actions.Trim trim) {
        try (Outlet outlet = Outlet.of(trim.output(), terminal, List.of(trim.trace()))) {
            Trimmed trimmed = TraceTrimmer.trim(trim.trace(), trim.from(), trim.to(), outlet.path());
            outlet.deliver();
            PrintWriter out = outlet.terminal().out();
            out.println(
                    Text.format("%s: events #%d to #%d of %s", outlet, trimmed.first(), trimmed.last(), trim.trace()));
            String sizes = trimmed.stateBytes()
                    .map(bytes -> Text.format(
                            " (%s bytes with a state made up, %s with what came before)",
                            EventText.count(bytes), EventText.count(trimmed.prefixBytes())))
                    .orElse(Text.format(" (%s bytes)", EventText.count(trimmed.prefixBytes())));
            switch (trimmed.beginning()) {
                case NONE -> out.println(Text.format("nothing stands before: %s%s", trimmed.reason(), sizes));
                case PREFIX ->
                    out.println(Text.format(
                            "before them, the %s events of the GPU that came before: %s%s",
                            EventText.count(trimmed.before()), trimmed.reason(), sizes));
                case STATE ->
                    out.println(Text.format(
                            "before them, %s events that make up the state there: %s%s",
                            EventText.count(trimmed.before()), trimmed.reason(), sizes));
            }
            out.println(
                    trimmed.divergence().isPresent()
                            ? "its device replay differs, where that of the whole trace does"
                            : "its device replay passes");
            outlet.sayHowToReplay();
            return TraceProblems.ending(trim.trace(), terminal);
        } catch (IOException e) {
            throw TraceProblems.of(trim.trace(), e);
        }
    }
}
