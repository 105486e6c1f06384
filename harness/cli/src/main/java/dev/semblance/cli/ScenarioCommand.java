package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UnusableOutputException;
import dev.semblance.harness.edit.scenario.RecordedSession;
import dev.semblance.harness.edit.scenario.ScenarioMaker;
import dev.semblance.harness.edit.scenario.ScenarioMaker.Made;
import dev.semblance.harness.edit.scenario.ScenarioMaker.Unlike;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.files.Interruption;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.record.session.SessionImages;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.boot.BadImageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a scenario of a session. */
@Command(
        name = "scenario",
        header = "Make a scenario of a recorded session: play, take snapshots, keep it as a test.",
        description = {
            "What was typed becomes type and keys, motions are joined, and instead of pauses there are waits for what the guest"
                    + " wrote and showed. The scenario is recorded, and its snapshots are compared with those of the trace. Where"
                    + " one differs, the session is followed more closely up to there: with each motion, then by time alone. Exit"
                    + " code 1 if one differs all the same; the lines are named. docs/SCENARIOS.md tells more."
        },
        footer = {
            "  semblance scenario session.trace -o session.scenario",
            "  semblance scenario --no-verify session.trace | less"
        })
final class ScenarioCommand extends Subcommand<ScenarioCommand.Request> {

    @Parameters(paramLabel = "TRACE", description = "The trace of the session.")
    private Path trace = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "SCENARIO",
            description = "The scenario to write; standard output if not given.")
    private Path output = Path.of("-");

    @Option(
            names = "--no-verify",
            description = "Only write it: neither record it nor compare anything. It waits for what it can wait for.")
    private boolean unverified;

    @Mixin
    private ImageFolders folders = new ImageFolders();

    @Mixin
    private ProgressOptions progress = new ProgressOptions();

    @Mixin
    private ImageOptions imageOptions = new ImageOptions();

    @Mixin
    private CoreOptions core = new CoreOptions();

    /** A session to make a scenario of. */
    record Request(Path trace, Path output, boolean verified, List<Path> folders) {}

    ScenarioCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        return new Request(InputFiles.single(trace), output, !unverified, folders.checked());
    }

    @Override
    ExitCode run(Request request) {
        try (Outlet outlet = Outlet.of(request.output(), terminal(), List.of(request.trace()))) {
            GuestImages images = imageOptions.images(progress.of(environment()));
            RecordedSession session = read(request.trace());
            ScenarioMaker maker = new ScenarioMaker(
                    session,
                    String.valueOf(request.trace().getFileName()),
                    outlet.toString(),
                    image -> images.shipped(image.sha256(), image.file()));
            if (!request.verified()) {
                Made made = maker.unverified();
                write(made, outlet);
                Printer out = outlet.terminal().out();
                out.println(
                        Text.format("%s: %s, and none was compared", outlet, Text.count(made.snapshots(), "snapshot")));
                return TraceProblems.ending(request.trace(), session.status(), terminal());
            }
            return switch (SessionImages.find(
                    request.trace(), session.manifest(), session.gpu(), images, request.folders())) {
                case SessionImages.Search.NotFound notFound -> unverifiable(maker, outlet, notFound.reason());
                case SessionImages.Search.Found found -> verified(request, session, maker, found, outlet);
            };
        } catch (IOException e) {
            throw UnusableOutputException.of(request.output(), e);
        }
    }

    private static RecordedSession read(Path trace) {
        try (TraceReader reader = TraceReader.open(trace)) {
            return RecordedSession.read(reader);
        } catch (IOException e) {
            throw TraceProblems.of(trace, e);
        }
    }

    private static void write(Made made, Outlet outlet) throws IOException {
        OutputFile.write(outlet.path(), made.text());
        outlet.deliver();
    }

    private ExitCode unverifiable(ScenarioMaker maker, Outlet outlet, String reason) throws IOException {
        Made made = maker.unverified();
        write(made, outlet);
        terminal().out().flush();
        terminal()
                .err()
                .println(Text.format(
                        "semblance: %s was not recorded, so nobody knows whether its %s: %s",
                        outlet,
                        Text.count(made.snapshots(), "snapshot is the same", "snapshots are the same"),
                        reason));
        return ExitCode.INCOMPATIBLE;
    }

    private ExitCode verified(
            Request request,
            RecordedSession session,
            ScenarioMaker maker,
            SessionImages.Search.Found found,
            Outlet outlet)
            throws IOException {
        Made made;
        try (Interruption interruption = Interruption.listen();
                Progress line = Progress.start(
                        progress.of(terminal()), "recording", Progress.Unit.CYCLES, OptionalLong.empty());
                Progress.Task task = line.begin(outlet.toString())) {
            made = maker.verified(found.config().translatedBy(core.translator()), interruption::isRequested, task);
        } catch (BadImageException e) {
            throw new CommandException(ExitCode.INCOMPATIBLE, String.valueOf(e.getMessage()), e);
        }
        write(made, outlet);
        Printer out = outlet.terminal().out();
        made.unlike().forEach(unlike -> say(unlike, outlet, out));
        made.timed()
                .forEach(first -> out.println(
                        Text.format("%s:%d: from here to the next snapshot it goes by time alone", outlet, first)));
        out.println(Text.format(
                "%s: %d of %s as in %s, recorded %s",
                outlet,
                made.snapshots() - made.unlike().size(),
                Text.count(made.snapshots(), "snapshot"),
                request.trace(),
                Text.count(made.recordings(), "time")));
        out.flush();
        if (made.interrupted()) {
            return ExitCode.INTERRUPTED;
        }
        ExitCode ending = TraceProblems.ending(request.trace(), session.status(), terminal());
        return made.unlike().isEmpty() ? ending : ending.orGraver(ExitCode.MISMATCH);
    }

    private static void say(Unlike unlike, Outlet outlet, Printer out) {
        String parting = unlike.parting()
                .map(line -> Text.format("; what is shown is another from line %d on", line))
                .orElse("");
        Optional<String> failure = unlike.failure()
                .map(step -> Text.format(
                        "line %d does not come true: %s",
                        step.step().line(), step.reason().lines().findFirst().orElse("")));
        out.println(Text.format(
                "%s:%d: not robust: snapshot %s %s%s",
                outlet,
                unlike.parting()
                        .or(() -> unlike.failure().map(step -> step.step().line()))
                        .orElse(unlike.line()),
                unlike.label(),
                failure.map(text -> "is not reached, since " + text).orElse("is another picture"),
                parting));
    }
}
