package dev.semblance.cli;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.DamagedImageException;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.UnusableOutputException;
import dev.semblance.harness.edit.child.ChildRecording;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.files.Interruption;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.GuestSettings;
import dev.semblance.harness.guest.scenario.CycleCount;
import dev.semblance.harness.guest.scenario.ParentPosition;
import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.guest.scenario.ScenarioParser;
import dev.semblance.harness.guest.scenario.Step;
import dev.semblance.harness.guest.scenario.StepFailure;
import dev.semblance.harness.record.live.LiveRun;
import dev.semblance.harness.record.session.RecordingRun;
import dev.semblance.harness.record.session.Session;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.record.session.SessionStart;
import dev.semblance.harness.record.session.SessionStarts;
import dev.semblance.harness.record.session.StateCache;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceTotals;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.boot.BadImageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes recordings. */
@Command(
        name = "record",
        header = "Boot a guest and record everything that its devices do.",
        description = {
            "Writes a trace of every virtqueue command and every input event. A scenario (docs/SCENARIOS.md) types,"
                    + " moves the mouse and takes snapshots at exact cycles, so that recording again gives the same"
                    + " trace. Without one, the run ends when the guest powers off or at --max-cycles. A last snapshot"
                    + " named \"end\" is always taken.",
            "With --from, the guest is that of another recording, and goes on from a position in it with a new user."
                    + " The new trace needs the other one beside it for a replay of the machine, not for one of the"
                    + " device. --max-cycles counts from there.",
            RangeOptions.NOTATION,
            "With --live, a person takes part in a page of the browser, after the scenario if there is one (docs/LIVE.md).",
            "Options given here win over the lines at the top of the scenario."
        },
        footer = {
            "  semblance record --scenario recordings/boot.scenario -o boot.trace",
            "  semblance record --kernel Image --max-cycles 2e9 -o mine.trace",
            "  semblance record --live -o mine.trace",
            "  semblance record --again recordings     make all of them anew",
            "  semblance record --from desk.trace --at snapshot:ready -o on.trace"
        })
final class RecordCommand extends Subcommand<RecordCommand.Request> {

    @Mixin
    private GuestOptions guest = new GuestOptions();

    @Option(names = "--scenario", paramLabel = "FILE", description = "What the scripted user does.")
    private Optional<Path> scenario = Optional.empty();

    @Option(names = "--from", paramLabel = "TRACE", description = "Go on from this recording: same machine, new user.")
    private Optional<Path> from = Optional.empty();

