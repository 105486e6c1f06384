package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.cli.ProgramProcess.Ran;
import dev.semblance.harness.rig.DisplayWorkload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** File names beyond ASCII in the locale of a bare container, and a folder for temporary files that cannot be used. */
class AsciiLocaleTests {

    private static final Map<String, String> POSIX = Map.of("LC_ALL", "POSIX");

    @TempDir
    private Path folder = Path.of("");

    private Ran program(Map<String, String> variables, String option, String... words)
            throws IOException, InterruptedException {
        return ProgramProcess.run(folder, variables, List.of(option), words);
    }

    /** Runs words in a shell, whose text is UTF-8 whatever the tests' own locale is. */
    private Ran shell(Map<String, String> variables, String script) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("script.sh"), script);
        return ProgramProcess.start(folder, variables, List.of("sh", "script.sh"));
    }

    @BeforeEach
    void makeTraces() throws IOException, InterruptedException {
        Files.createDirectories(folder.resolve("traces"));
        DisplayWorkload.damage(folder.resolve("traces/a.trace"), 1);
        DisplayWorkload.damage(folder.resolve("traces/z.trace"), 1);
        shell(Map.of(), "cp traces/a.trace \"traces/$(printf 'gr\\303\\266\\303\\237e').trace\"");
    }

    /** Only macOS and Windows have one character set for names in every locale. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aNameThatTheLocaleCannotSayCostsNoOtherTraceItsResult() throws Exception {
        Ran replayed = program(POSIX, "-Dx=y", "replay", "--device", "traces");
        assertThat(replayed.code()).as(replayed.said()).isZero();
        assertThat(replayed.said())
                .contains("traces/a.trace: ")
                .contains("traces/gr\\u{fffd}\\u{fffd}\\u{fffd}\\u{fffd}e.trace: ")
                .contains("traces/z.trace: ")
                .contains("3 traces: ")
                .doesNotContain("internal error");
        Ran told = program(POSIX, "-Dx=y", "info", "traces");
        assertThat(told.code()).as(told.said()).isZero();
        assertThat(told.said()).contains("traces/z.trace\n  format");
    }

    private List<String> pictures() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("report"))) {
            return files.map(file -> folder.resolve("report").relativize(file).toString())
                    .filter(name -> name.endsWith(".png"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void picturesOfTracesWithNamesThatTheLocaleCannotSayAreAllKept() throws Exception {
        shell(Map.of(), """
                for name in a "$(printf '\\303\\266')" "$(printf '\\303\\274')"; do
                    mkdir -p "all/$name/recordings"
                    cp traces/a.trace "all/$name/recordings/x.trace"
                done
                """);
        Ran replayed = program(POSIX, "-Dx=y", "replay", "--device", "--report", "report", "all");
        assertThat(replayed.code()).as(replayed.said()).isEqualTo(7);
        assertThat(pictures())
                .containsExactly(
                        "%C3%B6/recordings/x/end.actual.png",
                        "%C3%BC/recordings/x/end.actual.png", "a/recordings/x/end.actual.png");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aListOfAReportWithANameThatTheLocaleCannotSayKeepsThatNameAndEndsNoReplay() throws Exception {
        String head = "Files of a Semblance report; the next replay removes them.\n";
        Path list = folder.resolve("report/.semblance-report");
        shell(Map.of(), """
                o=$(printf '\\303\\266')
                mkdir -p "report/$o"
                echo old > "report/$o/end.actual.png"
                """);
        Files.writeString(list, head + "\u00f6/end.actual.png\nindex.html\n");
        Files.writeString(folder.resolve("report/index.html"), "old");
        Ran replayed = program(POSIX, "-Dx=y", "replay", "--device", "--report", "report", "traces/a.trace");
        assertThat(replayed.code()).as(replayed.said()).isZero();
        assertThat(list).content().isEqualTo(head + "\u00f6/end.actual.png\nindex.html\nsummary.txt\n");
        // Where the name can be said, its file goes.
        replayed = program(
                Map.of("LC_ALL", "C.UTF-8"), "-Dx=y", "replay", "--device", "--report", "report", "traces/a.trace");
        assertThat(replayed.code()).as(replayed.said()).isZero();
        assertThat(folder.resolve("report").toFile().list())
                .containsExactlyInAnyOrder(".semblance-report", "index.html", "summary.txt");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aNameOnTheCommandLineThatTheLocaleCannotSayIsASentence() throws Exception {
        for (List<String> words : List.of(List.of("info"), List.of("dump"), List.of("boot", "--bare"))) {
            List<String> command = new ArrayList<>(words);
            command.add("traces/größe.trace");
            Ran ran = program(POSIX, "-Dsun.jnu.encoding=ANSI_X3.4-1968", command.toArray(String[]::new));
            assertThat(ran.code()).as(ran.said()).isEqualTo(2);
            assertThat(ran.said())
                    .contains(
                            "e.trace has characters that file names cannot have in this locale, whose character set is"
                                    + " ANSI_X3.4-1968; LC_ALL=C.UTF-8 is one that has all\n");
        }
    }

    /** PEP 538 does the same for Python. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theLauncherTakesUtf8InPlaceOfALocaleWithAsciiAlone() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("java/bin"));
        Files.writeString(bin.resolve("java"), "#!/bin/sh\nprintf '%s|' \"${LC_ALL-}\" \"$@\"\n");
        assertThat(bin.resolve("java").toFile().setExecutable(true)).isTrue();
        Path launcher = Path.of("../dist/src/sh/launcher.sh").toAbsolutePath();
        String script = ". '" + launcher + "'\njava_home=$PWD/java\nrun . word\n";
        for (String bare : List.of("", "C", "POSIX")) {
            assertThat(shell(Map.of("LC_ALL", bare), script).said()).startsWith("C.UTF-8|");
            assertThat(shell(Map.of("LANG", bare), script).said()).startsWith("C.UTF-8|");
        }
        assertThat(shell(Map.of("LANG", "de_DE.UTF-8"), script).said()).startsWith("|");
        assertThat(shell(Map.of("LC_ALL", "de_DE"), script).said()).startsWith("de_DE|");
        assertThat(shell(Map.of("TMPDIR", "/a b"), script).said())
                .contains("|-Djava.io.tmpdir=/a b|")
                .endsWith("|word|");
        assertThat(shell(Map.of(), script).said())
                .doesNotContain("tmpdir")
                .contains("|-Dsemblance.stdout.terminal=false|-Dsemblance.program=script.sh|");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFolderForTemporaryFilesThatIsMissingIsNamedInPlaceOfTheTrace() throws Exception {
        String option = "-Djava.io.tmpdir=" + folder.resolve("missing");
        String sentence = folder.resolve("missing")
                + " cannot be written: there is no such folder (temporary files go there;"
                + " SEMBLANCE_JAVA_OPTS=-Djava.io.tmpdir=FOLDER names another)\n";
        Path recording = Path.of("../../recordings/cursor.trace").toAbsolutePath();
        Ran told = program(Map.of(), option, "info", recording.toString());
        assertThat(told.code()).as(told.said()).isEqualTo(2);
        assertThat(told.said()).endsWith("semblance: " + sentence);
        Ran replayed = program(Map.of(), option, "replay", "--device", recording.toString());
        assertThat(replayed.code()).as(replayed.said()).isEqualTo(2);
        assertThat(replayed.said()).endsWith("semblance: " + sentence).doesNotContain("cursor.trace");
        Ran trimmed = program(Map.of(), option, "trim", "traces/a.trace", "--to", "3", "-o", "-");
        assertThat(trimmed.code()).as(trimmed.said()).isEqualTo(2);
        assertThat(trimmed.said()).endsWith("semblance: " + sentence);
    }
}
