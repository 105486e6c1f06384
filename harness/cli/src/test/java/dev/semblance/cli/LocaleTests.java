package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.rig.DisplayWorkload;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the program prints, names and writes is the same, byte by byte, whatever the user's language. */
@Isolated("It sets the locale of this JVM.")
class LocaleTests {

    private static final String ERRORS = "---- on standard error:\n";

    /** How fast the fuzzer is: the one thing that two runs print that is not the same. */
    private static final Pattern SPEED = Pattern.compile("[^ ]+ s, [^ ]+ commands/s");

    private static final List<String> COMMANDS = List.of(
            "info box.trace",
            "dump box.trace",
            "dump box.trace --json",
            "dump box.trace --script",
            "render box.trace -o pictures",
            "render box.trace --every-flush -o pictures",
            "render box.trace --apng moving.png --fps 25",
            "render box.trace --fps 1000000",
            "trim box.trace --from flush:2 --to flush:3 -o trimmed.trace",
            "diff box.trace trimmed.trace",
            "diff box.trace masked.trace --json",
            "redact box.trace --pixels scramble --key 7 -o redacted.trace",
            "repair torn.trace -o repaired.trace",
            "fuzz --seed 1 --commands 300",
            "record --bare " + Recordings.bare("hello-semu.bin") + " --max-cycles 1e5 -o bare.trace",
            "replay bare.trace",
            "replay box.trace masked.trace --golden golden --policy policy.toml --report report --html report.html"
                    + " --junit report.xml",
            "pack box.trace --golden golden --no-replay -o box.tar.gz",
            "--help",
            "--version",
            "boot --help",
            "record --help",
            "replay --help",
            "approve --help",
            "info --help",
            "dump --help",
            "asm --help",
            "diff --help",
            "repair --help",
            "pack --help",
            "exec --help",
            "render --help",
            "bisect-run --help",
            "minimize --help",
            "trim --help",
            "redact --help",
            "fuzz --help",
            "benchmark --help");

    @TempDir
    private static Path temporary = Path.of("");

    private static Map<String, String> expected = Map.of();

    private final Locale before = Locale.getDefault();

    /** The locales whose digits, separators or letters are not those of the root. */
    static List<Locale> locales() {
        return List.of(
                Locale.forLanguageTag("ar-EG"),
                Locale.forLanguageTag("fa-IR"),
                Locale.forLanguageTag("de-DE"),
                Locale.forLanguageTag("tr-TR"),
                Locale.forLanguageTag("th-TH"),
                Locale.forLanguageTag("th-TH-u-nu-thai-x-lvariant-TH"),
                Locale.forLanguageTag("hi-IN-u-nu-deva"));
    }

    @AfterEach
    void setTheLocaleBack() {
        Locale.setDefault(before);
    }