    @Option(
            names = "--at",
            paramLabel = "POSITION",
            converter = Converters.PositionOf.class,
            description = "Where to go on from it, such as snapshot:ready; at its end if not given.")
    private Optional<Position> at = Optional.empty();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "TRACE",
            description = "The trace to write. It is called TRACE.part until it is complete.")
    private Optional<Path> output = Optional.empty();

    @Option(
            names = "--again",
            paramLabel = "PATH",
            arity = "1..*",
            description = "Make recordings anew: scenario files, or folders of them. NAME.trace is written beside"
                    + " NAME.scenario.")
    private List<String> again = List.of();

    /**
     * A recording to make.
     *
     * @param guest what to run: the command line's word, then the scenario's
     * @param from the recording to go on from, if there is one
     * @param output the trace to write
     * @param page the page that a person takes part in, if one does
     */
    record Recording(
            GuestOptions.Guest guest,
            Optional<ParentPosition> from,
            Optional<Script> script,
            Path output,
            Optional<LiveOptions.Page> page) {

        Optional<Scenario> scenario() {
            return script.map(Script::scenario);
        }

        /** Returns the same on a machine of another clock. */
        Recording at(long cyclesPerSecond) {
            Optional<Script> clocked =
                    script.map(read -> new Script(read.file(), read.scenario().at(cyclesPerSecond)));
            return new Recording(guest, from, clocked, output, page);
        }
    }

    /** A scenario and the file that it was read from. */
    record Script(Path file, Scenario scenario) {

        static Script read(Path file) {
            return new Script(file, ScenarioParser.read(file));
        }
    }

    /** Recordings to make, one after another. */
    record Request(List<Recording> recordings) {}

    @Mixin
    private ProgressOptions progress = new ProgressOptions();

    @Mixin
    private ImageOptions imageOptions = new ImageOptions();

    @Mixin
    private CoreOptions core = new CoreOptions();

    @Mixin
    private LiveOptions live = new LiveOptions();

    /** Several children of one parent find its state here. */
    private Optional<SessionStarts> starts = Optional.empty();

    RecordCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        if (at.isPresent() && from.isEmpty()) {
            throw new CommandException(ExitCode.USAGE, "--at says where to go on from a trace; --from TRACE names it");
        }
        Optional<LiveOptions.Page> page = live.page();
        if (page.isEmpty() && live.hasPace()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--pace is about the person of --live, which is missing: a recording alone is made at once");
        }
        if (!again.isEmpty()) {
            if (page.isPresent()) {
                throw new CommandException(ExitCode.USAGE, "--again makes recordings as they were, without --live");
            }
            if (scenario.isPresent() || output.isPresent() || from.isPresent()) {
                throw new CommandException(
                        ExitCode.USAGE, "--again names scenarios and traces itself, without --scenario, --from or -o");
            }
            return new Request(parentsFirst(InputFiles.expand(again, InputFiles.SCENARIO).stream()
                    .map(this::remake)
                    .toList()));
        }
        Path trace = output.orElseThrow(() ->
                new CommandException(ExitCode.USAGE, "record needs -o TRACE, the file to write, or --again PATH"));
        Optional<Script> script = scenario.map(Script::read);
        GuestSettings scripted = script.map(read -> read.scenario().guest()).orElse(GuestSettings.NONE);
        Optional<ParentPosition> parent = from.map(of -> new ParentPosition(of, at.orElse(new Position.End())))
                .or(() -> script.flatMap(read -> read.scenario().from()));
        return new Request(List.of(new Recording(guest.guest(scripted), parent, script, trace, page)));
    }

    /** Returns the recordings in their order, but each behind the one that it goes on from. */
    private static List<Recording> parentsFirst(List<Recording> recordings) {
        Map<Path, Recording> waiting = new LinkedHashMap<>();
        recordings.forEach(recording -> waiting.put(place(recording.output()), recording));
        List<Recording> ordered = new ArrayList<>();
        while (!waiting.isEmpty()) {
            List<Path> ready = waiting.entrySet().stream()
                    .filter(entry -> entry.getValue()
                            .from()
                            .filter(parent -> waiting.containsKey(place(parent.trace())))
                            .isEmpty())
                    .map(Map.Entry::getKey)
                    .toList();
            if (ready.isEmpty()) {
                throw new CommandException(
                        ExitCode.USAGE,
                        waiting.keySet().iterator().next() + " goes on from itself, or through others that do");
            }
            ready.forEach(output -> Optional.ofNullable(waiting.remove(output)).ifPresent(ordered::add));
        }
        return ordered;
    }

    private static Path place(Path file) {
        return file.toAbsolutePath().normalize();
    }

    private Recording remake(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(InputFiles.SCENARIO)) {
            throw new CommandException(ExitCode.USAGE, file + " is not a scenario: its name does not end in .scenario");
        }
        Script script = Script.read(file);
        String stem = name.substring(0, name.length() - InputFiles.SCENARIO.length());
        return new Recording(
                guest.guest(script.scenario().guest()),
                script.scenario().from(),
                Optional.of(script),
                file.resolveSibling(stem + InputFiles.TRACE),
                Optional.empty());
    }

    @Override
    ExitCode run(Request request) {
        GuestImages images = imageOptions.images(progress.of(environment()));
        try (Progress line = started(request.recordings())) {
            return request.recordings().size() == 1
                    ? record(request.recordings().getFirst(), images, line)
                    : recordAll(request, images, line);
        }
    }

    private Progress started(List<Recording> recordings) {
        // Only an end that is set says how long they take.
        boolean known = recordings.stream()
                .allMatch(one ->
                        one.guest().maxCycles().filter(CycleLimit::isCycles).isPresent());
        long most = recordings.stream()
                .mapToLong(one -> one.guest()
                        .maxCycles()
                        .map(limit -> limit.cycles(CycleCount.SEMU_CLOCK))
                        .orElse(0L))
                .sum();
        return Progress.start(
                progress.of(terminal()),
                System::nanoTime,
                "recording",
                Progress.Unit.CYCLES,
                new Progress.Tasks(recordings.size(), "recordings"),
                known ? OptionalLong.of(most) : OptionalLong.empty());
    }

    private ExitCode recordAll(Request request, GuestImages images, Progress line) {
        List<ExitCode> codes = new ArrayList<>();
        for (Recording recording : request.recordings()) {
            try {
                codes.add(record(recording, images, line));
                if (codes.getLast() == ExitCode.INTERRUPTED) {
                    break;
                }
            } catch (SemblanceException e) {
                // The others have their turn all the same.
                terminal().err().problem(recording.output() + ": ", e);
                terminal().err().flush();
                codes.add(CommandException.exitCode(e));
            }
        }
        return ExitCode.gravest(codes);
    }

    private ExitCode record(Recording wanted, GuestImages images, Progress line) {
        List<Path> inputs = inputs(wanted, images);
        if (!Outlet.isStandardOutput(wanted.output())) {
            OutputFiles.checkRecording(wanted.output(), inputs);
        }
        SessionConfig config = wanted.from()
                .map(parent -> ParentGuests.of(parent.trace(), wanted.guest(), images))
                .orElseGet(() -> GuestConfigs.of(wanted.guest(), images))
                .translatedBy(core.translator());
        Recording recording = wanted.at(config.model().profile().cyclesPerSecond());
        Optional<String> text = recording.scenario().map(Scenario::text);
        Optional<ChildRecording> child = wanted.from().map(parent -> child(parent, config, starts(images), line));
        DisplayConfig displays = child.map(ChildRecording::displays).orElse(config.displays());
        recording.scenario().ifPresent(read -> read.check(config.pointer(), displays));
        TraceManifest manifest = child.map(of -> of.manifest(VersionProvider.version(), text))
                .orElseGet(() -> config.manifest(VersionProvider.version(), text));
        Optional<LiveRun> person = recording
                .page()
                .map(page -> new LiveRun(
                        page.pace(),
                        config.pointer(),
                        labels(recording),
                        environment().nanos()));
        try (Interruption interruption = Interruption.listen(() -> person.ifPresent(LiveRun::interrupt));
                LivePage page = page(recording, config, person)) {
            Ways ways = new Ways(interruption, person);
            return page.<IOException, RuntimeException>show(
                    () -> record(recording, images, config, child, manifest, inputs, ways, line));
        } catch (UncheckedIOException e) {
            throw UnusableOutputException.of(recording.output(), e);
        } catch (IOException e) {
            throw UnusableOutputException.of(recording.output(), e);
        }
    }

    private LivePage.Ended record(
            Recording recording,
            GuestImages images,
            SessionConfig config,
            Optional<ChildRecording> child,
            TraceManifest manifest,
            List<Path> inputs,
            Ways ways,
            Progress line)
            throws IOException {
        try (Outlet outlet = Outlet.of(recording.output(), terminal(), inputs);
                TraceWriter writer = TraceWriter.create(outlet.path(), manifest)) {
            try {
                return record(recording, images, config, child, writer, outlet, ways, line);
            } catch (BadImageException e) {
                writer.discard();
                throw new CommandException(ExitCode.INCOMPATIBLE, String.valueOf(e.getMessage()), e);
            } catch (DamagedImageException e) {
                writer.flush();
                throw new CommandException(
                        ExitCode.INCOMPATIBLE, String.valueOf(e.getMessage()), List.of(whatIsKept(outlet, writer)));
            } catch (UncheckedIOException | IOException e) {
                // A part that lacks what could not be written may be large, and the place for it is wanted.
                writer.discard();
                throw e;
            }
        }
    }

    private SessionStarts starts(GuestImages images) {
        if (starts.isEmpty()) {
            starts = Optional.of(new SessionStarts(StateCache.in(images.cache().folder())));
        }
        return starts.get();
    }

    private ChildRecording child(ParentPosition parent, SessionConfig config, SessionStarts starts, Progress line) {
        try (Progress.Task task =
                line.beginUncounted(String.valueOf(parent.trace().getFileName()))) {
            return ChildRecording.of(parent.trace(), parent.at(), config, starts, task);
        } catch (BadImageException e) {
            throw new CommandException(ExitCode.INCOMPATIBLE, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw TraceProblems.of(parent.trace(), e);
        }
    }

    /** By what a recording is ended. */
    private record Ways(Interruption interruption, Optional<LiveRun> person) {}

    private LivePage page(Recording recording, SessionConfig config, Optional<LiveRun> person) {
        return person.isEmpty()
                ? LivePage.none()
                : LivePage.open(
                        recording.page().orElseThrow(), name(recording), true, config, person.get(), environment());
    }

    /** Returns the labels that a person cannot give again, if there is a scenario. */
    private static Optional<List<String>> labels(Recording recording) {
        return recording
                .scenario()
                .map(scenario -> scenario.steps().stream()
                        .filter(Step.Snapshot.class::isInstance)
                        .map(step -> ((Step.Snapshot) step).label())
                        .toList());
    }

    private static long limit(Recording recording, SessionConfig config, Optional<ChildRecording> child) {
        long first = child.map(ChildRecording::firstCycle).orElse(0L);
        return recording
                .guest()
                .maxCycles()
                .map(limit -> limit.cycles(config.model().profile().cyclesPerSecond()))
                .map(cycles -> cycles > Long.MAX_VALUE - first ? Long.MAX_VALUE : first + cycles)
                .orElse(Long.MAX_VALUE);
    }

    private static String whatIsKept(Outlet outlet, TraceWriter writer) {
        return outlet.isStandardOutput()
                ? "Nothing is kept of it; -o FILE keeps what was recorded up to there."
                : Text.format("What was recorded up to there is in %s.", writer.part());
    }

    private static String name(Recording recording) {
        return String.valueOf(recording.output().getFileName());
    }

    private void sayHowItEnds(Recording recording, TraceWriter writer) {
        recording
                .from()
                .filter(parent -> !Outlet.isStandardOutput(recording.output())
                        && !place(parent.trace().resolveSibling(name(recording)))
                                .equals(place(recording.output())))
                .ifPresent(parent -> terminal()
                        .err()
                        .println(Text.format(
                                "semblance: a replay of %s looks for %s beside it; put a copy there",
                                recording.output(), parent.trace().getFileName())));
        writer.setAside()
                .ifPresent(aside -> terminal()
                        .err()
                        .println("semblance: an earlier recording that did not come to its end is kept as " + aside));
        if (recording.scenario().isEmpty()
                && recording.guest().maxCycles().isEmpty()
                && recording.page().isEmpty()) {
            terminal()
                    .err()
                    .println("semblance: recording until the guest powers off or Ctrl-C ends it; --max-cycles or"
                            + " --scenario give it an end");
        }
        terminal().err().flush();
    }

    /** Returns the files that are read, which must not be written over. */
    private static List<Path> inputs(Recording recording, GuestImages images) {
        List<Path> inputs = new ArrayList<>();
        recording.script().ifPresent(script -> inputs.add(script.file()));
        recording.guest().bare().ifPresent(inputs::add);
        recording.from().ifPresent(parent -> inputs.add(parent.trace()));
        inputs.addAll(images.files(recording.guest().settings()));
        return inputs;
    }

    private LivePage.Ended record(
            Recording recording,
            GuestImages images,
            SessionConfig config,
            Optional<ChildRecording> child,
            TraceWriter writer,
            Outlet outlet,
            Ways ways,
            Progress line)
            throws BadImageException, IOException {
        Session.Observer watcher =
                ways.person().<Session.Observer>map(live -> live).orElse(Session.Observer.NONE);
        SessionStart start = child.map(ChildRecording::start).orElse(SessionStart.POWER_ON);
        RecordingRun run = new RecordingRun(config, start, recording.scenario(), Optional.of(writer), watcher);
        if (child.isPresent()) {
            child.get().writePreamble(writer);
        }
        // A later replay finds them there; if it does not, it says what it misses.
        config.images().forEach(images.cache()::store);
        sayHowItEnds(recording, writer);
        RecordingRun.Outcome outcome;
        try (Progress.Task task = line.begin(name(recording))) {
            long limit = limit(recording, config, child);
            outcome = ways.person().isPresent()
                    ? run.run(limit, ways.person().get())
                    : run.run(limit, ways.interruption()::isRequested, task);
        }
        ways.person().ifPresent(LiveRun::end);
        if (outcome.failure().isPresent()) {
            writer.flush();
            StepFailure failure = outcome.failure().get();
            List<String> said =
                    new ArrayList<>(failure.lines(recording.scenario().orElseThrow()));
            said.addAll(outcome.trouble());
            said.add(whatIsKept(outlet, writer));
            throw new CommandException(ExitCode.SCENARIO_FAILED, said.getFirst(), said.subList(1, said.size()));
        }
        // Who finishes in the page leaves as well, but with what they came for.
        boolean interrupted = outcome.reason() == TraceEvent.End.Reason.INTERRUPTED
                && ways.person().map(LiveRun::isInterrupted).orElse(true);
        if (interrupted && !outlet.isStandardOutput() && Files.exists(recording.output())) {
            // What is there may be whole, and cannot be had again.
            writer.flush();
            String kept = Text.format(
                    "interrupted; %s is as it was, and what was recorded up to here is in %s",
                    recording.output(), writer.part());
            terminal().err().println("semblance: " + kept);
            terminal().err().flush();
            return new LivePage.Ended(kept, ExitCode.INTERRUPTED);
        }
        TraceTotals totals = writer.complete();
        outlet.deliver();
        String complete = Text.format("%s is complete: %s.", outlet, Text.count(totals.events(), "event"));
        Printer out = outlet.terminal().out();
        out.println(Text.format(
                "%s: %s, %s, %s, ended by %s, identity %s",
                outlet,
                Text.count(outcome.cycles(), "cycle"),
                Text.count(totals.events(), "event"),
                Text.count(writer.length(), "byte"),
                outcome.reason(),
                totals.identity()));
        out.flush();
        outcome.trap().ifPresent(trap -> terminal().err().println("semblance: the guest is stuck: " + trap.describe()));
        if (!endsAsItShould(outcome.reason())) {
            outcome.trouble().forEach(trouble -> terminal().err().println("semblance: " + trouble));
        }
        terminal().err().flush();
        if (outcome.trap().isPresent()) {
            return new LivePage.Ended(complete, ExitCode.MISMATCH);
        }
        return new LivePage.Ended(complete, interrupted ? ExitCode.INTERRUPTED : ExitCode.PASS);
    }

    /** What the guest got into and came out of again is its own affair. */
    private static boolean endsAsItShould(TraceEvent.End.Reason reason) {
        return reason == TraceEvent.End.Reason.SCENARIO || reason == TraceEvent.End.Reason.POWER_OFF;
    }
}
