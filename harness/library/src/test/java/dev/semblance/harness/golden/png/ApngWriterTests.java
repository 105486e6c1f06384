package dev.semblance.harness.golden.png;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.semblance.gpu.frame.Frame;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApngWriterTests {

    private static final Frame GREY = Frame.solid(300, 200, 0xff80_8080);

    @TempDir
    private Path folder = Path.of("");

    private static Frame withBox(int left, int top, int size) {
        int[] pixels = new int[300 * 200];
        Arrays.fill(pixels, 0xff80_8080);
        for (int y = top; y < top + size; y++) {
            Arrays.fill(pixels, y * 300 + left, y * 300 + left + size, 0xff12_3456);
        }
        return Frame.ofPixels(300, 200, pixels);
    }

    @Test
    void onlyWhatChangesIsCodedAgain() throws IOException {
        Path file = folder.resolve("new/film.png");
        try (ApngWriter writer = new ApngWriter(file, 300, 200, 0)) {
            writer.show(GREY, 0);
            writer.show(withBox(10, 20, 5), 100);
            writer.show(GREY, 200);
            writer.finish(300);
        }
        Apng apng = new Apng(Files.readAllBytes(file));
        assertThat(apng.frames).hasSize(3);
        assertThat(apng.pixelsCoded).isEqualTo(300 * 200 + 25 + 25);
    }

    @Test
    void aReaderThatKnowsNoAnimationsSeesTheFirstPicture() throws IOException {
        Path file = folder.resolve("film.png");
        try (ApngWriter writer = new ApngWriter(file, 300, 200, 0)) {
            writer.show(withBox(1, 2, 3), 0);
            writer.show(GREY, 100);
            writer.finish(200);
        }
        BufferedImage still = ImageIO.read(file.toFile());
        assertThat(still.getRGB(2, 3)).isEqualTo(0xff12_3456);
        assertThat(still.getRGB(200, 100)).isEqualTo(0xff80_8080);
    }

    @Test
    void anAnimationThatIsNotFinishedLeavesNothing() throws IOException {
        try (ApngWriter writer = new ApngWriter(folder.resolve("film.png"), 300, 200, 0)) {
            writer.show(GREY, 0);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void itNeedsAPictureASizeAndTimeThatGoesForward() throws IOException {
        Path file = folder.resolve("film.png");
        assertThatIllegalArgumentException().isThrownBy(() -> new ApngWriter(file, 0, 200, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new ApngWriter(file, 1, 16_385, 0));
        try (ApngWriter writer = new ApngWriter(file, 300, 200, 0)) {
            assertThatIllegalStateException().isThrownBy(() -> writer.finish(1));
            writer.show(GREY, 10);
            assertThatIllegalArgumentException().isThrownBy(() -> writer.show(GREY, 9));
        }
    }
}
