package dev.semblance.cli;

import dev.semblance.bridge.posix.Platform;
import dev.semblance.bridge.serve.ServeSettings;
import dev.semblance.bridge.serve.ServeSocket;
import dev.semblance.bridge.serve.Server;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UnusableOutputException;
import dev.semblance.harness.files.Interruption;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceTotals;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Is the GPU of a guest that another program runs, and records it. */
@Command(
        name = "serve",
        header = "Be the GPU of a guest on QEMU, and record it.",
        description = {
            "Listens at a socket for QEMU's vhost-user-gpu device (docs/BRIDGES.md). The guest shows its picture in QEMU's"
                    + " window, and every command of its driver is in the trace, which \"replay --device\" replays exactly."
                    + " Recording again gives another trace: times are the host's.",
            "With --target another device is the guest's: it does every command, what it answers goes to the guest, and what it"
                    + " shows is shown and recorded. \"replay --device\" then says where this project's GPU does otherwise.",
            "With --live, the guest's screens are also in a page of the browser, with a button for snapshots and one that ends the"
                    + " recording (docs/LIVE.md). Keyboard and mouse are QEMU's.",
            "Lines on standard input: \"snapshot LABEL\", and \"finish\", which ends the recording. It also ends when QEMU"
                    + " does. A last snapshot named \"end\" is always taken."
        },
        footer = {
            "  semblance serve --vhost-user gpu.sock -o guest.trace",
            "  semblance serve --vhost-user s -o t.trace --golden golden",
            "  semblance serve --vhost-user s -o t.trace --live",
            "  semblance serve --vhost-user s -o t.trace --target pipe:./my-gpu",
        })
final class ServeCommand extends Subcommand<ServeCommand.Request> {

    /** More than any line that means something. */
    private static final int LINE_BYTES = 256;

