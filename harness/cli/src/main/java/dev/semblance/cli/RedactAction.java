package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Text;
import dev.semblance.harness.edit.redact.TraceRedactor;
import dev.semblance.harness.edit.redact.TraceRedactor.Redacted;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/** Redacts a trace, and says whether its failure survives. */
final class RedactAction {

    private final Terminal terminal;

    RedactAction(Terminal terminal) {
        this.terminal = terminal;
    }

    ExitCode run(Actions.Redaction redaction) {
        try (Outlet outlet = Outlet.of(redaction.output(), terminal, List.of(redaction.trace()))) {
            Redacted redacted =
                    TraceRedactor.redact(redaction.trace(), redaction.mask(), redaction.labels(), outlet.path());
            outlet.deliver();
            PrintWriter out = outlet.terminal().out();
            out.println(outlet + ": pixels and typed text are gone; it replays on a device, not on a machine");
            if (redacted.before().isEmpty()) {
                out.println(redacted.after()
                        .map(after -> "the device replay of the trace passes, but that of the redacted one does"
                                + " not: " + after)
                        .orElse("the device replay passes before and after: there is no failure to keep"));
            } else if (redacted.survives()) {
                out.println("the failure survives: " + redacted.before().get());
            } else {
                out.println(Text.format(
                        "the failure does not survive: before, %s; now, %s",
                        redacted.before().get(), redacted.after().orElse("the device replay passes")));
            }
            outlet.sayHowToReplay();
            return TraceProblems.ending(redaction.trace(), terminal);
        } catch (IOException e) {
            throw TraceProblems.of(redaction.trace(), e);
        }
    }
}
