package dev.semblance.harness.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.harness.fuzz.differential.DeviceDifference;
import dev.semblance.harness.fuzz.differential.DifferentialRun;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.target.DeviceMaker;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.LimitedDevice;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A device that is done later and only gives screendumps is held against the reference by what it gives. */
class DeviceUnderTestTests {

    private static final RigSettings RIG = new RigSettings(
            DeviceRig.RESERVED_BYTES + (1L << 16), DisplayConfig.of(Display.of(16, 12), new Display(9, 14, false)));
    private static final int SCRIPTS = 40;

    private static Set<DeviceDifference.Kind> differences(DeviceUnderTest.Factory tested) {
        Set<DeviceDifference.Kind> kinds = new HashSet<>();
        for (int seed = 0; seed < SCRIPTS; seed++) {
            Optional<DeviceDifference> found =
                    new DifferentialRun(RIG, tested).run(ScriptGenerator.wild(seed, RIG, 40));
            found.ifPresent(difference -> kinds.add(difference.kind()));
        }
        return kinds;
    }

    @Test
    void oursIsRightThroughAnyKindOfDevice() {
        assertThat(differences(LimitedDevice.withCursor())).isEmpty();
        assertThat(differences(LimitedDevice.withoutCursor())).isEmpty();
    }

    @Test
    void aWrongScreendumpIsFound() {
        DeviceMaker dark = (memory, displays, sink) -> new VirtioGpuDevice(memory, displays, new FrameSink() {
            @Override
            public void flushed(int scanout, Frame frame) {}

            @Override
            public void disabled(int scanout) {
                sink.disabled(scanout);
            }

            @Override
            public void cursorChanged(int scanout, CursorPlane cursor) {
                sink.cursorChanged(scanout, cursor);
            }
        });
        assertThat(differences(LimitedDevice.withCursor(dark))).containsExactly(DeviceDifference.Kind.PICTURE);
    }

    @Test
    void aWriteToGuestMemoryIsFoundInMemoryThatIsNoRam() {
        DeviceMaker writing = (memory, displays, sink) -> {
            memory.putByte(0x8000, (byte) 1);
            return new VirtioGpuDevice(memory, displays, sink);
        };
        assertThat(differences(LimitedDevice.withCursor(writing))).containsExactly(DeviceDifference.Kind.MEMORY);
    }
}
