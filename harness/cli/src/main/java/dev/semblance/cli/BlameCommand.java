package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.playback.blame.Blame;
import dev.semblance.harness.playback.blame.PixelSource;
import dev.semblance.harness.playback.blame.PixelSource.Layer;
import dev.semblance.harness.playback.blame.SymbolFiles;
import dev.semblance.harness.playback.blame.Symbols;
import dev.semblance.harness.playback.blame.WriteSource;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.position.Found;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says who made a pixel: from the flush that showed it down to the instruction that stored it. */
@Command(
        name = "blame",
        header = "Say who made a pixel, down to the instruction that stored it.",
        description = {
            "Names the flush that showed the pixel, the transfer that copied it, where it lay in guest memory, and, by playing"
                    + " the machine again, the instruction that stored it there. --follow goes on: from a store to the"
                    + " load that fed it, through moves and computations, and to who had stored there.",
            "Without the guest's images it says what the trace tells alone.",
            RangeOptions.NOTATION
        },
        footer = {
            "  semblance blame recordings/flips.trace --pixel 100,100",
            "  semblance blame mine.trace --at flush:9 --pixel 12,40 --symbols vmlinux",
            "  semblance blame mine.trace --pixel 30,8 --follow 8 --json"
        })
final class BlameCommand extends Subcommand<BlameCommand.Request> {

    private static final int MAX_FOLLOW = 1000;
    private static final Pattern PIXEL = Pattern.compile("([0-9]{1,5}),([0-9]{1,5})");

    @Parameters(paramLabel = "TRACE", description = "The trace.")
    private Path trace = Path.of("");

    @Option(
            names = "--at",
            paramLabel = "POSITION",
            converter = Converters.PositionOf.class,
            description = "When the picture is looked at (default: ${DEFAULT-VALUE}).")
    private Position at = new Position.End();

    @Option(
            names = "--pixel",
            paramLabel = "X,Y",
            required = true,
            description = "Column and row in the picture, counted from 0.")
    private String pixel = "";

    @Option(
            names = "--scanout",
            paramLabel = "N",
            description = "Whose picture, counted from 0 (default: ${DEFAULT-VALUE}).")
    private int scanout;

    @Option(
            names = "--follow",
            paramLabel = "N",
            description = "Go on over up to so many loads from memory (default: ${DEFAULT-VALUE}).")
    private int follow;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Mixin
    private PlaybackOptions playback = new PlaybackOptions();

    @Mixin
    private ProgressOptions progress = new ProgressOptions();

    /** A pixel to blame somebody for. */
    record Request(Path trace, Position at, int scanout, int x, int y, int follow, boolean json) {}

    /**
     * What was found.
     *
     * @param place where it was looked at
     * @param pixel what the trace tells
     * @param hops what the machine tells, latest first
     * @param notPlayed why the machine was not asked, if not
     * @param manifest of the trace
     */
    record Blamed(
            Path trace,
            Found.There place,
            PixelSource pixel,
            List<Blame.Hop> hops,
            Optional<String> notPlayed,
            TraceManifest manifest,
            SymbolFiles symbols) {

        /** Returns that a pixel is older than a trace whose machine does not begin at power-on, if it is. */
        static Optional<String> older(TraceManifest manifest, Layer layer) {
            return layer.written()
                    .filter(written -> written.transfer().sequence() < manifest.preambleEvents())
                    .flatMap(written -> before(manifest))
                    .map(whoTells -> "it is older than this trace, which " + whoTells);
        }

        /** Returns where a machine that does not begin at power-on begins, and who tells what was before. */
        static Optional<String> before(TraceManifest manifest) {
            Optional<String> parent = manifest.parent()
                    .map(of -> Text.format(
                            "goes on from %s; semblance blame %s --at event:%d tells",
                            EventText.plain(of.file()), EventText.plain(of.file()), Math.max(0, of.passed() - 1)));
            return manifest.storedState().isPresent()
                    ? Optional.of(Text.format(
                            "begins @%,d in a stored state; the trace that it was cut from tells",
                            manifest.firstCycle()))
                    : parent;
        }

        /** Returns the names of the kernel, and of the program that a hop is in. */
        Symbols symbols(Blame.Hop hop) {
            return symbols.symbols(
                    hop.source() instanceof WriteSource.Stored stored ? stored.program() : Optional.empty());
        }
    }

    BlameCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        Matcher numbers = PIXEL.matcher(pixel);
        if (!numbers.matches()) {
            throw new CommandException(ExitCode.USAGE, "--pixel wants a column and a row, such as 100,40");
        }
        if (follow < 0 || follow > MAX_FOLLOW) {
            throw new CommandException(ExitCode.USAGE, "--follow wants a number from 0 to " + MAX_FOLLOW);
        }
        playback.check();
        return new Request(
                InputFiles.single(trace),
                at,
                scanout,
                Integer.parseInt(numbers.group(1)),
                Integer.parseInt(numbers.group(2)),
                follow,
                json);
    }

    @Override
    ExitCode run(Request request) {
        try {
            Blamed blamed = new BlameAction(playback, List.of(), progress.of(environment())).blame(request);
            if (request.json()) {
                terminal().out().json(BlameJson.text(blamed));
            } else {
                new BlameText(blamed).lines().forEach(terminal().out()::println);
            }
            return TraceProblems.ending(request.trace(), terminal());
        } catch (IOException e) {
            throw TraceProblems.of(request.trace(), e);
        }
    }
}
