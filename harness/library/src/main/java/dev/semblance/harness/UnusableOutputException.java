package dev.semblance.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** An output that cannot be written. The cause is an {@link UnwritableException}, which names the file. */
public final class UnusableOutputException extends SemblanceException {

    private static final long serialVersionUID = 1L;

    private UnusableOutputException(UnwritableException problem) {
        super(String.valueOf(problem.getMessage()), problem);
    }

    /**
     * {@return the exception for a file that cannot be written}
     *
     * @param file as the user named it; a file that the problem itself says could not be written is named in its place
     * @param problem what was thrown
     */
    public static UnusableOutputException of(Path file, IOException problem) {
        return new UnusableOutputException(UnwritableException.of(file, problem));
    }

    /**
     * {@return the same for a problem that came through code that declares none}
     *
     * @param file as the user named it
     * @param problem what was thrown
     */
    public static UnusableOutputException of(Path file, UncheckedIOException problem) {
        return of(file, new IOException(problem.getMessage(), problem));
    }
}
