package dev.semblance.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that names the trace to write, for verbs that always write one. */
final class OutputOption {

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "TRACE",
            description = "The trace to write.")
    private Path output = Path.of("");

    Path output() {
        return output;
    }
}
