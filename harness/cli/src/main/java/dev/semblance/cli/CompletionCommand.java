package dev.semblance.cli;

import dev.semblance.cli.completion.Shell;
import dev.semblance.harness.ExitCode;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "generate-completion",
        header = "Print a script that makes a shell complete verbs, options and files.",
        description = "The shell must source it. Released archives have the scripts in their folder completions.",
        footer = {
            "  source <(semblance generate-completion)",
            "  source <(semblance generate-completion zsh)",
            "  semblance generate-completion fish | source"
        })
final class CompletionCommand extends Subcommand<Shell> {

    @Parameters(
            paramLabel = "SHELL",
            arity = "0..1",
            defaultValue = "bash",
            description = "The shell: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Shell shell = Shell.BASH;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    CompletionCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Shell parse() {
        return shell;
    }

    @Override
    ExitCode run(Shell wanted) {
        CommandSpec program = Objects.requireNonNull(spec.root());
        terminal().out().script(wanted.script(program));
        return ExitCode.PASS;
    }
}
