package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.guest.images.ProjectHome;
import dev.semblance.harness.replay.SyntheticGuest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/TOOLS.md: {@code asm} is the inverse of {@code dump --json}. */
class AsmTests {

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final Terminal terminal =
            new Terminal(new PrintWriter(out), new PrintWriter(new StringWriter(), true), false);

    private Path dump(Path trace) throws IOException {
        Path lines = folder.resolve("t.jsonl");
        try (PrintWriter writer = new PrintWriter(Files.newBufferedWriter(lines))) {
            new DumpCommand(Environments.of(new Terminal(writer, new PrintWriter(new StringWriter()), false)))
                    .run(new DumpCommand.Request(trace, DumpCommand.Style.JSON));
        }
        return lines;
    }

    private ExitCode assemble(Path lines) {
        return new AsmCommand(Environments.of(terminal))
                .run(new AsmCommand.Request(Optional.of(lines), folder.resolve("out.trace")));
    }

    private Path synthetic() {
        Path trace = folder.resolve("t.trace");
        SyntheticGuest.record(trace, 5, false, 30);
        return trace;
    }

    @Test
    void allRecordingsOfTheProjectComeOutByteByByteAsTheyWere() throws IOException {
        Path recordings = ProjectHome.guestFolder().orElseThrow().resolve("../../recordings");
        try (Stream<Path> files = Files.list(recordings)) {
            // The longest two are left to the others' likeness: their lines are a hundred megabytes.
            for (Path trace : files.filter(file -> file.toString().endsWith(".trace"))
                    .filter(file -> !file.endsWith("flips.trace") && !file.endsWith("fbdraw.trace"))
                    .sorted()
                    .toList()) {
                assertThat(assemble(dump(trace))).isEqualTo(ExitCode.PASS);
                assertThat(folder.resolve("out.trace")).hasSameBinaryContentAs(trace);
            }
        }
    }

    @Test
    void sequenceNumbersAndWhatIsForPeopleMayBeLeftOut() throws IOException {
        Path trace = synthetic();
        List<String> lines = Files.readAllLines(dump(trace));
        Path bare = Files.write(
                folder.resolve("bare.jsonl"),
                lines.stream()
                        .map(line -> line.replaceFirst("\\{\"sequence\":[0-9]+,", "{")
                                .replaceFirst("\"deviceName\":\"[a-z]*\",", ""))
                        .toList());
        assertThat(assemble(bare)).isEqualTo(ExitCode.PASS);
        assertThat(new DiffCommand(Environments.of(terminal))
                        .run(new DiffCommand.Request(trace, folder.resolve("out.trace"), false)))
                .isEqualTo(ExitCode.PASS);
    }

    private void assertRefused(int line, String reason, UnaryOperator<String> edit) throws IOException {
        List<String> lines = Files.readAllLines(dump(synthetic()));
        lines.set(line - 1, edit.apply(lines.get(line - 1)));
        Path edited = Files.write(folder.resolve("edited.jsonl"), lines);
        assertThatThrownBy(() -> assemble(edited))
                .isInstanceOfSatisfying(
                        SemblanceException.class,
                        error -> assertThat(CommandException.exitCode(error)).isEqualTo(ExitCode.CORRUPT))
                .hasMessageContaining("line " + line + " (from byte ")
                .hasMessageContaining(reason);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(file -> file.getFileName().toString())).noneMatch(name -> name.contains("out.trace"));
        }
    }

    @Test
    void anythingThatDumpDoesNotWriteIsAnErrorThatNamesTheLine() throws IOException {
        assertRefused(1, "not a manifest", line -> line.replace("\"event\":\"manifest\"", "\"event\":\"x\""));
        assertRefused(1, "\"seed\" is missing", line -> line.replace("\"seed\"", "\"Seed\""));
        assertRefused(2, "there is no event \"nap\"", line -> line.replace("\"reset\"", "\"nap\""));
        assertRefused(2, "\"device\" is missing", line -> line.replace("\"device\":0,", ""));
        assertRefused(
                2,
                "\"device\" is a whole number from 0 to 2147483647, not -1",
                line -> line.replace("\"device\":0,", "\"device\":-1,"));
        assertRefused(
                2,
                "\"device\" is a whole number from 0 to 2147483647, not \"0\"",
                line -> line.replace("\"device\":0,", "\"device\":\"0\","));
        assertRefused(
                2,
                "\"device\" is a whole number from 0 to 2147483647, not 0.5",
                line -> line.replace("\"device\":0,", "\"device\":0.5,"));
        assertRefused(
                2,
                "no \"queue\" here; possible are cycle, device, event, sequence",
                line -> line.replace("\"device\":0,", "\"device\":0,\"queue\":1,"));
        assertRefused(2, "Duplicate", line -> line.replace("\"device\":0,", "\"device\":0,\"device\":0,"));
        assertRefused(2, "an event of device 9", line -> line.replace("\"device\":0,", "\"device\":9,"));
        assertRefused(2, "JSON object {…} was expected", line -> "");
        assertRefused(2, "JSON object {…} was expected", line -> "[" + line + "]");
        assertRefused(2, "something follows", line -> line + line);
        assertRefused(2, "not understood", line -> line.substring(0, line.length() - 1));
        assertRefused(2, "\"x\" is no list", line -> line.replace("\"device\":0,", "\"x\":" + "[".repeat(100)));
        assertRefused(2, "nesting", line -> line.replace("\"device\":0,", "\"decoded\":" + "[".repeat(100)));
        assertRefused(
                3,
                "\"sequence\" is 7, and this is event 1",
                line -> line.replace("\"sequence\":1,", "\"sequence\":7,"));
        assertRefused(5, "\"cycle\" is ", line -> line.replaceFirst("\"cycle\":[0-9]+", "\"cycle\":-1"));
    }

    @Test
    void linesWithoutAnEndOrWithMoreBehindItAreRefused() throws IOException {
        List<String> lines = Files.readAllLines(dump(synthetic()));
        Path shorter = Files.write(folder.resolve("s.jsonl"), lines.subList(0, lines.size() - 1));
        assertThatThrownBy(() -> assemble(shorter)).hasMessageContaining("without an end event");
        Path longer = Files.write(
                folder.resolve("l.jsonl"),
                Stream.concat(lines.stream(), Stream.of(lines.getLast())).toList());
        assertThatThrownBy(() -> assemble(longer)).hasMessageContaining("something follows the end event");
        assertThatThrownBy(() -> assemble(Files.createFile(folder.resolve("e.jsonl"))))
                .hasMessageContaining("there is nothing");
    }
}
