package dev.semblance.gpu.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameDigestTests {

    /** The oracle itself against the vectors that the xxHash project publishes. */
    @Test
    void theTextbookHashHasThePublishedValues() {
        assertThat(textbook(new byte[0])).isEqualTo(0xEF46DB3751D8E999L);
        assertThat(textbook(bytes("a"))).isEqualTo(0xD24EC4F1A98C6E5BL);
        assertThat(textbook(bytes("abc"))).isEqualTo(0x44BC2CF5AD770999L);
        assertThat(textbook(bytes("Nobody inspects the spammish repetition"))).isEqualTo(0xFBCEA83C8A378BF1L);
    }

    @Test
    void aRowIsHashedAsItsBytes() {
        assertThat(FrameDigest.ofRow(new int[0])).isEqualTo(0xEF46DB3751D8E999L);
        Random random = new Random(7);
        for (int width = 1; width <= 70; width++) {
            int[] row = random.ints(width).toArray();
            ByteBuffer bytes = ByteBuffer.allocate(width * 4).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asIntBuffer().put(row);
            assertThat(FrameDigest.ofRow(row)).as("width %d", width).isEqualTo(textbook(bytes.array()));
        }
    }

    @Test
    void aRowMadeOfAnotherHasTheDigestOfItsPixels() {
        Random random = new Random(9);
        for (int width = 1; width <= 1100; width += 1 + random.nextInt(60)) {
            int[] pixels = random.ints(width).toArray();
            Frame.Row row = new Frame.Row(pixels.clone());
            for (int change = 0; change < 12; change++) {
                int from = random.nextInt(width);
                int[] changed = random.ints(1 + random.nextInt(width - from)).toArray();
                System.arraycopy(changed, 0, pixels, from, changed.length);
                Frame.Row before = row;
                long digest = before.digest();
                row = row.with(from, changed);
                assertThat(row.digest()).as("width %d, from %d", width, from).isEqualTo(FrameDigest.ofRow(pixels));
                assertThat(Frame.of(width, row)).isEqualTo(Frame.ofPixels(width, 1, pixels));
                assertThat(before.digest()).isEqualTo(digest);
            }
        }
    }

    @Test
    void aFrameIsHashedAsItsSizeAndRowDigests() {
        Random random = new Random(8);
        for (int height = 1; height <= 20; height++) {
            int width = 1 + height % 7;
            int[] pixels = random.ints((long) width * height).toArray();
            ByteBuffer bytes = ByteBuffer.allocate(8 + height * 8).order(ByteOrder.LITTLE_ENDIAN);
            bytes.putInt(width).putInt(height);
            for (int y = 0; y < height; y++) {
                ByteBuffer row = ByteBuffer.allocate(width * 4).order(ByteOrder.LITTLE_ENDIAN);
                row.asIntBuffer().put(pixels, y * width, width);
                bytes.putLong(textbook(row.array()));
            }
            assertThat(Frame.ofPixels(width, height, pixels).digest())
                    .as("%dx%d", width, height)
                    .isEqualTo(textbook(bytes.array()));
        }
    }

    @Test
    void sizesAreToldApart() {
        assertThat(Frame.solid(2, 3, 0).digest())
                .isNotEqualTo(Frame.solid(3, 2, 0).digest());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** XXH64 with seed 0 as its specification tells it, byte by byte. */
    private static long textbook(byte[] input) {
        long p1 = 0x9E3779B185EBCA87L;
        long p2 = 0xC2B2AE3D27D4EB4FL;
        long p3 = 0x165667B19E3779F9L;
        long p4 = 0x85EBCA77C2B2AE63L;
        long p5 = 0x27D4EB2F165667C5L;
        int at = 0;
        long hash = p5;
        if (input.length >= 32) {
            long[] lanes = {p1 + p2, p2, 0, -p1};
            for (; at + 32 <= input.length; at += 32) {
                for (int lane = 0; lane < 4; lane++) {
                    lanes[lane] = Long.rotateLeft(lanes[lane] + number(input, at + 8 * lane, 8) * p2, 31) * p1;
                }
            }
            hash = 0;
            int[] turns = {1, 7, 12, 18};
            for (int lane = 0; lane < 4; lane++) {
                hash += Long.rotateLeft(lanes[lane], turns[lane]);
            }
            for (long lane : lanes) {
                hash = (hash ^ Long.rotateLeft(lane * p2, 31) * p1) * p1 + p4;
            }
        }
        hash += input.length;
        for (; at + 8 <= input.length; at += 8) {
            hash = Long.rotateLeft(hash ^ Long.rotateLeft(number(input, at, 8) * p2, 31) * p1, 27) * p1 + p4;
        }
        for (; at + 4 <= input.length; at += 4) {
            hash = Long.rotateLeft(hash ^ number(input, at, 4) * p1, 23) * p2 + p3;
        }
        for (; at < input.length; at++) {
            hash = Long.rotateLeft(hash ^ number(input, at, 1) * p5, 11) * p1;
        }
        hash = (hash ^ hash >>> 33) * p2;
        hash = (hash ^ hash >>> 29) * p3;
        return hash ^ hash >>> 32;
    }

    private static long number(byte[] input, int at, int size) {
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | input[at + i] & 0xff;
        }
        return value;
    }
}
