package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

class VerbTests {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private CliEnvironment environment() {
        return Environments.of(new Terminal(new PrintWriter(out), new PrintWriter(err), false));
    }

    @ParameterizedTest
    @EnumSource
    void aVerbIsCalledAsItCallsItself(Verb verb) {
        Subcommand<?> made = verb.make(environment(), words -> 0);
        assertThat(made.getClass().getAnnotation(CommandLine.Command.class).name())
                .isEqualTo(verb.word());
    }

    @ParameterizedTest
    @EnumSource
    void helpOfAVerbIsTheSameWithAndWithoutTheOthers(Verb verb) {
        assertThat(Semblance.run(environment(), verb.word(), "--help")).isZero();
        String alone = out.toString();
        out.getBuffer().setLength(0);
        assertThat(Semblance.run(environment(), "help", verb.word())).isZero();
        assertThat(out.toString()).isEqualTo(alone).contains("Usage: semblance " + verb.word());
    }

    @Test
    void aVerbAloneIsMadeWhereTheOthersAreNotNamed() {
        assertThat(Verb.of("replay", "help")).containsExactly(Verb.REPLAY);
        assertThat(Verb.of("bisect-run")).containsExactly(Verb.BISECT_RUN);
        assertThat(Verb.of("--version")).isEmpty();
        assertThat(Verb.of("help", "replay")).isEqualTo(EnumSet.allOf(Verb.class));
        assertThat(Verb.of("generate-completion")).isEqualTo(EnumSet.allOf(Verb.class));
        assertThat(Verb.of()).isEqualTo(EnumSet.allOf(Verb.class));
        assertThat(Verb.of("--help")).isEqualTo(EnumSet.allOf(Verb.class));
        assertThat(Verb.of("replya")).isEqualTo(EnumSet.allOf(Verb.class));
        assertThat(Verb.of("--version", "replay")).isEqualTo(EnumSet.allOf(Verb.class));
    }
}
