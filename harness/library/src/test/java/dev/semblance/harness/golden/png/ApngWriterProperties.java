package dev.semblance.harness.golden.png;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is shown is what a strict decoder of its own shows. */
class ApngWriterProperties {

    /** A step: how long after the one before, and the picture from there on. */
    record Step(long millis, Frame picture) {}

    @Provide
    Arbitrary<List<Step>> films() {
        Arbitrary<Frame> pictures = Combinators.combine(
                        Arbitraries.integers().between(1, 9),
                        Arbitraries.integers().between(1, 9),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(0, 80))
                .as(ApngWriterProperties::picture);
        Arbitrary<Long> delays = Arbitraries.of(0L, 1L, 15L, 16L, 17L, 40L, 1000L, 65_535L, 65_536L, 70_007_000L);
        return Combinators.combine(delays, pictures)
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    private static Frame picture(int width, int height, int colour, int changed) {
        int[] pixels = new int[width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = 0xff00_0000 | colour * 0x40_2010 + (i == changed ? 0x0a_0b0c : 0);
        }
        return Frame.ofPixels(width, height, pixels);
    }

    @Property(tries = 300)
    void itShowsEachPictureThatStaysLongEnoughAndNothingElse(@ForAll("films") List<Step> film) throws IOException {
        int width = 7;
        int height = 6;
        Path file = Files.createTempFile("film", ".png");
        List<int[]> expected = new ArrayList<>();
        List<Long> from = new ArrayList<>();
        long now = 0;
        try (ApngWriter writer = new ApngWriter(file, width, height, 3)) {
            for (Step step : film) {
                now += expected.isEmpty() ? 0 : step.millis();
                writer.show(step.picture(), now);
                int[] canvas = canvas(step.picture(), width, height);
                if (!expected.isEmpty() && now - from.getLast() < ApngWriter.MIN_MILLIS) {
                    expected.set(expected.size() - 1, canvas);
                } else if (expected.isEmpty() || !Arrays.equals(expected.getLast(), canvas)) {
                    expected.add(canvas);
                    from.add(now);
                }
            }
            assertThat(writer.frames()).isEqualTo(expected.size());
            writer.finish(now + 500);
        }
        from.add(now + 500);
        Apng apng = new Apng(Files.readAllBytes(file));
        Files.delete(file);
        assertThat(apng.width).isEqualTo(width);
        assertThat(apng.height).isEqualTo(height);
        assertThat(apng.loops).isEqualTo(3);
        assertThat(apng.frames).extracting(Apng.Shown::rgb).containsExactlyElementsOf(expected);
        for (int i = 0; i < expected.size(); i++) {
            double seconds = (from.get(i + 1) - from.get(i)) / 1000.0;
            // 16 bits for the time: to the hundredth above a minute, 65 535 s at most.
            assertThat(apng.frames.get(i).seconds())
                    .isBetween(Math.min(65_535, seconds) - 0.01, Math.min(65_535, seconds) + 0.000_001);
        }
    }

    private static int[] canvas(Frame picture, int width, int height) {
        int[] rgb = new int[width * height];
        for (int y = 0; y < Math.min(height, picture.height()); y++) {
            for (int x = 0; x < Math.min(width, picture.width()); x++) {
                rgb[y * width + x] = picture.argb(x, y) & 0xff_ffff;
            }
        }
        return rgb;
    }
}
