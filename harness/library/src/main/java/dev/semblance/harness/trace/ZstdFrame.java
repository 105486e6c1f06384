package dev.semblance.harness.trace;

import dev.semblance.harness.util.Text;

/**
 * Looks at the outside of a Zstandard frame (RFC 8878, 3.1.1) before the library sees it: a window that it would have to
 * allocate, and whether the bytes are one frame and nothing else.
 */
final class ZstdFrame {

    /** The window that RFC 8878 (3.1.1.1.2) asks every decoder to support. */
    private static final long MAX_WINDOW_BYTES = 8L << 20;

    private static final int MAGIC = 0xfd2fb528;

    private ZstdFrame() {}

    /** Throws where the bytes are not one frame with a window of at most 8 MiB. Offsets count from the frame's start. */
    static void check(byte[] stored) throws TraceFormatException {
        ByteReader in = new ByteReader(stored, 0, stored.length);
        if (in.u32("the zstd frame") != MAGIC) {
            throw new TraceFormatException(0, "no zstd frame");
        }
        int descriptor = in.u8("the zstd frame");
        boolean single = (descriptor & 0x20) != 0;
        if ((descriptor & 0x0b) != 0) {
            throw new TraceFormatException(4, "a zstd frame with a dictionary or a reserved bit");
        }
        long window = single ? contentSize(in, descriptor) : window(in.u8("the zstd window"));
        if (!single) {
            contentSize(in, descriptor);
        }
        if (window < 0 || window > MAX_WINDOW_BYTES) {
            throw new TraceFormatException(4, Text.format("a zstd window of %s bytes", Long.toUnsignedString(window)));
        }
        skipBlocks(in);
        if ((descriptor & 0x04) != 0) {
            in.u32("the zstd checksum");
        }
        if (in.remaining() > 0) {
            throw new TraceFormatException(in.position(), "bytes after the zstd frame");
        }
    }

    private static long window(int exponentAndMantissa) {
        long base = 1L << 10 + (exponentAndMantissa >>> 3);
        return base + base / 8 * (exponentAndMantissa & 7);
    }

    private static long contentSize(ByteReader in, int descriptor) throws TraceFormatException {
        String what = "the zstd content size";
        return switch (descriptor >>> 6) {
            case 0 -> (descriptor & 0x20) != 0 ? in.u8(what) : 0;
            case 1 -> in.u16(what) + 256L;
            case 2 -> in.u32(what) & 0xffff_ffffL;
            default -> in.u64(what);
        };
    }

    private static void skipBlocks(ByteReader in) throws TraceFormatException {
        boolean last = false;
        while (!last) {
            int header = in.u16("a zstd block") | in.u8("a zstd block") << 16;
            last = (header & 1) != 0;
            boolean runLength = (header >>> 1 & 3) == 1;
            in.skip("a zstd block", runLength ? 1 : header >>> 3);
        }
    }
}
