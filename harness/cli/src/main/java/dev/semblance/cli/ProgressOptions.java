package dev.semblance.cli;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Whether verbs that take long say how far they are. */
final class ProgressOptions {

    @ArgGroup
    private Choice choice = new Choice();

    /** One of them at most. */
    static final class Choice {
        @Option(names = "--quiet", description = "Do not show how far it is, on a terminal either.")
        private boolean quiet;

        @Option(
                names = "--progress",
                description = "Say how far it is every ten seconds where standard error is not a terminal.")
        private boolean progress;
    }

    /** Returns the terminal on which it is shown so. */
    Terminal of(Terminal terminal) {
        if (choice.quiet) {
            return terminal.showing(Terminal.Shows.NOTHING);
        }
        return choice.progress && !terminal.showsProgress() ? terminal.showing(Terminal.Shows.LINES) : terminal;
    }

    /** Returns the environment with that terminal. */
    CliEnvironment of(CliEnvironment environment) {
        return environment.with(of(environment.terminal()));
    }
}
