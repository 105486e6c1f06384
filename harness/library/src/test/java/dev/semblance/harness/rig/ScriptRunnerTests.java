package dev.semblance.harness.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.Point;
import dev.semblance.harness.rig.ScriptLine.Queue;
import dev.semblance.harness.rig.ScriptLine.Screendump;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.trace.TraceEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/SCRIPT.md: what the lines do, what they answer, and how snapshots are named. */
class ScriptRunnerTests {

    private static final Optional<String> NO_ID = Optional.empty();
    private static final byte[] INFO = CommandCodec.encode(new GpuCommand.GetDisplayInfo(Header.NONE));

    private final List<TraceEvent> events = new ArrayList<>();
    private final List<Path> asked = new ArrayList<>();
    private final ScriptRunner runner = new ScriptRunner(
            DeviceRig.recorded(
                    new RigSettings(16L << 20, DisplayConfig.of(Display.of(64, 48), Display.of(32, 24))),
                    BuiltinDevice.ours(),
                    new NoFrames(),
                    (cycle, event) -> events.add(event)),
            this::ask);

    private void ask(Path file) {
        asked.add(file);
        if (file.toString().contains("forbidden")) {
            throw new ScriptException("not there");
        }
    }

    private static Screendump dump(String id, int head) {
        return new Screendump(id.isEmpty() ? NO_ID : Optional.of(id), head, List.of(), Optional.empty());
    }

    private List<String> labels() {
        return events.stream()
                .filter(TraceEvent.Snapshot.class::isInstance)
                .map(event -> ((TraceEvent.Snapshot) event).label())
                .toList();
    }

    private String json(ScriptLine line) {
        return AnswerJson.line(line, runner.run(line));
    }

    @Test
    void aScreendumpsSnapshotHasTheNameOfItsIdIfThatIsOne() {
        runner.run(dump("\"login\"", 0));
        runner.run(dump("\"login\"", 1));
        runner.run(dump("\"desk@1\"", 1));
        runner.run(dump("7", 0));
        runner.run(dump("\"no/name\"", 0));
        runner.run(dump("", 0));
        assertThat(labels())
                .containsExactly("login", "login@1", "desk@1", "screendump-4", "screendump-5", "screendump-6");
    }

    @Test
    void noTwoSnapshotsHaveOneNameAndNoneIsTheLast() {
        runner.run(dump("\"a\"", 0));
        runner.run(dump("\"a\"", 0));
        runner.run(dump("\"screendump-4\"", 0));
        runner.run(dump("\"a\"", 0));
        runner.run(dump("\"end\"", 0));
        runner.run(dump("\"end@1\"", 1));
        runner.end();
        assertThat(labels())
                .doesNotHaveDuplicates()
                .hasSize(6)
                .startsWith("a", "screendump-2", "screendump-4")
                .endsWith("end", "end@1");
    }

    @Test
    void aPictureIsToldWithItsSizeItsDigestAndTheColoursAskedFor() {
        Screendump dump =
                new Screendump(Optional.of("3"), 1, List.of(new Point(0, 0), new Point(31, 23)), Optional.empty());
        assertThat(json(dump))
                .isEqualTo("{\"id\":3,\"head\":1,\"width\":32,\"height\":24,\"sha256\":\""
                        + AnswerJson.sha256(Frame.solid(32, 24, 0xff00_0000))
                        + "\",\"dark\":true,\"pixels\":[\"000000\",\"000000\"]}");
    }

