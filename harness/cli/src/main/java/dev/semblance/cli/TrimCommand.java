package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.edit.trim.TraceTrimmer;
import dev.semblance.harness.edit.trim.TraceTrimmer.Trimmed;
import dev.semblance.harness.edit.trim.TrimmedMachine;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.record.session.SessionImages;
import dev.semblance.harness.record.session.SessionStarts;
import dev.semblance.harness.record.session.StateCache;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.PositionRange;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Cuts a range out of a trace, and says what stands before it and why. */
@Command(
        name = "trim",
        header = "Cut a range out of a trace, so that it still replays.",
        description = {
            "Both ends belong to the range, which is widened to whole notifications. What came before it is kept, or"
                    + " replaced by commands that lead to the same state, whichever is smaller. The result can be"
                    + " replayed on a device, and with --machine on a machine too; cycles, resource ids and labels stay.",
            RangeOptions.NOTATION
        },
        footer = {
            "  semblance trim mine.trace --from flush:10 --to flush:20 -o short.trace",
            "  semblance trim mine.trace --from cycle:71,000,000 -o tail.trace",
            "  semblance trim mine.trace --to snapshot:login -o head.trace",
            "  semblance trim mine.trace --machine --from snapshot:login -o bug.trace"
        })
final class TrimCommand extends Subcommand<TrimCommand.Request> {

    @Parameters(paramLabel = "TRACE", description = "The trace.")
    private Path trace = Path.of("");

    @Mixin
    private RangeOptions range = new RangeOptions();

    @Option(
            names = "--machine",
            description =
                    "Store the state of the machine where the range begins, so that the result can be replayed on a machine too, from"
                            + " there. It has all of the guest's memory in it, and takes megabytes. The trace is played for that.")
    private boolean withMachine;

    @Mixin
    private ImageFolders folders = new ImageFolders();

    @Mixin
    private ImageOptions images = new ImageOptions();

    @Mixin
    private CoreOptions core = new CoreOptions();

    @Mixin
    private ProgressOptions progress = new ProgressOptions();

    @Mixin
    private OutputOption output = new OutputOption();

    /**
     * A range to cut out of a trace.
     *
     * @param range which events, before it is widened to whole notifications
     * @param withMachine whether it is to have a machine
     */
    record Request(Path trace, PositionRange range, boolean withMachine, Path output) {}

    TrimCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        folders.checked();
        return new Request(
                InputFiles.single(trace), range.range(), withMachine, OutputFiles.check(trace, output.output()));
    }

    @Override
    ExitCode run(Request trim) {
        try (Outlet outlet = Outlet.of(trim.output(), terminal(), List.of(trim.trace()))) {
            Trimmed trimmed = trim.withMachine()
                    ? trimWithMachine(trim, outlet.path())
                    : TraceTrimmer.trim(trim.trace(), trim.range(), outlet.path());
            outlet.deliver();
            Printer out = outlet.terminal().out();
            out.println(
                    Text.format("%s: events #%d to #%d of %s", outlet, trimmed.first(), trimmed.last(), trim.trace()));
            String sizes = trimmed.stateBytes()
                    .map(bytes -> Text.format(
                            " (%s with a state made up, %s with what came before)",
                            Text.count(bytes, "byte"), EventText.count(trimmed.prefixBytes())))
                    .orElse(Text.format(" (%s)", Text.count(trimmed.prefixBytes(), "byte")));
            switch (trimmed.beginning()) {
                case NONE -> out.println(Text.format("nothing stands before: %s%s", trimmed.reason(), sizes));
                case PREFIX ->
                    out.println(Text.format(
                            "before them, the %s of the GPU that came before: %s%s",
                            Text.count(trimmed.before(), "event"), trimmed.reason(), sizes));
                case STATE ->
                    out.println(Text.format(
                            "before them, %s up the state there: %s%s",
                            Text.count(trimmed.before(), "event that makes", "events that make"),
                            trimmed.reason(),
                            sizes));
            }
            out.println(
                    trimmed.divergence().isPresent()
                            ? "its device replay differs, where that of the whole trace does"
                            : "its device replay passes");
            trimmed.machine().ifPresent(start -> tell(out, start));
            outlet.sayHowToReplay();
            return TraceProblems.ending(trim.trace(), terminal());
        } catch (IOException e) {
            throw TraceProblems.of(trim.trace(), e);
        }
    }

    private Trimmed trimWithMachine(Request trim, Path output) throws IOException {
        GuestImages finder = images.images(progress.of(environment()));
        SessionConfig config = config(trim.trace(), finder);
        try (Progress line =
                        Progress.start(progress.of(terminal()), "playing", Progress.Unit.CYCLES, OptionalLong.empty());
                Progress.Task task = line.begin("")) {
            TrimmedMachine machine = new TrimmedMachine(
                    config, new SessionStarts(StateCache.in(finder.cache().folder())), task);
            return TraceTrimmer.trim(trim.trace(), trim.range(), Optional.of(machine), output);
        }
    }

    /** Returns the session that a trace came from. */
    private SessionConfig config(Path path, GuestImages finder) throws IOException {
        TraceManifest manifest;
        try (TraceReader reader = TraceReader.open(path)) {
            manifest = reader.manifest();
        }
        return switch (SessionImages.find(path, manifest, ReplayableGpu.of(manifest), finder, folders.checked())) {
            case SessionImages.Search.Found found -> found.config().translatedBy(core.translator());
            case SessionImages.Search.NotFound notFound ->
                throw new IncompatibleException("no machine to store the state of: " + notFound.reason());
        };
    }

    private static void tell(Printer out, TraceTrimmer.MachineStart start) {
        String from = start.stateBytes()
                .map(bytes -> Text.format("a stored state (%s)", Text.count(bytes, "byte")))
                .orElse("power-on");
        out.println(Text.format("its machine begins @%,d from %s", start.cycle(), from));
        out.println(
                start.divergence().isPresent()
                        ? "its machine replay differs: the state does not lead where the trace does"
                        : "its machine replay passes");
    }
}
