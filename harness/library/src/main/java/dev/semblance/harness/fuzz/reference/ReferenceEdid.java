package dev.semblance.harness.fuzz.reference;

import dev.semblance.gpu.display.Display;
import java.util.Arrays;
import java.util.HexFormat;

/** The EDID that a display should have: the bytes of a known good one, with what belongs to the mode put in. */
final class ReferenceEdid {

    /** 1024x768 at 60 Hz, as semu has it. */
    private static final String XGA = """
            00ffffffffffff0052ee00000000000000210104a51a147806ee91a3544c99260f505400080001010101010101010101010101\
            010101641900404100263018883600\
            04c31000001800000010000000000000000000000000000000000010000000000000000000000000000000000010000000000000\
            000000000000000000ba""";

    private static final int TIMING = 54;

    private ReferenceEdid() {}

    static byte[] of(Display display) {
        int width = display.width();
        int height = display.height();
        if (width > 4095 || height > 4095) {
            return large(width, height);
        }
        byte[] block = HexFormat.of().parseHex(XGA);
        if (width != 1024 || height != 768) {
            int widthMm = Math.max(1, (int) Math.floor(width * 0.254 + 1e-9));
            int heightMm = Math.max(1, (int) Math.floor(height * 0.254 + 1e-9));
            block[21] = (byte) Math.max(1, Math.round(widthMm / 10.0));
            block[22] = (byte) Math.max(1, Math.round(heightMm / 10.0));
            block[36] = 0;
            reducedBlanking(block, width, height, widthMm, heightMm);
        }
        seal(block, 0, 127);
        return block;
    }

    /** 1024x768 as it is but for its size in centimetres and millimetres and the native mode, and a DisplayID section. */
    private static byte[] large(int width, int height) {
        byte[] xga = HexFormat.of().parseHex(XGA);
        int widthMm = Math.min(4095, (int) Math.floor(width * 0.254 + 1e-9));
        int heightMm = Math.min(4095, (int) Math.floor(height * 0.254 + 1e-9));
        xga[21] = (byte) Math.max(1, Math.round(Math.max(1, widthMm) / 10.0));
        xga[22] = (byte) Math.max(1, Math.round(Math.max(1, heightMm) / 10.0));
        xga[24] = 4;
        set(xga, 12, Math.max(1, widthMm) % 256, Math.max(1, heightMm) % 256, widthMm / 256 * 16 + heightMm / 256);
        xga[126] = 1;
        seal(xga, 0, 127);
        byte[] blocks = Arrays.copyOf(xga, 256);
        int sync = sync(width, height);
        int blank = blankLines(height, sync);
        int clock = clock(width, height, blank, 1 << 24) - 1;
        set(blocks, 128 - TIMING, 0x70, 0x12, 121, 3, 0, 3, 0, 20, clock, clock >> 8, clock >> 16, 0x88);
        int[] sizes = {width - 1, 159, 47 + 0x8000, 31, height - 1, blank - 1, 2, sync - 1};
        for (int i = 0; i < sizes.length; i++) {
            set(blocks, 140 - TIMING + 2 * i, sizes[i] % 256, sizes[i] / 256);
        }
        seal(blocks, 129, 254);
        seal(blocks, 128, 255);
        return blocks;
    }

    private static void seal(byte[] block, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            sum += block[i] & 255;
        }
        block[to] = (byte) (256 - sum % 256);
    }

    /** VESA CVT 1.2 with reduced blanking at 60 Hz, as a detailed timing descriptor. */
    private static void reducedBlanking(byte[] block, int width, int height, int widthMm, int heightMm) {
        int sync = sync(width, height);
        int blank = blankLines(height, sync);
        int clock = clock(width, height, blank, 65_535);
        set(block, 0, clock % 256, clock / 256);
        set(block, 2, width % 256, 160, width / 256 * 16);
        set(block, 5, height % 256, blank % 256, height / 256 * 16 + blank / 256);
        set(block, 8, 48, 32, 3 * 16 + sync, 0);
        set(block, 12, widthMm % 256, heightMm % 256, widthMm / 256 * 16 + heightMm / 256);
        set(block, 15, 0, 0, 0x1a);
    }

    private static int blankLines(int height, int sync) {
        double lineMicroseconds = (1_000_000.0 / 60 - 460) / height;
        return Math.max((int) Math.floor(460 / lineMicroseconds) + 1, 3 + sync + 6);
    }

    private static int clock(int width, int height, int blank, int most) {
        double megahertz = 60.0 * (width + 160) * (height + blank) / 1_000_000;
        return (int) Math.clamp(Math.floor(megahertz / 0.25 + 1e-9) * 25, 25, most);
    }

    private static void set(byte[] block, int at, int... values) {
        for (int i = 0; i < values.length; i++) {
            block[TIMING + at + i] = (byte) values[i];
        }
    }

    /** CVT 1.2, table 3-2: 4:3, 16:9, 16:10, 5:4 and 15:9 have widths of their own. */
    private static int sync(int width, int height) {
        int[][] aspects = {{4, 3, 4}, {16, 9, 5}, {16, 10, 6}, {5, 4, 7}, {15, 9, 7}};
        for (int[] aspect : aspects) {
            if (width * aspect[1] == height * aspect[0]) {
                return aspect[2];
            }
        }
        return 10;
    }
}
