package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import java.util.List;

/** Ends a command with an exit code of its own, and a sentence for the user. No stack trace is shown for it. */
final class CommandException extends SemblanceException {

    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    CommandException(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    CommandException(ExitCode exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    CommandException(ExitCode exitCode, String message, List<String> place) {
        super(message, place);
        this.exitCode = exitCode;
    }

    /** Returns how a command ends that ends in this. */
    static ExitCode exitCode(SemblanceException problem) {
        return problem instanceof CommandException command ? command.exitCode : ExitCode.of(problem);
    }
}
