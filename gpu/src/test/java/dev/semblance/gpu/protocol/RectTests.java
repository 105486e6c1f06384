package dev.semblance.gpu.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RectTests {

    private static final long MAX = 0xffff_ffffL;

    // VIRTIO 1.2, 5.7.6.8: the edges belong to it, one pixel more does not.
    @Test
    void aRectangleFitsUpToTheEdge() {
        assertThat(new Rect(0, 0, 7, 3).fitsIn(7, 3)).isTrue();
        assertThat(new Rect(6, 2, 1, 1).fitsIn(7, 3)).isTrue();
        assertThat(new Rect(7, 3, 0, 0).fitsIn(7, 3)).isTrue();
        assertThat(new Rect(1, 0, 7, 3).fitsIn(7, 3)).isFalse();
        assertThat(new Rect(0, 1, 7, 3).fitsIn(7, 3)).isFalse();
        assertThat(new Rect(2, 6, 1, 1).fitsIn(7, 3)).isFalse();
    }

    // VIRTIO 1.2, 5.7.6.8: sums that are small again modulo 2^32.
    @Test
    void sumsDoNotWrap() {
        assertThat(new Rect(MAX, 0, 1, 1).fitsIn(7, 3)).isFalse();
        assertThat(new Rect(0, MAX, 1, 1).fitsIn(7, 3)).isFalse();
        assertThat(new Rect(1, 0, MAX, 1).fitsIn(7, 3)).isFalse();
        assertThat(new Rect(0, 1, 1, MAX).fitsIn(7, 3)).isFalse();
        assertThat(new Rect(MAX, MAX, MAX, MAX).fitsIn(MAX, MAX)).isFalse();
    }

    @Test
    void fieldsAreUnsigned32BitNumbers() {
        assertThatThrownBy(() -> new Rect(-1, 0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Rect(0, 0, 1, MAX + 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
