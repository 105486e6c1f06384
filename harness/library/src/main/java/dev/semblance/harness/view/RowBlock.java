package dev.semblance.harness.view;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows of one width that are deflated together. Before that they are written in the form, of three, that gets smallest: the colours as they are,
 * their differences to the row above, or numbers of at most 256 colours.
 */
final class RowBlock {

    /** How many rows one has; the last one of a width may have fewer. */
    static final int ROWS = 64;

    static final int PLAIN = 0;
    static final int ABOVE = 1;
    static final int PALETTE = 2;

    private static final int CHANNELS = 3;
    private static final int MOST_COLOURS = 256;

    private final int number;
    private final int width;
    private final List<byte[]> rows = new ArrayList<>();

    /**
     * Makes one without rows.
     *
     * @param number its place among all blocks
     * @param width of its rows, in pixels
     */
    RowBlock(int number, int width) {
        this.number = number;
        this.width = width;
    }

    int number() {
        return number;
    }

    boolean isFull() {
        return rows.size() == ROWS;
    }

    /** Adds a row: red, green and blue of each pixel. Returns its number among all rows. */
    int add(byte[] colours) {
        rows.add(colours);
        return number * ROWS + rows.size() - 1;
    }

    /** {@return red, green and blue of each pixel of a row} */
    static byte[] colours(int[] argb) {
        byte[] colours = new byte[CHANNELS * argb.length];
        for (int i = 0; i < argb.length; i++) {
            colours[CHANNELS * i] = (byte) (argb[i] >> 16);
            colours[CHANNELS * i + 1] = (byte) (argb[i] >> 8);
            colours[CHANNELS * i + 2] = (byte) argb[i];
        }
        return colours;
    }

    /**
     * {@return the block as a page has it, deflated}: its form, the width and the number of rows, as {@link NumberWriter} writes them; of a
     * palette, the number of colours less one and the colours; then the pixels
     */
    byte[] encoded() {
        byte[] smallest = form(PLAIN, plain());
        int size = RawDeflate.estimate(smallest);
        List<byte[]> others = new ArrayList<>();
        others.add(form(ABOVE, above()));
        byte[] numbered = palette();
        if (numbered.length > 0) {
            others.add(form(PALETTE, numbered));
        }
        for (byte[] other : others) {
            int itsSize = RawDeflate.estimate(other);
            if (itsSize < size) {
                size = itsSize;
                smallest = other;
            }
        }
        return RawDeflate.smallest(smallest);
    }

    private byte[] form(int form, byte[] body) {
        byte[] head = new NumberWriter()
                .unsigned(form)
                .unsigned(width)
                .unsigned(rows.size())
                .bytes();
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    private byte[] plain() {
        int length = CHANNELS * width;
        byte[] all = new byte[rows.size() * length];
        for (int row = 0; row < rows.size(); row++) {
            System.arraycopy(rows.get(row), 0, all, row * length, length);
        }
        return all;
    }

    private byte[] above() {
        byte[] all = plain();
        int length = CHANNELS * width;
        for (int i = all.length - 1; i >= length; i--) {
            all[i] -= all[i - length];
        }
        return all;
    }

    /** Returns nothing where there are too many colours. */
    private byte[] palette() {
        Map<Integer, Integer> numbers = new LinkedHashMap<>();
        byte[] pixels = new byte[rows.size() * width];
        int at = 0;
        for (byte[] row : rows) {
            for (int i = 0; i < row.length; i += CHANNELS) {
                int colour = (row[i] & 0xff) << 16 | (row[i + 1] & 0xff) << 8 | row[i + 2] & 0xff;
                int number = numbers.computeIfAbsent(colour, unknown -> numbers.size());
                if (number == MOST_COLOURS) {
                    return new byte[0];
                }
                pixels[at] = (byte) number;
                at++;
            }
        }
        byte[] all = new byte[1 + CHANNELS * numbers.size() + pixels.length];
        all[0] = (byte) (numbers.size() - 1);
        byte[] colours =
                colours(numbers.keySet().stream().mapToInt(Integer::intValue).toArray());
        System.arraycopy(colours, 0, all, 1, colours.length);
        System.arraycopy(pixels, 0, all, 1 + colours.length, pixels.length);
        return all;
    }
}
