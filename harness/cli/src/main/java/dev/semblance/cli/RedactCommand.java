package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.edit.redact.Labels;
import dev.semblance.harness.edit.redact.PixelMask;
import dev.semblance.harness.edit.redact.TraceRedactor;
import dev.semblance.harness.edit.redact.TraceRedactor.Redacted;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Redacts a trace, and says whether its failure survives. */
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
final class RedactCommand extends Subcommand<RedactCommand.Request> {

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

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(
            names = "--pixels",
            paramLabel = "HOW",
            description = "blank (the default): zero. scramble: noise that hides colours and keeps which bytes change,"
                    + " which can draw the outline of what was written.")
    private Pixels pixels = Pixels.blank;

    @Option(
            names = "--key",
            paramLabel = "N",
            description = "The key of the noise, to get the same again; by default a secret one.")
    private Optional<Long> key = Optional.empty();

    @Option(
            names = "--labels",
            paramLabel = "HOW",
            description = "keep (the default): the labels of snapshots stay. number: they become snapshot-1 and so on,"
                    + " so that no golden is found by them.")
    private LabelHandling labels = LabelHandling.keep;

    /**
     * A trace to take pixels and typed text out of.
     *
     * @param mask what becomes of pixels
     * @param labels what becomes of the labels of snapshots
     */
    record Request(Path trace, Path output, PixelMask mask, Labels labels) {}

    RedactCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        if (key.isPresent() && pixels == Pixels.blank) {
            throw new CommandException(ExitCode.USAGE, "--key goes with --pixels scramble");
        }
        PixelMask mask = switch (pixels) {
            case blank -> new PixelMask.Blank();
            // Nobody is to be able to undo it, so nothing that is known or can be guessed will do.
            case scramble -> new PixelMask.Scramble(key.orElseGet(() -> new SecureRandom().nextLong()));
        };
        Labels names = switch (labels) {
            case keep -> new Labels.Keep();
            case number -> new Labels.Numbered();
        };
        return new Request(InputFiles.single(trace), OutputFiles.check(trace, output.output()), mask, names);
    }

    @Override
    ExitCode run(Request redaction) {
        try (Outlet outlet = Outlet.of(redaction.output(), terminal(), List.of(redaction.trace()))) {
            Redacted redacted =
                    TraceRedactor.redact(redaction.trace(), redaction.mask(), redaction.labels(), outlet.path());
            outlet.deliver();
            Printer out = outlet.terminal().out();
            out.println(outlet + ": pixels and typed text are gone; it replays on a device, not on a machine");
            if (redacted.before().isEmpty()) {
                out.println(redacted.after()
                        .map(after -> "the device replay of the trace passes, but that of the redacted one does"
                                + " not: " + after)
                        .orElse("the device replay passes before and after: there is no failure to keep"));
            } else if (redacted.survives()) {
                out.println("the failure survives: " + redacted.before().get());
            } else {
                out.println(Text.format(
                        "the failure does not survive: before, %s; now, %s",
                        redacted.before().get(), redacted.after().orElse("the device replay passes")));
            }
            outlet.sayHowToReplay();
            return TraceProblems.ending(redaction.trace(), terminal());
        } catch (IOException e) {
            throw TraceProblems.of(redaction.trace(), e);
        }
    }
}
