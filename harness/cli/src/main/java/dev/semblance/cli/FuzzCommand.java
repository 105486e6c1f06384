package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UnusableOutputException;
import dev.semblance.harness.files.Interruption;
import dev.semblance.harness.fuzz.Corpus;
import dev.semblance.harness.fuzz.Counterexample;
import dev.semblance.harness.fuzz.Fuzzer;
import dev.semblance.harness.fuzz.Fuzzer.Failure;
import dev.semblance.harness.fuzz.differential.DeviceDifference;
import dev.semblance.harness.fuzz.differential.Oracle;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.dialect.Dialect;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Fuzzes a GPU and writes what it finds. */
@Command(
        name = "fuzz",
        header = "Look for commands that the GPU gets wrong.",
        description = {
            "Makes up sequences of valid, nearly valid and wild commands, runs them on the GPU and on an independent"
                    + " reference model, and compares every answer, every picture and guest memory. Stops at the first"
                    + " difference, cuts the sequence down to the few commands that matter, and writes them as a trace"
                    + " with the answers that are right: its replay fails until the GPU is mended. The same seed does"
                    + " the same, everywhere. More is in docs/FUZZING.md.",
            "Without --commands or --time it goes on until Ctrl-C."
        },
        footer = {
            "  semblance fuzz --time 60s",
            "  semblance fuzz --seed 7 --commands 1000000     the same every time",
            "  semblance fuzz --time 8h --corpus fuzzing      over night, keeping what is new",
            "  semblance fuzz --target pipe:./my-gpu --oracle none --time 60s"
        })
final class FuzzCommand extends Subcommand<FuzzCommand.Request> {

    @Option(names = "--seed", paramLabel = "N", description = "Where to begin; by default one is chosen and printed.")
    private Optional<Long> seed = Optional.empty();

    @ArgGroup(exclusive = true)
    private Limit limit = new Limit();

    /** When to stop. */
    private static final class Limit {
        @Option(names = "--commands", paramLabel = "N", description = "Stop after so many commands.")
        private Optional<Long> commands = Optional.empty();

        @Option(
                names = "--time",
                paramLabel = "TIME",
                converter = Converters.HostTime.class,
                description = "Stop after so long: 90s, 10m, 8h.")
        private Optional<Duration> time = Optional.empty();
    }

    @Option(
            names = "--corpus",
            paramLabel = "FOLDER",
            description = "Begin with the traces in this folder, and keep there what leads to anything new. A"
                    + " counterexample is written there too, and otherwise into the current folder.")
    private Optional<Path> corpus = Optional.empty();

    @Option(
            names = "--oracle",
            paramLabel = "ORACLE",
            converter = OracleWord.Converter.class,
            description =
                    "What tells whether the device does right: reference (the reference model; the default), self (the"
                            + " same device once more: finds memory that was not initialised), or none (only that it lives, goes on"
                            + " and does not write to standard error).")
    private Optional<OracleWord> oracle = Optional.empty();

    @Mixin
    private TargetOptions target = new TargetOptions();

    /** What tells whether a device does right, as a command line says it. */
    enum OracleWord {
        REFERENCE,
        SELF,
        NONE;

        static final class Converter implements ITypeConverter<OracleWord> {
            @Override
            public OracleWord convert(String value) {
                return switch (value) {
                    case "reference" -> REFERENCE;
                    case "self" -> SELF;
                    case "none" -> NONE;
                    default ->
                        throw new TypeConversionException("'" + value + "' is no oracle: say reference, self or none");
                };
            }
        }
    }

    private final DeviceUnderTest.Factory device;

