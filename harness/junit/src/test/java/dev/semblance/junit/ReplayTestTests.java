package dev.semblance.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.trace.TraceWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** {@link ReplayTest} as a project that uses it sees it. */
class ReplayTestTests {

    private static final String CURSOR = "../../recordings/cursor.trace";

    /** What the samples below saw. */
    private static final List<String> SEEN = new ArrayList<>();

    @TempDir
    Path folder = Path.of("");

    /** Not tests of this project: they are run by the tests here. */
    static final class Samples {

        static final class Passing {
            @ReplayTest(value = "../../recordings/cur*.trace", kind = TraceReplay.Kind.DEVICE)
            void replays(ReplayCase about) {
                SEEN.add(about.name());
            }
        }

        static final class OtherGoldens {
            @ReplayTest(value = CURSOR, golden = "target/other-goldens", kind = TraceReplay.Kind.DEVICE)
            void replays(ReplayCase about) {
                SEEN.add(about.name());
            }
        }

        static final class Linted {
            @ReplayTest(value = CURSOR, kind = TraceReplay.Kind.DEVICE, lint = LintLevel.ALL)
            void replays(ReplayCase about) {
                SEEN.add(about.name());
            }
        }

        static final class Careless {
            @ReplayTest(value = "target/careless/driver.trace", kind = TraceReplay.Kind.DEVICE, lint = LintLevel.ALL)
            void replays() {}
        }

        static final class CarelessButLegal {
            @ReplayTest(
                    value = "target/careless/driver.trace",
                    kind = TraceReplay.Kind.DEVICE,
                    lint = LintLevel.ILLEGAL)
            void replays() {}
        }

        static final class NoRule {
            @ReplayTest(value = CURSOR, lint = LintLevel.ALL, lintDisable = "cursor-sise")
            void replays() {}
        }

        static final class Corrupt {
            @ReplayTest("pom.xml")
            void replays() {}
        }

        static final class Nothing {
            @ReplayTest("../../recordings/no-such-*.trace")
            void replays() {}
        }

        static final class Unchecked {
            @ReplayTest(value = "target/no-goldens/cursor.trace", kind = TraceReplay.Kind.DEVICE)
            void replays() {}
        }

        static final class Required {
            @ReplayTest(value = "target/no-goldens/cursor.trace", kind = TraceReplay.Kind.DEVICE, requireGoldens = true)
            void replays() {}
        }

        static final class NoImages {
            @ReplayTest(value = CURSOR, images = "target/no-such-images", kind = TraceReplay.Kind.DEVICE)
            void replays() {}
        }

        static final class Folder {
            @ReplayTest(value = "../../recordings", kind = TraceReplay.Kind.DEVICE)
            void replays() {}
        }
    }

    private EngineExecutionResults run(Class<?> sample) {
        SEEN.clear();
        return EngineTestKit.engine("junit-jupiter")
                .configurationParameter(FailureReports.PARAMETER, folder.toString())
                .selectors(selectClass(sample))
                .execute();
    }

    @Test
    void aTraceGivesATestForItsReplayAndOneForEachSnapshot() {
        EngineExecutionResults results = run(Samples.Passing.class);
        results.testEvents().assertStatistics(stats -> stats.succeeded(6).failed(0));
        assertThat(results.testEvents()
                        .started()
                        .map(event -> event.getTestDescriptor().getDisplayName()))
                .containsExactly(
                        "cursor: device replay",
                        "cursor: snapshot start",
                        "cursor: snapshot moved",
                        "cursor: snapshot clicked",
                        "cursor: snapshot corner",
                        "cursor: snapshot end");
        assertThat(SEEN).startsWith("device replay", "snapshot start").hasSize(6);
    }

