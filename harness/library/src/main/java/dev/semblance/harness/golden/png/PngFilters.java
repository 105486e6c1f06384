package dev.semblance.harness.golden.png;

/** Undoes the filters of scanlines in place (9.2). Inner loops keep the pixel to the left in locals. */
final class PngFilters {

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

    private static void sub(byte[] line, int from, int count, int samples) {
        if (samples == 3) {
            byte red = 0;
            byte green = 0;
            byte blue = 0;
            for (int i = from; i < from + count; i += 3) {
                line[i] = red += line[i];
                line[i + 1] = green += line[i + 1];
                line[i + 2] = blue += line[i + 2];
            }
            return;
        }
        for (int i = from + samples; i < from + count; i++) {
            line[i] += line[i - samples];
        }
    }

    private static void up(byte[] line, int from, byte[] above, int up, int count) {
        for (int i = 0; i < count; i++) {
            line[from + i] += above[up + i];
        }
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
