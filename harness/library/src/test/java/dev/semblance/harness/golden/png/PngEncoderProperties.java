package dev.semblance.harness.golden.png;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** ImageIO reads what the encoder writes. */
class PngEncoderProperties {

    /** Makes a picture with at most so many colours: few for a palette, many for none. */
    static Frame picture(int width, int height, int colours, long seed) {
        Random random = new Random(seed);
        int[] palette = random.ints(colours).map(rgb -> 0xff00_0000 | rgb).toArray();
        int[] pixels = new int[width * height];
        int colour = palette[0];
        for (int i = 0; i < pixels.length; i++) {
            if (random.nextInt(3) == 0) {
                colour = palette[random.nextInt(colours)];
            }
            pixels[i] = colour;
        }
        return Frame.ofPixels(width, height, pixels);
    }

    @Property(tries = 200)
    void everyPixelComesBack(
            @ForAll @IntRange(min = 1, max = 70) int width,
            @ForAll @IntRange(min = 1, max = 70) int height,
            @ForAll @IntRange(min = 1, max = 2000) int colours,
            @ForAll long seed)
            throws IOException {
        Frame picture = picture(width, height, colours, seed);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(PngEncoder.encode(picture)));
        assertThat(image.getWidth()).isEqualTo(width);
        assertThat(image.getHeight()).isEqualTo(height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                assertThat(image.getRGB(x, y)).isEqualTo(picture.argb(x, y));
            }
        }
    }

    @Property(tries = 200)
    void theDifferenceIsThereAndNowhereElse(
            @ForAll @IntRange(min = 1, max = 40) int width,
            @ForAll @IntRange(min = 1, max = 40) int otherWidth,
            @ForAll @IntRange(min = 1, max = 40) int height,
            @ForAll @IntRange(min = 1, max = 40) int otherHeight,
            @ForAll @IntRange(min = 1, max = 3) int colours)
            throws IOException {
        Frame expected = picture(width, height, colours, 7);
        Frame actual = picture(otherWidth, otherHeight, colours, 7);
        BufferedImage image =
                ImageIO.read(new ByteArrayInputStream(PngEncoder.difference(expected, actual, 0xff_00ff)));
        assertThat(image.getWidth()).isEqualTo(Math.max(width, otherWidth));
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                boolean same = x < width
                        && x < otherWidth
                        && y < height
                        && y < otherHeight
                        && expected.argb(x, y) == actual.argb(x, y);
                assertThat(image.getRGB(x, y)).isEqualTo(same ? 0 : 0xffff_00ff);
            }
        }
    }
}
