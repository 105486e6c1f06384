package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.golden.policy.Glob;
import dev.semblance.harness.replay.TargetJudgement;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.util.Text;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code replay}; {@link ReplayAction} does the work. */
@Command(
        name = "replay",
        header = "Replay traces and compare them with what was recorded and with the golden pictures.",
        description = {
            "A machine replay runs the same images again, with only the inputs from the trace. A device replay feeds the"
                    + " recorded commands to the GPU alone. Both are done where the images are found, and together they"
                    + " tell what changed: both differ, the GPU; the machine's only, CPU, machine or images; the"
                    + " device's only, the recorder or the trace.",
            "Snapshots are compared with golden/NAME/LABEL.png, pixel by pixel, unless golden/policy.toml lets one differ."
                    + " One that is missing there is a failure. Elsewhere there are no goldens: snapshots are compared with"
                    + " nothing, and the trace is called unchecked.",
            RangeOptions.NOTATION
        },
        footer = {
            "  semblance replay recordings",
            "  semblance replay --device --golden golden recordings/flips.trace",
            "  semblance replay --images ~/images --report out mine.trace",
            "  semblance replay --junit results.xml --jobs 4 --timeout 5m recordings",
            "  semblance replay --shard 1/3 recordings    the first of three CI jobs",
            "  semblance replay --filter 'flips/*' --fail-fast recordings",
            "  semblance replay --until flush:12 mine.trace",
            "  semblance replay --target pipe:./my-gpu recordings",
            "  semblance replay --json recordings | jq '.traces[] | {trace, standing}'"
        })
final class ReplayCommand extends Subcommand<ReplayCommand.Request> {

    /** The option that lets a difference decide over the exit code. */
    static final String DIFFERENCES_FIRST = "--differences-first";

