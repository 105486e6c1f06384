package dev.semblance.harness;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that cannot be written. It is told apart from an input that cannot be read, which is an IOException too, so that
 * whoever copies from one to the other blames the right one.
 */
public final class UnwritableException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Causes of causes that are looked at; a chain that is longer leads in a circle. */
    private static final int MAX_CAUSES = 16;

    private static final String IN_THE_WAY = "a file is where a folder should be";

    private final transient Path file;
    /** What is wrong, without the file. */
    private final String reason;

    private UnwritableException(Path file, String reason, Throwable cause) {
        super(file + " cannot be written: " + reason, cause);
        this.file = file;
        this.reason = reason;
    }

    private UnwritableException(Path file, String reason) {
        super(file + " cannot be written: " + reason);
        this.file = file;
        this.reason = reason;
    }

    /**
     * {@return the exception for a file; one that led to the problem already is returned itself, with the file it names}
     *
     * @param file the file, as the user named it
     * @param problem what was thrown
     */
    public static UnwritableException of(Path file, IOException problem) {
        return in(problem).orElseGet(() -> new UnwritableException(file, reason(problem), problem));
    }

    /**
     * {@return the exception for a file that cannot be written for a reason, which continues a sentence}
     *
     * @param file the file, as the user named it
     * @param reason the rest of a sentence that begins with the file
     */
    public static UnwritableException of(Path file, String reason) {
        return new UnwritableException(file, reason);
    }

    /**
     * Finds such an exception among what led to a failure.
     *
     * @param failure what was thrown, with its causes
     * @return the first that is found, or empty
     */
    public static Optional<UnwritableException> in(Throwable failure) {
        Optional<Throwable> next = Optional.of(failure);
        for (int i = 0; i < MAX_CAUSES && next.isPresent(); i++) {
            if (next.get() instanceof UnwritableException found) {
                return Optional.of(found);
            }
            next = Optional.ofNullable(next.get().getCause());
        }
        return Optional.empty();
    }

    /** {@return the file, as the user named it} */
    public Path file() {
        return file;
    }

    /** {@return what is wrong, without the file} */
    public String reason() {
        return reason;
    }

    private static String reason(IOException problem) {
        return switch (problem) {
            case NoSuchFileException missing -> missing(missing);
            case AccessDeniedException unused -> "permission denied";
            case FileAlreadyExistsException unused -> IN_THE_WAY;
            case NotDirectoryException unused -> IN_THE_WAY;
            case FileSystemLoopException unused -> "its symbolic links lead in a circle";
            case FileSystemException of ->
                isBelowAFile(of)
                        ? IN_THE_WAY
                        : Optional.ofNullable(of.getReason()).orElseGet(() -> message(problem));
            default -> problem.getCause() instanceof IOException cause ? reason(cause) : message(problem);
        };
    }

    private static Optional<Path> path(FileSystemException problem) {
        try {
            return Optional.ofNullable(problem.getFile())
                    .map(file -> Path.of(file).toAbsolutePath());
        } catch (InvalidPathException e) {
            return Optional.empty(); // The locale lacks characters of a name that the file has nevertheless.
        }
    }

    private static Optional<Path> parent(Path file) {
        return Optional.ofNullable(file.getParent());
    }

    private static String missing(NoSuchFileException problem) {
        Optional<Path> folder = path(problem).flatMap(UnwritableException::parent);
        return folder.isPresent() && Files.isDirectory(folder.get())
                ? "what was written of it has been moved or removed"
                : "there is no such folder";
    }

    private static boolean isBelowAFile(FileSystemException problem) {
        Optional<Path> above = path(problem).flatMap(UnwritableException::parent);
        while (above.isPresent() && !Files.exists(above.get())) {
            above = above.flatMap(UnwritableException::parent);
        }
        return above.filter(there -> !Files.isDirectory(there)).isPresent();
    }

    private static String message(IOException problem) {
        return Optional.ofNullable(problem.getMessage())
                .orElseGet(() -> problem.getClass().getSimpleName());
    }
}
