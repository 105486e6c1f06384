package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.rig.DisplayWorkload;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code info}, {@code dump} and {@code render} on a good trace, and on every kind of bad one. */
class TraceActionsTests {

    private static final int FLUSHES = 3;

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err, true), false);
    private Path trace = Path.of("");

    @BeforeEach
    void makeTrace() throws IOException {
        trace = folder.resolve("box.trace");
        DisplayWorkload.damage(trace, FLUSHES);
    }

    private Path variant(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private Path torn() throws IOException {
        byte[] bytes = Files.readAllBytes(trace);
        // The trailer and the footer gone, the events all there: a part that a killed recording leaves.
        long footer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(bytes.length - 16);
        return variant("torn.trace.part", Arrays.copyOf(bytes, (int) footer));
    }

    private Path corrupt() throws IOException {
        byte[] bytes = Files.readAllBytes(trace);
        long footer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(bytes.length - 16);
        bytes[(int) footer - 1] ^= 0x10;
        return variant("corrupt.trace", bytes);
    }

    /** The least version that a reader must know is at byte 10, the header's CRC-32C at byte 16. */
    private Path future() throws IOException {
        byte[] bytes = Files.readAllBytes(trace);
        bytes[10] = 99;
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, 16);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(16, (int) crc.getValue());
        return variant("future.trace", bytes);
    }

    private ExitCode info(Path... traces) {
        return new InfoCommand(Environments.of(terminal))
                .run(new InfoCommand.Request(
                        Stream.of(traces).map(TraceFile::of).toList()));
    }

    private ExitCode dump(Path path, boolean json) {
        return new DumpCommand(Environments.of(terminal))
                .run(new DumpCommand.Request(path, json ? DumpCommand.Style.JSON : DumpCommand.Style.TEXT));
    }

    private ExitCode render(Path path, boolean everyFlush) {
        return new RenderCommand(Environments.of(terminal))
                .run(new RenderCommand.Request(
                        path, everyFlush, Optional.of(folder.resolve("deep/pictures")), Optional.empty()));
    }

    private static void fails(ExitCode code, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SemblanceException.class,
                        error -> assertThat(CommandException.exitCode(error)).isEqualTo(code))
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    private static TraceEvent.Snapshot end(Path path) throws IOException {
        try (TraceReader reader = TraceReader.open(path)) {
            Optional<TraceEvent.Snapshot> found = Optional.empty();
            for (var next = reader.next(); next.isPresent(); next = reader.next()) {
                if (next.get().event() instanceof TraceEvent.Snapshot snapshot) {
                    found = Optional.of(snapshot);
                }
            }
            return found.orElseThrow();
        }
    }

    @Test
    void infoTellsManifestCountsSnapshotsAndIdentity() throws IOException {
        assertThat(info(trace)).isEqualTo(ExitCode.PASS);
        String digest = Text.format("%016x", end(trace).digest());
        assertThat(out.toString().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .contains(
                        trace.toString(),
                        "format version 1, complete",
                        "machine none: commands put to devices alone",
                        "device 4 gpu at 0x0, interrupt 0, offers none",
                        "scanout 0 1024x768",
                        "4 flush",
                        "4 gpu RESOURCE_FLUSH",
                        "1 gpu RESOURCE_CREATE_2D",
                        "end SCRIPT, instret 0")
                .anyMatch(line -> line.matches("identity [0-9a-f]{64}"))
                .anyMatch(line -> line.endsWith("@4,000,000 snapshot end of scanout 0, 1024x768, digest " + digest));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void infoGoesOnAfterABadFileAndTheGravestCodeCounts() throws IOException {
        assertThat(info(torn())).isEqualTo(ExitCode.TORN);
        assertThat(info(corrupt(), torn(), trace, future())).isEqualTo(ExitCode.CORRUPT);
        assertThat(err.toString().lines())
                .hasSize(4)
                .allMatch(line -> line.startsWith("semblance: "))
                .anyMatch(line -> line.contains("corrupt.trace is not a valid trace: at byte "))
                .anyMatch(line -> line.contains("torn.trace.part is torn at byte "))
                .anyMatch(line -> line.contains("future.trace cannot be read by this version"));
        assertThat(out.toString()).contains("complete", "torn at byte");
    }

    @Test
    void dumpPrintsALineForEachEvent() {
        assertThat(dump(trace, false)).isEqualTo(ExitCode.PASS);
        assertThat(out.toString().lines())
                .allMatch(line -> line.matches("#\\d+ @[\\d,]+ .*"))
                .anyMatch(line -> line.contains("TRANSFER_TO_HOST_2D rect=64x64+5+3 offset=12308 resource=1"))
                .last()
                .asString()
                .endsWith("end: SCRIPT, instret 0, state -");
    }

    @Test
    void dumpAsJsonHasTheManifestAndThenTheSameEvents() {
        dump(trace, false);
        long lines = out.toString().lines().count();
        out.getBuffer().setLength(0);
        assertThat(dump(trace, true)).isEqualTo(ExitCode.PASS);
        assertThat(out.toString().lines())
                .hasSize((int) lines + 1)
                .allMatch(line -> line.startsWith("{") && line.endsWith("}"))
                .first()
                .asString()
                .startsWith("{\"event\":\"manifest\"");
    }

    @Test
    void dumpOfATornTracePrintsWhatIsThere() throws IOException {
        assertThat(dump(torn(), false)).isEqualTo(ExitCode.TORN);
        assertThat(out.toString()).contains("end: SCRIPT");
        assertThat(err.toString()).contains("torn at byte");
    }

    @Test
    void dumpEndsQuietlyWhenNobodyReadsItAnyMore() throws IOException {
        Path longer = folder.resolve("long.trace");
        DisplayWorkload.damage(longer, 500);
        CountingPipe pipe = new CountingPipe();
        Terminal broken = new Terminal(new PrintWriter(pipe), new PrintWriter(err, true), false);
        assertThat(new DumpCommand(Environments.of(broken))
                        .run(new DumpCommand.Request(longer, DumpCommand.Style.TEXT)))
                .isEqualTo(ExitCode.PASS);
        assertThat(err.toString()).isEmpty();
        // 512 lines and their ends, of more than 2000.
        assertThat(pipe.writes).isBetween(1, 1024);
    }

    /** A pipe whose reader has gone. */
    private static final class CountingPipe extends Writer {
        private int writes;

        @Override
        public void write(char[] text, int offset, int length) throws IOException {
            writes++;
            throw new IOException("Broken pipe");
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void renderWritesSnapshotsUnderTheTracesName() throws IOException {
        assertThat(render(trace, false)).isEqualTo(ExitCode.PASS);
        Frame picture = ImageFiles.read(folder.resolve("deep/pictures/box-end.png"));
        assertThat(picture.digest()).isEqualTo(end(trace).digest());
        assertThat(out.toString()).contains("1 picture in", "4 flushes replayed");
        try (var files = Files.list(folder.resolve("deep/pictures"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void renderWritesEveryFlush() throws IOException {
        assertThat(render(trace, true)).isEqualTo(ExitCode.PASS);
        try (var files = Files.list(folder.resolve("deep/pictures"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "flush-000001.png", "flush-000002.png", "flush-000003.png", "flush-000004.png");
        }
        assertThat(ImageFiles.read(folder.resolve("deep/pictures/flush-000004.png"))
                        .digest())
                .isEqualTo(end(trace).digest());
        assertThat(ImageFiles.read(folder.resolve("deep/pictures/flush-000001.png"))
                        .digest())
                .isNotEqualTo(end(trace).digest());
    }

    private ExitCode film(Path path, Path file, int scanout) {
        return new RenderCommand(Environments.of(terminal))
                .run(new RenderCommand.Request(
                        path,
                        false,
                        Optional.empty(),
                        Optional.of(new RenderCommand.Animation(file, scanout, OptionalInt.of(10), 0))));
    }

    @Test
    void renderMakesAnAnimationOfAllFlushes() throws IOException {
        Path film = folder.resolve("new/film.png");
        assertThat(film(trace, film, 0)).isEqualTo(ExitCode.PASS);
        // The first picture, then a box for each flush.
        assertThat(out.toString())
                .isEqualTo(Text.format(
                        "%s: %s: %d pictures, %d.%03d s; %d flushes replayed\n",
                        trace, film, FLUSHES + 1, 1, FLUSHES * 100, FLUSHES + 1));
        assertThat(ImageFiles.read(film).width()).isEqualTo(1024);
    }

    @Test
    void renderHasNoAnimationOfADarkScanoutOrABadTrace() throws IOException {
        Path film = folder.resolve("film.png");
        fails(ExitCode.USAGE, "shows nothing on scanout 1", () -> film(trace, film, 1));
        Path corrupt = corrupt();
        fails(ExitCode.CORRUPT, "corrupt.trace is not a valid trace: at byte ", () -> film(corrupt, film, 0));
        assertThat(film).doesNotExist();
        Files.createDirectory(film);
        fails(ExitCode.USAGE, "film.png is a folder; name the file to write", () -> film(trace, film, 0));
    }

    @Test
    void renderOfATornTraceWritesWhatIsThere() throws IOException {
        assertThat(render(torn(), false)).isEqualTo(ExitCode.TORN);
        assertThat(folder.resolve("deep/pictures/torn-end.png")).exists();
    }

    @Test
    void renderSaysWhereItCannotWrite() throws IOException {
        Files.writeString(folder.resolve("deep"), "a file where a folder should be");
        fails(ExitCode.USAGE, "box-end.png cannot be written", () -> render(trace, false));
    }

    @Test
    void badFilesHaveTheirExitCodes() throws IOException {
        Path corrupt = corrupt();
        Path future = future();
        Path text = variant("text.trace", "not a trace, only text".getBytes(StandardCharsets.UTF_8));
        Path missing = folder.resolve("missing.trace");
        fails(ExitCode.CORRUPT, "corrupt.trace is not a valid trace: at byte ", () -> dump(corrupt, false));
        fails(ExitCode.CORRUPT, "corrupt.trace is not a valid trace: at byte ", () -> render(corrupt, true));
        fails(ExitCode.CORRUPT, "text.trace is not a valid trace: at byte 0", () -> dump(text, true));
        fails(ExitCode.INCOMPATIBLE, "future.trace cannot be read by this version", () -> dump(future, false));
        fails(ExitCode.INCOMPATIBLE, "future.trace cannot be read by this version", () -> render(future, false));
        fails(ExitCode.USAGE, "missing.trace does not exist", () -> dump(missing, false));
        fails(ExitCode.USAGE, "missing.trace does not exist", () -> render(missing, false));
    }
}
