package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What all verbs share: how their help looks, and the options that every one has. */
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
abstract class Subcommand implements Callable<Integer> {

    private final Actions actions;

    @Option(names = "--stacktrace", order = 100, description = "Show where an error comes from, for bug reports.")
    private boolean stacktrace;

    Subcommand(Actions actions) {
        this.actions = actions;
    }

    /** Checks what the options say together, and does the work. */
    abstract ExitCode run();

    /** Runs the verb. One whose exit codes are somebody else's to say overrides it. */
    @Override
    public Integer call() {
        return run().code();
    }

    final Actions actions() {
        return actions;
    }

    final boolean wantsStacktrace() {
        return stacktrace;
    }
}