    @BeforeAll
    static void runEverythingInTheRootLocale() throws IOException {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.ROOT);
            expected = everything();
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void everyCommandDoesItsWorkInTheRootLocale() {
        assertThat(expected.entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith("$ "))
                        .map(entry -> entry.getKey() + ": "
                                + entry.getValue().lines().findFirst().orElse("")))
                .hasSizeGreaterThan(45)
                .allMatch(line -> line.endsWith(": exit 0")
                        || line.endsWith(": exit 1")
                                && (line.startsWith("$ replay box") || line.startsWith("$ diff box.trace trimmed"))
                        || line.endsWith(": exit 2") && line.startsWith("$ render box.trace --fps"));
        assertThat(expected.keySet())
                .contains(
                        "box.tar.gz",
                        "pictures/flush-000001.png",
                        "trimmed.trace",
                        "report.html",
                        "report.xml",
                        "again.trace",
                        "bare.trace");
        // The digest of a dark picture of the usual size, as docs/SCRIPT.md has it.
        assertThat(expected.values())
                .anyMatch(
                        answer -> answer.contains("a397ab927ff3274f638f472f987f66f51191fd105cab450f1dd08229a7e25c92"));
        assertThat(expected.get("report.html")).contains("viewBox=\"0 0 1024 768\"");
    }

    /** Else the comparison would compare nothing with nothing. */
    @Test
    void mostOfTheLocalesHaveDigitsOfTheirOwn() {
        assertThat(locales().stream()
                        .filter(locale -> !String.format(locale, "%d", 1234).equals("1234")))
                .hasSize(4);
    }

    @ParameterizedTest
    @MethodSource("locales")
    void everyCommandPrintsAndWritesTheSameInEveryLocale(Locale locale) throws IOException {
        Locale.setDefault(locale);
        Map<String, String> found = everything();
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        assertThat(expected.keySet().stream()
                        .filter(what -> !Objects.equals(found.get(what), expected.get(what)))
                        .map(what -> what + ": " + difference(text(expected, what), text(found, what))))
                .isEmpty();
    }

    private static String text(Map<String, String> all, String what) {
        return Objects.requireNonNull(all.get(what));
    }

    private static String difference(String one, String other) {
        int at = Arrays.mismatch(one.toCharArray(), other.toCharArray());
        int from = Math.max(0, at - 20);
        return "\"" + one.substring(from, Math.min(one.length(), at + 20)) + "\" and \""
                + other.substring(from, Math.min(other.length(), at + 20)) + "\"";
    }

    /** Picocli's script has numbers in it that follow the default locale, which only the program itself sets. */
    @Test
    void theProgramHasOneLocaleWhateverTheUserHas() throws IOException, InterruptedException {
        String english = program("en", "US", "generate-completion");
        assertThat(english).contains("complete -F _complete_semblance");
        assertThat(program("ar", "EG", "generate-completion")).isEqualTo(english);
    }

    private static String program(String language, String country, String... words)
            throws IOException, InterruptedException {
        ProgramProcess.Ran ran = ProgramProcess.run(
                temporary, Map.of(), List.of("-Duser.language=" + language, "-Duser.country=" + country), words);
        assertThat(ran.code()).as(ran.said()).isZero();
        return ran.said();
    }

    /** Java's own parsers take the digits of every script; a number here is one in ASCII. */
    @Test
    void digitsOfOtherScriptsAreNoNumbers() throws IOException {
        Path folder = Files.createDirectories(temporary.resolve("digits"));
        DisplayWorkload.damage(folder.resolve("box.trace"), 1);
        for (List<String> option : List.of(
                List.of("render", "box.trace", "--apng", "a.png", "--fps", "\u0663"),
                List.of("fuzz", "--seed", "\u0661", "--commands", "5"),
                List.of("fuzz", "--seed", "1", "--commands", "\u096b"),
                List.of("trim", "box.trace", "--from", "flush:\u0661", "-o", "t.trace"),
                List.of("replay", "box.trace", "--jobs", "\u0e52"),
                List.of("replay", "box.trace", "--shard", "\u0661/\u0662"),
                List.of("replay", "box.trace", "--timeout", "\u0661\u0660s"),
                List.of("boot", "--max-cycles", "\u0665e6"),
                List.of("boot", "--mode", "\u0661024x768"))) {
            assertThat(run(folder, option.toArray(String[]::new)))
                    .as(option.toString())
                    .startsWith("exit 2\n");
        }
        for (String line : List.of(
                "seed \u0664\u0662",
                "wait \"x\" within \u0662e9",
                "move \u0663 4",
                "move-to \u0663 4",
                "scroll \u0663",
                "mode \u0661024x768")) {
            Files.writeString(folder.resolve("digits.scenario"), line + "\n");
            assertThat(run(folder, "record", "--scenario", "digits.scenario", "-o", "d.trace"))
                    .as(line)
                    .startsWith("exit 2\n")
                    .contains("digits.scenario:1");
        }
    }

    /** Returns what every command prints, by its words, and what every file holds, by its path. */
    private static Map<String, String> everything() throws IOException {
        Path folder = temporary.resolve("work");
        FileUtils.deleteDirectory(folder.toFile());
        Files.createDirectories(folder);
        DisplayWorkload.damage(folder.resolve("box.trace"), 3);
        Files.copy(folder.resolve("box.trace"), folder.resolve("masked.trace"));
        for (String trace : List.of("box", "masked")) {
            Path golden = folder.resolve("golden").resolve(trace);
            ImageFiles.writePng(
                    Frame.solid(1024, 768, 0xffff_0000),
                    Files.createDirectories(golden).resolve("end.png"));
        }
        Files.writeString(folder.resolve("policy.toml"), """
                [[snapshot]]
                trace = "masked"
                label = "end"
                reason = "nothing is looked at"
                masks = [{ x = 0, y = 0, width = 1024, height = 768 }]
                expires = 2027-01-31
                """);
        byte[] whole = Files.readAllBytes(folder.resolve("box.trace"));
        Files.write(folder.resolve("torn.trace"), Arrays.copyOf(whole, whole.length - 20));
        Map<String, String> all = new TreeMap<>();
        int script = 0;
        for (List<String> example : ExecTests.examples()) {
            String name = "script-" + ++script + ".jsonl";
            Files.writeString(folder.resolve(name), example.getFirst());
            keep(all, folder, "exec", name);
        }
        for (String command : COMMANDS) {
            keep(all, folder, command.split(" "));
        }
        Files.writeString(folder.resolve("box.jsonl"), output(all, "$ dump box.trace --json"));
        keep(all, folder, "asm", "box.jsonl", "-o", "again.trace");
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.put(
                        folder.relativize(file).toString().replace('\\', '/'),
                        Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return all;
    }

    private static void keep(Map<String, String> all, Path folder, String... words) {
        all.put("$ " + String.join(" ", words), run(folder, words));
    }

    private static String output(Map<String, String> all, String command) {
        String answer = text(all, command);
        return answer.substring(answer.indexOf('\n') + 1, answer.lastIndexOf(ERRORS));
    }

    private static String run(Path folder, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false);
        CliEnvironment environment = Environments.timeless(terminal, Recordings::images);
        String[] words = Arrays.stream(args)
                .map(word -> word.matches("[a-z0-9-]+(\\.[a-z]+)+|golden|pictures|report")
                        ? folder.resolve(word).toString()
                        : word)
                .toArray(String[]::new);
        int code = Semblance.run(environment, words);
        String said = out.toString();
        return Text.format(
                "exit %d\n%s%s%s",
                code, args[0].equals("fuzz") ? SPEED.matcher(said).replaceAll("*") : said, ERRORS, err);
    }
}
