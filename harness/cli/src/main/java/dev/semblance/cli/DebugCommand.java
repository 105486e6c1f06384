package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.playback.Playback;
import dev.semblance.harness.playback.blame.SymbolFiles;
import dev.semblance.harness.playback.gdb.DebuggedMachine;
import dev.semblance.harness.playback.gdb.GdbServer;
import dev.semblance.harness.playback.gdb.PlaybackDebugger;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Found;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.position.PositionFinder;
import dev.semblance.harness.util.ShellWords;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.profile.Isa;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets a debugger look at the machine of a trace, forwards and back. */
@Command(
        name = "debug",
        header = "Look at the guest of a trace in gdb, forwards and back.",
        description = {
            "Plays the trace to a position and waits for a debugger: gdb-multiarch, or the gdb of a RISC-V toolchain. It has"
                    + " break- and watchpoints, reverse-stepi and reverse-continue, and \"monitor help\" for what gdb has no words"
                    + " for: positions of the trace, who made a pixel, pictures. The guest cannot be changed.",
            "One debugger at a time, one after the other, until Ctrl-C.",
            RangeOptions.NOTATION
        },
        footer = {
            "  semblance debug mine.trace --at snapshot:wrong",
            "  gdb-multiarch -ex 'target remote localhost:1234' vmlinux",
            "  semblance debug mine.trace --at flush:12 --listen 127.0.0.1:0 --once"
        })
final class DebugCommand extends Subcommand<DebugCommand.Request> {

    private static final int MAX_PORT = 65_535;

    @Parameters(paramLabel = "TRACE", description = "The trace.")
    private Path trace = Path.of("");

    @Option(
            names = "--at",
            paramLabel = "POSITION",
            converter = Converters.PositionOf.class,
            description = "Where the debugger begins (default: ${DEFAULT-VALUE}).")
    private Position at = new Position.End();

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description =
                    "Where to wait for debuggers; port 0 takes any that is free. Whoever can connect can read all of the guest's"
                            + " memory (default: ${DEFAULT-VALUE}).")
    private String listen = "127.0.0.1:1234";

    @Option(names = "--once", description = "End when the first debugger has gone.")
    private boolean once;

    @Option(
            names = "--pictures",
            paramLabel = "FOLDER",
            description = "Where \"monitor screenshot\" writes to (default: ${DEFAULT-VALUE}).")
    private Path pictures = Path.of(".");

    @Mixin
    private PlaybackOptions playback = new PlaybackOptions();

    @Mixin
    private ProgressOptions progress = new ProgressOptions();

    /** A trace to look at. */
    record Request(Path trace, Position at, InetSocketAddress listen, boolean once, Path pictures) {}

    DebugCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        playback.check();
        if (!Files.isDirectory(pictures)) {
            throw new UnusableInputException(pictures + " is no folder");
        }
        return new Request(InputFiles.single(trace), at, address(listen), once, pictures);
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        if (colon <= 0 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > MAX_PORT) {
            throw new CommandException(
                    ExitCode.USAGE, "--listen wants a host and a port, such as 127.0.0.1:1234 or [::1]:0");
        }
        String host = text.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
        try {
            return new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(port));
        } catch (UnknownHostException e) {
            throw new UnusableInputException("--listen: there is no host " + host, e);
        }
    }

    @Override
    ExitCode run(Request request) {
        TraceManifest manifest;
        Found.There place;
        Playback machine;
        try (TraceReader reader = TraceReader.open(request.trace())) {
            manifest = reader.manifest();
            place = PositionFinder.find(reader, List.of(request.at()))
                    .getFirst()
                    .require(request.trace());
            ReplayableGpu gpu = ReplayableGpu.of(manifest);
            machine = switch (playback.open(request.trace(), gpu, progress.of(environment()))) {
                case PlaybackOptions.Opened.NotPlayable not ->
                    throw new IncompatibleException(Text.format(
                            "%s cannot be debugged: %s; blame, render --at and dump --to tell what its GPU did up to a position",
                            request.trace(), not.reason()));
                case PlaybackOptions.Opened.Playable playable -> playable.playback();
            };
            SymbolFiles symbols = playback.symbols(manifest, progress.of(environment()));
            return serve(request, place, machine, DebugMonitor.of(request, gpu, machine, symbols), manifest, symbols);
        } catch (IOException e) {
            throw TraceProblems.of(request.trace(), e);
        }
    }

    private ExitCode serve(
            Request request,
            Found.There place,
            Playback machine,
            PlaybackDebugger.Monitor monitor,
            TraceManifest manifest,
            SymbolFiles symbols) {
        try (GdbServer server = listen(request)) {
            try (Progress line = Progress.start(
                            progress.of(terminal()),
                            "playing",
                            Progress.Unit.CYCLES,
                            OptionalLong.of(place.place().cycle()));
                    Progress.Task task = line.begin("")) {
                machine.seek(machine.index().at(place.place()), task);
            }
            String host = server.address().getAddress().getHostAddress();
            boolean is64 = Isa.of(manifest.isa()).map(Isa::is64).orElse(false);
            terminal().err().println(Text.format("semblance: at %s; waiting for gdb:", place));
            terminal()
                    .err()
                    .println(Text.format(
                            "  gdb-multiarch -ex 'set remotetimeout 100' -ex 'set architecture riscv:%s'%s -ex 'target remote %s:%d'",
                            is64 ? "rv64" : "rv32",
                            symbolWords(manifest, symbols, machine),
                            host.contains(":") ? "[" + host + "]" : host,
                            server.address().getPort()));
            if (!server.address().getAddress().isLoopbackAddress()) {
                terminal().err().println("semblance: whoever reaches this port can read all of the guest's memory");
            }
            terminal().err().flush();
            DebuggedMachine debugged = new PlaybackDebugger(machine, monitor);
            boolean came = server.serve(debugged);
            while (came && !request.once()) {
                came = server.serve(debugged);
            }
            return ExitCode.PASS;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        }
    }

    /** Returns the options that have gdb read the symbols of what it sees first. */
    private String symbolWords(TraceManifest manifest, SymbolFiles symbols, Playback machine) {
        Optional<String> program = symbols.program(machine.machine().view());
        return playback.debuggerFiles(manifest, progress.of(environment()), symbols, program).stream()
                // gdb, too, takes a word with a backslash before what is no letter, digit or mark of a path.
                .map(file -> "add-symbol-file " + file.toString().replaceAll("[^A-Za-z0-9_./-]", "\\\\$0"))
                .map(command -> " " + ShellWords.join(List.of("-ex", command)))
                .collect(Collectors.joining());
    }

    private static GdbServer listen(Request request) {
        try {
            return GdbServer.listen(request.listen());
        } catch (IOException e) {
            throw new UnusableInputException(
                    Text.format(
                            "cannot wait for debuggers at %s:%d: %s; --listen 127.0.0.1:0 takes a port that is free",
                            request.listen().getHostString(), request.listen().getPort(), e.getMessage()),
                    e);
        }
    }
}
