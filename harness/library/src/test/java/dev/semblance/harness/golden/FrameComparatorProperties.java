package dev.semblance.harness.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.PixelRect;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** CONTRIBUTING.md, "Goldens": exact by default. */
class FrameComparatorProperties {

    record Pair(Frame expected, Frame actual) {}

    /** Pairs of one size whose pixels come from a few colours, so that equal and different ones both occur. */
    @Provide
    Arbitrary<Pair> pairs() {
        Arbitrary<Integer> edge = Arbitraries.integers().between(1, 9);
        return Combinators.combine(edge, edge).flatAs((width, height) -> {
            Arbitrary<Frame> frames = Arbitraries.of(0xff00_0000, 0xff00_0001, 0xff01_0000, 0x0000_0000, 0xffff_ffff)
                    .array(Integer[].class)
                    .ofSize(width * height)
                    .map(colours -> {
                        int[] pixels = new int[colours.length];
                        for (int i = 0; i < pixels.length; i++) {
                            pixels[i] = colours[i];
                        }
                        return Frame.ofPixels(width, height, pixels);
                    });
            return Combinators.combine(frames, frames).as(Pair::new);
        });
    }

    @Property(tries = 500)
    void theFindingIsWhatLookingAtEveryPixelGives(@ForAll("pairs") Pair pair) {
        Frame expected = pair.expected();
        Frame actual = pair.actual();
        long count = 0;
        int left = Integer.MAX_VALUE;
        int top = Integer.MAX_VALUE;
        int right = -1;
        int bottom = -1;
        int firstX = -1;
        for (int y = 0; y < expected.height(); y++) {
            for (int x = 0; x < expected.width(); x++) {
                if (rgb(expected, x, y) != rgb(actual, x, y)) {
                    firstX = count == 0 ? x : firstX;
                    count++;
                    left = Math.min(left, x);
                    right = Math.max(right, x);
                    top = Math.min(top, y);
                    bottom = Math.max(bottom, y);
                }
            }
        }
        FrameDiff diff = FrameComparator.compare(expected, actual);
        if (count == 0) {
            assertThat(diff).isEqualTo(new FrameDiff.Same());
        } else {
            assertThat(diff)
                    .isEqualTo(new FrameDiff.PixelsDiffer(
                            count,
                            (long) expected.width() * expected.height(),
                            new PixelRect(left, top, right - left + 1, bottom - top + 1),
                            firstX,
                            top,
                            rgb(expected, firstX, top),
                            rgb(actual, firstX, top)));
        }
    }

    @Property(tries = 200)
    void theDiffImageIsMagentaWhereTheyDifferAndGreyElsewhere(@ForAll("pairs") Pair pair) {
        Frame drawn = FrameComparator.diffImage(pair.expected(), pair.actual());
        for (int y = 0; y < drawn.height(); y++) {
            for (int x = 0; x < drawn.width(); x++) {
                int argb = drawn.argb(x, y);
                if (rgb(pair.expected(), x, y) == rgb(pair.actual(), x, y)) {
                    assertThat(argb & 0xff).isEqualTo(argb >> 8 & 0xff).isEqualTo(argb >> 16 & 0xff);
                    assertThat(argb & 0xff).isLessThanOrEqualTo(102);
                } else {
                    assertThat(argb).isEqualTo(0xffff_00ff);
                }
            }
        }
    }

    @Property(tries = 50)
    void aPictureIsTheSameAsItself(@ForAll("pairs") Pair pair) {
        assertThat(FrameComparator.compare(pair.expected(), pair.expected())).isEqualTo(new FrameDiff.Same());
    }

    private static int rgb(Frame frame, int x, int y) {
        return frame.argb(x, y) & 0xff_ffff;
    }
}