    /**
     * What to fuzz with.
     *
     * @param commands when to stop, if said
     * @param time when to stop, if said
     * @param corpus where traces to begin with are, and where what is found goes
     * @param target which device is fuzzed
     * @param oracle what tells whether it does right
     * @param again the options that are to be said again with what is found: target and oracle
     */
    record Request(
            Optional<Long> seed,
            Optional<Long> commands,
            Optional<Duration> time,
            Optional<Path> corpus,
            TargetOptions.Choice target,
            Oracle oracle,
            Again again) {

        /** The options of {@code exec}, of {@code replay}, and all that tell of what is found. */
        record Again(List<String> exec, List<String> replay, List<String> all) {}

        /** Of the device that the command has, with the reference beside it. */
        Request(Optional<Long> seed, Optional<Long> commands, Optional<Duration> time, Optional<Path> corpus) {
            this(
                    seed,
                    commands,
                    time,
                    corpus,
                    TargetOptions.Choice.OWN,
                    Oracle.reference(),
                    new Again(List.of(), List.of(), List.of()));
        }
    }

    @Mixin
    private ProgressOptions progress = new ProgressOptions();

    FuzzCommand(CliEnvironment environment) {
        this(environment, BuiltinDevice.ours());
    }

    /** Makes the verb for a GPU of one's own. */
    FuzzCommand(CliEnvironment environment, DeviceUnderTest.Factory device) {
        super(environment);
        this.device = device;
    }

    @Override
    Request parse() {
        limit.commands.filter(commands -> commands < 1).ifPresent(commands -> {
            throw new CommandException(ExitCode.USAGE, Text.format("--commands is %d, not 1 or more", commands));
        });
        OracleWord said = oracle.orElse(OracleWord.REFERENCE);
        // What a device answers is compared with a model, ours too; what its program says and does is only a program's.
        TargetOptions.Choice tested =
                said == OracleWord.REFERENCE ? target.choice() : target.choice().withDialectOfTarget();
        Dialect dialect = tested.dialect();
        Oracle chosen = switch (said) {
            case REFERENCE -> new Oracle.Reference(dialect);
            case SELF -> new Oracle.Itself(dialect);
            case NONE -> new Oracle.None(dialect);
        };
        List<String> all = new ArrayList<>(tested.words());
        oracle.ifPresent(word -> all.addAll(List.of("--oracle", word.name().toLowerCase(Locale.ROOT))));
        return new Request(
                seed,
                limit.commands,
                limit.time,
                corpus,
                tested,
                chosen,
                new Request.Again(execWords(tested), replayWords(tested, said), List.copyOf(all)));
    }

    /** Ours needs no words, and a dialect is about programs. */
    private static List<String> execWords(TargetOptions.Choice tested) {
        return tested.isForeign() ? tested.words() : List.of();
    }

    /** What the reference would answer counts in a replay where it counts here. */
    private static List<String> replayWords(TargetOptions.Choice tested, OracleWord oracle) {
        if (!tested.isForeign()) {
            return List.of();
        }
        List<String> words = new ArrayList<>(tested.words());
        words.addAll(List.of("--answers", oracle == OracleWord.REFERENCE ? "strict" : "listed"));
        return List.copyOf(words);
    }

    @Override
    ExitCode run(Request fuzzing) {
        // Seeds are to be typed again: nine digits will do.
        long seed = fuzzing.seed().orElseGet(() -> ThreadLocalRandom.current().nextLong(1_000_000_000));
        line(Text.format("seed %d", seed));
        try (Interruption interruption = Interruption.listen()) {
            ExitCode code = run(fuzzing, seed, interruption);
            terminal().out().flush();
            return code;
        }
    }

