package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "help",
        header = "Show what a verb does and takes.",
        description = "The same as VERB --help; without a verb, the same as --help.",
        footer = {"  semblance help replay"})
final class HelpCommand extends Subcommand<Optional<String>> {

    @Parameters(paramLabel = "VERB", arity = "0..1", description = "The verb.")
    private Optional<String> verb = Optional.empty();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    HelpCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Optional<String> parse() {
        return verb;
    }

    @Override
    ExitCode run(Optional<String> wanted) {
        CommandLine program = Objects.requireNonNull(spec.root().commandLine());
        CommandLine shown = wanted.map(word -> Optional.ofNullable(
                                program.getSubcommands().get(word))
                        .orElseThrow(() -> new CommandException(ExitCode.USAGE, Misuse.noVerb(program, word))))
                .orElse(program);
        shown.usage(program.getOut());
        return ExitCode.PASS;
    }
}
