package dev.semblance.harness.golden.png;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Undoes the filters of scanlines in place (9.2). Inner loops keep the pixel to the left in locals. */
final class PngFilters {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** The low seven bits of each of eight bytes. */
    private static final long LOW_BITS = 0x7f7f_7f7f_7f7f_7f7fL;

    private PngFilters() {}

    /**
     * Undoes the filter of one line.
     *
     * @param line holds the line from {@code at} on: the filter's number, then the samples
     * @param above holds the line above it, already undone, from {@code aboveAt} on
     * @param stride bytes in a line, the filter's number among them
     * @param samples bytes in a pixel: 1, 3 or 4
     * @return whether there is such a filter
     */
    static boolean undo(byte[] line, int at, byte[] above, int aboveAt, int stride, int samples) {
        int from = at + 1;
        int up = aboveAt + 1;
        int count = stride - 1;
        switch (line[at]) {
            case 0 -> {}
            case 1 -> sub(line, from, count, samples);
            case 2 -> up(line, from, above, up, count);
            case 3 -> average(line, from, above, up, count, samples);
            case 4 -> paeth(line, from, above, up, count, samples);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Eight bytes at a time: the sums among them by doubling, then the pixel to the left added to all of them. */
    private static void sub(byte[] line, int from, int count, int samples) {
        int pixelBits = samples * Byte.SIZE;
        long left = 0;
        int i = from;
        for (; i <= from + count - Long.BYTES; i += Long.BYTES) {
            long sums = (long) LONG.get(line, i);
            for (int shift = pixelBits; shift < Long.SIZE; shift *= 2) {
                sums = sum(sums, sums << shift);
            }
            sums = sum(sums, left);
            LONG.set(line, i, sums);
            left = sums >>> Long.SIZE - pixelBits;
            for (int shift = pixelBits; shift < Long.SIZE; shift *= 2) {
                left |= left << shift;
            }
        }
        for (i = Math.max(i, from + samples); i < from + count; i++) {
            line[i] += line[i - samples];
        }
    }

    /** Eight bytes at a time. The compiler makes no vector code of a plain loop, since both lines may lie in one array. */
    private static void up(byte[] line, int from, byte[] above, int up, int count) {
        int i = 0;
        for (; i <= count - Long.BYTES; i += Long.BYTES) {
            LONG.set(line, from + i, sum((long) LONG.get(line, from + i), (long) LONG.get(above, up + i)));
        }
        for (; i < count; i++) {
            line[from + i] += above[up + i];
        }
    }

    /** {@return eight sums of bytes} Low bits are added where no carry leaves a byte, and high bits without one. */
    private static long sum(long one, long other) {
        return (one & LOW_BITS) + (other & LOW_BITS) ^ (one ^ other) & ~LOW_BITS;
    }

    private static void average(byte[] line, int from, byte[] above, int up, int count, int samples) {
        for (int i = 0; i < count; i++) {
            int left = i < samples ? 0 : line[from + i - samples] & 0xff;
            line[from + i] += (byte) (left + (above[up + i] & 0xff) >> 1);
        }
    }

    private static void paeth(byte[] line, int from, byte[] above, int up, int count, int samples) {
        for (int channel = 0; channel < samples; channel++) {
            int left = 0;
            int corner = 0;
            for (int i = channel; i < count; i += samples) {
                int top = above[up + i] & 0xff;
                int value = line[from + i] + predict(left, top, corner) & 0xff;
                line[from + i] = (byte) value;
                left = value;
                corner = top;
            }
        }
    }

    /** 9.4: of left, above and upper left the one nearest to left + above - upper left. */
    private static int predict(int left, int top, int corner) {
        int toLeft = Math.abs(top - corner);
        int toTop = Math.abs(left - corner);
        int toCorner = Math.abs(left + top - 2 * corner);
        if (toLeft <= toTop && toLeft <= toCorner) {
            return left;
        }
        return toTop <= toCorner ? top : corner;
    }
}
