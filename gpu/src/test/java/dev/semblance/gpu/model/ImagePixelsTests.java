package dev.semblance.gpu.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagePixelsTests {

    // Several rows to a block, with a shorter last block; a row to a block; one block; a single column.
    @ParameterizedTest
    @CsvSource({"1000, 40", "20000, 3", "7, 5", "1, 40000"})
    void pixelsAreReadAsIfTheyLayInOneArray(int width, int height) {
        ImagePixels pixels = new ImagePixels(width, height);
        int[] flat = new int[width * height];
        Random random = new Random(width);
        for (int i = 0; i < 300; i++) {
            int y = random.nextInt(height);
            int x = random.nextInt(width);
            int count = 1 + random.nextInt(Math.min(64, width - x));
            boolean zeros = random.nextInt(4) == 0;
            byte[] bytes = new byte[count * 4 + 3];
            boolean changes = false;
            for (int j = 0; j < count; j++) {
                byte value = (byte) (zeros ? 0 : random.nextInt(3));
                bytes[j * 4 + 1] = value;
                changes |= flat[y * width + x + j] != value << 8;
                flat[y * width + x + j] = value << 8;
            }
            assertThat(pixels.write(y, x * 4, bytes, count * 4)).isEqualTo(changes);
            int first = random.nextInt(flat.length);
            int[] some = new int[Math.min(flat.length - first, 1 + random.nextInt(2 * width))];
            pixels.read(first, some);
            assertThat(some).isEqualTo(Arrays.copyOfRange(flat, first, first + some.length));
        }
        int[] all = new int[flat.length];
        pixels.read(0, all);
        assertThat(all).isEqualTo(flat);
    }

    // 64 times 256 MiB would not fit into any test's heap.
    @Test
    void theLargestImagesCostNothingUntilTheyAreFilled() {
        ImagePixels[] images = new ImagePixels[64];
        byte[] zeros = new byte[32768];
        for (int i = 0; i < images.length; i++) {
            images[i] = new ImagePixels(8192, 8192);
            assertThat(images[i].write(8191, 0, zeros, zeros.length)).isFalse();
        }
        zeros[zeros.length - 1] = 1;
        assertThat(images[63].write(8191, 0, zeros, zeros.length)).isTrue();
        int[] pixel = new int[1];
        images[63].read(8192L * 8192 - 1, pixel);
        assertThat(pixel[0]).isEqualTo(1 << 24);
    }
}
