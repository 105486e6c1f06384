package dev.semblance.harness.view;

import dev.semblance.gpu.frame.Frame;

/** Pictures made small, each pixel the mean of those that it stands for. */
final class Thumbnail {

    static final int WIDTH = 128;
    static final int HEIGHT = 96;
    private static final int CHANNELS = 3;
    private static final int OPAQUE = 0xff << 24;

    private Thumbnail() {}

    /** {@return a picture that fits into a thumbnail, of the same shape as nearly as may be} */
    static Frame of(Frame picture) {
        int width = picture.width();
        int height = picture.height();
        if (width <= WIDTH && height <= HEIGHT) {
            return picture;
        }
        double scale = Math.max((double) width / WIDTH, (double) height / HEIGHT);
        int toWidth = Math.clamp(Math.round(width / scale), 1, WIDTH);
        int toHeight = Math.clamp(Math.round(height / scale), 1, HEIGHT);
        int[] pixels = new int[toWidth * toHeight];
        int[] row = new int[width];
        for (int y = 0; y < toHeight; y++) {
            int top = (int) ((long) y * height / toHeight);
            int bottom = Math.max(top + 1, (int) ((long) (y + 1) * height / toHeight));
            long[] sums = new long[CHANNELS * toWidth];
            for (int from = top; from < bottom; from++) {
                picture.copyRow(from, row, 0);
                add(row, sums, toWidth);
            }
            for (int x = 0; x < toWidth; x++) {
                long count = (long) (end(x, width, toWidth) - start(x, width, toWidth)) * (bottom - top);
                int red = (int) (sums[CHANNELS * x] / count);
                int green = (int) (sums[CHANNELS * x + 1] / count);
                int blue = (int) (sums[CHANNELS * x + 2] / count);
                pixels[y * toWidth + x] = OPAQUE | red << 16 | green << 8 | blue;
            }
        }
        return Frame.ofPixels(toWidth, toHeight, pixels);
    }

    private static void add(int[] row, long[] sums, int toWidth) {
        for (int x = 0; x < toWidth; x++) {
            int end = end(x, row.length, toWidth);
            for (int from = start(x, row.length, toWidth); from < end; from++) {
                sums[CHANNELS * x] += row[from] >> 16 & 0xff;
                sums[CHANNELS * x + 1] += row[from] >> 8 & 0xff;
                sums[CHANNELS * x + 2] += row[from] & 0xff;
            }
        }
    }

    private static int start(int x, int width, int toWidth) {
        return (int) ((long) x * width / toWidth);
    }

    private static int end(int x, int width, int toWidth) {
        return Math.max(start(x, width, toWidth) + 1, (int) ((long) (x + 1) * width / toWidth));
    }
}
