package dev.semblance.harness.golden.png;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Turns rows of pixels into filtered scanlines of 8-bit RGB (7.2, chapter 9). For each row it takes the filter whose
 * result has the least sum of magnitudes (12.7), of the three that are cheap and that pictures of desktops gain from:
 * None, Sub and Up.
 */
final class RgbScanlines {

    private static final int BYTES = 3;
    private static final int NONE = 0;
    private static final int SUB = 1;
    private static final int UP = 2;

    private final OutputStream out;
    private byte[] above;
    private byte[] raw;
    private final byte[] filtered;

    RgbScanlines(int width, OutputStream out) {
        this.out = out;
        this.above = new byte[width * BYTES];
        this.raw = new byte[width * BYTES];
        this.filtered = new byte[1 + width * BYTES];
    }

    /** Writes the next row: as many pixels as this is wide, from {@code from} on. */
    void write(int[] argb, int from) throws IOException {
        byte[] line = raw;
        for (int i = 0, x = from; i < line.length; i += BYTES, x++) {
            int pixel = argb[x];
            line[i] = (byte) (pixel >> 16);
            line[i + 1] = (byte) (pixel >> 8);
            line[i + 2] = (byte) pixel;
        }
        filter(best());
        out.write(filtered);
        raw = above;
        above = line;
    }

    private int best() {
        if (Arrays.equals(raw, above)) {
            return UP;
        }
        byte[] line = raw;
        byte[] up = above;
        int none = 0;
        int left = 0;
        int top = 0;
        for (int i = 0; i < BYTES; i++) {
            none += Math.abs(line[i]);
            left += Math.abs(line[i]);
            top += Math.abs((byte) (line[i] - up[i]));
        }
        for (int i = BYTES; i < line.length; i++) {
            none += Math.abs(line[i]);
            left += Math.abs((byte) (line[i] - line[i - BYTES]));
            top += Math.abs((byte) (line[i] - up[i]));
        }
        if (none <= left && none <= top) {
            return NONE;
        }
        return top <= left ? UP : SUB;
    }

    private void filter(int type) {
        byte[] line = raw;
        byte[] to = filtered;
        to[0] = (byte) type;
        switch (type) {
            case UP -> {
                byte[] up = above;
                for (int i = 0; i < line.length; i++) {
                    to[i + 1] = (byte) (line[i] - up[i]);
                }
            }
            case SUB -> {
                System.arraycopy(line, 0, to, 1, BYTES);
                for (int i = BYTES; i < line.length; i++) {
                    to[i + 1] = (byte) (line[i] - line[i - BYTES]);
                }
            }
            default -> System.arraycopy(line, 0, to, 1, line.length);
        }
    }
}
