package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * docs/JSON.md, held against what the program prints. Above each example stands the command in a comment. In an example,
 * {@code "..."} stands for any value or any part of a text, at the end of a list for more elements, and as a key for more keys;
 * every other key has to be there, and no more.
 */
class JsonDocumentTests {

    private static final Pattern EXAMPLE = Pattern.compile(
            "<!-- prints(?: with exit code ([0-9]))?: (semblance [^\n]*) -->\n+```json\n(.*?)```", Pattern.DOTALL);
    private static final String ANY = "...";

    @TempDir
    private Path folder = Path.of("");

    private static List<MatchResult> examples() throws IOException {
        Matcher matcher = EXAMPLE.matcher(Files.readString(DocsExamplesTests.ROOT.resolve("docs/JSON.md")));
        return matcher.results().toList();
    }

    @TestFactory
    Stream<DynamicTest> everyExampleIsWhatTheProgramPrints() throws IOException {
        Path work = Files.createDirectory(folder.resolve("work"));
        DocsExamplesTests.makeFixtures(work);
        return examples().stream()
                .map(example -> DynamicTest.dynamicTest(example.group(2), () -> {
                    DocsExamplesTests.Ran ran = DocsExamplesTests.run(work, example.group(2));
                    assertThat(ran.code())
                            .as(ran.printed())
                            .isEqualTo(Optional.ofNullable(example.group(1))
                                    .map(Integer::parseInt)
                                    .orElse(0));
                    List<JsonNode> printed = ran.printed()
                            .lines()
                            .filter(line -> line.startsWith("{"))
                            .map(JsonDocumentTests::read)
                            .toList();
                    List<JsonNode> documented = Arrays.stream(example.group(3).split("\n(?=\\{)", -1))
                            .map(JsonDocumentTests::read)
                            .toList();
                    assertThat(printed).hasSameSizeAs(documented);
                    for (int i = 0; i < printed.size(); i++) {
                        compare("$", documented.get(i), printed.get(i));
                    }
                }));
    }

    private static JsonNode read(String text) {
        return JsonMapper.builder().build().readTree(text);
    }

    private static void compare(String at, JsonNode documented, JsonNode printed) {
        if (documented.isString() && documented.stringValue().equals(ANY)) {
            return;
        }
        if (documented.isObject() && printed.isObject()) {
            TreeSet<String> more = new TreeSet<>(printed.propertyNames());
            for (String key : documented.propertyNames()) {
                if (key.equals(ANY)) {
                    more.clear();
                } else if (!printed.has(key)) {
                    fail("%s has no key %s: %s", at, key, printed);
                }
            }
            more.removeAll(documented.propertyNames());
            assertThat(more).as("keys of %s that the page does not have", at).isEmpty();
            documented.properties().stream()
                    .filter(entry -> !entry.getKey().equals(ANY))
                    .forEach(
                            entry -> compare(at + "." + entry.getKey(), entry.getValue(), printed.get(entry.getKey())));
        } else if (documented.isArray() && printed.isArray()) {
            boolean open = !documented.isEmpty()
                    && documented.get(documented.size() - 1).equals(read("\"" + ANY + "\""));
            int size = documented.size() - (open ? 1 : 0);
            assertThat(printed.size()).as(at).isGreaterThanOrEqualTo(size);
            assertThat(open || printed.size() == size).as("%s: %s", at, printed).isTrue();
            for (int i = 0; i < size; i++) {
                compare(Text.format("%s[%d]", at, i), documented.get(i), printed.get(i));
            }
        } else if (documented.isString() && printed.isString()) {
            String pattern = Arrays.stream(documented.stringValue().split(Pattern.quote(ANY), -1))
                    .map(Pattern::quote)
                    .collect(Collectors.joining(".*"));
            assertThat(printed.stringValue()).as(at).matches(pattern);
        } else {
            assertThat(printed).as(at).isEqualTo(documented);
        }
    }

    @Test
    void everyVerbThatPrintsJsonHasAnExample() throws IOException {
        List<String> shown = new ArrayList<>();
        for (MatchResult example : examples()) {
            shown.add(example.group(2).split(" ", -1)[1]);
        }
        Terminal silent =
                new Terminal(new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()), false);
        CommandLine program = Semblance.commandLine(Environments.of(silent), unused -> 0);
        List<String> verbs = program.getSubcommands().entrySet().stream()
                .filter(verb -> verb.getValue().getCommandSpec().findOption("--json") != null)
                .map(Map.Entry::getKey)
                .toList();
        assertThat(verbs).hasSizeGreaterThanOrEqualTo(4);
        assertThat(shown).containsAll(verbs);
    }
}
