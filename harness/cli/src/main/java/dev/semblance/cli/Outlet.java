package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.files.TemporaryFolder;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The one file that a verb makes: a path, or standard output, which is called {@code -}. What goes to standard output is
 * made aside, and copied when the verb has made it; what the verb has to say goes to standard error then.
 */
final class Outlet implements AutoCloseable {

    private static final Path STANDARD_OUTPUT = Path.of("-");

    private final Path output;
    private final Terminal terminal;
    private final Optional<TemporaryFolder> folder;

    private Outlet(Path output, Terminal terminal, Optional<TemporaryFolder> folder) {
        this.output = output;
        this.terminal = terminal;
        this.folder = folder;
    }

    /**
     * Opens an outlet.
     *
     * @param output as the user named it
     * @param inputs what the verb reads, which must not be written over
     * @throws SemblanceException if it is a folder or an input
     */
    static Outlet of(Path output, Terminal terminal, Collection<Path> inputs) {
        if (isStandardOutput(output)) {
            return new Outlet(output, terminal, Optional.of(TemporaryFolder.create()));
        }
        OutputFiles.check(output, inputs);
        return new Outlet(output, terminal, Optional.empty());
    }

    /** Tells whether an output is standard output rather than a file. */
    static boolean isStandardOutput(Path output) {
        return output.equals(STANDARD_OUTPUT);
    }

    /** Returns the outputs with standard output left out, and refuses that where a verb has other words for it. */
    static List<Path> files(Collection<Path> outputs, String verb) {
        for (Path output : outputs) {
            if (isStandardOutput(output)) {
                throw new CommandException(
                        ExitCode.USAGE,
                        Text.format(
                                "%s prints its results on standard output, so a file cannot go there; name one (./- for a file called -)",
                                verb));
            }
        }
        return List.copyOf(outputs);
    }

    /** Tells whether what is made goes to standard output. */
    boolean isStandardOutput() {
        return folder.isPresent();
    }

    /** Returns where the verb writes. */
    Path path() {
        return folder.map(made -> made.path().resolve("output")).orElse(output);
    }

    /** Returns where the verb says what it did. */
    Terminal terminal() {
        return folder.isPresent() ? terminal.quiet() : terminal;
    }

    /** Hands what the verb has made to standard output, if that is where it goes. */
    void deliver() {
        if (folder.isEmpty() || !Files.exists(path())) {
            return;
        }
        try {
            Files.copy(path(), terminal.standard());
            terminal.standard().flush();
        } catch (IOException e) {
            // Standard output remembers it.
        }
    }

    /**
     * Says how to replay the trace that was made, if it is in a file: what went into a device or a pipe is nothing that can be
     * read again.
     *
     * @param options what replay has to be told
     */
    void sayHowToReplay(Object... options) {
        if (folder.isPresent()) {
            terminal().out().println("the trace is on standard output");
        } else if (Files.isRegularFile(output)) {
            Object[] words = Arrays.copyOf(options, options.length + 1);
            words[options.length] = output;
            terminal.out().println("replay it: " + Invocation.line("replay", words));
        } else {
            terminal().out().println("the trace went to " + output + ", which is no file that can be replayed");
        }
    }

    /** Returns what to call it. */
    @Override
    public String toString() {
        return folder.isPresent() ? "standard output" : output.toString();
    }

    @Override
    public void close() {
        folder.ifPresent(TemporaryFolder::close);
    }
}