    @Option(
            names = "--vhost-user",
            required = true,
            paramLabel = "SOCKET",
            description =
                    "The socket that QEMU connects to. It is made, for you alone, and gone when QEMU has connected.")
    private Path socket = Path.of("");

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "TRACE",
            description = "The trace to write. It is called TRACE.part until it is complete.")
    private Path output = Path.of("");

    @Option(
            names = "--display",
            paramLabel = "WxH[,...]",
            converter = Converters.Mode.class,
            description = "The mode of each display that the GPU offers, or off; 1024x768 if not given.")
    private DisplayConfig displays = DisplayConfig.DEFAULT;

    @Option(
            names = "--golden",
            paramLabel = "FOLDER",
            description =
                    "Replay the trace when it is complete, and compare its snapshots with FOLDER/TRACE/LABEL.png.")
    private Optional<Path> golden = Optional.empty();

    @Option(
            names = "--snapshot-when-still",
            paramLabel = "TIME",
            converter = Converters.HostTime.class,
            description =
                    "Take a snapshot, still-1, still-2 and so on, whenever the picture changed and then did not for this"
                            + " long, such as 500ms.")
    private Optional<Duration> still = Optional.empty();

    @Option(
            names = "--live",
            description =
                    "Show the guest's screens in a page of the browser too (docs/LIVE.md). Its address is on standard error.")
    private boolean live;

    @Mixin
    private PageOptions place = new PageOptions();

    @Mixin
    private TargetOptions target = new TargetOptions();

    private final ToIntFunction<List<String>> replay;

    /** How the replay ended that was asked for with the goldens. */
    private Optional<Integer> judged = Optional.empty();

    /**
     * A guest to serve.
     *
     * @param socket where its front-end connects
     * @param output the trace to write
     * @param settings what it is offered
     * @param golden what the snapshots are compared with
     * @param page where a page of it is
     */
    record Request(
            Path socket, Path output, ServeSettings settings, Optional<Path> golden, Optional<LivePage.Place> page) {}

    /**
     * @param replay runs {@code replay} with these words behind it, and returns its exit code
     */
    ServeCommand(CliEnvironment environment, ToIntFunction<List<String>> replay) {
        super(environment);
        this.replay = replay;
    }

    @Override
    Request parse() {
        Platform.require("serve");
        Outlet.files(List.of(output), "serve");
        OutputFiles.checkRecording(output, List.of());
        Path folder = output.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new CommandException(ExitCode.USAGE, "there is no folder to write " + output + " to");
        }
        TargetOptions.Choice tested = target.choice().withDialectOfTarget();
        // As QEMU's own device: a guest may choose a mode that no display has.
        DisplayConfig offered = new DisplayConfig(displays.displays(), true);
        return new Request(
                socket,
                output,
                new ServeSettings(
                        offered, still, VersionProvider.version(), environment().nanos(), tested.device()),
                golden,
                page());
    }

    private Optional<LivePage.Place> page() {
        if (!live && place.isAnySaid()) {
            throw new CommandException(
                    ExitCode.USAGE, "--port and --no-open are about the page of --live, which is missing");
        }
        return live ? Optional.of(new LivePage.Place(place.port(), place.opens())) : Optional.empty();
    }

    @Override
    int code(ExitCode ended) {
        return ended == ExitCode.PASS ? judged.orElse(ended.code()) : ended.code();
    }

    @Override
    ExitCode run(Request request) {
        AtomicReference<Optional<Server>> running = new AtomicReference<>(Optional.empty());
        try (Interruption interruption = Interruption.listen(() -> running.get().ifPresent(Server::wake));
                ServeSocket listening = ServeSocket.listen(request.socket());
                RecordedGuest recorded = new RecordedGuest(request.output());
                Server server = new Server(request.settings(), recorded, this::say, interruption::isRequested);
                LivePage page = page(request, server)) {
            running.set(Optional.of(server));
            listen(server);
            say("waiting at " + request.socket() + " for QEMU, with -chardev socket,id=gpu,path=" + request.socket()
                    + " -device vhost-user-gpu-pci,chardev=gpu and memory that is shared (docs/BRIDGES.md)");
            ExitCode code = page.show(() -> end(request, recorded, server.run(listening)));
            if (code == ExitCode.PASS && request.golden().isPresent()) {
                judged = Optional.of(replay.applyAsInt(List.of(
                        "--device",
                        "--golden",
                        request.golden().get().toString(),
                        "--",
                        request.output().toString())));
            }
            return code;
        } catch (UncheckedIOException e) {
            throw UnusableOutputException.of(request.output(), e);
        } catch (IOException e) {
            throw UnusableOutputException.of(request.output(), e);
        }
    }

    private LivePage page(Request request, Server server) {
        return request.page()
                .map(at -> LivePage.ofServed(
                        at,
                        String.valueOf(request.output().getFileName()),
                        request.settings().displays().count(),
                        server.guest(),
                        environment()))
                .orElseGet(LivePage::none);
    }

    /** Completes the trace, and says what came of it. */
    private LivePage.Ended end(Request request, RecordedGuest recorded, Server.Ending ending) throws IOException {
        if (ending instanceof Server.Ending.Interrupted && recorded.hasBegun() && Files.exists(request.output())) {
            // What is there may be whole, and cannot be had again.
            recorded.rest();
            String kept = request.output() + " is as it was, and what was recorded up to here is in "
                    + TraceWriter.partOf(request.output());
            say("interrupted; " + kept);
            return new LivePage.Ended("Interrupted; " + kept + ".", ExitCode.INTERRUPTED);
        }
        Optional<TraceTotals> totals = recorded.complete();
        String nothing = "nothing was recorded, since no driver of a guest had started the GPU";
        String sentence = totals.map(whole -> Text.format(
                        "%s: %s, %s, identity %s",
                        request.output(),
                        Text.count(whole.events(), "event"),
                        Text.count(recorded.bytes(), "byte"),
                        whole.identity()))
                .orElse(nothing);
        if (totals.isPresent()) {
            terminal().out().println(sentence);
            terminal().out().flush();
        }
        boolean told = ending instanceof Server.Ending.Unusable || ending instanceof Server.Ending.TargetFailed;
        if (totals.isEmpty() && !told) {
            if (!(ending instanceof Server.Ending.Interrupted)) {
                throw new CommandException(ExitCode.INCOMPATIBLE, nothing);
            }
            say(nothing);
        }
        ExitCode code = switch (ending) {
            case Server.Ending.Finished finished -> ExitCode.PASS;
            case Server.Ending.Disconnected disconnected -> ExitCode.PASS;
            case Server.Ending.Interrupted interrupted -> ExitCode.INTERRUPTED;
            case Server.Ending.TargetFailed failed -> {
                TargetOptions.tell(terminal(), failed.failure());
                yield ExitCode.MISMATCH;
            }
            case Server.Ending.Unusable unusable ->
                throw new CommandException(
                        ExitCode.INCOMPATIBLE,
                        unusable.reason()
                                + (totals.isPresent()
                                        ? "; what was recorded up to there is in " + request.output()
                                        : ""));
        };
        return new LivePage.Ended(sentence + ".", code);
    }

    private void say(String notice) {
        terminal().err().println("semblance: " + notice);
        terminal().err().flush();
    }

    /** Hands lines of standard input to a server, on a thread that ends with the process. Their end means nothing. */
    private void listen(Server server) {
        InputStream input = environment().input();
        Thread.ofPlatform().daemon().name("standard input").start(() -> {
            try {
                ByteLines lines = new ByteLines(input, LINE_BYTES);
                for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
                    server.command(line.get());
                }
            } catch (IOException e) {
                // Nobody can say anything any more, as at its end.
            }
        });
    }

    /** The trace of a guest, from the start of its driver on. */
    private final class RecordedGuest implements Server.Recording, AutoCloseable {

        private final Path output;
        private Optional<TraceWriter> writer = Optional.empty();

        RecordedGuest(Path output) {
            this.output = output;
        }

        @Override
        public void begin(TraceManifest manifest) throws IOException {
            TraceWriter created = TraceWriter.create(output, manifest);
            created.setAside()
                    .ifPresent(aside -> say("an earlier recording that did not come to its end is kept as " + aside));
            writer = Optional.of(created);
            say("a driver has started, and is recorded");
        }

        @Override
        public void accept(long cycle, TraceEvent event) {
            writer.orElseThrow().accept(cycle, event);
        }

        @Override
        public void rest() throws IOException {
            if (writer.isPresent()) {
                writer.get().flush();
            }
        }

        boolean hasBegun() {
            return writer.isPresent();
        }

        Optional<TraceTotals> complete() throws IOException {
            return writer.isPresent() ? Optional.of(writer.get().complete()) : Optional.empty();
        }

        long bytes() {
            return writer.map(TraceWriter::length).orElse(0L);
        }

        @Override
        public void close() throws IOException {
            if (writer.isPresent()) {
                writer.get().close();
            }
        }
    }
}