    @Test
    void aWrongPixelFailsItsSnapshotAloneAndTheMessageNamesWhatWasKept() throws IOException {
        Path goldens = Path.of("target/other-goldens/cursor");
        Files.createDirectories(goldens);
        for (String label : List.of("start", "moved", "corner", "clicked", "end")) {
            Files.copy(
                    Path.of("../../golden/cursor/" + label + ".png"),
                    goldens.resolve(label + ".png"),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        Frame golden = ImageFiles.read(goldens.resolve("moved.png"));
        int[] pixels = new int[golden.width() * golden.height()];
        for (int y = 0; y < golden.height(); y++) {
            golden.copyRow(y, pixels, y * golden.width());
        }
        pixels[0] ^= 1;
        ImageFiles.writePng(Frame.ofPixels(golden.width(), golden.height(), pixels), goldens.resolve("moved.png"));

        EngineExecutionResults results = run(Samples.OtherGoldens.class);
        results.testEvents().assertStatistics(stats -> stats.succeeded(5).failed(1));
        assertThat(SEEN).doesNotContain("snapshot moved");
        Path kept = folder.resolve(Samples.OtherGoldens.class.getName() + "/cursor/cursor/moved.actual.png");
        results.testEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        finishedWithFailure(message(text -> text.contains("1 of 786432 pixels differs")
                                && text.contains("The pixel at (0, 0) was copied by TRANSFER_TO_HOST_2D #")
                                && text.contains(kept.toString())
                                && text.contains("moved.diff.png"))));
        assertThat(ImageFiles.read(kept).digest())
                .isNotEqualTo(ImageFiles.read(goldens.resolve("moved.png")).digest());
    }

    @Test
    void snapshotsThatAreComparedWithNothingAreSkippedUnlessGoldensAreRequired() throws IOException {
        Path trace = Path.of("target/no-goldens/cursor.trace");
        Files.createDirectories(trace.getParent());
        Files.copy(Path.of(CURSOR), trace, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        run(Samples.Unchecked.class)
                .testEvents()
                .assertStatistics(stats -> stats.succeeded(1).aborted(5).failed(0));
        run(Samples.Required.class)
                .testEvents()
                .assertStatistics(stats -> stats.succeeded(1).aborted(0).failed(5))
                .assertThatEvents()
                .haveAtLeastOne(finishedWithFailure(
                        message(text -> text.contains("Snapshot start was compared with nothing"))));
    }

    @Test
    void aFileThatIsNoTraceIsOneFailedTestThatSaysSo() {
        run(Samples.Corrupt.class)
                .testEvents()
                .assertStatistics(stats -> stats.started(1).failed(1))
                .assertThatEvents()
                .haveExactly(1, finishedWithFailure(message(text -> text.contains("trace"))));
    }

    @Test
    void aFolderOfImagesThatIsNotThereFails() {
        assertThat(run(Samples.NoImages.class).allEvents().failed().list())
                .hasSize(1)
                .allSatisfy(event -> assertThat(event.getPayload().toString()).contains("no-such-images"));
    }

    @Test
    void aPatternThatNamesNoTraceFails() {
        assertThat(run(Samples.Nothing.class).allEvents().failed().list())
                .hasSize(1)
                .allSatisfy(event -> assertThat(event.getPayload().toString()).contains("no-such-*.trace"));
    }

    @Test
    void aFolderStandsForTheTracesInIt() {
        List<Event> started = run(Samples.Folder.class).testEvents().started().list();
        assertThat(started).hasSizeGreaterThan(20);
    }

    /** docs/LINT.md. */
    @Test
    void lintIsATestMoreForEachTrace() {
        run(Samples.Linted.class)
                .testEvents()
                .assertStatistics(stats -> stats.succeeded(7).failed(0));
        assertThat(SEEN).hasSize(7).endsWith("lint");
    }

    @Test
    void whatADriverDidFailsTheTestOfLintAlone() throws IOException {
        Path trace = Path.of("target/careless/driver.trace");
        Files.createDirectories(trace.getParent());
        Files.deleteIfExists(trace);
        try (TraceWriter writer = TraceWriter.create(trace, RigSettings.EXEC.manifest("test"));
                DeviceRig rig = DeviceRig.recorded(RigSettings.EXEC, BuiltinDevice.ours(), new NoFrames(), writer)) {
            rig.start();
            rig.submit(List.of(ScriptLine.Command.of(
                    ScriptLine.Queue.CONTROL,
                    CommandCodec.encode(new GpuCommand.ResourceCreate2d(Header.NONE, 1, 1, 4, 4)),
                    24)));
            rig.start();
            rig.end();
            writer.complete();
        }
        EngineExecutionResults results = run(Samples.Careless.class);
        results.testEvents().assertStatistics(stats -> stats.failed(1));
        results.testEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        finishedWithFailure(message(text -> text.contains("lint has 1 finding")
                                && text.contains("suspicious resource-leaked: the device is reset with 1 resource"))));
        run(Samples.CarelessButLegal.class).testEvents().assertStatistics(stats -> stats.failed(0));
    }

    @Test
    void aRuleOfLintThatIsNotThereIsAMistakeOfTheAnnotation() {
        run(Samples.NoRule.class)
                .containerEvents()
                .assertThatEvents()
                .haveAtLeast(1, finishedWithFailure(message(text -> text.contains("did you mean cursor-size?"))));
    }
}
