package dev.semblance.harness.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.edit.redact.Labels;
import dev.semblance.harness.edit.redact.PixelMask;
import dev.semblance.harness.edit.redact.TraceRedactor;
import dev.semblance.harness.edit.trim.TraceTrimmer;
import dev.semblance.harness.record.Recorder;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.ScriptAnswer;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptReader;
import dev.semblance.harness.rig.ScriptRunner;
import dev.semblance.harness.rig.ScriptWriter;
import dev.semblance.harness.rig.TraceScript;
import dev.semblance.harness.rig.TraceStep;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.TargetConfig;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.position.PositionRange;
import dev.semblance.machine.memory.MemoryMap;
import dev.semblance.machine.memory.MemoryMap.Region;
import dev.semblance.machine.time.CycleTimeline;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.VirtioFeatures;
import dev.semblance.machine.virtio.driver.GuestDriver;
import dev.semblance.machine.virtio.driver.GuestQueue;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/TRACE_FORMAT.md, "Manifest": the memory of a guest of another machine has holes and more than 2 GiB, and every tool takes the
 * trace of one as any other.
 */
class ForeignMemoryTests {

    private static final long GIB = 1L << 30;

    private static final MemoryMap PC = MemoryMap.of(
            List.of(new Region(0, 0xa_0000), new Region(0x10_0000, 2 * GIB - 0x10_0000), new Region(4 * GIB, 3 * GIB)));

    /** Two pages that touch a hole, one above the hole, one at the very end. */
    private static final List<MemoryEntry> SCATTERED = List.of(
            new MemoryEntry(0x9_f000, 0x1000),
            new MemoryEntry(2 * GIB - 0x1000, 0x1000),
            new MemoryEntry(6 * GIB, 0x1000),
            new MemoryEntry(7 * GIB - 0x1000, 0x1000));

    private static final DisplayConfig DISPLAYS = new DisplayConfig(List.of(Display.of(32, 16)), true);

    private static final Rect ALL = new Rect(0, 0, 64, 64);

    @TempDir
    private Path folder = Path.of("");

    private Path trace = Path.of("");

    private static TraceManifest manifest(MemoryMap memory) {
        return TraceManifest.builder(TraceManifest.Kind.DEVICE_ONLY)
                .toolVersion("test")
                .clock(Optional.of(TraceManifest.Clock.HOST))
                .timebaseHz(1_000_000_000)
                .memory(memory)
                .devices(List.of(new TraceManifest.Device(
                        "gpu",
                        VirtioGpuDevice.DEVICE_ID,
                        VirtioFeatures.VERSION_1 | VirtioGpuDevice.FEATURE_EDID,
                        0,
                        0)))
                .displayModes(TraceManifest.DisplayMode.of(DISPLAYS))
                .largerViews(true)
                .build();
    }

    private static List<GpuCommand> commands() {
        List<GpuCommand> commands = new ArrayList<>(List.of(
                new GpuCommand.ResourceCreate2d(Header.NONE, 1, 1, 64, 64),
                new GpuCommand.ResourceAttachBacking(Header.NONE, 1, 4, SCATTERED),
                new GpuCommand.TransferToHost2d(Header.NONE, ALL, 0, 1),
                new GpuCommand.SetScanout(Header.NONE, ALL, 0, 1),
                new GpuCommand.ResourceFlush(Header.NONE, ALL, 1),
                new GpuCommand.ResourceCreate2d(Header.NONE, 2, 1, 64, 64)));
        for (MemoryEntry hole : List.of(
                new MemoryEntry(0xa_0000, 4),
                new MemoryEntry(0x9_ffff, 2),
                new MemoryEntry(2 * GIB, 4),
                new MemoryEntry(4 * GIB - 1, 2),
                new MemoryEntry(7 * GIB, 1))) {
            commands.add(new GpuCommand.ResourceAttachBacking(Header.NONE, 2, 1, List.of(hole)));
        }
        return commands;
    }

    @BeforeEach
    void record() throws Exception {
        trace = folder.resolve("pc.trace");
        CycleTimeline timeline = new CycleTimeline();
        try (TraceWriter writer = TraceWriter.create(trace, manifest(PC))) {
            Recorder recorder = new Recorder(timeline, writer);
            try (DeviceUnderTest device = BuiltinDevice.ours()
                    .make(new TargetConfig(
                            PC,
                            DISPLAYS,
                            QueueFeatures.NONE,
                            Optional.empty(),
                            new NoFrames(),
                            Optional.of(new TargetConfig.Recording(recorder, 0))))) {
                GuestDriver driver = device.driver();
                driver.begin();
                long rings = 5 * GIB;
                GuestQueue queue = driver.enableQueue(0, new QueueLayout(64, rings, rings + 0x1000, rings + 0x2000))
                        .orElseThrow();
                driver.driverOk();
                for (int page = 0; page < SCATTERED.size(); page++) {
                    byte[] pixels = new byte[0x1000];
                    Arrays.fill(pixels, (byte) (40 * (page + 1)));
                    device.memory().write(SCATTERED.get(page).address(), pixels, 0, pixels.length);
                }
                for (GpuCommand command : commands()) {
                    timeline.setNow(timeline.now() + 1000);
                    queue.chain()
                            .readable(CommandCodec.encode(command))
                            .writable(24)
                            .offer();
                    driver.kick(queue);
                    queue.takeUsed();
                }
                Frame frame = device.pictures().primary(0).orElseThrow();
                assertThat(frame.width()).isEqualTo(64);
                recorder.emit(new TraceEvent.Snapshot("end", 0, 64, 64, frame.digest()));
                recorder.emit(new TraceEvent.End(TraceEvent.End.Reason.SCRIPT, 0, new byte[0]));
            }
            writer.complete();
        }
    }

