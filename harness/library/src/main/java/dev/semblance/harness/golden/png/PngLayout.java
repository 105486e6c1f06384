package dev.semblance.harness.golden.png;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Where things are in a PNG file of the plain kind that {@link PngImage} reads: chunks in order and whole (chapter 5). */
final class PngLayout {

    private static final int IHDR = 0x4948_4452;
    private static final int PLTE = 0x504c_5445;
    private static final int IDAT = 0x4944_4154;
    private static final int IEND = 0x4945_4e44;
    private static final int MAX_PALETTE_BYTES = 256 * 3;

    private final byte[] file;
    private int width;
    private int height;
    private int colourType;
    private int[] palette = new int[0];

    /** Where the compressed data is: offset and length by turns. */
    private int[] data = new int[16];

    private int dataCount;
    private long dataBytes;

    private PngLayout(byte[] file) {
        this.file = file;
    }

    /** {@return the layout of a file; empty if it is of another kind, too large, or not wholly sound} */
    static Optional<PngLayout> of(byte[] file, int maxEdge, long maxPixels) {
        PngLayout layout = new PngLayout(file);
        return layout.read(maxEdge, maxPixels) ? Optional.of(layout) : Optional.empty();
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** {@return how many samples, each a byte, a pixel has} */
    int samples() {
        return switch (colourType) {
            case PngChunks.RGB -> 3;
            case PngChunks.RGB_ALPHA -> 4;
            default -> 1;
        };
    }

    /** {@return the opaque colours that samples stand for: the palette's, or shades of grey} Empty where samples are colours. */
    int[] colours() {
        return switch (colourType) {
            case PngChunks.PALETTE -> palette;
            case PngChunks.GREY -> {
                int[] shades = new int[256];
                Arrays.setAll(shades, shade -> 0xff00_0000 | shade * 0x01_0101);
                yield shades;
            }
            default -> new int[0];
        };
    }

    /** {@return how many chunks of compressed data there are} */
    int dataChunks() {
        return dataCount;
    }

    int dataOffset(int chunk) {
        return data[chunk * 2];
    }

    int dataLength(int chunk) {
        return data[chunk * 2 + 1];
    }

    long dataBytes() {
        return dataBytes;
    }

    private boolean read(int maxEdge, long maxPixels) {
        int signature = PngChunks.SIGNATURE.length;
        if (file.length < signature || !Arrays.equals(file, 0, signature, PngChunks.SIGNATURE, 0, signature)) {
            return false;
        }
        ByteBuffer in = ByteBuffer.wrap(file).position(signature);
        boolean dataEnded = false;
        while (in.remaining() >= PngChunks.OVERHEAD) {
            int start = in.position();
            int length = in.getInt();
            int type = in.getInt();
            int body = in.position();
            if (length < 0
                    || length > in.remaining() - 4
                    || !PngFile.isSound(file, body, length)
                    || (start == signature) != (type == IHDR)) {
                return false;
            }
            boolean sound = switch (type) {
                case IHDR -> header(body, length, maxEdge, maxPixels);
                case PLTE -> palette(body, length);
                case IDAT -> !dataEnded && data(body, length);
                case IEND -> true;
                // An upper-case first letter: a chunk that nobody may ignore (5.4).
                default -> (type >>> 29 & 1) != 0;
            };
            if (!sound) {
                return false;
            }
            if (type == IEND) {
                return dataCount > 0 && (colourType != PngChunks.PALETTE || palette.length > 0);
            }
            dataEnded = dataCount > 0 && type != IDAT;
            in.position(body + length + 4);
        }
        return false;
    }

    private boolean header(int body, int length, int maxEdge, long maxPixels) {
        if (length != PngChunks.IHDR_SIZE) {
            return false;
        }
        ByteBuffer header = ByteBuffer.wrap(file, body, length);
        width = header.getInt();
        height = header.getInt();
        int depth = header.get();
        colourType = header.get();
        boolean known = switch (colourType) {
            case PngChunks.GREY, PngChunks.RGB, PngChunks.PALETTE, PngChunks.RGB_ALPHA -> true;
            default -> false;
        };
        // Compression and filter method: there is one of each.
        boolean usual = header.getShort() == 0;
        boolean interlaced = header.get() != 0;
        return known
                && usual
                && !interlaced
                && depth == 8
                && width > 0
                && height > 0
                && width <= maxEdge
                && height <= maxEdge
                && (long) width * height <= maxPixels;
    }

    private boolean palette(int body, int length) {
        if (palette.length > 0 || dataCount > 0 || length == 0 || length % 3 != 0 || length > MAX_PALETTE_BYTES) {
            return false;
        }
        palette = new int[length / 3];
        for (int i = 0; i < palette.length; i++) {
            int at = body + i * 3;
            palette[i] = 0xff00_0000 | (file[at] & 0xff) << 16 | (file[at + 1] & 0xff) << 8 | file[at + 2] & 0xff;
        }
        return true;
    }

    private boolean data(int body, int length) {
        if (dataCount * 2 == data.length) {
            data = Arrays.copyOf(data, data.length * 2);
        }
        data[dataCount * 2] = body;
        data[dataCount * 2 + 1] = length;
        dataCount++;
        dataBytes += length;
        return true;
    }
}
