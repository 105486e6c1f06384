package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.util.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of {@code render}; {@link RenderAction} does the work. */
@Command(
        name = "render",
        header = "Write what a trace shows as PNG files, still or moving.",
        description = {
            "One picture for every snapshot, for every flush, or of every scanout at the positions of --at, made by a device"
                    + " replay: no guest images needed.",
            "An animated PNG plays in every browser. It runs in the guest's time, the cursor too; what a picture shows for"
                    + " less than 16 ms is left out, since browsers would slow it down. With --fps it has each flush and"
                    + " each move of the cursor, at a steady speed.",
            RangeOptions.NOTATION
        },
        footer = {
            "  semblance render mine.trace -o pictures",
            "  semblance render --every-flush recordings/flips.trace -o frames",
            "  semblance render mine.trace --at flush:12 --at cycle:85,736,705 -o pictures",
            "  semblance render recordings/cursor.trace --apng cursor.png --fps 25"
        })
final class RenderCommand extends Subcommand<RenderCommand.Request> {

    /** Browsers show a picture that is to stand for much less than 16 ms for 100 ms. */
    private static final int MAX_FRAMES_PER_SECOND = 60;

    /** VIRTIO_GPU_MAX_SCANOUTS is 16 (VIRTIO 1.2, 5.7.6.8). */
    private static final int MAX_SCANOUT = 15;

    @Parameters(paramLabel = "TRACE", description = "The trace.")
    private Path trace = Path.of("");

    @Option(names = "--every-flush", description = "A picture for every flush, in place of the snapshots.")
    private boolean everyFlush;

    @Option(
            names = "--at",
            paramLabel = "POSITION",
            converter = Converters.PositionOf.class,
            description =
                    "A picture of each scanout as it is at this position, with its cursor, in place of the snapshots;"
                            + " can be said several times.")
    private List<Position> at = List.of();

    @Option(
            names = "--damage",
            description = "Show only what the rectangles of flushes brought; pixels that nothing brought are magenta.")
    private boolean damage;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            description = "The folder to write pictures to; made if it is not there.")
    private Optional<Path> folder = Optional.empty();

    @Option(names = "--apng", paramLabel = "FILE", description = "Write an animated PNG of all flushes.")
    private Optional<Path> animation = Optional.empty();

    @Option(
            names = "--fps",
            paramLabel = "N",
            description = "Pictures a second of the animation, 1 to 60, in place of the guest's own time.")
    private Optional<Integer> framesPerSecond = Optional.empty();

    @Option(
            names = "--loop",
            paramLabel = "N",
            description = "How often the animation is played; 0, the default, is forever.")
    private Optional<Integer> loops = Optional.empty();

    @Option(names = "--scanout", paramLabel = "N", description = "Whose pictures the animation shows (default: 0).")
    private Optional<Integer> scanout = Optional.empty();

    /**
     * A trace to make pictures of.
     *
     * @param everyFlush whether to write a picture for every flush, in place of the snapshots
     * @param at where to write pictures of all scanouts, in place of the snapshots
     * @param folder where to write pictures, if any
     * @param animation what to make of all flushes, if anything
     * @param damage whether pictures show only what flushes brought
     */
    record Request(
            Path trace,
            boolean everyFlush,
            List<Position> at,
            Optional<Path> folder,
            Optional<Animation> animation,
            boolean damage) {

        /** Pictures of snapshots or flushes. */
        Request(Path trace, boolean everyFlush, Optional<Path> folder, Optional<Animation> animation) {
            this(trace, everyFlush, List.of(), folder, animation, false);
        }
    }

    /**
     * An animated PNG to make.
     *
     * @param scanout whose pictures
     * @param framesPerSecond at which speed to show every picture; empty for the guest's own time
     * @param loops how often it is played; 0 is for ever
     */
    record Animation(Path file, int scanout, OptionalInt framesPerSecond, int loops) {}

    @Mixin
    private ProgressOptions progress = new ProgressOptions();

    RenderCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        if (folder.isEmpty() && animation.isEmpty()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "render needs to know where to write: -o FOLDER for pictures, --apng FILE for a film");
        }
        if (everyFlush && folder.isEmpty()) {
            throw new CommandException(ExitCode.USAGE, "--every-flush needs -o FOLDER");
        }
        if (!at.isEmpty() && folder.isEmpty()) {
            throw new CommandException(ExitCode.USAGE, "--at needs -o FOLDER");
        }
        if (!at.isEmpty() && everyFlush) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--every-flush and --at say two things of which pictures to write; take one of them");
        }
        if (damage && animation.isPresent()) {
            throw new CommandException(
                    ExitCode.USAGE, "a film shows what the device shows; --damage goes with -o FOLDER");
        }
        PositionPictures.checkNames(at);
        if (animation.isEmpty() && (framesPerSecond.isPresent() || loops.isPresent() || scanout.isPresent())) {
            throw new CommandException(ExitCode.USAGE, "--fps, --loop and --scanout need --apng FILE");
        }
        framesPerSecond.ifPresent(value -> range("--fps", value, 1, MAX_FRAMES_PER_SECOND));
        range("--loop", loops.orElse(0), 0, Integer.MAX_VALUE);
        range("--scanout", scanout.orElse(0), 0, MAX_SCANOUT);
        Path file = InputFiles.single(trace);
        return new Request(
                file,
                everyFlush,
                List.copyOf(at),
                folder,
                animation.map(to -> new Animation(
                        to,
                        scanout.orElse(0),
                        framesPerSecond.map(OptionalInt::of).orElseGet(OptionalInt::empty),
                        loops.orElse(0))),
                damage);
    }

    @Override
    ExitCode run(Request rendering) {
        return new RenderAction(progress.of(terminal())).run(rendering);
    }

    private static void range(String option, int value, int minimum, int maximum) {
        if (value < minimum || value > maximum) {
            throw new CommandException(
                    ExitCode.USAGE, Text.format("%s is %d, not %d to %d", option, value, minimum, maximum));
        }
    }
}
