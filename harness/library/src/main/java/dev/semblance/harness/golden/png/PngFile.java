package dev.semblance.harness.golden.png;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** PNG files as they are stored. */
public final class PngFile {

    private static final int IHDR = 0x4948_4452;
    private static final int PLTE = 0x504c_5445;
    private static final int IDAT = 0x4944_4154;
    private static final int IEND = 0x4945_4e44;
    private static final int COLOUR_TYPE = 9;

    private PngFile() {}

    /**
     * Returns a PNG file without the chunks that make a viewer show other colours than are stored (gamma, profiles,
     * transparency), and without text. Checksums and compressed data are not looked at.
     *
     * @return empty if it is no PNG file with whole chunks, or one with an alpha channel, which only decoding takes off
     */
    public static Optional<byte[]> withoutExtras(byte[] file) {
        int signature = PngChunks.SIGNATURE.length;
        if (file.length < signature || !Arrays.equals(file, 0, signature, PngChunks.SIGNATURE, 0, signature)) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(file).position(signature);
        ByteArrayOutputStream out = new ByteArrayOutputStream(file.length);
        out.write(file, 0, signature);
        while (in.remaining() >= PngChunks.OVERHEAD) {
            int start = in.position();
            long length = in.getInt() & 0xffff_ffffL;
            int type = in.getInt();
            if (length > in.remaining() - 4) {
                return Optional.empty();
            }
            if (start == signature
                    && (type != IHDR || length != PngChunks.IHDR_SIZE || hasAlpha(file, in.position()))) {
                return Optional.empty();
            }
            if (type == IHDR || type == PLTE || type == IDAT || type == IEND) {
                out.write(file, start, (int) length + PngChunks.OVERHEAD);
            }
            if (type == IEND) {
                return Optional.of(out.toByteArray());
            }
            in.position(in.position() + (int) length + 4);
        }
        return Optional.empty();
    }

    private static boolean hasAlpha(byte[] file, int header) {
        return (file[header + COLOUR_TYPE] & 4) != 0;
    }
}
