package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A verb: its options, the request that they make up, and what it does. All share how their help looks, and the options
 * that every one has.
 *
 * @param <R> what is asked for, once the options are understood
 */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%nParameters:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        footerHeading = "%nExamples:%n",
        usageHelpAutoWidth = true,
        sortOptions = false,
        abbreviateSynopsis = true)
abstract class Subcommand<R> implements Callable<Integer> {

    private final CliEnvironment environment;

    @Option(names = "--stacktrace", order = 100, description = "Show where an error comes from, for bug reports.")
    private boolean stacktrace;

    Subcommand(CliEnvironment environment) {
        this.environment = environment;
    }

    /**
     * Returns what the options ask for.
     *
     * @throws SemblanceException if they do not go together, or name what is not there
     */
    abstract R parse();

    /**
     * Does it.
     *
     * @throws SemblanceException if it cannot be done
     */
    abstract ExitCode run(R request);

    /** Returns the exit code of the process. A verb whose codes are somebody else's to say overrides it. */
    int code(ExitCode ended) {
        return ended.code();
    }

    @Override
    public final Integer call() {
        return code(run(parse()));
    }

    final CliEnvironment environment() {
        return environment;
    }

    final Terminal terminal() {
        return environment.terminal();
    }

    final boolean wantsStacktrace() {
        return stacktrace;
    }
}
