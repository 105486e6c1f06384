package dev.semblance.cli.benchmark;

import dev.semblance.gpu.frame.Frame;
import java.util.Arrays;
import java.util.Random;

/** Pictures as desktops are: a background that shades off, windows with title bars, and lines of something like text. */
final class DesktopFrame {

    private static final int WINDOWS = 12;
    private static final int TITLE_HEIGHT = 24;
    private static final int LINE_HEIGHT = 16;
    private static final int GLYPH_WIDTH = 8;
    private static final int DARK = 0xff1e_1e1e;
    private static final int LIGHT = 0xfff4_f4f4;

    private DesktopFrame() {}

    /** Returns a picture's pixels; the seed decides where its windows are. */
    static int[] pixels(int width, int height, long seed) {
        int[] pixels = new int[width * height];
        for (int y = 0; y < height; y++) {
            int colour = 0xff00_0000 | 0x30 + y * 0x40 / height << 16 | 0x50 + y * 0x50 / height << 8 | 0x70;
            Arrays.fill(pixels, y * width, (y + 1) * width, colour);
        }
        Random random = new Random(seed);
        for (int i = 0; i < WINDOWS; i++) {
            int windowWidth = width / 4 + random.nextInt(width / 4);
            int windowHeight = height / 4 + random.nextInt(height / 4);
            int left = random.nextInt(width - windowWidth);
            int top = random.nextInt(height - windowHeight);
            for (int y = 0; y < windowHeight; y++) {
                for (int x = 0; x < windowWidth; x++) {
                    pixels[(top + y) * width + left + x] = inWindow(x, y, windowWidth, i % 3 == 0);
                }
            }
        }
        return pixels;
    }

    private static int inWindow(int x, int y, int width, boolean dark) {
        int paper = dark ? DARK : LIGHT;
        if (y < TITLE_HEIGHT) {
            return 0xff3b_4252;
        }
        int line = y / LINE_HEIGHT;
        int row = y % LINE_HEIGHT;
        boolean inText = row > 3 && row < 13 && x > GLYPH_WIDTH && x < width * (line * 37 % 80 + 15) / 100;
        int glyph = x / GLYPH_WIDTH * 131 + line * 977;
        boolean ink = inText && (glyph >> (row * 3 + x % GLYPH_WIDTH) % 6 & 1) != 0;
        return ink ? paper ^ 0x00d0_d0d0 : paper;
    }

    /** Changes a rectangle of 200x40 pixels, in place. */
    static void change(int[] pixels, int width, int left, int top) {
        for (int y = top; y < top + 40; y++) {
            for (int x = left; x < left + 200; x++) {
                pixels[y * width + x] ^= 0x40_4040;
            }
        }
    }

    static Frame frame(int width, int height, long seed) {
        return Frame.ofPixels(width, height, pixels(width, height, seed));
    }
}
