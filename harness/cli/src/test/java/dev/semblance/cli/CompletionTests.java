package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.cli.completion.Shell;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Scripts for shells, from a small program with everything in it. What the shells make of them, .ci/dist.sh asks them. */
final class CompletionTests {

    enum Colour {
        RED,
        GREEN
    }

    @Command(
            name = "paint",
            mixinStandardHelpOptions = true,
            subcommands = {Wall.class, Secret.class})
    static final class Program {}

    @SuppressWarnings("UnusedVariable") // picocli sets them.
    @Command(name = "wall", header = "Paint one: it's a [wall].")
    static final class Wall {
        @Option(
                names = {"-c", "--colour"},
                paramLabel = "COLOUR",
                description = "What it's like: 100%% of it. More of this (${DEFAULT-VALUE}).")
        private Colour colour = Colour.RED;

        @Option(names = "--plan", paramLabel = "FILE", description = "Where from.")
        private String plan = "";

        @Option(names = "--coats", paramLabel = "N", description = "How often.")
        private List<Integer> coats = List.of();

        @Option(names = "--nobody-knows", hidden = true)
        private boolean hidden;

        @Parameters(paramLabel = "PICTURE")
        private List<String> pictures = List.of();
    }

    @Command(name = "invisible", hidden = true)
    static final class Secret {}

    private static String script(Shell shell) {
        return shell.script(new CommandLine(new Program()).getCommandSpec());
    }

    @ParameterizedTest
    @EnumSource
    void everyVerbAndOptionThatHelpShowsIsThereAndNoOther(Shell shell) {
        assertThat(script(shell))
                .contains("wall", "colour", "RED", "GREEN", "plan", "coats", "help", "version")
                .doesNotContain("nobody-knows", "invisible");
    }

    @ParameterizedTest
    @EnumSource
    void theSameProgramHasTheSameScript(Shell shell) {
        assertThat(script(shell)).isEqualTo(script(shell)).endsWith("\n").doesNotContain("\r");
    }

    @Test
    void zshGetsDescriptionsThatItCannotTakeForSyntax() {
        assertThat(script(Shell.ZSH).lines().map(String::strip))
                .contains(
                        "#compdef paint",
                        "'wall:Paint one: it'\\''s a [wall]'",
                        "'(-c --colour)--colour[What it'\\''s like\\: 100% of it]:COLOUR:(RED GREEN)' \\",
                        "'(--plan)--plan[Where from]:FILE:_files' \\",
                        "'*--coats[How often]:N: ' \\",
                        "'*:PICTURE:_files'");
    }

    @Test
    void fishGetsOneLineForEachWord() {
        assertThat(script(Shell.FISH))
                .contains(
                        "complete -c paint -n __fish_use_subcommand -a 'wall' -d 'Paint one: it\\'s a [wall]'\n",
                        "complete -c paint -n '__fish_seen_subcommand_from wall' -s 'c' -l 'colour' -x -a 'RED GREEN'"
                                + " -d 'What it\\'s like: 100% of it'\n",
                        "complete -c paint -n '__fish_seen_subcommand_from wall' -l 'plan' -r -F -d 'Where from'\n",
                        "complete -c paint -n '__fish_seen_subcommand_from wall' -l 'coats' -x -d 'How often'\n",
                        "complete -c paint -n '__fish_seen_subcommand_from wall' -F\n");
        assertThat(script(Shell.FISH).lines())
                .allMatch(Pattern.compile("#.*|complete -c paint .*").asMatchPredicate());
    }
}
