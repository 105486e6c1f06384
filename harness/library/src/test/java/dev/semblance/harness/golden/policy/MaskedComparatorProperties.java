package dev.semblance.harness.golden.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.PixelRect;
import dev.semblance.harness.golden.FrameDiff;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** The comparison under a rule, against one that asks pixel by pixel. */
class MaskedComparatorProperties {

    private static final int WIDTH = 5;
    private static final int HEIGHT = 4;

    @Provide
    Arbitrary<int[]> pixels() {
        return Arbitraries.of(0xff00_0000, 0x0000_0000, 0xff00_0001, 0xff03_0000, 0xffff_ff00)
                .array(int[].class)
                .ofSize(WIDTH * HEIGHT);
    }

    @Provide
    Arbitrary<PixelRect> mask() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, WIDTH + 1),
                        Arbitraries.integers().between(0, HEIGHT + 1),
                        Arbitraries.integers().between(1, WIDTH),
                        Arbitraries.integers().between(1, HEIGHT))
                .as(PixelRect::new);
    }

    private static boolean isMasked(List<PixelRect> masks, int x, int y) {
        return masks.stream()
                .anyMatch(m -> x >= m.x() && x < m.x() + m.width() && y >= m.y() && y < m.y() + m.height());
    }

    @Property
    void exactlyWhatIsOutsideTheMasksIsCountedAndMeasured(
            @ForAll("pixels") int[] expected,
            @ForAll("pixels") int[] actual,
            @ForAll @Size(max = 3) List<@net.jqwik.api.From("mask") PixelRect> masks) {
        int count = 0;
        int most = 0;
        for (int i = 0; i < expected.length; i++) {
            if (!isMasked(masks, i % WIDTH, i / WIDTH)) {
                int delta = 0;
                for (int shift = 0; shift < 24; shift += 8) {
                    delta = Math.max(delta, Math.abs((expected[i] >> shift & 0xff) - (actual[i] >> shift & 0xff)));
                }
                count += delta > 0 ? 1 : 0;
                most = Math.max(most, delta);
            }
        }
        MaskedComparison comparison = MaskedComparator.compare(
                Path.of("g.png"),
                Frame.ofPixels(WIDTH, HEIGHT, expected),
                Frame.ofPixels(WIDTH, HEIGHT, actual),
                masks);
        assertThat(comparison.maxChannelDelta()).isEqualTo(most);
        assertThat(comparison.same()).isEqualTo(count == 0);
        if (comparison.diff() instanceof FrameDiff.PixelsDiffer pixels) {
            assertThat(pixels.count()).isEqualTo(count);
            assertThat(comparison.isWithin(Optional.empty())).isFalse();
            assertThat(comparison.isWithin(Optional.of(new Tolerance(most, count))))
                    .isTrue();
            assertThat(comparison.isWithin(Optional.of(new Tolerance(most - 1, count))))
                    .isFalse();
            assertThat(comparison.isWithin(Optional.of(new Tolerance(most, count - 1))))
                    .isFalse();
        } else {
            assertThat(comparison.isWithin(Optional.empty())).isTrue();
        }
    }

    @Property(tries = 5)
    void noToleranceAndNoMaskCoversAnotherSize(@ForAll("pixels") int[] pixels) {
        MaskedComparison comparison = MaskedComparator.compare(
                Path.of("g.png"),
                Frame.ofPixels(WIDTH, HEIGHT, pixels),
                Frame.ofPixels(HEIGHT, WIDTH, pixels),
                List.of(new PixelRect(0, 0, WIDTH, HEIGHT)));
        assertThat(comparison.isWithin(Optional.of(new Tolerance(255, 1_000_000))))
                .isFalse();
    }
}
