package dev.semblance.harness.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semblance.harness.UnwritableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RecordingPartTests {

    @TempDir
    private Path folder = Path.of("");

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Records until it is killed, once it has said that it does. */
    static final class Recorder {
        private Recorder() {}

        /** Takes the file to record to. */
        public static void main(String[] args) throws Exception {
            try (OutputFile file = OutputFile.recording(Path.of(args[0]))) {
                file.stream().write("theirs".getBytes(StandardCharsets.UTF_8));
                file.flush();
                System.out.println("recording");
                Thread.sleep(60_000);
            }
        }
    }

    private static Process recorder(Path file) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Recorder.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.inputReader().readLine()).isEqualTo("recording");
        return process;
    }

    @Test
    @Timeout(120)
    void anotherProcessIsRefusedAndToldOfTheFirst() throws Exception {
        Path file = folder.resolve("t.trace");
        Process first = recorder(file);
        try {
            assertThatExceptionOfType(UnwritableException.class)
                    .isThrownBy(() -> OutputFile.recording(file))
                    .withMessageStartingWith(file + " cannot be written: another process")
                    .withMessageContaining(Files.exists(Path.of("/proc/locks")) ? "(" + first.pid() + ")" : "");
            assertThat(folder.resolve("t.trace.part")).hasContent("theirs");
        } finally {
            first.destroyForcibly().waitFor();
        }
        // Killed: nobody owns it, and nothing of it is lost.
        try (OutputFile second = OutputFile.recording(file)) {
            assertThat(second.setAside()).contains(folder.resolve("t.trace.1.part"));
            assertThat(folder.resolve("t.trace.1.part")).hasContent("theirs");
            second.stream().write('x');
            second.commit();
        }
        assertThat(left()).containsExactly("t.trace", "t.trace.1.part");
    }

    @Test
    void aSecondRecorderOfThisProcessIsRefusedByWhateverNameItComes() throws IOException {
        Path file = folder.resolve("t.trace");
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("t.trace"));
        try (OutputFile first = OutputFile.recording(file)) {
            for (Path name : List.of(file, folder.resolve("./t.trace"), link)) {
                assertThatExceptionOfType(UnwritableException.class)
                        .isThrownBy(() -> OutputFile.recording(name))
                        .withMessage(name + " cannot be written: this process is recording to it already");
            }
            first.stream().write('1');
            first.commit();
        }
        assertThat(file).hasContent("1");
        assertThat(left()).containsExactly("link", "t.trace");
    }

    /** Recordings run side by side, and what one has done to its files is no trouble of another's. */
    @Test
    void aPartThatIsGoneIsInNobodysWay() throws IOException {
        Path mine = folder.resolve("mine.trace");
        Files.writeString(folder.resolve("mine.trace.part"), "left behind");
        try (OutputFile other = OutputFile.recording(folder.resolve("other.trace"))) {
            Files.delete(folder.resolve("other.trace.part"));
            try (OutputFile out = OutputFile.recording(mine)) {
                out.stream().write('x');
                out.commit();
            }
            assertThat(mine).hasContent("x");
            assertThat(other.setAside()).isEmpty();
        }
    }

    @Test
    void everyPartThatWasLeftBehindIsKeptUnderTheNextNumber() throws IOException {
        Path file = folder.resolve("t.trace");
        for (int i = 1; i <= 3; i++) {
            try (OutputFile out = OutputFile.recording(file)) {
                assertThat(out.setAside().isPresent()).isEqualTo(i > 1);
                out.stream().write('0' + i);
                out.flush();
            }
        }
        assertThat(left()).containsExactly("t.trace.1.part", "t.trace.2.part", "t.trace.part");
        assertThat(folder.resolve("t.trace.1.part")).hasContent("1");
        assertThat(folder.resolve("t.trace.2.part")).hasContent("2");
        assertThat(folder.resolve("t.trace.part")).hasContent("3");
    }

    @Test
    void anEmptyPartIsNothingToKeep() throws IOException {
        Path file = folder.resolve("t.trace");
        Files.createFile(folder.resolve("t.trace.part"));
        try (OutputFile out = OutputFile.recording(file)) {
            assertThat(out.setAside()).isEmpty();
            out.commit();
        }
        assertThat(left()).containsExactly("t.trace");
    }

    @Test
    void aPartThatIsALinkIsNotFollowed() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious"), "kept");
        Files.createSymbolicLink(folder.resolve("t.trace.part"), precious);
        assertThatExceptionOfType(UnwritableException.class)
                .isThrownBy(() -> OutputFile.recording(folder.resolve("t.trace")))
                .withMessageContaining("t.trace.part is in the way");
        assertThat(precious).hasContent("kept");
    }

    @Test
    void whatIsDiscardedIsGone() throws IOException {
        try (OutputFile out = OutputFile.recording(folder.resolve("t.trace"))) {
            out.stream().write('x');
            out.discard();
        }
        assertThat(left()).isEmpty();
    }
}
