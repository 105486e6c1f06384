package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** docs/GUESTS.md, "Large disks": {@code --verify-images} of every verb that opens images. */
class ImageOptionsTests {

    private static final String VERIFY = "--verify-images";

    private static CliEnvironment environment() {
        StringWriter said = new StringWriter();
        return Environments.of(new Terminal(new PrintWriter(said), new PrintWriter(said), false));
    }

    /** Whether a verb opens images follows from its class: {@code ArchitectureTests} knows no other way to them. */
    @Test
    void everyVerbThatOpensImagesTakesIt() {
        Map<String, Boolean> verbs = new TreeMap<>();
        Semblance.commandLine(environment(), words -> 0)
                .getSubcommands()
                .forEach((name, verb) -> verbs.put(name, verb.getCommandSpec().findOption(VERIFY) != null));
        assertThat(verbs).hasSizeGreaterThan(20);
        assertThat(verbs.keySet().stream().filter(verbs::get))
                .containsExactly(
                        "approve",
                        "benchmark",
                        "blame",
                        "boot",
                        "debug",
                        "pack",
                        "record",
                        "replay",
                        "scenario",
                        "trim",
                        "view");
        Semblance.commandLine(environment(), words -> 0)
                .getSubcommands()
                .forEach((name, verb) -> assertThat(Arrays.stream(verb.getCommandSpec()
                                        .userObject()
                                        .getClass()
                                        .getDeclaredFields())
                                .anyMatch(field -> field.getType().equals(ImageOptions.class)
                                        || field.getType().equals(PlaybackOptions.class)))
                        .as(name)
                        .isEqualTo(verbs.get(name)));
    }

    @Test
    void aBisectionPassesItOnToReplay() {
        List<String> passed = new ArrayList<>();
        CommandLine program = Semblance.commandLine(environment(), words -> {
            passed.addAll(List.of(words));
            return 0;
        });
        assertThat(program.execute("bisect-run", VERIFY, "a.trace")).isZero();
        assertThat(passed).containsExactly("replay", ReplayCommand.DIFFERENCES_FIRST, VERIFY, "a.trace");
    }
}
