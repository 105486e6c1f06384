package dev.semblance.bridge.serve;

import dev.semblance.gpu.frame.Frame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;

/** Pictures as the display protocol has them: B, G, R, A. */
final class Pixels {

    private Pixels() {}

    /** {@return a whole picture, without gaps} */
    static byte[] of(Frame frame) {
        byte[] bytes = new byte[frame.width() * frame.height() * Integer.BYTES];
        put(frame, 0, frame.height(), bytes, 0);
        return bytes;
    }

    /** Writes some rows of a picture, without gaps. */
    static void put(Frame frame, int first, int count, byte[] target, int offset) {
        IntBuffer words = ByteBuffer.wrap(target, offset, target.length - offset)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer();
        int[] row = new int[frame.width()];
        for (int y = first; y < first + count; y++) {
            frame.copyRow(y, row, 0);
            words.put(row);
        }
    }
}
