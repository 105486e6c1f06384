package dev.semblance.harness.golden.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.PixelRect;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** docs/POLICIES.md: both limits of a tolerance hold at once, and each is within up to the very number. */
class MaskedComparisonTests {

    private static final int WIDTH = 4;

    /** Two pixels differ: the first by 3 in green, the other by 7 in red. */
    private static MaskedComparison twoDiffer(List<PixelRect> masks) {
        int[] expected = new int[WIDTH * 2];
        int[] actual = new int[WIDTH * 2];
        actual[1] = 0x00_0300;
        actual[6] = 0x07_0000;
        return MaskedComparator.compare(
                Path.of("g.png"), Frame.ofPixels(WIDTH, 2, expected), Frame.ofPixels(WIDTH, 2, actual), masks);
    }

    private static Optional<Tolerance> tolerance(int delta, long pixels) {
        return Optional.of(new Tolerance(delta, pixels));
    }

    @Test
    void aLimitCoversUpToItsNumberAndBothHaveTo() {
        MaskedComparison found = twoDiffer(List.of());
        assertThat(found.isWithin(tolerance(7, 2))).isTrue();
        assertThat(found.isWithin(tolerance(6, 2))).isFalse();
        assertThat(found.isWithin(tolerance(7, 1))).isFalse();
        assertThat(found.isWithin(tolerance(255, 1_000_000))).isTrue();
        assertThat(found.isWithin(Optional.empty())).isFalse();
    }

    @Test
    void whatWasMeasuredIsToldLimitByLimit() {
        MaskedComparison found = twoDiffer(List.of());
        assertThat(found.measured(tolerance(6, 2)))
                .isEqualTo("2 pixels differ (within 2), by up to 7 a channel (EXCEEDS 6)");
        assertThat(found.measured(tolerance(7, 1)))
                .isEqualTo("2 pixels differ (EXCEEDS 1), by up to 7 a channel (within 7)");
        assertThat(found.measured(Optional.empty())).isEqualTo("2 pixels differ, by up to 7 a channel");
    }

    @Test
    void whatIsUnderAMaskIsNeitherCountedNorMeasured() {
        MaskedComparison found = twoDiffer(List.of(new PixelRect(2, 1, 1, 1)));
        assertThat(found.measured(Optional.empty())).isEqualTo("1 pixel differs, by up to 3 a channel");
        MaskedComparison beside =
                twoDiffer(List.of(new PixelRect(3, 1, 1, 1), new PixelRect(2, 0, 1, 1), new PixelRect(1, 1, 1, 1)));
        assertThat(beside.measured(Optional.empty())).isEqualTo("2 pixels differ, by up to 7 a channel");
        MaskedComparison none = twoDiffer(List.of(new PixelRect(0, 0, WIDTH, 2)));
        assertThat(none.same()).isTrue();
        assertThat(none.maxChannelDelta()).isZero();
        assertThat(none.measured(tolerance(1, 1))).isEqualTo("no pixel differs");
    }

    @Test
    void aMaskIsInAPictureUpToItsLastPixel() {
        assertThat(new PixelRect(1, 1, 3, 1).isWithin(4, 2)).isTrue();
        assertThat(new PixelRect(2, 1, 3, 1).isWithin(4, 2)).isFalse();
        assertThat(new PixelRect(1, 1, 3, 2).isWithin(4, 2)).isFalse();
        assertThat(new PixelRect(Integer.MAX_VALUE, 0, 16384, 1).isWithin(4, 2)).isFalse();
        assertThat(new PixelRect(0, Integer.MAX_VALUE, 1, 16384).isWithin(4, 2)).isFalse();
    }

    @Test
    void theSentencesNameNumbersInTheirPlaces() {
        assertThat(new Tolerance(3, 1).sentence()).isEqualTo("at most 1 pixel by at most 3 a channel");
        assertThat(new Tolerance(1, 20).sentence()).isEqualTo("at most 20 pixels by at most 1 a channel");
        assertThat(new PixelRect(1, 2, 3, 4).sentence()).isEqualTo("3x4 at (1, 2)");
        assertThat(MaskedComparator.compare(Path.of("g.png"), Frame.solid(2, 2, 0), Frame.solid(2, 3, 0), List.of())
                        .measured(tolerance(255, 100)))
                .isEqualTo("the sizes differ, which no tolerance covers");
    }
}
