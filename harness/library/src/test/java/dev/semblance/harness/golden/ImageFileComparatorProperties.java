package dev.semblance.harness.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.golden.png.PngEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Files are compared as what is in them is, however it is stored. */
class ImageFileComparatorProperties {

    private static Path folder = Path.of("");

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("pictures");
    }

    @AfterContainer
    static void removeFolder() throws IOException {
        for (String name : new String[] {"one.png", "other.png"}) {
            Files.deleteIfExists(folder.resolve(name));
        }
        Files.delete(folder);
    }

    /** A picture of few colours, or of more than a palette holds. */
    private static int[] pixels(Random random, int count, boolean colourful) {
        int[] pixels = new int[count];
        for (int i = 0; i < count; i++) {
            pixels[i] = 0xff00_0000 | (colourful ? random.nextInt(1 << 24) : random.nextInt(3) * 0x40_2010);
        }
        return pixels;
    }

    /** Writes RGB with ImageIO, or a palette where it can be one. */
    private static Path write(String name, Frame frame, boolean asPalette) throws IOException {
        Path file = folder.resolve(name);
        if (asPalette) {
            Files.write(file, PngEncoder.encode(frame));
        } else {
            ImageFiles.writePng(frame, file);
        }
        return file;
    }

    @Property(tries = 200)
    void whatDiffersIsWhatDiffersInTheirFrames(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 60) int width,
            @ForAll @IntRange(min = 1, max = 20) int height,
            @ForAll @IntRange(min = 0, max = 2) int changes,
            @ForAll boolean colourful,
            @ForAll boolean firstAsPalette,
            @ForAll boolean secondAsPalette,
            @ForAll boolean taller)
            throws IOException {
        Random random = new Random(seed);
        int[] pixels = pixels(random, width * (height + 1), colourful);
        int[] first = Arrays.copyOf(pixels, width * height);
        int[] second = Arrays.copyOf(pixels, width * (taller ? height + 1 : height));
        for (int i = 0; i < changes; i++) {
            second[random.nextInt(second.length)] ^= random.nextInt(256);
        }
        Frame expected = Frame.ofPixels(width, height, first);
        Frame actual = Frame.ofPixels(width, second.length / width, second);
        Optional<ImageFileComparator.Differing> result = ImageFileComparator.compare(
                write("one.png", expected, firstAsPalette), write("other.png", actual, secondAsPalette));
        FrameDiff diff = FrameComparator.compare(expected, actual);
        if (diff instanceof FrameDiff.Same) {
            assertThat(result).isEmpty();
        } else {
            assertThat(result).contains(new ImageFileComparator.Differing(expected, actual, diff));
        }
    }

    @Example
    void whatCannotBeReadIsNamedWhicheverItIs() throws IOException {
        Path one = write("one.png", Frame.solid(3, 2, 0xff11_2233), false);
        Path other = folder.resolve("other.png");
        Files.deleteIfExists(other);
        assertThatThrownBy(() -> ImageFileComparator.compare(one, other))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("other.png");
        assertThatThrownBy(() -> ImageFileComparator.compare(other, one)).isInstanceOf(NoSuchFileException.class);
        Files.write(other, new byte[] {1, 2, 3});
        assertThatThrownBy(() -> ImageFileComparator.compare(other, one))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("other.png");
    }
}
