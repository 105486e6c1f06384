package dev.semblance.harness.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.text.EventText;
import dev.semblance.harness.trim.TraceTrimmer;
import dev.semblance.harness.trim.TraceTrimmer.Trimmed;
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
            out.printf("%s: events #%d to #%d of %s%n", outlet, trimmed.first(), trimmed.last(), trim.trace());
            String sizes = trimmed.stateBytes()
                    .map(bytes -> " (%s bytes with a state made up, %s with what came before)"
                            .formatted(EventText.count(bytes), EventText.count(trimmed.prefixBytes())))
                    .orElse(" (%s bytes)".formatted(EventText.count(trimmed.prefixBytes())));
            switch (trimmed.beginning()) {
                case NONE -> out.printf("nothing stands before: %s%s%n", trimmed.reason(), sizes);
                case PREFIX ->
                    out.printf(
                            "before them, the %s events of the GPU that came before: %s%s%n",
                            EventText.count(trimmed.before()), trimmed.reason(), sizes);
                case STATE ->
                    out.printf(
                            "before them, %s events that make up the state there: %s%s%n",
                            EventText.count(trimmed.before()), trimmed.reason(), sizes);
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