    @Test
    void aHeadOrAPixelThatIsNotThereIsRefusedAndNamed() {
        for (int head : new int[] {2, -1, Integer.MAX_VALUE}) {
            assertThatExceptionOfType(ScriptException.class)
                    .isThrownBy(() -> runner.run(dump("", head)))
                    .withMessage("there is no head " + head + "; the device has 2");
        }
        for (Point point : List.of(new Point(64, 0), new Point(0, 48), new Point(-1, 0), new Point(0, -1))) {
            assertThatExceptionOfType(ScriptException.class)
                    .isThrownBy(() -> runner.run(new Screendump(NO_ID, 0, List.of(point), Optional.empty())))
                    .withMessage("there is no pixel [" + point.x() + "," + point.y() + "] in a picture of 64x48");
        }
        assertThatExceptionOfType(ScriptException.class)
                .isThrownBy(() -> runner.run(new Screendump(
                        NO_ID, 0, Collections.nCopies((1 << 16) + 1, new Point(0, 0)), Optional.empty())))
                .withMessageContaining("more than 65536 pixels");
        assertThat(labels()).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void aPictureFileIsWrittenOnceItIsAllowed(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("shown.png");
        runner.run(new Screendump(NO_ID, 0, List.of(), Optional.of(file.toString())));
        assertThat(asked).containsExactly(file);
        assertThat(ImageFiles.read(file).width()).isEqualTo(64);
        assertThatExceptionOfType(ScriptException.class)
                .isThrownBy(() -> runner.run(new Screendump(
                        NO_ID,
                        0,
                        List.of(),
                        Optional.of(folder.resolve("forbidden.png").toString()))))
                .withMessage("not there");
        assertThat(Files.exists(folder.resolve("forbidden.png"))).isFalse();
        assertThat(labels()).hasSize(1);
    }

    @Test
    void whatTheInterruptStatusShowsAfterALineIsThatLines() {
        Command loud = Command.of(Queue.CONTROL, INFO, 408);
        runner.run(loud);
        assertThat(json(new ScriptLine.Status(NO_ID)))
                .isEqualTo("{\"status\":15,\"interrupt_status\":1,\"used_idx\":{\"control\":1,\"cursor\":0}}");
        runner.run(new ScriptLine.Batch(
                NO_ID,
                List.of(new Command(
                        NO_ID,
                        Queue.CONTROL,
                        List.of(),
                        INFO,
                        List.of(),
                        408,
                        List.of(),
                        new byte[] {0},
                        List.of(),
                        false,
                        true))));
        assertThat(json(new ScriptLine.Status(NO_ID)))
                .isEqualTo("{\"status\":15,\"interrupt_status\":0,\"used_idx\":{\"control\":2,\"cursor\":0}}");
    }

    /** VIRTIO 1.2, 5.7.4: events_read at 0, num_scanouts at 8; loads have 1, 2 or 4 bytes. */
    @Test
    void aLoadFromTheConfigurationIsUnsignedAndAsWideAsAskedFor() {
        assertThat(runner.run(new ScriptLine.ConfigRead(NO_ID, 8, 4))).isEqualTo(new ScriptAnswer.Config(2));
        assertThat(runner.run(new ScriptLine.ConfigRead(NO_ID, 8, 1))).isEqualTo(new ScriptAnswer.Config(2));
        assertThat(json(new ScriptLine.ConfigRead(Optional.of("null"), 9, 1))).isEqualTo("{\"id\":null,\"value\":0}");
    }

    @Test
    void memoryIsReadAsItWasWritten() {
        ScriptLine write = new ScriptLine.Poke(List.of(
                new ScriptLine.MemoryWrite(0x2000, new byte[] {1, 2, 3}),
                new ScriptLine.MemoryWrite(0x2001, new byte[] {9})));
        assertThat(json(write)).isEqualTo("{\"written\":4}");
        assertThat(json(new ScriptLine.MemoryRead(NO_ID, 0x2000, 4))).isEqualTo("{\"addr\":8192,\"hex\":\"01090300\"}");
    }

    @Test
    void aResetIsAnsweredWithTheStatusThatItLeaves() {
        assertThat(json(new ScriptLine.Reset(NO_ID, true))).isEqualTo("{\"status\":0}");
        assertThat(json(new ScriptLine.Reset(NO_ID, false))).isEqualTo("{\"status\":15}");
    }

    @Test
    void theAnswersOfABatchHaveTheIdsOfTheirCommands() {
        Command first = new Command(
                Optional.of("\"x\""),
                Queue.CONTROL,
                List.of(),
                new byte[4],
                List.of(),
                2,
                List.of(),
                new byte[] {0x55},
                List.of(),
                true,
                false);
        String answer = json(new ScriptLine.Batch(Optional.of("[1]"), List.of(first, first.withRequest(INFO))));
        assertThat(answer)
                .startsWith("{\"id\":[1],\"batch\":[{\"id\":\"x\",\"used\":true,\"used_len\":2,")
                .contains("\"note\":\"indirect is ignored");
        assertThat(AnswerJson.error(Optional.of("4"), "why \"so\""))
                .isEqualTo("{\"id\":4,\"error\":\"why \\\"so\\\"\"}");
    }

    @Test
    void aRecordedAnswerIsMatchedByResponseLengthAndUse() {
        RecordedAnswer recorded = new RecordedAnswer(true, 2, new byte[] {1, 2});
        assertThat(recorded.matches(new CommandAnswer(true, 2, new byte[] {1, 2, 77}, 15)))
                .isTrue();
        assertThat(recorded.matches(new CommandAnswer(true, 2, new byte[] {1, 3, 77}, 15)))
                .isFalse();
        assertThat(recorded.matches(new CommandAnswer(true, 3, new byte[] {1, 2, 77}, 15)))
                .isFalse();
        assertThat(recorded.matches(new CommandAnswer(false, 2, new byte[] {1, 2}, 15)))
                .isFalse();
        assertThat(recorded.matches(new CommandAnswer(true, 2, new byte[] {1}, 15)))
                .isFalse();
        assertThat(RecordedAnswer.REFUSED.matches(new CommandAnswer(false, 0, new byte[9], 79)))
                .isTrue();
    }
}
