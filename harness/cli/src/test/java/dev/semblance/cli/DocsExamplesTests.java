package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.Recordings;
import dev.semblance.harness.util.Text;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the examples of README and docs that have {@code <!-- example -->} above them, and compares what they print. In a
 * block, a line behind {@code $} is a command, and what follows it is what it prints ({@code ...}: anything, alone on a line: any lines); in a block
 * without {@code $}, every line is a command. {@code <!-- example: exit N -->} says how the last command ends.
 */
class DocsExamplesTests {

    static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Pattern MARK = Pattern.compile("<!-- example(?:: exit ([0-9]+))? -->");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\||>)|([^\\s'|>]+)");
    private static final Pattern MADE = Pattern.compile("[\\w.-]+\\.(trace|part|png|jsonl|semblance|scenario)");

    @TempDir
    private Path folder = Path.of("");

    /** A marked block. */
    private record Example(String page, int line, int code, List<String> lines) {}

    private static List<Example> examples(Path page) throws IOException {
        List<Example> examples = new ArrayList<>();
        List<String> lines = Files.readAllLines(page);
        for (int i = 0; i < lines.size(); i++) {
            Matcher mark = MARK.matcher(lines.get(i));
            if (!mark.matches()) {
                continue;
            }
            int at = i + 1;
            while (lines.get(at).isBlank()) {
                at++;
            }
            List<String> block = new ArrayList<>();
            if (lines.get(at).startsWith("```")) {
                for (at++; !lines.get(at).startsWith("```"); at++) {
                    block.add(lines.get(at));
                }
            } else {
                for (; at < lines.size() && lines.get(at).startsWith("    "); at++) {
                    block.add(lines.get(at).substring(4));
                }
            }
            assertThat(block).as("the example at %s:%d", page, i + 1).isNotEmpty();
            String name = ROOT.relativize(page).toString();
            int code = Optional.ofNullable(mark.group(1)).map(Integer::parseInt).orElse(0);
            examples.add(new Example(name, i + 1, code, block));
        }
        return examples;
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs.sorted())
                    .filter(page -> page.toString().endsWith(".md"))
                    .toList();
        }
    }

    @TestFactory
    List<DynamicTest> theExamplesOfTheDocumentationPrintWhatStandsThere() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path page : pages()) {
            for (Example example : examples(page)) {
                tests.add(DynamicTest.dynamicTest(
                        Text.format("%s:%d", example.page(), example.line()), () -> check(example)));
            }
        }
        assertThat(tests).hasSizeGreaterThanOrEqualTo(8);
        return tests;
    }

    /** A marker that is misspelt would leave an example out in silence. */
    @Test
    void everyMarkerIsOne() throws IOException {
        for (Path page : pages()) {
            assertThat(Files.readAllLines(page))
                    .filteredOn(line -> line.contains("<!--") && line.contains("example"))
                    .allMatch(line -> MARK.matcher(line).matches());
        }
    }

    private void check(Example example) throws IOException {
        Path work = Files.createTempDirectory(folder, "example");
        makeFixtures(work);
        boolean session = example.lines().stream().anyMatch(line -> line.startsWith("$ "));
        List<String> commands = example.lines().stream()
                .filter(line -> !session || line.startsWith("$ "))
                .map(line -> session ? line.substring(2) : line.replaceFirst("\\s{2,}[#a-z].*$", ""))
                .toList();
        String printed = "";
        for (int i = 0; i < commands.size(); i++) {
            Ran ran = run(work, commands.get(i));
            boolean last = i == commands.size() - 1;
            assertThat(ran.code())
                    .as("%s prints %s", commands.get(i), ran.printed())
                    .isEqualTo(last ? example.code() : 0);
            printed += (session ? "$ " + commands.get(i) + "\n" : "") + ran.printed();
        }
        if (session) {
            String expected = example.lines().stream()
                    .map(DocsExamplesTests::pattern)
                    .collect(Collectors.joining("\n", "", "\n"));
            assertThat(printed).matches(expected);
        }
    }

    private static String pattern(String line) {
        // On a line of its own it stands for lines.
        return line.strip().equals("...")
                ? "(?s:.*)"
                : Arrays.stream(line.split(Pattern.quote("..."), -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*"));
    }

    record Ran(int code, String printed) {}

    /** Runs a line of a shell: commands of the program with pipes, echo, grep of a fixed text, and one output file. */
    static Ran run(Path work, String line) throws IOException {
        List<List<String>> stages = new ArrayList<>(List.of(new ArrayList<>()));
        Matcher words = WORD.matcher(line);
        while (words.find()) {
            if ("|".equals(words.group(2))) {
                stages.add(new ArrayList<>());
            } else {
                stages.getLast().add(Optional.ofNullable(words.group(1)).orElseGet(words::group));
            }
        }
        byte[] piped = {};
        String said = "";
        int code = 0;
        for (List<String> stage : stages) {
            int redirected = stage.indexOf(">");
            List<String> command = redirected < 0 ? stage : stage.subList(0, redirected);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            StringWriter err = new StringWriter();
            switch (command.getFirst()) {
                case "echo" -> out.writeBytes((command.get(1) + "\n").getBytes(StandardCharsets.UTF_8));
                case "grep" ->
                    new String(piped, StandardCharsets.UTF_8)
                            .lines()
                            .filter(text -> text.contains(command.get(1)))
                            .forEach(text -> out.writeBytes((text + "\n").getBytes(StandardCharsets.UTF_8)));
                case "semblance", "./semblance" ->
                    code = Math.max(
                            code,
                            Semblance.run(
                                    environment(out, err, new ByteArrayInputStream(piped)),
                                    placed(work, command.subList(1, command.size()))));
                default -> throw new AssertionError("the test does not know the command of: " + line);
            }
            piped = out.toByteArray();
            if (redirected >= 0) {
                Files.write(work.resolve(stage.get(redirected + 1)), piped);
                piped = new byte[] {};
            }
            said += err;
        }
        String printed = said + new String(piped, StandardCharsets.UTF_8);
        return new Ran(code, printed.replace(work + "/", "").replace(ROOT + "/", ""));
    }

    private static CliEnvironment environment(ByteArrayOutputStream out, StringWriter err, InputStream input) {
        return new CliEnvironment(
                Terminal.of(out, StandardCharsets.UTF_8, new PrintWriter(err), false),
                unused -> Recordings.images(),
                () -> LocalDate.EPOCH,
                () -> 0,
                Map.of(),
                input,
                Path.of("semblance-report"));
    }

    /** The process's folder cannot be changed: names of files are made absolute. */
    private static String[] placed(Path work, List<String> words) {
        List<String> placed = new ArrayList<>();
        Optional<String> before = Optional.empty();
        for (String word : words) {
            boolean output = before.filter(List.of("-o", "--output", "--report", "--corpus")::contains)
                    .isPresent();
            Path inRoot = ROOT.resolve(word);
            if ((word.startsWith("recordings") || word.startsWith("docs/")) && Files.exists(inRoot)) {
                placed.add(inRoot.toString());
            } else if (!word.startsWith("-") && (output || MADE.matcher(word).matches())) {
                placed.add(work.resolve(word).toString());
            } else {
                placed.add(word);
            }
            before = Optional.of(word);
        }
        return placed.toArray(String[]::new);
    }

    /** Makes the files that the examples are about. */
    static void makeFixtures(Path work) throws IOException {
        Path boot = ROOT.resolve("recordings/boot.trace");
        Files.copy(ROOT.resolve("recordings/cursor.trace"), work.resolve("cursor.trace"));
        // A recording that was killed.
        Files.write(work.resolve("mine.trace.part"), Arrays.copyOf(Files.readAllBytes(boot), 9000));
        Files.writeString(work.resolve("boot.scenario"), """
                # a scenario with a mistake
                seed 6

                wait "rv32# " within 2e9
                type "cat\\n"
                settle 20e6 within 1e9
                key KEY_LEFTCTL+KEY_C
                """);
        // The recording of boot, but for one field of one command.
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        Semblance.run(
                environment(lines, new StringWriter(), InputStream.nullInputStream()),
                "dump",
                "--json",
                boot.toString());
        String edited = lines.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.startsWith("{\"sequence\":4931,")
                        ? line.replaceFirst("(\"request\":\"[0-9a-f]{48})00", "$101")
                                .replaceFirst("\"x\":0", "\"x\":1")
                        : line)
                .collect(Collectors.joining("\n", "", "\n"));
        Path json = Files.writeString(work.resolve("edited.jsonl"), edited);
        assertThat(Semblance.run(
                        environment(new ByteArrayOutputStream(), new StringWriter(), InputStream.nullInputStream()),
                        "asm",
                        json.toString(),
                        "-o",
                        work.resolve("mine.trace").toString()))
                .isZero();
    }
}
