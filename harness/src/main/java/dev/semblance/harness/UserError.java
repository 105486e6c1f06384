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

    /**
     * Returns the sentence for a heap that was too small.
     *
     * @param what needed more, at the start of the sentence
     */
    public static String outOfMemory(String what) {
        return "%s needs more memory than the %d MiB that Java may use here; SEMBLANCE_JAVA_OPTS=-Xmx4g allows more"
                .formatted(what, Runtime.getRuntime().maxMemory() >> 20);
    }

    /** Returns how the command ends. */
    public ExitCode exitCode() {
        return exitCode;
    }
}
