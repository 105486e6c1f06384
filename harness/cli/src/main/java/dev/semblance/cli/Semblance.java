package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.UnwritableException;
import dev.semblance.harness.files.AtExit;
import dev.semblance.machine.cpu.CoreDifferenceException;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The program {@code semblance}. */
@Command(
        name = "semblance",
        header = "Deterministic record and replay for virtio-gpu.",
        description = {
            "Boots Linux on a RISC-V machine without a window, records every virtqueue command and every input, and"
                    + " replays the recording while comparing what it shows with golden pictures."
        },
        synopsisSubcommandLabel = "VERB",
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nVerbs:%n",
        exitCodeListHeading = "%nExit codes:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  semblance replay recordings  the main job: replay all recordings, compare",
            "  semblance boot               look around in the guest that ships",
            "  semblance record --help      how to make a recording of your own",
            "  source <(semblance generate-completion)    complete words in this shell"
        },
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        versionProvider = VersionProvider.class)
public final class Semblance {

    /** Set to anything, this environment variable does what {@code --stacktrace} does. */
    private static final String STACKTRACE_VARIABLE = "SEMBLANCE_STACKTRACE";

    private Semblance() {}

    /** Runs the program and ends the process with its exit code. */
    public static void main(String[] args) {
        // Nothing that we write depends on it; what a library writes might.
        Locale.setDefault(Locale.ROOT);
        CliEnvironment environment = CliEnvironment.ofSystem();
        // Java's own way prints the message as it is.
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, problem) -> environment.terminal().err().stacktrace(problem));
        System.exit(run(environment, args));
    }

    /**
     * Runs a command line. Never throws: whatever goes wrong is said on the terminal.
     *
     * @return the number of an {@link ExitCode}
     */
    static int run(CliEnvironment environment, String... args) {
        Terminal terminal = environment.terminal();
        boolean always = environment.variables().containsKey(STACKTRACE_VARIABLE);
        try {
            CommandLine line = commandLine(environment, words -> run(environment, words), Verb.of(args))
                    .setOut(terminal.out().forUsage())
                    .setErr(terminal.err().forUsage())
                    .setParameterExceptionHandler((problem, words) -> misused(problem, terminal.err()))
                    .setExecutionExceptionHandler((problem, command, parsed) -> failed(
                            problem,
                            terminal,
                            always || command.getCommand() instanceof Subcommand<?> verb && verb.wantsStacktrace()));
            return ending(line.execute(args), terminal);
        } catch (Throwable e) {
            // Errors too, such as a heap that is too small.
            return failed(e, terminal, always);
        } finally {
            terminal.out().flush();
            terminal.err().flush();
        }
    }

    /** Returns how a command ends: not well if what it printed could not be written. */
    private static int ending(int code, Terminal terminal) {
        terminal.out().flush();
        Optional<IOException> failure = terminal.standard().takeFailure();
        if (failure.isEmpty()) {
            return code;
        }
        say(
                terminal.err(),
                "standard output cannot be written: "
                        + Optional.ofNullable(failure.get().getMessage()).orElse("the system does not say why"));
        return code == ExitCode.INTERNAL.code() ? code : ExitCode.USAGE.code();
    }

    private static int misused(ParameterException problem, Printer err) {
        say(err, Misuse.sentence(problem));
        CommandSpec spec = problem.getCommandLine().getCommandSpec();
        err.println(
                "Try: " + (spec.parent() == null ? Invocation.line("--help") : Invocation.line(spec.name(), "--help")));
        return ExitCode.USAGE.code();
    }

    private static int failed(Throwable problem, Terminal terminal, boolean stacktrace) {
        terminal.out().flush();
        if (AtExit.isRemoving()) {
            return ExitCode.INTERRUPTED.code();
        }
        if (stacktrace) {
            terminal.err().stacktrace(problem);
        }
        if (problem instanceof SemblanceException error) {
            terminal.err().problem(error);
            return CommandException.exitCode(error).code();
        }
        if (problem instanceof InvalidPathException name) {
            SemblanceException error = UnusableInputException.noFileName(name);
            terminal.err().problem(error);
            return CommandException.exitCode(error).code();
        }
        Optional<UnwritableException> unwritable = UnwritableException.in(problem);
        if (unwritable.isPresent()) {
            // However deep in the work the output failed: it is the user's to put right.
            say(terminal.err(), String.valueOf(unwritable.get().getMessage()));
            return ExitCode.USAGE.code();
        }
        if (problem instanceof OutOfMemoryError) {
            say(terminal.err(), SemblanceException.outOfMemory("this"));
            return ExitCode.INCOMPATIBLE.code();
        }
        if (problem instanceof CoreDifferenceException difference) {
            String.valueOf(difference.getMessage()).lines().forEach(line -> say(terminal.err(), line));
            return ExitCode.INTERNAL.code();
        }
        say(
                terminal.err(),
                "internal error: " + problem + (stacktrace ? "" : " (--stacktrace shows where it comes from)"));
        return ExitCode.INTERNAL.code();
    }

    private static void say(Printer err, String message) {
        err.println("semblance: " + message);
    }

    /**
     * Returns the command line with all its verbs.
     *
     * @param again runs another command line of this program
     */
    static CommandLine commandLine(CliEnvironment environment, ToIntFunction<String[]> again) {
        return commandLine(environment, again, EnumSet.allOf(Verb.class));
    }

    private static CommandLine commandLine(CliEnvironment environment, ToIntFunction<String[]> again, Set<Verb> verbs) {
        CommandLine line = new CommandLine(new Semblance());
        verbs.forEach(verb -> line.addSubcommand(verb.word(), verb.make(environment, again)));
        line.registerConverter(int.class, new Converters.Int())
                .registerConverter(Integer.class, new Converters.Int())
                .registerConverter(Path.class, new Converters.FilePath())
                .registerConverter(long.class, new Converters.WholeNumber())
                .registerConverter(Long.class, new Converters.WholeNumber());
        Map<String, String> exitCodes = new LinkedHashMap<>();
        Arrays.stream(ExitCode.values())
                .sorted(Comparator.comparingInt(ExitCode::code))
                .forEach(code -> exitCodes.put(" " + code.code(), code.meaning()));
        line.getCommandSpec().usageMessage().exitCodeList(exitCodes);
        line.getSubcommands()
                .values()
                .forEach(verb -> verb.getCommandSpec().usageMessage().exitCodeList(exitCodes));
        Optional.ofNullable(line.getSubcommands().get(Verb.BISECT_RUN.word())).ifPresent(bisectRun -> {
            bisectRun.getCommandSpec().usageMessage().exitCodeList(BisectRunCommand.exitCodes());
            // Its words are for replay to understand.
            bisectRun.setUnmatchedOptionsArePositionalParams(true);
        });
        return line;
    }
}
