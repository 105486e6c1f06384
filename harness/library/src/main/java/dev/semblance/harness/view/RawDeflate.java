package dev.semblance.harness.view;

import java.io.ByteArrayOutputStream;
import java.util.zip.Deflater;

/** Deflates bytes as browsers inflate them: RFC 1951, without a header. */
public final class RawDeflate {

    private static final int BUFFER = 1 << 16;

    private RawDeflate() {}

    /** {@return the bytes, as small as they get} */
    static byte[] smallest(byte[] bytes) {
        return deflate(bytes, 0, bytes.length, Deflater.BEST_COMPRESSION);
    }

    /** {@return about how small the bytes get} */
    static int estimate(byte[] bytes) {
        return fast(bytes).length;
    }

    /**
     * {@return the bytes, deflated in little time}
     *
     * @param bytes what is deflated
     */
    public static byte[] fast(byte[] bytes) {
        return fast(bytes, 0, bytes.length);
    }

    /**
     * {@return some of the bytes, deflated in little time}
     *
     * @param bytes what is deflated, and what is around it
     * @param from the first that is
     * @param length how many
     */
    public static byte[] fast(byte[] bytes, int from, int length) {
        return deflate(bytes, from, length, Deflater.BEST_SPEED);
    }

    private static byte[] deflate(byte[] bytes, int from, int length, int level) {
        Deflater deflater = new Deflater(level, true);
        try {
            deflater.setInput(bytes, from, length);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[BUFFER];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }
}
