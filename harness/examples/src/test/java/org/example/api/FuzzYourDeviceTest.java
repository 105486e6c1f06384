package org.example.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.harness.fuzz.Counterexample;
import dev.semblance.harness.fuzz.Fuzzer;
import dev.semblance.harness.fuzz.differential.DeviceDifference;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fuzzes a device of one's own beside the reference, and keeps what is found as a trace. */
class FuzzYourDeviceTest {

    @TempDir
    private Path folder;

    /** A display that does not notice when it is turned off. */
    private record StaysOn(FrameSink screen) implements FrameSink {
        @Override
        public void flushed(int scanout, Frame frame) {
            screen.flushed(scanout, frame);
        }

        @Override
        public void disabled(int scanout) {}

        @Override
        public void cursorChanged(int scanout, CursorPlane cursor) {
            screen.cursorChanged(scanout, cursor);
        }
    }

    @Test
    void aFaultIsFoundAndKeptAsAShortTrace() throws IOException {
        DeviceUnderTest.Factory mine = BuiltinDevice.of(
                (memory, displays, screen) -> new VirtioGpuDevice(memory, displays, new StaysOn(screen)));

        Fuzzer fuzzer = new Fuzzer(7, mine);
        Optional<Fuzzer.Failure> failure = fuzzer.run(() -> fuzzer.coverage().commands() < 100_000);

        Counterexample found = Counterexample.of(failure.orElseThrow());
        assertEquals(DeviceDifference.Kind.PICTURE, found.difference().kind());
        assertTrue(found.script().size() < 10, "a few lines are left of the script");
        found.write(folder.resolve("mine.trace"), "my project 1.0");
    }
}