    private ExitCode run(Request fuzzing, long seed, Interruption interruption) {
        Optional<Corpus> corpus = fuzzing.corpus().map(this::open);
        corpus.ifPresent(found -> line(Text.count(found.size(), "script") + " in the corpus"));
        Fuzzer fuzzer = new Fuzzer(seed, fuzzing.target().device(device), corpus, fuzzing.oracle());
        long start = System.nanoTime();
        long commands = fuzzing.commands().orElse(Long.MAX_VALUE);
        long nanos = fuzzing.time().map(Duration::toNanos).orElse(Long.MAX_VALUE);
        Optional<Failure> failure;
        boolean byTime = fuzzing.commands().isEmpty() && fuzzing.time().isPresent();
        OptionalLong total = Stream.concat(fuzzing.commands().stream(), fuzzing.time().map(Duration::toMillis).stream())
                .mapToLong(Long::longValue)
                .findFirst();
        try (Progress line = Progress.start(
                        progress.of(terminal()),
                        "fuzzing",
                        byTime ? Progress.Unit.TIME : Progress.Unit.COMMANDS,
                        total);
                Progress.Task task = line.begin("")) {
            failure = fuzzer.run(() -> {
                task.accept(
                        byTime
                                ? (System.nanoTime() - start) / 1_000_000
                                : fuzzer.coverage().commands());
                return !interruption.isRequested()
                        && fuzzer.coverage().commands() < commands
                        && System.nanoTime() - start < nanos;
            });
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        fuzzer.coverage().table().forEach(this::line);
        line(Text.format(
                "%s in %s, %.1f s, %,.0f commands/s",
                Text.count(fuzzer.coverage().commands(), "command"),
                Text.count(fuzzer.scripts(), "script"),
                seconds,
                fuzzer.coverage().commands() / seconds));
        fuzzer.deviations()
                .forEach((what, count) -> line(Text.format("allowed %s: %s", Text.count(count, "time"), what)));
        fuzzer.knownFindings()
                .forEach((what, count) -> line(Text.format("ended %s: %s", Text.count(count, "run"), what)));
        return failure.map(found -> report(found, fuzzing, seed, fuzzer)).orElseGet(() -> {
            line("no difference");
            return ExitCode.PASS;
        });
    }

    private Corpus open(Path folder) {
        try {
            return Corpus.open(folder, VersionProvider.version(), problem -> {
                terminal().err().println("semblance: " + problem);
                terminal().err().flush();
            });
        } catch (FileAlreadyExistsException e) {
            throw new CommandException(ExitCode.USAGE, folder + " cannot be used as a corpus: it is not a folder", e);
        } catch (IOException e) {
            throw new CommandException(ExitCode.USAGE, folder + " cannot be used as a corpus: " + e.getMessage(), e);
        }
    }

    private ExitCode report(Failure failure, Request fuzzing, long seed, Fuzzer fuzzer) {
        line(Text.format(
                "script %d fails: %s", failure.number(), failure.difference().text()));
        Counterexample counterexample = Counterexample.of(failure);
        line(
                counterexample.failsAgain()
                        ? Text.format(
                                "cut down from %s to %s: %s",
                                counterexample.before().text(),
                                counterexample.after().text(),
                                counterexample.difference().text())
                        : "run again it does not fail, so it is not cut down");
        Path folder = fuzzing.corpus().orElse(Path.of(""));
        Path trace = folder.resolve(Text.format("fuzz-%d-%d.trace", seed, failure.number()));
        try {
            counterexample.write(trace, VersionProvider.version());
        } catch (IOException e) {
            throw UnusableOutputException.of(trace, e);
        }
        line("see it:       " + Invocation.line("dump", trace));
        String file = trace.toString();
        if (counterexample.difference().kind() == DeviceDifference.Kind.USAGE) {
            line("no driver sees that yet, and a trace does not tell what a device counts: its replay passes");
        } else {
            line("replay it:    "
                    + Invocation.line(with("replay", fuzzing.again().replay(), file)));
        }
        line(Text.format(
                "run it:       %s | %s",
                Invocation.line("dump", "--script", trace),
                Invocation.line(with("exec", fuzzing.again().exec(), "-"))));
        // The commands of the failing script were not counted from the one that failed on.
        List<String> again = new ArrayList<>(List.of(
                "fuzz",
                "--seed",
                Long.toString(seed),
                "--commands",
                Long.toString(fuzzer.coverage().commands() + 1)));
        again.addAll(fuzzing.again().all());
        fuzzing.corpus().ifPresent(from -> again.addAll(List.of("--corpus", from.toString())));
        line("find it anew: " + Invocation.line(again));
        if (fuzzing.corpus().isPresent()) {
            line("              with what was in the corpus at the start");
        }
        return ExitCode.MISMATCH;
    }

    private static List<String> with(String verb, List<String> options, String last) {
        List<String> words = new ArrayList<>(List.of(verb));
        words.addAll(options);
        words.add(last);
        return words;
    }

    private void line(String text) {
        terminal().out().println(text);
        terminal().out().flush();
    }
}
