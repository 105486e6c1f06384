package dev.semblance.cli;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.UnusableOutputException;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.playback.Moment;
import dev.semblance.harness.playback.Playback;
import dev.semblance.harness.playback.blame.Blame;
import dev.semblance.harness.playback.blame.PixelSearch;
import dev.semblance.harness.playback.blame.PixelSource;
import dev.semblance.harness.playback.blame.PixelSource.Layer;
import dev.semblance.harness.playback.blame.SymbolFiles;
import dev.semblance.harness.playback.gdb.MonitorCommands;
import dev.semblance.harness.playback.gdb.PlaybackDebugger;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.position.Found;
import dev.semblance.harness.trace.position.Place;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the debugger's user has besides gdb's own words: the library's monitor commands, blame, and pictures. */
final class DebugMonitor {

    private static final Pattern PIXEL =
            Pattern.compile("([0-9]{1,5}),([0-9]{1,5})(?: +([0-9]{1,2}))?(?: +follow +([0-9]{1,3}))?");

    /** A name without a folder: who connects may not write elsewhere. */
    private static final Pattern PICTURE =
            Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]{0,63}\\.png)(?: +([0-9]{1,2}))?");

    private final DebugCommand.Request request;
    private final ReplayableGpu gpu;
    private final Playback playback;
    private final SymbolFiles symbols;

    private DebugMonitor(DebugCommand.Request request, ReplayableGpu gpu, Playback playback, SymbolFiles symbols) {
        this.request = request;
        this.gpu = gpu;
        this.playback = playback;
        this.symbols = symbols;
    }

    /** Returns the commands. */
    static PlaybackDebugger.Monitor of(
            DebugCommand.Request request, ReplayableGpu gpu, Playback playback, SymbolFiles symbols) {
        DebugMonitor monitor = new DebugMonitor(request, gpu, playback, symbols);
        return new MonitorCommands(request.trace(), playback)
                .with(
                        "blame",
                        new MonitorCommands.Command(
                                "blame X,Y [SCANOUT] [follow N]", "says who made a pixel", monitor::blame))
                .with(
                        "screenshot",
                        new MonitorCommands.Command(
                                "screenshot FILE.png [SCANOUT]",
                                "writes what a scanout shows now",
                                (arguments, progress) -> monitor.screenshot(arguments)));
    }

    private String blame(String arguments, LongConsumer progress) {
        Matcher words = PIXEL.matcher(arguments.strip());
        if (!words.matches()) {
            return "say a column and a row, such as blame 100,40\n";
        }
        Moment now = playback.now();
        int passed = playback.index().passed(now);
        Place place = new Place(passed, now.cycle(), passed, passed - 1L);
        try {
            PixelSource pixel = new PixelSearch(request.trace(), gpu, place)
                    .find(number(words, 3), Integer.parseInt(words.group(1)), Integer.parseInt(words.group(2)));
            Optional<Layer> written =
                    pixel.foremost().filter(layer -> layer.written().isPresent());
            TraceManifest manifest = playback.index().manifest();
            Optional<String> older = written.flatMap(layer -> BlameCommand.Blamed.older(manifest, layer));
            List<Blame.Hop> hops = written.isEmpty() || older.isPresent()
                    ? List.of()
                    : new Blame(request.trace(), playback, symbols, progress).follow(written.get(), number(words, 4));
            BlameText text = new BlameText(new BlameCommand.Blamed(
                    request.trace(),
                    new Found.There(new Position.OfCycle(now.cycle()), place),
                    pixel,
                    hops,
                    older,
                    manifest,
                    symbols));
            return String.join("\n", text.lines()) + "\n";
        } catch (IOException e) {
            throw TraceProblems.of(request.trace(), e);
        } finally {
            playback.seek(now);
        }
    }

    private static int number(Matcher words, int group) {
        return Optional.ofNullable(words.group(group)).map(Integer::parseInt).orElse(0);
    }

    private String screenshot(String arguments) {
        Matcher words = PICTURE.matcher(arguments.strip());
        if (!words.matches()) {
            return "say the name of a file, such as screenshot now.png; --pictures says in which folder it is written\n";
        }
        int scanout = number(words, 2);
        if (scanout >= playback.scanouts()) {
            throw new UnusableInputException(
                    Text.format("there is no scanout %d; there are %d, counted from 0", scanout, playback.scanouts()));
        }
        Path file = request.pictures().resolve(words.group(1));
        if (Files.exists(file)) {
            return file + " is there already\n";
        }
        Frame picture = playback.picture(scanout);
        try {
            ImageFiles.writePng(picture, file);
        } catch (IOException e) {
            throw UnusableOutputException.of(file, e);
        }
        return Text.format("%s: %d x %d\n", file, picture.width(), picture.height());
    }
}
