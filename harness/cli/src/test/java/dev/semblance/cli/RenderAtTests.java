package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.replay.DeviceReplayer;
import dev.semblance.harness.replay.FrameObserver;
import dev.semblance.harness.replay.SyntheticGuest;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/TOOLS.md, "render": pictures at positions. */
class RenderAtTests {

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter said = new StringWriter();
    private Path trace = Path.of("");
    private Path pictures = Path.of("");

    /** A trace of two scanouts. */
    @BeforeEach
    void makeTrace() {
        trace = folder.resolve("two.trace");
        pictures = folder.resolve("pictures");
        SyntheticGuest.record(trace, 3, false, 60);
    }

    private int render(String... words) {
        said.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(List.of("render", trace.toString(), "-o", pictures.toString()));
        all.addAll(List.of(words));
        Terminal terminal = new Terminal(new PrintWriter(said), new PrintWriter(said), false);
        return Semblance.run(Environments.of(terminal), all.toArray(String[]::new));
    }

    private List<String> written() throws IOException {
        if (!Files.exists(pictures)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(pictures)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Frame picture(String name) throws IOException {
        return ImageFiles.read(pictures.resolve(name));
    }

    @Test
    void everyScanoutIsShownAsASnapshotThereShowsIt() throws IOException {
        TreeMap<String, Frame> snapshots = new TreeMap<>();
        List<Stamped> events = Recordings.events(trace);
        try (TraceReader reader = TraceReader.open(trace)) {
            new DeviceReplayer(reader, ReplayableGpu.of(reader.manifest()), new FrameObserver() {
                        @Override
                        public void snapshot(TraceEvent.Snapshot recorded, Frame picture) {
                            snapshots.put(recorded.label(), picture);
                        }
                    })
                    .run(cycle -> {});
        }
        assertThat(snapshots).hasSizeGreaterThan(1);
        for (Stamped stamped : events) {
            if (stamped.event() instanceof TraceEvent.Snapshot snapshot) {
                assertThat(render("--at", "snapshot:" + snapshot.label(), "--at", "event:" + stamped.sequence()))
                        .as(said.toString())
                        .isZero();
                String scanout = snapshot.scanout() == 0 ? "" : "@" + snapshot.scanout();
                String byLabel = "two-at-snapshot-" + snapshot.label().replace("@", "-scanout-");
                assertThat(written()).contains(byLabel + ".png", byLabel + "@1.png");
                Frame expected =
                        Optional.ofNullable(snapshots.get(snapshot.label())).orElseThrow();
                assertThat(picture(byLabel + scanout + ".png").digest()).isEqualTo(expected.digest());
                assertThat(picture(Text.format("two-at-event-%d%s.png", stamped.sequence(), scanout))
                                .digest())
                        .isEqualTo(expected.digest());
            }
        }
    }

    @Test
    void onlyWhatWasAskedForIsWritten() throws IOException {
        assertThat(render("--at", "flush:1", "--at", "cycle:1_000", "--at", "start", "--at", "command:set_scanout"))
                .as(said.toString())
                .isZero();
        assertThat(written())
                .containsExactly(
                        "two-at-command-SET_SCANOUT-0.png",
                        "two-at-command-SET_SCANOUT-0@1.png",
                        "two-at-cycle-1000.png",
                        "two-at-cycle-1000@1.png",
                        "two-at-flush-1.png",
                        "two-at-flush-1@1.png",
                        "two-at-start.png",
                        "two-at-start@1.png");
        assertThat(said.toString()).contains("8 pictures in " + pictures);
    }

    @Test
    void whatCannotBeRenderedLeavesNothingBehind() throws IOException {
        assertThat(render("--at", "flush:0", "--at", "flush:99999")).isEqualTo(2);
        assertThat(said.toString()).contains("two.trace has no flush:99999; the nearest are flush:");
        assertThat(render("--at", "7", "--at", "sequence:7")).isEqualTo(2);
        assertThat(said.toString()).contains("--at event:7 is there twice");
        assertThat(render("--at", "snapshot:a:1", "--at", "snapshot:A-1")).isEqualTo(2);
        assertThat(said.toString()).contains("snapshot:a:1 and snapshot:A-1 would both be called at-snapshot-A-1");
        assertThat(render("--at", "7", "--every-flush")).isEqualTo(2);
        assertThat(said.toString()).contains("--every-flush and --at say two things");
        assertThat(written()).isEmpty();
    }
}
