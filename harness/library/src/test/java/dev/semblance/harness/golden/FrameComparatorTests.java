package dev.semblance.harness.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** CONTRIBUTING.md, "Goldens". */
@Isolated("It sets the locale of this JVM.")
class FrameComparatorTests {

    @Test
    void theSentenceSaysHowManyWhereAndWhich() {
        int[] pixels = new int[20];
        pixels[7] = 0xff12_34ab;
        pixels[18] = 0xff00_0001;
        FrameDiff diff = FrameComparator.compare(Frame.ofPixels(5, 4, new int[20]), Frame.ofPixels(5, 4, pixels));
        assertThat(diff.sentence())
                .isEqualTo("2 of 20 pixels differ, within 2x3 at (2, 1);"
                        + " the first at (2, 1): expected #000000, got #1234AB.");
    }

    @Test
    void theSentenceDoesNotDependOnTheLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(FrameComparator.compare(Frame.solid(1, 1, 0), Frame.solid(1, 1, 1))
                            .sentence())
                    .isEqualTo("1 of 1 pixels differs, within 1x1 at (0, 0); the first at (0, 0):"
                            + " expected #000000, got #000001.");
            assertThat(new FrameDiff.SizeDiffers(1024, 768, 640, 480).sentence())
                    .isEqualTo("The sizes differ: expected 1024x768, got 640x480.");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void picturesOfOtherSizesDifferAndAreDrawnTogether() {
        Frame expected = Frame.solid(3, 2, 0xffff_ffff);
        Frame actual = Frame.solid(2, 3, 0xffff_ffff);
        assertThat(FrameComparator.compare(expected, actual)).isEqualTo(new FrameDiff.SizeDiffers(3, 2, 2, 3));
        int m = 0xffff_00ff;
        int g = 0xff66_6666;
        assertThat(FrameComparator.diffImage(expected, actual))
                .isEqualTo(Frame.ofPixels(3, 3, new int[] {g, g, m, g, g, m, m, m, m}));
    }

    @Test
    void alphaIsNotCompared() {
        assertThat(FrameComparator.compare(Frame.solid(2, 2, 0x0012_3456), Frame.solid(2, 2, 0xff12_3456)))
                .isEqualTo(new FrameDiff.Same());
    }
}
