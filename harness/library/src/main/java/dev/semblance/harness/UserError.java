package dev.semblance.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something that the user can put right: a file that is not there, an option that makes no sense. The message is one
 * clear sentence saying what is wrong, where, and what to do; lines after the first may show the place. In none of them is
 * anything hidden ({@link Printable}), whatever names they were made of. No stack trace is shown for it.
 */
public class UserError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    /** Makes an error that ends the command with {@code exitCode}. */
    public UserError(ExitCode exitCode, String message) {
        super(Printable.line(message));
        this.exitCode = exitCode;
    }

    /** Makes an error that ends the command with {@code exitCode}, with what led to it. */
    public UserError(ExitCode exitCode, String message, Throwable cause) {
        super(Printable.line(message), cause);
        this.exitCode = exitCode;
    }

    /** Makes an error that ends the command with {@code exitCode}, with lines that show the place. */
    public UserError(ExitCode exitCode, String message, List<String> place) {
        super(Stream.concat(Stream.of(message), place.stream())
                .map(Printable::line)
                .collect(Collectors.joining("\n")));
        this.exitCode = exitCode;
    }

    /**
     * Returns the error for a file that cannot be written.
     *
     * @param file as the user named it; a file that the problem itself says could not be written is named in its place
     */
    public static UserError unwritable(Path file, IOException problem) {
        UnwritableException unwritable = UnwritableException.of(file, problem);
        return new UserError(ExitCode.USAGE, String.valueOf(unwritable.getMessage()), unwritable);
    }

    /** Returns the same for a problem that came through code that declares none. */
    public static UserError unwritable(Path file, UncheckedIOException problem) {
        return unwritable(file, new IOException(problem.getMessage(), problem));
    }

    /**
     * Returns the error for something that cannot be read, or, if the problem is a file that could not be written
     * meanwhile, the error for that.
     *
     * @param what is read, as the user named it
     */
    public static UserError unreadable(Object what, IOException problem) {
        return UnwritableException.in(problem)
                .map(output -> unwritable(output.file(), output))
                .orElseGet(() -> new UserError(
                        ExitCode.USAGE,
                        switch (problem) {
                            case NoSuchFileException unused -> what + " does not exist";
                            case AccessDeniedException unused -> what + " cannot be read: permission denied";
                            default ->
                                what + " cannot be read: "
                                        + Optional.ofNullable(problem.getMessage())
                                                .orElseGet(
                                                        () -> problem.getClass().getSimpleName());
                        },
                        problem));
    }

    /** Returns the error for a name that no file can have, or none that the locale's character set can name. */
    public static UserError noFileName(InvalidPathException problem) {
        String name = problem.getInput();
        String charset = System.getProperty("sun.jnu.encoding", "");
        boolean lacking = name.chars().anyMatch(c -> c > '~') && !charset.equalsIgnoreCase("UTF-8");
        return new UserError(
                ExitCode.USAGE,
                lacking
                        ? Text.format(
                                "%s has characters that file names cannot have in this locale, whose character set is %s;"
                                        + " LC_ALL=C.UTF-8 is one that has all",
                                name, charset)
                        : Text.format("%s can be no file's name: %s", name, problem.getReason()),
                problem);
    }

    /**
     * Returns the sentence for a heap that was too small.
     *
     * @param what needed more, at the start of the sentence
     */
    public static String outOfMemory(String what) {
        return Text.format(
                "%s needs more memory than the %d MiB that Java may use here; SEMBLANCE_JAVA_OPTS=-Xmx4g allows more",
                what, Runtime.getRuntime().maxMemory() >> 20);
    }

    /** Returns the lines of the message, the sentence first. */
    public List<String> lines() {
        return String.valueOf(getMessage()).lines().toList();
    }

    /** Returns how the command ends. */
    public ExitCode exitCode() {
        return exitCode;
    }
}
