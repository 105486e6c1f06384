package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** Checks where a verb is to write, before it does any work. */
final class OutputFiles {

    private OutputFiles() {}

    /** Returns {@code output}, where one trace is to be made of another: neither that trace nor a folder. */
    static Path check(Path trace, Path output) {
        if (Outlet.isStandardOutput(output)) {
            return output;
        }
        check(output, List.of(trace));
        Path folder = output.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new CommandException(ExitCode.USAGE, "there is no folder to write " + output + " to");
        }
        return output;
    }

    /**
     * Checks that an output is neither a folder nor one of the files that are read: by what file it is, so that links and
     * other spellings of its name are seen through.
     */
    static void check(Path output, Collection<Path> inputs) {
        if (Files.isDirectory(output)) {
            throw new CommandException(ExitCode.USAGE, output + " is a folder; name the file to write");
        }
        for (Path input : inputs) {
            if (isSame(input, output)) {
                String same = input.equals(output) ? "" : " (" + input + ")";
                throw new CommandException(
                        ExitCode.USAGE,
                        Text.format("%s is a file that is read%s; name another file to write", output, same));
            }
        }
    }

    /** Checks the same of a recording, which grows in a part of its own. */
    static void checkRecording(Path output, Collection<Path> inputs) {
        check(output, inputs);
        Path name = output.getFileName();
        if (name != null) {
            check(OutputFile.partOf(output), inputs);
        }
    }

    /** Checks that outputs are different files, and none of them an input. */
    static void checkAll(List<Path> outputs, Collection<Path> inputs) {
        for (int i = 0; i < outputs.size(); i++) {
            check(outputs.get(i), inputs);
            for (int j = 0; j < i; j++) {
                Path other = outputs.get(j);
                if (isSame(other, outputs.get(i))
                        || !Files.exists(other) && name(other).equals(name(outputs.get(i)))) {
                    throw new CommandException(
                            ExitCode.USAGE, Text.format("%s is to be written twice; name two files", outputs.get(i)));
                }
            }
        }
    }

    private static Path name(Path output) {
        return output.toAbsolutePath().normalize();
    }

    private static boolean isSame(Path one, Path other) {
        try {
            // What is no regular file is not written over.
            return Files.isRegularFile(one) && Files.exists(other) && Files.isSameFile(one, other);
        } catch (IOException e) {
            return false; // What is wrong with one of them is said where it is opened.
        }
    }
}
