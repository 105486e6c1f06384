package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.InputFiles;
import dev.semblance.harness.UserError;
import dev.semblance.harness.edit.redact.Labels;
import dev.semblance.harness.edit.redact.PixelMask;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "redact",
        header = "Blank the pixels and the typed text of a trace, and keep its structure.",
        description = {
            "Pixels become zero, or noise with --pixels scramble; keys become KEY_A; printable console bytes become x;"
                    + " scenario, boot arguments, names and hashes of images, digests of disk data and of states, and the"
                    + " content of other devices' commands go, and of the GPU's commands all that is no known field."
                    + " Digests of pictures are computed anew. Says whether a failure of the trace survives. The result"
                    + " can be replayed on a device, not on a machine."
        },
        footer = {
            "  semblance redact mine.trace -o public.trace",
            "  semblance redact mine.trace --pixels scramble -o public.trace",
            "  semblance redact mine.trace --labels number -o public.trace"
        })
final class RedactCommand extends Subcommand {

    /** What to do with pixels. */
    enum Pixels {
        /** Zero. */
        blank,
        /** Noise. */
        scramble
    }

    /** What to do with the labels of snapshots. */
    enum LabelHandling {
        /** Leave them. */
        keep,
        /** Put numbers in their place. */
        number
    }

    @Parameters(paramLabel = "TRACE", description = "The trace.")
    private Path trace = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "The trace to write.")
    private Path output = Path.of("");

    @Option(
            names = "--pixels",
            paramLabel = "HOW",
            description =
                    "blank (unless said otherwise): zero. scramble: noise that hides colours and keeps which bytes change,"
                            + " which can draw the outline of what was written.")
    private Pixels pixels = Pixels.blank;

    @Option(
            names = "--key",
            paramLabel = "N",
            description = "The key of the noise, to get the same again; a secret one unless said.")
    private @Nullable Long key;

    @Option(
            names = "--labels",
            paramLabel = "HOW",
            description =
                    "keep (unless said otherwise): the labels of snapshots stay. number: they become snapshot-1 and so on,"
                            + " so that no golden is found by them.")
    private LabelHandling labels = LabelHandling.keep;

    RedactCommand(Actions actions) {
        super(actions);
    }

    @Override
    ExitCode run() {
        Long chosen = key;
        if (chosen != null && pixels == Pixels.blank) {
            throw new UserError(ExitCode.USAGE, "--key goes with --pixels scramble");
        }
        PixelMask mask = switch (pixels) {
            case blank -> new PixelMask.Blank();
            // Nobody is to be able to undo it, so nothing that is known or can be guessed will do.
            case scramble -> new PixelMask.Scramble(chosen != null ? chosen : new SecureRandom().nextLong());
        };
        Labels names = switch (labels) {
            case keep -> new Labels.Keep();
            case number -> new Labels.Numbered();
        };
        return actions()
                .redact(new Actions.Redaction(InputFiles.single(trace), OutputFiles.check(trace, output), mask, names));
    }
}
