package dev.semblance.harness.view;

import java.io.ByteArrayOutputStream;
import java.util.zip.Deflater;

/** Deflates bytes as browsers inflate them: RFC 1951, without a header. */
final class RawDeflate {

    private static final int BUFFER = 1 << 16;

    private RawDeflate() {}

    /** {@return the bytes, as small as they get} */
    static byte[] smallest(byte[] bytes) {
        return deflate(bytes, Deflater.BEST_COMPRESSION);
    }

    /** {@return about how small the bytes get} */
    static int estimate(byte[] bytes) {
        return deflate(bytes, Deflater.BEST_SPEED).length;
    }

    private static byte[] deflate(byte[] bytes, int level) {
        Deflater deflater = new Deflater(level, true);
        try {
            deflater.setInput(bytes);
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