    private static Optional<Divergence> replay(Path trace) throws Exception {
        try (TraceReader reader = TraceReader.open(trace)) {
            return new DeviceReplayer(reader, ReplayableGpu.of(reader.manifest()), FrameObserver.NONE)
                    .run(cycle -> {})
                    .divergence();
        }
    }

    private static List<Stamped> events(Path trace) throws Exception {
        List<Stamped> events = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(trace)) {
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                events.add(next.get());
            }
        }
        return events;
    }

    private static List<Integer> answers(List<Stamped> events) {
        return events.stream()
                .filter(event -> event.event() instanceof TraceEvent.Command)
                .map(event -> ((TraceEvent.Payload.Full) ((TraceEvent.Command) event.event()).payload()).response())
                .map(ForeignMemoryTests::type)
                .toList();
    }

    private static int type(byte[] response) {
        return response[0] & 0xff | (response[1] & 0xff) << 8;
    }

    @Test
    void theDeviceRefusesWhatLiesInAHole() throws Exception {
        List<Integer> answers = answers(events(trace));
        assertThat(answers.subList(0, 6)).containsOnly(0x1100);
        assertThat(answers.subList(6, 11)).doesNotContain(0x1100);
    }

    @Test
    void itsTraceReplays() throws Exception {
        assertThat(replay(trace)).isEmpty();
    }

    /** Only that it has no hole there makes the difference: the replay does not take one memory for another. */
    @Test
    void itDoesNotReplayInTheMemoryOfAnother() throws Exception {
        Path other = folder.resolve("other.trace");
        try (TraceWriter writer = TraceWriter.create(other, manifest(MemoryMap.of(0, 8 * GIB)))) {
            events(trace).forEach(event -> writer.accept(event.cycle(), event.event()));
            writer.complete();
        }
        assertThat(replay(other).orElseThrow().expected().event()).isInstanceOf(TraceEvent.Command.class);
    }

    @Test
    void itsScriptGetsTheSameAnswersAndPictures() throws Exception {
        TraceScript script;
        try (TraceReader reader = TraceReader.open(trace)) {
            script = TraceScript.of(reader);
        }
        byte[] settings = ScriptWriter.settings(script.settings()).orElseThrow().getBytes(StandardCharsets.UTF_8);
        try (ScriptReader reader = new ScriptReader(new ByteArrayInputStream(settings))) {
            assertThat(reader.settings()).isEqualTo(script.settings());
        }
        List<Integer> answers = new ArrayList<>();
        long picture;
        try (DeviceRig rig = DeviceRig.of(script.settings(), BuiltinDevice.ours(), new NoFrames())) {
            ScriptRunner runner = new ScriptRunner(rig);
            for (TraceStep step : script.steps()) {
                ScriptLine line = ScriptReader.parse(ScriptWriter.line(step.line()));
                ScriptAnswer answer = runner.run(line);
                if (answer instanceof ScriptAnswer.Submitted submitted) {
                    submitted.commands().forEach(command -> answers.add(type(command.response())));
                }
            }
            picture = rig.picture(0).digest();
        }
        assertThat(answers).isEqualTo(answers(events(trace)));
        assertThat(picture).isEqualTo(lastPicture(trace));
    }

    private static long lastPicture(Path trace) throws Exception {
        return events(trace).stream()
                .map(Stamped::event)
                .filter(TraceEvent.Snapshot.class::isInstance)
                .mapToLong(event -> ((TraceEvent.Snapshot) event).digest())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aPartOfItAndOneWithoutItsPixelsReplayToo() throws Exception {
        Path part = folder.resolve("part.trace");
        TraceTrimmer.trim(trace, new PositionRange(Position.parse("flush:0"), Position.parse("end")), part);
        assertThat(replay(part)).isEmpty();
        assertThat(lastPicture(part)).isEqualTo(lastPicture(trace));
        Path redacted = folder.resolve("redacted.trace");
        TraceRedactor.redact(trace, new PixelMask.Blank(), new Labels.Keep(), redacted);
        assertThat(replay(redacted)).isEmpty();
        try (TraceReader reader = TraceReader.open(redacted)) {
            assertThat(reader.manifest().memoryMap()).isEqualTo(PC);
            assertThat(reader.manifest().clock()).contains(TraceManifest.Clock.HOST);
        }
    }
}
