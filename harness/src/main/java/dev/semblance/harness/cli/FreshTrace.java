package dev.semblance.harness.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UserError;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceTotals;
import dev.semblance.harness.trace.TraceWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A trace that is made of something other than a run. It grows under a name of its own, apart from the part that a
 * recording of the same name may have left; closed without {@link #complete}, nothing of it remains.
 */
final class FreshTrace implements AutoCloseable {

    private final Path target;
    private final Path aside;
    private final TraceWriter writer;

    private FreshTrace(Path target, Path aside, TraceWriter writer) {
        this.target = target;
        this.aside = aside;
        this.writer = writer;
    }

    /** Starts a trace that shall be {@code target}. */
    static FreshTrace create(Path target, TraceManifest manifest) {
        if (Files.isDirectory(target)) {
            throw new UserError(ExitCode.USAGE, target + " is a folder; name the file to write");
        }
        Path aside = target.resolveSibling("." + target.getFileName() + ".new");
        try {
            return new FreshTrace(target, aside, TraceWriter.create(aside, manifest));
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    TraceWriter writer() {
        return writer;
    }

    /** Finishes the trace and gives it its name. */
    TraceTotals complete() {
        try {
            TraceTotals totals = writer.complete();
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return totals;
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    /** Returns the error for a file that could not be written. */
    static UserError unwritable(Path file, IOException problem) {
        String reason = problem instanceof NoSuchFileException
                ? "there is no such folder"
                : String.valueOf(problem.getMessage());
        return new UserError(ExitCode.USAGE, file + " cannot be written: " + reason, problem);
    }

    @Override
    public void close() {
        try {
            writer.close();
        } catch (IOException | UncheckedIOException e) {
            // What failed was said where it failed.
        }
        try {
            Files.deleteIfExists(TraceWriter.partOf(aside));
            Files.deleteIfExists(aside);
        } catch (IOException e) {
            // It can stay; it says itself that it is not complete.
        }
    }
}
