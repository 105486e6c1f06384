package dev.semblance.harness.cli;

import dev.semblance.harness.ExitCode;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "render",
        header = "Write what a trace shows as PNG files.",
        description =
                "One picture for every snapshot, or for every flush, made by a device replay: no guest images needed.",
        footer = {
            "  semblance render mine.trace -o pictures",
            "  semblance render --every-flush recordings/flips.trace -o frames"
        })
final class RenderCommand extends Verb {

    @Parameters(paramLabel = "TRACE", description = "The trace.")
    private Path trace = Path.of("");

    @Option(names = "--every-flush", description = "A picture for every flush, in place of the snapshots.")
    private boolean everyFlush;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            required = true,
            description = "The folder to write to; made if it is not there.")
    private Path folder = Path.of("");

    RenderCommand(Actions actions) {
        super(actions);
    }

    @Override
    ExitCode run() {
        return actions().render(new Actions.Rendering(InputFiles.single(trace), everyFlush, folder));
    }
}
