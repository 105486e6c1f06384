package dev.semblance.harness.fuzz.minimize;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;

/** Devices with a fault planted. */
final class FaultyDevices {

    private FaultyDevices() {}

    /** Shows the second row of every picture black, unless it is so anyway. */
    static DeviceUnderTest.Factory blackRow() {
        return BuiltinDevice.of((memory, displays, sink) -> new VirtioGpuDevice(memory, displays, new FrameSink() {
            @Override
            public void flushed(int scanout, Frame frame) {
                sink.flushed(scanout, frame.height() < 2 ? frame : blackened(frame));
            }

            @Override
            public void disabled(int scanout) {
                sink.disabled(scanout);
            }

            @Override
            public void cursorChanged(int scanout, CursorPlane cursor) {
                sink.cursorChanged(scanout, cursor);
            }
        }));
    }

    /** Throws when a cursor is shown at a column beyond 40. */
    static DeviceUnderTest.Factory throwsAtColumn40() {
        return BuiltinDevice.of((memory, displays, sink) -> new VirtioGpuDevice(memory, displays, new FrameSink() {
            @Override
            public void flushed(int scanout, Frame frame) {
                sink.flushed(scanout, frame);
            }

            @Override
            public void disabled(int scanout) {
                sink.disabled(scanout);
            }

            @Override
            public void cursorChanged(int scanout, CursorPlane cursor) {
                if (cursor.x() > 40) {
                    throw new IllegalStateException("planted");
                }
                sink.cursorChanged(scanout, cursor);
            }
        }));
    }

    private static Frame blackened(Frame frame) {
        int[] pixels = new int[frame.width() * frame.height()];
        for (int y = 0; y < frame.height(); y++) {
            frame.copyRow(y, pixels, y * frame.width());
        }
        java.util.Arrays.fill(pixels, frame.width(), 2 * frame.width(), 0xff00_0000);
        return Frame.ofPixels(frame.width(), frame.height(), pixels);
    }
}
