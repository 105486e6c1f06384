package dev.semblance.bridge.serve;

import dev.semblance.gpu.frame.Frame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;

/** Pictures as the display protocol has them: B, G, R, A. */
final class Pixels {

    private Pixels() {}

    /** {@return some rows of a picture, without gaps} */
    static byte[] of(Frame frame, int first, int count) {
        byte[] bytes = new byte[frame.width() * count * Integer.BYTES];
        IntBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
        int[] row = new int[frame.width()];
        for (int y = first; y < first + count; y++) {
            frame.copyRow(y, row, 0);
            words.put(row);
        }
        return bytes;
    }
}
