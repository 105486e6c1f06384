package dev.semblance.bridge.qtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A screendump is a binary PPM as Netpbm describes it, with as many pixels as it says, or no picture. */
class PortablePixmapTests {

    private static byte[] file(String header, int... samples) {
        byte[] start = header.getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = Arrays.copyOf(start, start.length + samples.length);
        for (int i = 0; i < samples.length; i++) {
            bytes[start.length + i] = (byte) samples[i];
        }
        return bytes;
    }

    @Test
    void pixelsAreRedGreenBlueAndOpaque() {
        assertThat(PortablePixmap.decode(file("P6\n2 1\n255\n", 1, 2, 3, 255, 254, 253)))
                .contains(Frame.ofPixels(2, 1, new int[] {0xff01_0203, 0xffff_fefd}));
    }

    @Test
    void anythingElseIsNoPicture() {
        for (String header : new String[] {
            "",
            "P6",
            "P6\n",
            "P5\n1 1\n255\n",
            "P6\n1 1\n65535\n",
            "P6\n0 1\n255\n",
            "P6\n1 0\n255\n",
            "P6\n-1 1\n255\n",
            "P6\n1 1 255\n",
            "P6\n# comment\n1 1\n255\n",
            "P6\n2 1\n255\n",
            "P6\n65537 1\n255\n",
            "P6\n99999999999999999999 1\n255\n",
            "P6\n65536 65536\n255\n",
            "P6\n1 1\n255"
        }) {
            assertThat(PortablePixmap.decode(file(header, 1, 2, 3))).as(header).isEmpty();
        }
        assertThat(PortablePixmap.decode(file("P6\n1 1\n255\n", 1, 2, 3, 4))).isEmpty();
        assertThat(PortablePixmap.decode(file("P6\n1 1\n255\n", 1, 2))).isEmpty();
    }
}
