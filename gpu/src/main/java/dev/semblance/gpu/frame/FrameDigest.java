package dev.semblance.gpu.frame;

/**
 * The 64-bit digest of a picture, defined so that any language can compute it: XXH64 with seed 0 throughout.
 *
 * <ul>
 *   <li>row: XXH64 of its pixels, each as four bytes B, G, R, A (an ARGB integer in little-endian order);
 *   <li>frame: XXH64 of width and height as little-endian 32-bit numbers, then the row digests, top to bottom, as
 *       little-endian 64-bit numbers.
 * </ul>
 *
 * <p>It finds accidents, not adversaries.
 */
@SuppressWarnings("ConstantOverflow") // XXH64 is arithmetic modulo 2^64.
public final class FrameDigest {

    private static final long P1 = 0x9E3779B185EBCA87L;
    private static final long P2 = 0xC2B2AE3D27D4EB4FL;
    private static final long P3 = 0x165667B19E3779F9L;
    private static final long P4 = 0x85EBCA77C2B2AE63L;
    private static final long P5 = 0x27D4EB2F165667C5L;

    private FrameDigest() {}

    /** How many pixels go into a row's digest from one noted state of it to the next. */
    static final int STATE_PIXELS = 128;

    /** The numbers of a state: what XXH64 calls accumulators. */
    private static final int STATE_LONGS = 4;

    /** What a state takes. */
    static final int STATE_BYTES = STATE_LONGS * Long.BYTES;

    private static final long[] NO_STATES = {};

    /**
     * {@return the digest of one row of ARGB pixels}
     *
     * @param argb the pixels of a row
     */
    public static long ofRow(int[] argb) {
        return ofRow(argb, NO_STATES, 0);
    }

    /** {@return room for the states on the way through a row of so many pixels} */
    static long[] states(int pixels) {
        int count = pixels == 0 ? 0 : (pixels - 1) / STATE_PIXELS;
        return new long[count * STATE_LONGS];
    }

    /**
     * {@return the digest of one row, begun in the middle}
     *
     * @param states what {@link #states} made: those of this row, as far as known; the others are noted
     * @param known how many are: those of a row that begins with the same {@code known * STATE_PIXELS} pixels
     */
    static long ofRow(int[] argb, long[] states, int known) {
        int count = argb.length;
        int i = known * STATE_PIXELS;
        long hash;
        if (count >= 8) {
            long a = P1 + P2;
            long b = P2;
            long c = 0;
            long d = -P1;
            int next = known * STATE_LONGS;
            if (known > 0) {
                a = states[next - 4];
                b = states[next - 3];
                c = states[next - 2];
                d = states[next - 1];
            }
            while (i <= count - 8) {
                boolean noted = next < states.length;
                int end = noted ? i + STATE_PIXELS : count - 7;
                for (; i < end; i += 8) {
                    a = round(a, pair(argb[i], argb[i + 1]));
                    b = round(b, pair(argb[i + 2], argb[i + 3]));
                    c = round(c, pair(argb[i + 4], argb[i + 5]));
                    d = round(d, pair(argb[i + 6], argb[i + 7]));
                }
                if (noted) {
                    states[next++] = a;
                    states[next++] = b;
                    states[next++] = c;
                    states[next++] = d;
                }
            }
            hash = converge(a, b, c, d);
        } else {
            hash = P5;
        }
        hash += (long) count * 4;
        for (; i <= count - 2; i += 2) {
            hash = mixLong(hash, pair(argb[i], argb[i + 1]));
        }
        if (i < count) {
            hash ^= (argb[i] & 0xffff_ffffL) * P1;
            hash = Long.rotateLeft(hash, 23) * P2 + P3;
        }
        return avalanche(hash);
    }

    /** {@return the digest of a frame from the digests of its rows} */
    static long ofFrame(int width, Frame.Row[] rows) {
        int count = rows.length + 1;
        int i = 0;
        long hash;
        if (count >= 4) {
            long a = P1 + P2;
            long b = P2;
            long c = 0;
            long d = -P1;
            for (; i <= count - 4; i += 4) {
                a = round(a, lane(width, rows, i));
                b = round(b, lane(width, rows, i + 1));
                c = round(c, lane(width, rows, i + 2));
                d = round(d, lane(width, rows, i + 3));
            }
            hash = converge(a, b, c, d);
        } else {
            hash = P5;
        }
        hash += (long) count * 8;
        for (; i < count; i++) {
            hash = mixLong(hash, lane(width, rows, i));
        }
        return avalanche(hash);
    }

    private static long lane(int width, Frame.Row[] rows, int i) {
        return i == 0 ? pair(width, rows.length) : rows[i - 1].digest();
    }

    private static long pair(int low, int high) {
        return low & 0xffff_ffffL | (long) high << 32;
    }

    private static long round(long accumulator, long lane) {
        return Long.rotateLeft(accumulator + lane * P2, 31) * P1;
    }

    private static long converge(long a, long b, long c, long d) {
        long hash = Long.rotateLeft(a, 1) + Long.rotateLeft(b, 7) + Long.rotateLeft(c, 12) + Long.rotateLeft(d, 18);
        hash = merge(hash, a);
        hash = merge(hash, b);
        hash = merge(hash, c);
        return merge(hash, d);
    }

    private static long merge(long hash, long accumulator) {
        return (hash ^ round(0, accumulator)) * P1 + P4;
    }

    private static long mixLong(long hash, long lane) {
        return Long.rotateLeft(hash ^ round(0, lane), 27) * P1 + P4;
    }

    private static long avalanche(long hash) {
        hash ^= hash >>> 33;
        hash *= P2;
        hash ^= hash >>> 29;
        hash *= P3;
        return hash ^ hash >>> 32;
    }
}
