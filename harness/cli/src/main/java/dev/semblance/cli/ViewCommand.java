package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.files.Interruption;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.util.Text;
import dev.semblance.live.ViewServer;
import dev.semblance.live.Viewing;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows recordings in a page of the browser. */
@Command(
        name = "view",
        header = "Look into traces in a page of the browser.",
        description = {
            "Shows what a trace showed, flush by flush, with its events, resources and queues, its snapshots beside their"
                    + " goldens, and who made a pixel that is clicked (docs/VIEWER.md). The address of the page is on standard"
                    + " error; Ctrl-C ends it.",
            "Packs are opened; several traces can be chosen from in the page.",
            "With --export, the page of one trace, or of a range of it, goes into a file that can be sent to anybody.",
            RangeOptions.NOTATION
        },
        footer = {
            "  semblance view recordings/flips.trace",
            "  semblance view bug.pack --no-open --port 8080",
            "  semblance view recordings --golden golden",
            "  semblance view mine.trace --export page.html",
            "  semblance view mine.trace --export page.html --from flush:10 --to end"
        })
final class ViewCommand extends Subcommand<ViewCommand.Request> {

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Traces or packs, or folders of traces.")
    private List<String> paths = List.of();

    @Mixin
    private GoldenPlace goldens = new GoldenPlace();

    @Mixin
    private PageOptions page = new PageOptions();

    @Mixin
    private PageExportOptions export = new PageExportOptions();

    @Mixin
    private PlaybackOptions playback = new PlaybackOptions();

    @Mixin
    private ProgressOptions progress = new ProgressOptions();

    /**
     * Traces to look into.
     *
     * @param goldens what their snapshots are compared with
     * @param port where the page is, 0 for any port that is free
     * @param opens whether the browser is opened
     * @param export the file that the page goes into, if it is not served
     */
    record Request(
            List<TraceFile> traces,
            GoldenOptions.Settings goldens,
            int port,
            boolean opens,
            Optional<PageExportOptions.Export> export) {}

    ViewCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        playback.check();
        return new Request(
                InputFiles.traces(paths),
                goldens.settings(playback.folders()),
                page.port(),
                page.opens(),
                export.export(page));
    }

    @Override
    ExitCode run(Request request) {
        return request.export().isPresent() ? export(request, request.export().get()) : serve(request);
    }

    private ExitCode export(Request request, PageExportOptions.Export wanted) {
        if (request.traces().size() != 1) {
            throw new CommandException(
                    ExitCode.USAGE,
                    Text.format(
                            "--export takes one trace, and these are %s",
                            Text.count(request.traces().size(), "trace")));
        }
        try (OpenedPacks opened = OpenedPacks.of(request.traces())) {
            TraceFile trace = opened.single();
            Viewing.Replayer replayer = replayer(request, opened, progress.of(environment()));
            return new ViewExport(replayer, terminal()).write(trace, wanted, TraceFile.paths(request.traces()));
        }
    }

    private ExitCode serve(Request request) {
        CountDownLatch ended = new CountDownLatch(1);
        try (OpenedPacks opened = OpenedPacks.of(request.traces());
                ViewServer server = start(request, opened);
                Interruption interruption = Interruption.listen(ended::countDown)) {
            LivePage.announce("view", server.url(), request.opens(), environment());
            while (!interruption.isRequested()) {
                ended.await();
            }
            return ExitCode.INTERRUPTED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        }
    }

    /** Of several traces those that can be read are shown, and the page says why the others cannot; of one there would be nothing. */
    private static void requireAny(List<TraceFile> traces) {
        Optional<SemblanceException> first = Optional.empty();
        for (TraceFile trace : traces) {
            try {
                TraceProblems.open(trace).close();
                return;
            } catch (SemblanceException e) {
                first = first.or(() -> Optional.of(e));
            } catch (IOException e) {
                first = first.or(() -> Optional.of(TraceProblems.of(trace, e)));
            }
        }
        throw first.orElseThrow();
    }

    private ViewServer start(Request request, OpenedPacks opened) {
        requireAny(opened.traces());
        // What a page asks for goes to the page: nothing is to be seen of it here.
        CliEnvironment quiet = progress.of(environment());
        BlameAction blame = new BlameAction(playback, opened.images(), quiet);
        try {
            return ViewServer.start(
                    request.port(),
                    new Viewing(
                            opened.traces(),
                            replayer(request, opened, quiet),
                            (trace, event, scanout, x, y) -> blamed(
                                    blame,
                                    new BlameCommand.Request(
                                            trace.path(), new Position.OfEvent(event), scanout, x, y, 0, false))));
        } catch (IOException e) {
            throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private Viewing.Replayer replayer(Request request, OpenedPacks opened, CliEnvironment environment) {
        GoldenOptions.Settings settings = request.goldens().withImages(opened.images());
        PolicySet policies =
                new PolicySet(opened.traces(), settings, environment.today().get());
        TraceReplay replay = new TraceReplay(playback.finder(environment), settings.images(), TraceReplay.Kind.DEVICE);
        return (trace, told) -> replay.replay(trace, policies.goldens(trace), told);
    }

    private static List<String> blamed(BlameAction blame, BlameCommand.Request request) {
        try {
            return new BlameText(blame.blame(request)).lines();
        } catch (IOException e) {
            throw TraceProblems.of(request.trace(), e);
        }
    }
}
