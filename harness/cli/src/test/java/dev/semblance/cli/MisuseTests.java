package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What is wrong with a command line is named with what was perhaps meant, and never with what is far from it. */
@Isolated("It sets a property of this JVM.")
class MisuseTests {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... words) {
        return Semblance.run(Environments.of(new Terminal(new PrintWriter(out), new PrintWriter(err), false)), words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rplay             | there is no verb rplay; did you mean replay?           | semblance --help",
                "replya x          | there is no verb replya; did you mean replay?          | semblance --help",
                "Boot              | there is no verb Boot; did you mean boot?              | semblance --help",
                "help rplay        | there is no verb rplay; did you mean replay?           | ",
                "boot --dsik x     | boot has no option --dsik; did you mean --disk? | semblance boot --help",
                "replay x --gloden=g | replay has no option --gloden; did you mean --golden? | semblance replay --help",
                "replay x --frobnicate | replay has no option --frobnicate          | semblance replay --help",
                "replay x -x       | replay has no option -x                                | semblance replay --help",
                "help a b          | help takes no more words: \"b\"                         | semblance help --help",
                "benchmark cpu foo | benchmark takes no more words: \"foo\"                  | semblance benchmark --help",
                "--versoin         | there is no option --versoin; did you mean --version? | semblance --help"
            })
    void theNearestWordIsOffered(String words, String sentence, @Nullable String help) {
        assertThat(run(words.split(" ", -1))).isEqualTo(2);
        assertThat(err.toString())
                .isEqualTo("semblance: " + sentence + "\n" + (help == null ? "" : "Try: " + help + "\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"frobnicate", "version", "test", "x"})
    void whereNoVerbIsNearAllAreNamed(String word) {
        assertThat(run(word)).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("semblance: there is no verb " + word + "; the verbs are boot, record, replay, ")
                .endsWith(" and help\nTry: semblance --help\n");
    }

    /** Picocli wraps longer lines, and half a command line pasted is another command. */
    @Test
    void noExampleOfAHelpTextIsWrapped() {
        CommandLine program = Semblance.commandLine(
                Environments.of(new Terminal(new PrintWriter(out), new PrintWriter(err), false)), words -> 0);
        List<CommandLine> all = new ArrayList<>(program.getSubcommands().values());
        all.add(program);
        for (CommandLine line : all) {
            String usage = line.getUsageMessage(CommandLine.Help.Ansi.OFF);
            for (String example : line.getCommandSpec().usageMessage().footer()) {
                assertThat(usage).contains(example.stripTrailing() + System.lineSeparator());
            }
        }
        assertThat(all).hasSizeGreaterThan(15);
    }

    @Test
    void commandLinesToPasteHaveTheProgramAsItWasCalledAndWordsQuoted() {
        assertThat(Invocation.line("replay", Path.of("a b.trace"))).isEqualTo("semblance replay 'a b.trace'");
        assertThat(Invocation.line("replay", "--device", Path.of("-x.trace")))
                .isEqualTo("semblance replay --device ./-x.trace");
        System.setProperty("semblance.program", "../my tools/semblance");
        try {
            assertThat(Invocation.line("replay", Path.of("it's\n")))
                    .isEqualTo("'../my tools/semblance' replay $'it\\'s\\x0a'");
            assertThat(run("rplay")).isEqualTo(2);
            assertThat(err.toString()).endsWith("Try: '../my tools/semblance' --help\n");
        } finally {
            System.clearProperty("semblance.program");
        }
    }

    @Test
    void helpShowsTheSameAsTheOption() {
        for (String verb : new String[] {"", "replay", "exec"}) {
            out.getBuffer().setLength(0);
            assertThat(verb.isEmpty() ? run("help") : run("help", verb)).isZero();
            String shown = out.toString();
            out.getBuffer().setLength(0);
            assertThat(verb.isEmpty() ? run("--help") : run(verb, "--help")).isZero();
            assertThat(shown).isEqualTo(out.toString()).contains("Usage: semblance " + verb);
        }
    }

    @Test
    void anOpOfAScriptHasASuggestionOrAListToo(@TempDir Path folder) throws Exception {
        Path script = folder.resolve("s.jsonl");
        Files.write(script, "{\"op\":\"screendmp\"}\n{\"op\":\"frobnicate\"}\n".getBytes(StandardCharsets.UTF_8));
        run("exec", "--keep-going", script.toString());
        assertThat(out.toString())
                .contains("there is no op \\\"screendmp\\\"; did you mean screendump?")
                .contains("there is no op \\\"frobnicate\\\"; there are screendump, reset, ");
    }
}
