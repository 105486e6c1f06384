package dev.semblance.harness.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks where a verb is to write that makes one trace of another. */
final class OutputFiles {

    private OutputFiles() {}

    /** Returns {@code output}, which must not be the trace that is read, nor a folder. */
    static Path check(Path trace, Path output) {
        Path folder = output.toAbsolutePath().getParent();
        if (Files.isDirectory(output)) {
            throw new UserError(ExitCode.USAGE, output + " is a folder; name the file to write");
        }
        if (folder == null || !Files.isDirectory(folder)) {
            throw new UserError(ExitCode.USAGE, "there is no folder to write " + output + " to");
        }
        if (isSame(trace, output)) {
            throw new UserError(ExitCode.USAGE, output + " is the trace that is read; name another file to write");
        }
        return output;
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.exists(other) && Files.isSameFile(one, other);
        } catch (IOException e) {
            return false; // What is wrong with one of them is said where it is opened.
        }
    }
}
