package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.fuzz.minimize.MinimizerLimits;
import dev.semblance.harness.fuzz.minimize.TraceMinimizer;
import dev.semblance.harness.replay.DeviceReplayer;
import dev.semblance.harness.replay.DigestStrictness;
import dev.semblance.harness.replay.FrameObserver;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.SyntheticGuest;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.CountedDevices;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.TraceReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device under test may be a process: whoever has one made closes it, whatever came of the test. */
class ClosedDevicesTests {

    private static final String INFO =
            "{\"request_hex\":\"000100000000000000000000000000000000000000000000\",\"resp_len\":408}\n";

    @TempDir
    private Path folder = Path.of("");

    private Path trace = Path.of("");
    private CountedDevices devices = new CountedDevices(BuiltinDevice.ours());

    /** A device that shows nothing. */
    private static DeviceUnderTest.Factory dark() {
        return BuiltinDevice.of((memory, displays, sink) -> new VirtioGpuDevice(memory, displays, new FrameSink() {
            @Override
            public void flushed(int scanout, Frame frame) {}

            @Override
            public void disabled(int scanout) {}

            @Override
            public void cursorChanged(int scanout, CursorPlane cursor) {}
        }));
    }

    @BeforeEach
    void record() {
        trace = folder.resolve("t.trace");
        SyntheticGuest.record(trace, 1, false, 60);
    }

    @AfterEach
    void everyDeviceIsClosed() {
        assertThat(devices.made()).isPositive();
        assertThat(devices.open()).isZero();
    }

    private CliEnvironment environment(String input) {
        Terminal terminal =
                new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), false);
        return Environments.of(terminal, new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    }

    private void replay(Path file) throws IOException {
        try (TraceReader reader = TraceReader.open(file)) {
            new DeviceReplayer(
                            reader,
                            ReplayableGpu.of(reader.manifest()),
                            devices,
                            FrameObserver.NONE,
                            DigestStrictness.EXACT)
                    .run(cycle -> {});
        }
    }

    @Test
    void aReplayClosesItsDevice() throws IOException {
        replay(trace);
        replay(Recordings.cursor());
        assertThat(devices.made()).isEqualTo(2);
    }

    @Test
    void aReplayOfACorruptTraceClosesItsDevice() throws IOException {
        byte[] bytes = Files.readAllBytes(trace);
        Path longer = Files.write(folder.resolve("longer.trace"), Arrays.copyOf(bytes, bytes.length + 1));
        assertThatThrownBy(() -> replay(longer)).isInstanceOf(TraceFormatException.class);
    }

    @Test
    void aReplayIntoADeviceOfOtherDisplaysClosesIt() {
        devices = new CountedDevices(BuiltinDevice.ours(), Optional.of(DisplayConfig.of(Display.of(17, 13))));
        assertThatThrownBy(() -> replay(trace)).isInstanceOf(SemblanceException.class);
    }

    @Test
    void tracesAreReplayedIntoADeviceFromOutsideWhichIsClosed() {
        TraceReplay replay = new TraceReplay(Recordings.images(), List.of(), TraceReplay.Kind.DEVICE);
        Goldens goldens = new Goldens("t", Optional.empty());
        TraceVerdict verdict = replay.into(devices).replay(trace, goldens, cycle -> {});
        assertThat(verdict.exitCode()).isEqualTo(ExitCode.PASS);
        CountedDevices faulty = new CountedDevices(dark());
        assertThat(replay.into(faulty).replay(trace, goldens, cycle -> {}).exitCode())
                .isEqualTo(ExitCode.MISMATCH);
        assertThat(faulty.made()).isEqualTo(1);
        assertThat(faulty.open()).isZero();
    }

    @Test
    void execClosesItsDevice() {
        assertThat(new ExecCommand(environment(INFO), devices)
                        .run(new ExecCommand.Request(Optional.empty(), Optional.empty(), false, false, false)))
                .isEqualTo(ExitCode.PASS);
        Optional<Path> output = Optional.of(folder.resolve("o.trace"));
        assertThat(new ExecCommand(environment(INFO), devices)
                        .run(new ExecCommand.Request(Optional.empty(), output, false, false, false)))
                .isEqualTo(ExitCode.PASS);
        assertThat(devices.made()).isEqualTo(2);
        for (Optional<Path> to : List.of(Optional.<Path>empty(), output)) {
            assertThatThrownBy(() -> new ExecCommand(environment(INFO + "{\"op\":\"no\"}\n"), devices)
                            .run(new ExecCommand.Request(Optional.empty(), to, false, false, false)))
                    .isInstanceOf(SemblanceException.class);
        }
        assertThat(devices.made()).isEqualTo(4);
    }

    @Test
    void fuzzClosesItsDevicesWhetherItFindsSomethingOrNot() {
        FuzzCommand.Request request = new FuzzCommand.Request(
                Optional.of(3L), Optional.of(400L), Optional.empty(), Optional.of(folder.resolve("corpus")));
        assertThat(new FuzzCommand(environment(""), devices).run(request)).isEqualTo(ExitCode.PASS);
        CountedDevices faulty = new CountedDevices(dark());
        assertThat(new FuzzCommand(environment(""), faulty).run(request)).isEqualTo(ExitCode.MISMATCH);
        assertThat(faulty.made()).isGreaterThan(5);
        assertThat(faulty.open()).isZero();
    }

    @Test
    void minimizeClosesItsDevices() throws IOException {
        devices = new CountedDevices(dark());
        new TraceMinimizer(devices, new MinimizerLimits(40, Optional.empty()), "test")
                .minimize(trace, folder.resolve("small.trace"), new Goldens("t", Optional.empty()));
        assertThat(devices.made()).isGreaterThan(5);
    }
}
