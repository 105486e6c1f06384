package dev.semblance.harness;

/**
 * Something that the user can put right: a file that is not there, an option that makes no sense. The message is one
 * clear sentence saying what is wrong, where, and what to do; lines after the first may show the place. No stack trace
 * is shown for it.
 */
public class UserError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    /** Makes an error that ends the command with {@code exitCode}. */
    public UserError(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** Makes an error that ends the command with {@code exitCode}, with what led to it. */
    public UserError(ExitCode exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** Returns how the command ends. */
    public ExitCode exitCode() {
        return exitCode;
    }
}
