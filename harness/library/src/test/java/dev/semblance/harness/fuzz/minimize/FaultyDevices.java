package dev.semblance.harness.fuzz.minimize;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.DeviceRig.DeviceMaker;

/** Devices with a fault planted. */
final class FaultyDevices {

    private FaultyDevices() {}

    /** Shows the second row of every picture black, unless it is so anyway. */
    static DeviceMaker blackRow() {
        return (memory, displays, sink) -> DeviceRig.ours().make(memory, displays, new FrameSink() {
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
        });
    }

    /** Throws when a cursor is shown at a column beyond 40. */
    static DeviceMaker throwsAtColumn40() {
        return (memory, displays, sink) -> DeviceRig.ours().make(memory, displays, new FrameSink() {
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
        });
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
