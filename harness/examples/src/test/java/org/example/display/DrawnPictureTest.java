package org.example.display;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.junit.Golden;
import dev.semblance.junit.GoldenImage;
import org.junit.jupiter.api.Test;

/** Compares a picture that the test made, wherever it is from, with a golden image. */
class DrawnPictureTest {

    private static final int WIDTH = 64;
    private static final int HEIGHT = 48;

    @Test
    void aGradientRunsFromBlackToWhite(@Golden("drawn/gradient") GoldenImage golden) {
        Frame.Row[] rows = new Frame.Row[HEIGHT];
        for (int y = 0; y < HEIGHT; y++) {
            int[] row = new int[WIDTH];
            for (int x = 0; x < WIDTH; x++) {
                int grey = x * 255 / (WIDTH - 1);
                row[x] = 0xff00_0000 | grey << 16 | grey << 8 | grey;
            }
            rows[y] = new Frame.Row(row);
        }
        golden.assertMatches(Frame.of(WIDTH, rows));
    }
}