    private static final int MAX_JOBS = 256;

    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description = "Traces, folders of them, or patterns such as 'recordings/*.trace'.")
    private List<String> paths = List.of();

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private Kind kind = new Kind();

    static final class Kind {
        @Option(names = "--machine", description = "The machine replay only; without the images, that is an error.")
        private boolean machine;

        @Option(names = "--device", description = "The device replay only.")
        private boolean device;
    }

    @Mixin
    private GoldenOptions goldens = new GoldenOptions();

    @Option(
            names = "--report",
            paramLabel = "FOLDER",
            description =
                    "Write a summary here, index.html, and for every picture that differs what was shown and where it differs.")
    private Optional<Path> report = Optional.empty();

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Write a report with all pictures as one HTML file that needs nothing else.")
    private Optional<Path> html = Optional.empty();

    @Option(
            names = "--junit",
            paramLabel = "FILE",
            description = "Write JUnit XML here: a suite for each trace, a case for each replay and snapshot.")
    private Optional<Path> junit = Optional.empty();

    @Option(
            names = "--github",
            description = "Print failures as annotations for GitHub, 10 at most, and append a table of all to the file"
                    + " that GITHUB_STEP_SUMMARY names. On by itself where GITHUB_ACTIONS=true.")
    private boolean github;

    @Option(
            names = "--shard",
            paramLabel = "I/N",
            converter = Converters.ShardOf.class,
            description =
                    "Replay the I-th of N parts of the traces, about equal in bytes. Together, the parts 1/N to N/N"
                            + " are all of them.")
    private Optional<Shard> shard = Optional.empty();

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description =
                    "Replay N traces at once, or fewer where memory would not do for so many guests. The longest is begun"
                            + " first. Each uses two threads where both replays are done. The output is the same for every N. Default: as"
                            + " many as there are processors.")
    private Optional<Integer> jobs = Optional.empty();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Converters.HostTime.class,
            description =
                    "End the replay of a trace that takes longer, such as 90s or 5m, counted from its own start, and fail it.")
    private Optional<Duration> timeout = Optional.empty();

    @Option(
            names = "--require-goldens",
            negatable = true,
            description =
                    "Fail traces that are unchecked: that have snapshots and no goldens to compare them with. On by itself"
                            + " where CI=true. With --no-require-goldens, a trace below recordings that has none is unchecked too.")
    private Optional<Boolean> requireGoldens = Optional.empty();

    @Option(
            names = "--filter",
            paramLabel = "GLOB",
            converter = Converters.GlobOf.class,
            description =
                    "Replay only traces whose name matches, or compare only snapshots whose NAME/LABEL does; * stands for"
                            + " any characters, ? for one. Can be said several times.")
    private List<Glob> filter = List.of();

    @Option(
            names = "--until",
            paramLabel = "POSITION",
            converter = Converters.PositionOf.class,
            description = "Replay up to this position and compare what comes before it.")
    private Optional<Position> until = Optional.empty();

    @Option(
            names = "--fail-fast",
            description = "Stop after the first trace that does not pass; the last line says how many were not run.")
    private boolean failFast;

    @Option(
            names = "--json",
            description = "Print one JSON object, for programs (docs/JSON.md), in place of the lines for people.")
    private boolean json;

    @Option(
            names = "--damage",
            description =
                    "Compare with the goldens only what the rectangles of flushes brought; pixels that nothing brought are"
                            + " magenta. A driver's wrong rectangles are seen so.")
    private boolean damage;

    @Mixin
    private TargetOptions target = new TargetOptions();

    @Option(
            names = "--answers",
            paramLabel = "HOW",
            converter = Answers.Converter.class,
            description = "Of a target: answers other than recorded are only listed (the default), or are differences"
                    + " (strict; the default with --dialect) unless the dialect allows them.")
    private Optional<Answers> answers = Optional.empty();

    /** What a target's answers count that are other than recorded. */
    private enum Answers {
        /** Nothing. */
        LISTED,
        /** They are differences. */
        STRICT;

        static final class Converter implements ITypeConverter<Answers> {
            @Override
            public Answers convert(String value) {
                return switch (value) {
                    case "listed" -> LISTED;
                    case "strict" -> STRICT;
                    default -> throw new TypeConversionException("'" + value + "' is not strict or listed");
                };
            }
        }
    }

    /** For {@code bisect-run}, which has only the exit code to go by. */
    @Option(names = DIFFERENCES_FIRST, hidden = true)
    private boolean differencesFirst;

    /**
     * Traces to replay.
     *
     * @param report where to write pictures and a summary of what failed, if said
     * @param html where to write a report as one HTML file, if said
     * @param required where goldens have to be
     * @param choice how much of them is replayed
     * @param target which device the device replay goes into, and how it is judged
     */
    record Request(
            List<TraceFile> traces,
            TraceReplay.Kind kind,
            GoldenOptions.Settings goldens,
            Required required,
            Optional<Path> report,
            Optional<Path> html,
            Ci ci,
            Pace pace,
            Choice choice,
            Target target) {

        /** Which device the device replay goes into, and by what it is judged if it is not ours. */
        record Target(TargetOptions.Choice device, TargetJudgement judgement) {

            /** Ours. */
            static final Target OWN = new Target(TargetOptions.Choice.OWN, TargetJudgement.PICTURES);
        }

        /** Into our device. */
        Request(
                List<TraceFile> traces,
                TraceReplay.Kind kind,
                GoldenOptions.Settings goldens,
                Required required,
                Optional<Path> report,
                Optional<Path> html,
                Ci ci,
                Pace pace,
                Choice choice) {
            this(traces, kind, goldens, required, report, html, ci, pace, choice, Target.OWN);
        }

        /** All of the traces. */
        Request(
                List<TraceFile> traces,
                TraceReplay.Kind kind,
                GoldenOptions.Settings goldens,
                Required required,
                Optional<Path> report,
                Optional<Path> html,
                Ci ci,
                Pace pace) {
            this(traces, kind, goldens, required, report, html, ci, pace, Choice.ALL);
        }

        /** Returns the same with what is in packs, as far as it is wanted, in the place of the packs. */
        Request of(OpenedPacks opened) {
            return new Request(
                    choice.filter().select(opened.traces()),
                    kind,
                    goldens.withImages(opened.images()),
                    required,
                    report,
                    html,
                    ci,
                    pace,
                    choice,
                    target);
        }
    }

    /**
     * How much of the traces is replayed, and for whom.
     *
     * @param filter which traces and snapshots
     * @param until how far; empty for to the end
     * @param failFast whether the first trace that does not pass is the last
     * @param json whether programs are told what came of it, not people
     * @param damage whether pictures show only what flushes brought
     */
    record Choice(TraceFilter filter, Optional<Position> until, boolean failFast, boolean json, boolean damage) {

        /** All of it, for people. */
        static final Choice ALL = new Choice(TraceFilter.ALL, Optional.empty(), false, false, false);

        /** With the pictures that the device shows. */
        Choice(TraceFilter filter, Optional<Position> until, boolean failFast, boolean json) {
            this(filter, until, failFast, json, false);
        }

        /** Returns whether no trace and no part of one is left out beforehand. */
        boolean isWhole() {
            return filter.isAll() && until.isEmpty();
        }
    }

    /** Which traces fail that have snapshots and no golden at all. */
    enum Required {
        /** All of them. */
        EVERYWHERE,
        /** Those whose goldens have a place, by that of the trace or by what the user said. */
        WHERE_THERE_IS_A_PLACE,
        /** None, unless the user said where the goldens are. */
        NOWHERE
    }

    /**
     * What a CI system reads of replays.
     *
     * @param junit where to write JUnit XML, if said
     * @param annotations whether to print failures as GitHub's workflow commands
     * @param stepSummary the file that GitHub shows as the summary of a step, to append to
     * @param differencesFirst whether a difference decides how the command ends, though other traces could not be replayed
     */
    record Ci(Optional<Path> junit, boolean annotations, Optional<Path> stepSummary, boolean differencesFirst) {

        /** Nothing. */
        static final Ci NONE = new Ci(Optional.empty(), false, Optional.empty(), false);
    }

    /**
     * How fast replays go.
     *
     * @param jobs how many traces at once at most, 1 or more
     * @param timeout how long each may take
     */
    record Pace(int jobs, Optional<Duration> timeout) {

        /** One after the other, as long as they take. */
        static final Pace STEADY = new Pace(1, Optional.empty());

        /** Returns how many traces are replayed at once where nobody says. */
        static int usualJobs() {
            return Math.min(Runtime.getRuntime().availableProcessors(), MAX_JOBS);
        }
    }

    @Mixin
    private ProgressOptions progress = new ProgressOptions();

    @Mixin
    private ImageOptions imageOptions = new ImageOptions();

    @Mixin
    private CoreOptions core = new CoreOptions();

    ReplayCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        Request.Target tested = tested();
        TraceReplay.Kind which = tested.device().spec().isPresent()
                ? TraceReplay.Kind.DEVICE
                : kind.machine
                        ? TraceReplay.Kind.MACHINE
                        : kind.device ? TraceReplay.Kind.DEVICE : TraceReplay.Kind.BOTH;
        if (damage && which == TraceReplay.Kind.MACHINE) {
            throw new CommandException(
                    ExitCode.USAGE, "--damage is about the pictures of the device replay; --machine leaves that out");
        }
        int atOnce = jobs.orElseGet(Pace::usualJobs);
        if (atOnce < 1 || atOnce > MAX_JOBS) {
            throw new CommandException(ExitCode.USAGE, Text.format("--jobs is 1 to %d, not %d", MAX_JOBS, atOnce));
        }
        TraceFilter wanted = new TraceFilter(filter);
        List<TraceFile> all = wanted.select(InputFiles.traces(paths));
        return new Request(
                shard.map(part -> part.select(all)).orElse(all),
                which,
                goldens.settings(),
                required(),
                report,
                html,
                ci(),
                new Pace(atOnce, timeout),
                new Choice(wanted, until, failFast, json, damage),
                tested);
    }

    private Request.Target tested() {
        TargetOptions.Choice device = target.choice().withDialectOfTarget();
        if (kind.machine && device.spec().isPresent()) {
            throw new CommandException(
                    ExitCode.USAGE, "--target is about the device replay, and --machine leaves that out");
        }
        if (!device.isForeign() && answers.isPresent()) {
            throw new CommandException(
                    ExitCode.USAGE, "--answers is about a --target; ours has to answer as recorded anyway");
        }
        if (damage && device.isForeign()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--damage needs to be told of every flush, and a target shows its pictures when asked");
        }
        return new Request.Target(
                device,
                new TargetJudgement(
                        device.dialect(),
                        answers.map(how -> how == Answers.STRICT)
                                .orElse(!device.dialects().isEmpty())));
    }

    @Override
    ExitCode run(Request replays) {
        CliEnvironment environment = progress.of(environment());
        return new ReplayAction(environment, imageOptions.images(environment), core.translator()).run(replays);
    }

    private Required required() {
        if (differencesFirst && requireGoldens.orElse(false)) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "bisect-run does not take --require-goldens: that goldens are missing says nothing about a revision");
        }
        if (differencesFirst) {
            return Required.NOWHERE;
        }
        return requireGoldens
                .map(said -> said ? Required.EVERYWHERE : Required.NOWHERE)
                .orElse(environment().has("CI", "true") ? Required.EVERYWHERE : Required.WHERE_THERE_IS_A_PLACE);
    }

    private Ci ci() {
        boolean annotations = github || environment().has("GITHUB_ACTIONS", "true");
        Optional<Path> summary = Optional.of(environment().variables().getOrDefault("GITHUB_STEP_SUMMARY", ""))
                .filter(file -> annotations && !file.isEmpty())
                .map(Path::of);
        return new Ci(junit, annotations, summary, differencesFirst);
    }
}
