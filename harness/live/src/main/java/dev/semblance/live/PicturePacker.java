package dev.semblance.live;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.view.RawDeflate;
import dev.semblance.harness.view.ViewedTrace.Planes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Packs what all scanouts show. For each there are, big-endian, the picture's width and height (0 where it is dark), the cursor's place, each of
 * 32 bits, the cursor's width and height (0 where it is hidden), 16 bits, then 1 where the pixels are deflated (RFC 1951) and 0 where not, their
 * bytes as they come, 32 bits each, and those: the picture's, then the cursor's, as R, G, B and alpha.
 */
final class PicturePacker {

    private static final int HEADER = 28;
    private static final int PIXEL = 4;
    private static final int OPAQUE = 0xff;

    /** So many bytes tell whether the rest is worth deflating. */
    private static final int SAMPLE = 1 << 16;

    private PicturePacker() {}

    static byte[] pack(List<Planes> scanouts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Planes planes : scanouts) {
            Optional<Frame> cursor = planes.cursor().image();
            byte[] pixels = pixels(planes.primary(), cursor);
            boolean deflated = isWorthIt(pixels);
            byte[] sent = deflated ? RawDeflate.fast(pixels) : pixels;
            out.writeBytes(ByteBuffer.allocate(HEADER)
                    .putInt(planes.primary().map(Frame::width).orElse(0))
                    .putInt(planes.primary().map(Frame::height).orElse(0))
                    .putInt(planes.cursor().x())
                    .putInt(planes.cursor().y())
                    .putShort((short) (int) cursor.map(Frame::width).orElse(0))
                    .putShort((short) (int) cursor.map(Frame::height).orElse(0))
                    .putInt(deflated ? 1 : 0)
                    .putInt(sent.length)
                    .array());
            out.writeBytes(sent);
        }
        return out.toByteArray();
    }

    private static byte[] pixels(Optional<Frame> picture, Optional<Frame> cursor) {
        int bytes = picture.map(PicturePacker::bytes).orElse(0)
                + cursor.map(PicturePacker::bytes).orElse(0);
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        picture.ifPresent(frame -> put(buffer, frame, OPAQUE));
        cursor.ifPresent(frame -> put(buffer, frame, 0));
        return buffer.array();
    }

    private static int bytes(Frame frame) {
        return Math.multiplyExact(PIXEL, Math.multiplyExact(frame.width(), frame.height()));
    }

    private static void put(ByteBuffer buffer, Frame frame, int alpha) {
        int[] row = new int[frame.width()];
        for (int y = 0; y < frame.height(); y++) {
            frame.copyRow(y, row, 0);
            for (int argb : row) {
                buffer.putInt(argb << 8 | argb >>> 24 | alpha);
            }
        }
    }

    /** Noise does not get smaller, and takes long to find out. */
    private static boolean isWorthIt(byte[] pixels) {
        int length = Math.min(SAMPLE, pixels.length);
        return length > 0 && RawDeflate.fast(pixels, (pixels.length - length) / 2, length).length < length / 5 * 4;
    }
}
