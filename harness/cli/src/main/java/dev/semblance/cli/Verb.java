package dev.semblance.cli;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * The verbs, in the order of the help. A verb is made when a command line needs it: reading the annotations of all takes longer
 * than most verbs' work.
 */
enum Verb {
    BOOT,
    RECORD,
    REPLAY,
    APPROVE,
    SCENARIO,
    INFO,
    DUMP,
    ASM,
    DIFF,
    LINT,
    VIEW,
    BLAME,
    DEBUG,
    REPAIR,
    PACK,
    EXEC,
    SERVE,
    RENDER,
    BISECT_RUN,
    MINIMIZE,
    TRIM,
    REDACT,
    FUZZ,
    COMPARE_TARGETS,
    BENCHMARK,
    GENERATE_COMPLETION,
    HELP;

    /** Tells which version this is, without a verb: what scripts ask a program first. */
    private static final Set<String> VERSION = Set.of("--version", "-V");

    /**
     * Returns the verbs that a command line needs: the one that it begins with, if that can do without the others; all, for
     * whatever else it is, since help and errors name them.
     */
    static Set<Verb> of(String... args) {
        if (args.length == 1 && VERSION.contains(args[0])) {
            return EnumSet.noneOf(Verb.class);
        }
        return Stream.of(values())
                .filter(verb -> args.length > 0 && verb.word().equals(args[0]) && !verb.showsOthers())
                .findFirst()
                .map(EnumSet::of)
                .orElseGet(() -> EnumSet.allOf(Verb.class));
    }

    /** Returns its name on the command line. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private boolean showsOthers() {
        return this == HELP || this == GENERATE_COMPLETION;
    }

    /**
     * Makes it.
     *
     * @param again runs another command line of this program
     */
    Subcommand<?> make(CliEnvironment environment, ToIntFunction<String[]> again) {
        return switch (this) {
            case BOOT -> new BootCommand(environment);
            case RECORD -> new RecordCommand(environment);
            case SCENARIO -> new ScenarioCommand(environment);
            case REPLAY -> new ReplayCommand(environment);
            case APPROVE -> new ApproveCommand(environment);
            case INFO -> new InfoCommand(environment);
            case DUMP -> new DumpCommand(environment);
            case ASM -> new AsmCommand(environment);
            case DIFF -> new DiffCommand(environment);
            case LINT -> new LintCommand(environment);
            case BLAME -> new BlameCommand(environment);
            case VIEW -> new ViewCommand(environment);
            case DEBUG -> new DebugCommand(environment);
            case REPAIR -> new RepairCommand(environment);
            case PACK -> new PackCommand(environment);
            case EXEC -> new ExecCommand(environment);
            case SERVE ->
                new ServeCommand(
                        environment,
                        words -> again.applyAsInt(Stream.concat(Stream.of("replay"), words.stream())
                                .toArray(String[]::new)));
            case RENDER -> new RenderCommand(environment);
            case BISECT_RUN -> new BisectRunCommand(environment, words -> again.applyAsInt(replay(words)));
            case MINIMIZE -> new MinimizeCommand(environment);
            case TRIM -> new TrimCommand(environment);
            case REDACT -> new RedactCommand(environment);
            case FUZZ -> new FuzzCommand(environment);
            case COMPARE_TARGETS -> new CompareTargetsCommand(environment);
            case BENCHMARK -> new BenchmarkCommand(environment);
            case GENERATE_COMPLETION -> new CompletionCommand(environment);
            case HELP -> new HelpCommand(environment);
        };
    }

    private static String[] replay(List<String> words) {
        return Stream.concat(Stream.of("replay", ReplayCommand.DIFFERENCES_FIRST), words.stream())
                .toArray(String[]::new);
    }
}
