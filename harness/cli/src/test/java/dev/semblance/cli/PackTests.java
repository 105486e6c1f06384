package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.golden.GoldenStore;
import dev.semblance.harness.guest.images.ProjectHome;
import dev.semblance.harness.replay.TraceReplay;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pack}, and what takes packs. */
class PackTests {

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err, true), false);
    private final CliEnvironment environment = Environments.of(terminal, Recordings::images);

    private static Path recording(String name) {
        return ProjectHome.guestFolder()
                .orElseThrow()
                .resolve("../../recordings")
                .normalize()
                .resolve(name + ".trace");
    }

    private Path pack(boolean withImages, Path... traces) {
        return pack(withImages, false, traces);
    }

    private Path pack(boolean withImages, boolean replay, Path... traces) {
        Path pack = folder.resolve("bug.semblance");
        assertThat(new PackCommand(environment)
                        .run(new PackCommand.Request(
                                Stream.of(traces).map(TraceFile::of).toList(),
                                pack,
                                GoldenOptions.Settings.NONE,
                                withImages,
                                replay)))
                .isEqualTo(ExitCode.PASS);
        return pack;
    }

    private ExitCode replay(Path file) {
        out.getBuffer().setLength(0);
        return new ReplayCommand(environment)
                .run(new ReplayCommand.Request(
                        List.of(TraceFile.of(file)),
                        TraceReplay.Kind.DEVICE,
                        GoldenOptions.Settings.NONE,
                        ReplayCommand.Required.WHERE_THERE_IS_A_PLACE,
                        Optional.of(folder.resolve("report")),
                        Optional.empty(),
                        ReplayCommand.Ci.NONE,
                        ReplayCommand.Pace.STEADY));
    }

    private static List<String> names(Path pack) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(Files.newInputStream(pack))) {
            List<String> names = new ArrayList<>();
            for (Optional<TarArchiveEntry> entry = Optional.ofNullable(tar.getNextEntry());
                    entry.isPresent();
                    entry = Optional.ofNullable(tar.getNextEntry())) {
                names.add(entry.get().getName());
            }
            return names;
        }
    }

    @Test
    void aPackIsATarArchiveThatReplaysWithItsGoldens() throws IOException {
        Path pack = pack(false, true, recording("modetest"));
        assertThat(names(pack))
                .containsExactly(
                        "manifest.json",
                        "README.txt",
                        "golden/modetest/console-again.png",
                        "golden/modetest/end.png",
                        "golden/modetest/smpte.png",
                        "trace/modetest.trace",
                        "verdict.json",
                        "verdict.txt");
        assertThat(out.toString()).contains("not in it: the image Image", "typed and shown");
        assertThat(replay(pack)).isEqualTo(ExitCode.PASS);
        assertThat(out.toString()).contains("bug.semblance", "3 of 3 snapshots match their goldens");
        out.getBuffer().setLength(0);
        assertThat(new InfoCommand(environment).run(new InfoCommand.Request(List.of(TraceFile.of(pack)))))
                .isEqualTo(ExitCode.PASS);
        assertThat(new DumpCommand(environment).run(new DumpCommand.Request(pack, DumpCommand.Style.TEXT)))
                .isEqualTo(ExitCode.PASS);
        assertThat(out.toString()).contains("end: SCENARIO");
    }

    @Test
    void theSameFilesMakeTheSameBytesAndNoPathOfTheComputerGoesIn() throws IOException {
        byte[] first = Files.readAllBytes(pack(false, true, recording("modetest")));
        byte[] second = Files.readAllBytes(pack(false, true, recording("modetest")));
        assertThat(second).isEqualTo(first);
        String text = new String(first, StandardCharsets.ISO_8859_1);
        assertThat(text).doesNotContain(recording("modetest").resolveSibling("").toString());
        assertThat(text).doesNotContain(System.getProperty("user.dir"));
    }

    @Test
    void aTraceWithoutGoldensHasNoneToMissAndImagesComeAlong() throws IOException {
        Path alone = Files.copy(recording("modetest"), folder.resolve("mine.trace"));
        Path pack = pack(true, alone);
        assertThat(names(pack)).filteredOn(name -> name.startsWith("images/")).hasSize(2);
        assertThat(replay(pack)).isEqualTo(ExitCode.PASS);
        try (OpenedPacks opened = OpenedPacks.of(List.of(TraceFile.of(pack)))) {
            try (Stream<Path> images = Files.list(opened.images().getFirst())) {
                assertThat(images).hasSize(2);
            }
        }
    }

    @Test
    void whatWasTakenOutOfAPackIsRemoved() throws IOException {
        Path inside;
        try (OpenedPacks opened = OpenedPacks.of(List.of(TraceFile.of(pack(false, recording("modetest")))))) {
            inside = opened.single().path();
            assertThat(inside).hasSameBinaryContentAs(recording("modetest"));
        }
        assertThat(inside.resolve("../../..").normalize()).doesNotExist();
    }

    @Test
    void severalTracesFitOnePackAndDumpAsksForOne() {
        Path pack = pack(false, recording("modetest"), recording("cursor"));
        assertThat(replay(pack)).isEqualTo(ExitCode.PASS);
        assertThatThrownBy(
                        () -> new DumpCommand(environment).run(new DumpCommand.Request(pack, DumpCommand.Style.TEXT)))
                .hasMessageContaining("holds 2 traces");
    }

    @Test
    void namesThatCannotStandInAPackAreRefused() throws IOException {
        Path blank = Files.copy(recording("modetest"), folder.resolve("my bug.trace"));
        assertThatThrownBy(() -> pack(false, blank))
                .isInstanceOf(SemblanceException.class)
                .hasMessageContaining("rename it");
        Path twice = Files.copy(recording("modetest"), folder.resolve("modetest.trace"));
        assertThatThrownBy(() -> pack(false, recording("modetest"), twice))
                .isInstanceOf(SemblanceException.class)
                .hasMessageContaining("the same name");
        Path noTrace = Files.writeString(folder.resolve("x.trace"), "hello");
        assertThatThrownBy(() -> pack(false, noTrace)).hasMessageContaining("not a Semblance trace");
    }

    @Test
    void goldensWithTheLongestNamesFit() throws IOException {
        String name = "n".repeat(64);
        Path trace = Files.copy(recording("modetest"), folder.resolve(name + ".trace"));
        GoldenStore store = new GoldenStore(folder.resolve("golden"));
        store.write(name, "l".repeat(64) + "@15", dev.semblance.gpu.frame.Frame.solid(2, 2, 0xff000000));
        Path pack = folder.resolve("long.semblance");
        new PackCommand(environment)
                .run(new PackCommand.Request(
                        List.of(TraceFile.of(trace)),
                        pack,
                        new GoldenOptions.Settings(Optional.of(folder.resolve("golden")), Optional.empty(), List.of()),
                        false,
                        false));
        assertThat(names(pack)).contains("golden/" + name + "/" + "l".repeat(64) + "@15.png");
        try (OpenedPacks opened = OpenedPacks.of(List.of(TraceFile.of(pack)))) {
            assertThat(opened.traces()).hasSize(1);
        }
    }
}
