package dev.semblance.harness.golden.png;

import dev.semblance.gpu.frame.Frame;
import java.util.Arrays;

/** The colours of a picture, as long as there are no more than 256, in the order in which they come. */
final class Palette {

    private static final int MAX_COLOURS = 256;
    private static final int RGB = 0xff_ffff;

    /** Four times as many as there can be colours, so that chains stay short. */
    private static final int SLOTS = 1024;

    private final int[] slots = new int[SLOTS];
    private final byte[] indices = new byte[SLOTS];
    private final byte[] colours = new byte[MAX_COLOURS * 3];
    private int count;

    private Palette() {
        Arrays.fill(slots, -1);
    }

    /** {@return the palette of a picture; if that has more colours it is {@link #isFull}, and of no use} */
    static Palette of(Frame picture) {
        Palette palette = new Palette();
        int[] row = new int[picture.width()];
        for (int y = 0; y < picture.height() && !palette.isFull(); y++) {
            picture.copyRow(y, row, 0);
            palette.add(row);
        }
        return palette;
    }

    private void add(int[] row) {
        int last = -1;
        for (int argb : row) {
            int rgb = argb & RGB;
            if (rgb != last) {
                last = rgb;
                int slot = slot(rgb);
                if (slots[slot] < 0) {
                    if (count == MAX_COLOURS) {
                        count++;
                        return;
                    }
                    slots[slot] = rgb;
                    indices[slot] = (byte) count;
                    colours[count * 3] = (byte) (rgb >> 16);
                    colours[count * 3 + 1] = (byte) (rgb >> 8);
                    colours[count * 3 + 2] = (byte) rgb;
                    count++;
                }
            }
        }
    }

    private int slot(int rgb) {
        int slot = rgb * 0x9e37_79b1 >>> 22;
        while (slots[slot] >= 0 && slots[slot] != rgb) {
            slot = slot + 1 & SLOTS - 1;
        }
        return slot;
    }

    boolean isFull() {
        return count > MAX_COLOURS;
    }

    byte[] bytes() {
        return Arrays.copyOf(colours, count * 3);
    }

    /** Writes the indices of a row's colours, all of which are in the palette. */
    void indices(int[] row, byte[] to, int offset) {
        int last = -1;
        byte index = 0;
        for (int x = 0; x < row.length; x++) {
            int rgb = row[x] & RGB;
            if (rgb != last) {
                last = rgb;
                index = indices[slot(rgb)];
            }
            to[offset + x] = index;
        }
    }
}
