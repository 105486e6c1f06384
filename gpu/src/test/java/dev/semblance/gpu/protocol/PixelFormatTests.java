package dev.semblance.gpu.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PixelFormatTests {

    // VIRTIO 1.2, 5.7.6.8, virtio_gpu_formats: the memory bytes 10 20 30 40, lowest address first, measured.
    @ParameterizedTest
    @CsvSource({
        "1, B8G8R8A8, 40302010",
        "2, B8G8R8X8, 40302010",
        "3, A8R8G8B8, 10203040",
        "4, X8R8G8B8, 10203040",
        "67, R8G8B8A8, 40102030",
        "68, X8B8G8R8, 10403020",
        "121, A8B8G8R8, 10403020",
        "134, R8G8B8X8, 40102030"
    })
    void theNameGivesTheOrderOfTheBytesInMemory(int number, PixelFormat format, String argb) {
        int[] pixels = {0x40302010};
        int[] opaque = pixels.clone();
        format.toArgb(pixels);
        format.toOpaque(opaque);

        assertThat(PixelFormat.of(number)).contains(format);
        assertThat(Integer.toHexString(pixels[0])).isEqualTo(argb);
        assertThat(Integer.toHexString(opaque[0])).isEqualTo("ff" + argb.substring(2));
    }

    @Test
    void allBitsOfEachByteGetThrough() {
        for (PixelFormat format : PixelFormat.values()) {
            int[] pixels = {0, -1, 0x80808080, 0x01010101};
            format.toArgb(pixels);
            assertThat(pixels).as("%s", format).containsExactly(0, -1, 0x80808080, 0x01010101);
        }
    }

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void thereAreNoOtherFormats() {
        long found = 0;
        for (long number = -300; number < 300; number++) {
            found += PixelFormat.of(number).isPresent() ? 1 : 0;
        }
        assertThat(found).isEqualTo(8);
        assertThat(PixelFormat.of(1L << 32 | 1)).isEmpty();
    }
}
