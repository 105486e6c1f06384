package dev.semblance.harness.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.edit.redact.Labels;
import dev.semblance.harness.edit.redact.PixelMask;
import dev.semblance.harness.edit.redact.TraceRedactor;
import dev.semblance.harness.edit.trim.TraceTrimmer;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.DisplayChange;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.position.PositionRange;
import dev.semblance.harness.trace.text.EventJson;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.harness.trace.text.JsonEvents;
import dev.semblance.machine.virtio.DeviceContext;
import dev.semblance.machine.virtio.VirtioDevice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/TRACE_FORMAT.md, DisplayChange: what is done with traces in which displays change. */
class DisplayChangeTraceTests {

    @TempDir
    private Path folder = Path.of("");

    private Path record(long seed) {
        Path trace = folder.resolve("t.trace");
        SyntheticGuest.record(trace, seed, false, QueueFeatures.NONE, true, 250);
        return trace;
    }

    private static Optional<Divergence> replay(Path path, DeviceUnderTest.Factory device) throws IOException {
        try (TraceReader reader = TraceReader.open(path)) {
            return new DeviceReplayer(
                            reader,
                            ReplayableGpu.of(reader.manifest()),
                            device,
                            FrameObserver.NONE,
                            DigestStrictness.EXACT)
                    .run(cycle -> {})
                    .divergence();
        }
    }

    private static Optional<Divergence> replay(Path path) throws IOException {
        return replay(path, BuiltinDevice.ours());
    }

    private static boolean isChange(Stamped event) {
        return event.event() instanceof DisplayChange;
    }

    private Path edited(Path trace, UnaryOperator<TraceEvent> edit) {
        return Recordings.write(
                folder.resolve("edited.trace"),
                Recordings.manifest(trace),
                Recordings.events(trace).stream()
                        .map(old -> new Stamped(old.sequence(), old.cycle(), edit.apply(old.event())))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void itReplaysAndSoDoesWhatIsCutOutOfIt(long seed) throws IOException {
        Path trace = record(seed);
        List<Stamped> events = Recordings.events(trace);
        assertThat(events).anyMatch(DisplayChangeTraceTests::isChange);
        assertThat(replay(trace)).isEmpty();
        Path output = folder.resolve("o.trace");
        for (int from = 20; from < events.size() - 81; from += events.size() / 7) {
            TraceTrimmer.Trimmed trimmed = TraceTrimmer.trim(
                    trace, new PositionRange(new Position.OfEvent(from), new Position.OfEvent(from + 80)), output);
            assertThat(trimmed.divergence()).isEmpty();
            assertThat(replay(output)).isEmpty();
        }
    }

    /** Another size than was recorded is in the answer to GET_DISPLAY_INFO, in what SET_SCANOUT takes, or in a dark snapshot. */
    @Test
    void aChangeThatIsLeftOutIsADifference() throws IOException {
        Path trace = record(1);
        Path changed = edited(
                trace,
                event -> event instanceof DisplayChange change && change.mode().hasDisplay()
                        ? new DisplayChange(0, change.scanout(), new DisplayMode(41, 41))
                        : event);
        assertThat(replay(changed)).isPresent();
    }

    @Test
    void aChangeThatNoDeviceCanDoIsAnImpossibleEvent() {
        Path trace = record(1);
        Map<DisplayChange, String> wrong = Map.of(
                new DisplayChange(0, 7, DisplayMode.OFF), "there is no scanout 7; the GPU has ",
                new DisplayChange(0, 0, new DisplayMode(8192, 1)), "no display has 8192x1; the most is 8191 each way");
        wrong.forEach((change, reason) -> {
            Path path = edited(trace, event -> event instanceof DisplayChange ? change : event);
            assertThatExceptionOfType(TraceFormatException.class)
                    .isThrownBy(() -> replay(path))
                    .withMessageContaining(reason);
        });
    }

    /** A device that only has what {@link VirtioDevice} asks for. */
    private record Fixed(VirtioGpuDevice gpu) implements VirtioDevice {
        @Override
        public int deviceId() {
            return gpu.deviceId();
        }

        @Override
        public long offeredFeatures() {
            return gpu.offeredFeatures();
        }

        @Override
        public int queueCount() {
            return gpu.queueCount();
        }

        @Override
        public int configSize() {
            return gpu.configSize();
        }

        @Override
        public int readConfig(int offset, int width) {
            return gpu.readConfig(offset, width);
        }

        @Override
        public void writeConfig(int offset, int width, int value) {
            gpu.writeConfig(offset, width, value);
        }

        @Override
        public void reset() {
            gpu.reset();
        }

        @Override
        public void start(DeviceContext context) {
            gpu.start(context);
        }

        @Override
        public void queueNotified(int queue) {
            gpu.queueNotified(queue);
        }
    }

    @Test
    void aDeviceWhoseDisplaysCannotChangeIsNotGivenSuchATrace() {
        Path trace = record(1);
        assertThatExceptionOfType(IncompatibleException.class)
                .isThrownBy(() -> replay(
                        trace,
                        BuiltinDevice.of(
                                (memory, displays, sink) -> new Fixed(new VirtioGpuDevice(memory, displays, sink)))))
                .withMessage("the trace changes the displays, and the device has no way to do that");
    }

    @Test
    void aRedactedTraceKeepsItsChanges() throws IOException {
        Path trace = record(2);
        Path output = folder.resolve("o.trace");
        TraceRedactor.redact(trace, new PixelMask.Blank(), new Labels.Keep(), output);
        assertThat(Recordings.events(output).stream().filter(DisplayChangeTraceTests::isChange))
                .isEqualTo(Recordings.events(trace).stream()
                        .filter(DisplayChangeTraceTests::isChange)
                        .toList());
    }

    /** "dump --json" and "asm" are each other's inverse, and people read what happened. */
    @Test
    void changesGoToJsonAndBackAndToText() {
        Path trace = record(3);
        EventJson json = new EventJson(Recordings.manifest(trace));
        EventText text = new EventText(Recordings.manifest(trace));
        List<Stamped> changes = Recordings.events(trace).stream()
                .filter(DisplayChangeTraceTests::isChange)
                .toList();
        for (Stamped change : changes) {
            assertThat(JsonEvents.event(json.line(change).getBytes(StandardCharsets.UTF_8))
                            .event())
                    .isEqualTo(change.event());
        }
        assertThat(changes.stream().map(text::line)).anyMatch(line -> line.matches(".* gpu display [0-9] is now off"));
        assertThat(changes.stream().map(text::line)).anyMatch(line -> line.matches(".* is now [0-9]+x[0-9]+"));
    }
}
