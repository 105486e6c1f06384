package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.fuzz.FuzzScript;
import dev.semblance.harness.fuzz.matrix.ComparedTarget;
import dev.semblance.harness.fuzz.matrix.TargetComparison;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.rig.ScriptWriter;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.TargetSpec;
import dev.semblance.harness.target.dialect.Dialect;
import dev.semblance.harness.util.Suggestions;
import dev.semblance.harness.util.Text;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of {@code compare-targets}; {@link CompareTargetsAction} does the work. */
@Command(
        name = "compare-targets",
        header = "Compare devices with the reference and with each other: who answers what.",
        description = {
            "Replays recordings into each target, and runs on each a battery of scripts that are made up, beside the reference"
                    + " model. Two tables come of it: what became of each recording on each target, and for every command and"
                    + " every answer that the reference gives, what each target answers and shows. Where a case says nothing of"
                    + " a target, its cell says why.",
            "A TARGET is builtin, or KIND:COMMAND as of --target of the other verbs: vhost-user:, qtest: or pipe:"
                    + " (docs/TARGETS.md). NAME=TARGET names its column; else that is called as the program is. All other words are"
                    + " recordings; one that looks like a target is named with ./ in front."
        },
        footer = {
            "  semblance compare-targets builtin pipe:./my-gpu recordings",
            "  semblance compare-targets old=pipe:./gpu-1.0 new=pipe:./gpu-1.1 --scripts 1000",
            "  semblance compare-targets --report out builtin qtest:qemu-system-riscv64",
            "  semblance compare-targets --script 17 pipe:./my-gpu    one script alone"
        })
final class CompareTargetsCommand extends Subcommand<CompareTargetsCommand.Request> {

    private static final long USUAL_SCRIPTS = 100;
    private static final long MOST_SCRIPTS = 1_000_000;
    private static final long USUAL_SEED = 1;

    @Parameters(
            paramLabel = "TARGET|PATH",
            arity = "0..*",
            description =
                    "Targets, 16 at most, and traces, packs, folders of them, or patterns. Without a path, the folder recordings, if"
                            + " there is one here.")
    private List<String> words = List.of();

    @Option(
            names = "--dialect",
            paramLabel = "[NAME=]DIALECT",
            description =
                    "What a target may do otherwise than the reference: qemu, qemu-vhost-user-gpu, semu, or a file"
                            + " (docs/TARGETS.md). NAME is that of its column; without it, that of every target but builtin. Can be"
                            + " said several times.")
    private List<String> dialects = List.of();

