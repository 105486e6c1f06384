package dev.semblance.harness.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.redact.TraceRedactor;
import dev.semblance.harness.redact.TraceRedactor.Redacted;
import java.io.IOException;
import java.io.PrintWriter;

/** Redacts a trace, and says whether its failure survives. */
final class RedactAction {

    private final Terminal terminal;

    RedactAction(Terminal terminal) {
        this.terminal = terminal;
    }

    ExitCode run(Actions.Redaction redaction) {
        try {
            Redacted redacted =
                    TraceRedactor.redact(redaction.trace(), redaction.mask(), redaction.labels(), redaction.output());
            PrintWriter out = terminal.out();
            out.println(
                    redaction.output() + ": pixels and typed text are gone; it replays on a device, not on a machine");
            if (redacted.before().isEmpty()) {
                out.println(redacted.after()
                        .map(after -> "the device replay of the trace passes, but that of the redacted one does"
                                + " not: " + after)
                        .orElse("the device replay passes before and after: there is no failure to keep"));
            } else if (redacted.survives()) {
                out.println("the failure survives: " + redacted.before().get());
            } else {
                out.printf(
                        "the failure does not survive: before, %s; now, %s%n",
                        redacted.before().get(), redacted.after().orElse("the device replay passes"));
            }
            out.println("replay it: semblance replay " + redaction.output());
            return TraceProblems.ending(redaction.trace(), terminal);
        } catch (IOException e) {
            throw TraceProblems.of(redaction.trace(), e);
        }
    }
}
