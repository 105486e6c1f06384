package dev.semblance.harness;

import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

/** An input, a name or an option that is not usable as given: a file that is not there, a policy with a mistake in it. */
public class UnusableInputException extends SemblanceException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message one sentence
     */
    public UnusableInputException(String message) {
        super(message);
    }

    /**
     * Makes an exception with what led to it.
     *
     * @param message one sentence
     * @param cause what was thrown
     */
    public UnusableInputException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Makes an exception with lines that show the place.
     *
     * @param message one sentence
     * @param place lines to show below it
     */
    public UnusableInputException(String message, List<String> place) {
        super(message, place);
    }

    /**
     * {@return the exception for a name that no file can have, or none that the locale's character set can name}
     *
     * @param problem what was thrown
     */
    public static UnusableInputException noFileName(InvalidPathException problem) {
        String name = problem.getInput();
        String charset = System.getProperty("sun.jnu.encoding", "");
        boolean lacking = name.chars().anyMatch(c -> c > '~') && !charset.equalsIgnoreCase("UTF-8");
        return new UnusableInputException(
                lacking
                        ? Text.format(
                                "%s has characters that file names cannot have in this locale, whose character set is %s;"
                                        + " LC_ALL=C.UTF-8 is one that has all",
                                name, charset)
                        : Text.format("%s cannot be the name of a file: %s", name, problem.getReason()),
                problem);
    }

    /**
     * {@return the exception for something that cannot be read, or, if the problem is a file that could not be written
     * meanwhile, the exception for that}
     *
     * @param what is read, as the user named it
     * @param problem what was thrown
     */
    public static SemblanceException unreadable(Object what, IOException problem) {
        Optional<UnwritableException> output = UnwritableException.in(problem);
        if (output.isPresent()) {
            return UnusableOutputException.of(output.get().file(), output.get());
        }
        return new UnusableInputException(
                switch (problem) {
                    case NoSuchFileException unused -> what + " does not exist";
                    case AccessDeniedException unused -> what + " cannot be read: permission denied";
                    default ->
                        what + " cannot be read: "
                                + Optional.ofNullable(problem.getMessage())
                                        .orElseGet(() -> problem.getClass().getSimpleName());
                },
                problem);
    }
}