    @Option(
            names = "--scripts",
            paramLabel = "N",
            description = "How many scripts are made up: 100 unless said; 0 for recordings alone.")
    private Optional<Long> scripts = Optional.empty();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Which scripts these are: 1 unless said. The same seed gives the same scripts.")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--script",
            paramLabel = "N",
            description = "Run the script of this number alone, and no recordings but those that are named.")
    private Optional<Long> script = Optional.empty();

    @Option(
            names = "--print",
            description = "With --script: print the lines of that script, for exec, and compare nothing.")
    private boolean print;

    @Option(
            names = "--target-timeout",
            paramLabel = "TIME",
            converter = Converters.HostTime.class,
            description =
                    "How long a target may take for its start, for each answer, and for its end, before it counts as hung: 3s"
                            + " unless said. One that hung three times is not run any more.")
    private Optional<Duration> timeout = Optional.empty();

    @Option(
            names = "--time",
            paramLabel = "TIME",
            converter = Converters.HostTime.class,
            description = "Begin nothing more on a target that has been used for so long.")
    private Optional<Duration> time = Optional.empty();

    @Option(
            names = "--golden",
            paramLabel = "FOLDER",
            description = "Where the goldens of the recordings are, as for replay.")
    private Optional<Path> golden = Optional.empty();

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "What may differ from the goldens (docs/POLICIES.md), in place of policy.toml beside them.")
    private Optional<Path> policy = Optional.empty();

    @Option(
            names = "--report",
            paramLabel = "FOLDER",
            description = "Write a page with both tables here, index.html, which needs nothing else.")
    private Optional<Path> report = Optional.empty();

    @Option(
            names = "--json",
            description = "Print one JSON object, for programs (docs/JSON.md), in place of the tables.")
    private boolean json;

    @Mixin
    private ProgressOptions progress = new ProgressOptions();

    /**
     * What is compared.
     *
     * @param targets the devices
     * @param specs the same as the command line names them
     * @param dialects the dialects as the command line names them; empty for none
     * @param traces recordings
     * @param seed of the scripts
     * @param scripts the numbers of the scripts
     * @param time how long a target may be used
     * @param goldens where goldens and policy are
     * @param report where the page goes
     * @param json whether programs are told what came of it
     * @param words that ask for the same
     * @param print whether the script is printed, and nothing compared
     */
    record Request(
            List<ComparedTarget> targets,
            List<TargetOptions.Choice> specs,
            List<List<String>> dialects,
            List<TraceFile> traces,
            long seed,
            Numbers scripts,
            Optional<Duration> time,
            GoldenOptions.Settings goldens,
            Optional<Path> report,
            boolean json,
            List<String> words,
            boolean print) {

        /** The numbers of scripts: from the first up to one before the end. */
        record Numbers(long first, long end) {}
    }

    CompareTargetsCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        if (print && script.isEmpty()) {
            throw new CommandException(ExitCode.USAGE, "--print prints one script: say which, with --script");
        }
        TargetWords said = print && words.isEmpty() ? new TargetWords(List.of(), List.of()) : TargetWords.of(words);
        if (script.isPresent() && scripts.isPresent()) {
            throw new CommandException(
                    ExitCode.USAGE, "--script is one script, --scripts says how many: say one of them");
        }
        Request.Numbers numbers = script.map(
                        number -> new Request.Numbers(check("--script", number, MOST_SCRIPTS), number + 1))
                .orElseGet(
                        () -> new Request.Numbers(0, check("--scripts", scripts.orElse(USUAL_SCRIPTS), MOST_SCRIPTS)));
        List<TraceFile> traces = traces(said.paths());
        if (traces.isEmpty() && numbers.first() == numbers.end()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "there is nothing to compare: --scripts is 0, and there is no folder recordings here; name one, or a trace");
        }
        List<List<String>> names = dialectNames(said);
        Duration patience = timeout.orElse(TargetOptions.USUAL);
        List<ComparedTarget> targets = new ArrayList<>();
        List<TargetOptions.Choice> specs = new ArrayList<>();
        for (int column = 0; column < said.targets().size(); column++) {
            TargetWords.Named named = said.targets().get(column);
            Dialect dialect = names.get(column).stream()
                    .map(Dialect::of)
                    .reduce(Dialect::and)
                    .orElse(Dialect.STANDARD)
                    .withoutFindings();
            TargetOptions.Choice choice =
                    new TargetOptions.Choice(Optional.of(named.spec()), patience, List.of(), dialect);
            specs.add(choice);
            targets.add(new ComparedTarget(
                    named.name(),
                    named.spec().toString(),
                    dialect,
                    harmless -> choice.deviceSaying(harmless).orElseGet(BuiltinDevice::ours)));
        }
        return new Request(
                targets,
                specs,
                names,
                traces,
                seed.orElse(USUAL_SEED),
                numbers,
                time,
                new GoldenOptions.Settings(golden, policy, List.of()),
                report,
                json,
                allWords(),
                print);
    }

    /** Returns the words that do all of it again; those that say where results go are left out. */
    private List<String> allWords() {
        List<String> all = new ArrayList<>(List.of("compare-targets"));
        seed.ifPresent(number -> all.addAll(List.of("--seed", Long.toString(number))));
        script.ifPresent(number -> all.addAll(List.of("--script", Long.toString(number))));
        scripts.ifPresent(number -> all.addAll(List.of("--scripts", Long.toString(number))));
        timeout.ifPresent(span -> all.addAll(List.of("--target-timeout", span.toMillis() + "ms")));
        time.ifPresent(span -> all.addAll(List.of("--time", span.toMillis() + "ms")));
        golden.ifPresent(folder -> all.addAll(List.of("--golden", folder.toString())));
        policy.ifPresent(file -> all.addAll(List.of("--policy", file.toString())));
        dialects.forEach(word -> all.addAll(List.of("--dialect", word)));
        all.addAll(words);
        return all;
    }

    private static long check(String option, long number, long most) {
        if (number < 0 || number > most) {
            throw new CommandException(ExitCode.USAGE, Text.format("%s is 0 to %,d, not %d", option, most, number));
        }
        return number;
    }

    private List<TraceFile> traces(List<String> paths) {
        if (!paths.isEmpty()) {
            return InputFiles.traces(paths);
        }
        boolean usual = script.isEmpty() && Files.isDirectory(Path.of(Goldens.RECORDINGS));
        return usual ? InputFiles.traces(List.of(Goldens.RECORDINGS)) : List.of();
    }

    /** Returns the dialects of each target, as they were named: its own, or else those that were named for all. */
    private List<List<String>> dialectNames(TargetWords said) {
        List<List<String>> own = new ArrayList<>();
        said.targets().forEach(target -> own.add(new ArrayList<>()));
        List<String> general = new ArrayList<>();
        for (String word : dialects) {
            Matcher named = TargetWords.NAMED.matcher(word);
            if (named.matches()) {
                own.get(column(said, word, named.group(1))).add(named.group(2));
            } else {
                general.add(word);
            }
        }
        for (int column = 0; column < own.size(); column++) {
            boolean foreign = said.targets().get(column).spec().kind() != TargetSpec.Kind.BUILTIN;
            if (foreign && own.get(column).isEmpty()) {
                own.set(column, general);
            }
        }
        return own;
    }

    private static int column(TargetWords said, String word, String name) {
        return said.column(name)
                .orElseThrow(() -> new CommandException(
                        ExitCode.USAGE,
                        Text.format(
                                "--dialect %s: no target is called %s%s",
                                word,
                                name,
                                Suggestions.hintOrAll(
                                        name,
                                        said.targets().stream()
                                                .map(TargetWords.Named::name)
                                                .toList(),
                                        "there are"))));
    }

    @Override
    ExitCode run(Request request) {
        if (request.print()) {
            FuzzScript printed =
                    TargetComparison.script(request.seed(), request.scripts().first());
            ScriptWriter.settings(printed.settings()).ifPresent(terminal().out()::json);
            printed.lines().forEach(line -> terminal().out().json(ScriptWriter.line(line)));
            return ExitCode.PASS;
        }
        Terminal shown = progress.of(terminal());
        long rounds = request.traces().size()
                + request.scripts().end()
                - request.scripts().first();
        try (Progress line = Progress.start(shown, "comparing", Progress.Unit.ROUNDS, OptionalLong.of(rounds));
                Progress.Task task = line.begin("")) {
            return new CompareTargetsAction(environment(), request).run(task);
        }
    }
}
