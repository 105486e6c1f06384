package dev.semblance.gpu.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.SavedState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** docs/ARCHITECTURE.md, "State": what scanouts showed last. */
class FrameStoreTests {

    private final List<String> told = new ArrayList<>();

    private final FrameSink next = new FrameSink() {
        @Override
        public void flushed(int scanout, Frame frame) {
            told.add("flushed " + scanout);
        }

        @Override
        public void disabled(int scanout) {
            told.add("disabled " + scanout);
        }

        @Override
        public void cursorChanged(int scanout, CursorPlane cursor) {
            told.add("cursor " + scanout);
        }
    };

    private FrameStore shown() {
        FrameStore store = new FrameStore(3, next);
        store.flushed(0, Frame.ofPixels(3, 2, new int[] {1, 2, 3, 4, 5, -6}));
        store.flushed(2, Frame.solid(500, 400, 0xff00_ff00));
        store.cursorChanged(1, new CursorPlane(Optional.of(Frame.solid(64, 64, 0x8011_2233)), -5, 6, 1, 2));
        store.cursorChanged(2, new CursorPlane(Optional.empty(), 9, 9, 0, 0));
        return store;
    }

    private static List<Object> planes(FrameStore store) {
        List<Object> planes = new ArrayList<>();
        for (int scanout = 0; scanout < 3; scanout++) {
            planes.add(store.primary(scanout));
            planes.add(store.cursor(scanout));
        }
        return planes;
    }

    @Test
    void whatIsShownIsSavedAndLoadedAndNobodyIsToldOfIt() throws BadStateException {
        FrameStore store = shown();
        SavedState state = SavedState.of(store);
        List<Object> saved = planes(store);
        told.clear();
        for (FrameStore other : List.of(new FrameStore(3, next), shown())) {
            told.clear();
            other.flushed(1, Frame.solid(1, 1, 0));
            state.loadInto(other);
            assertThat(planes(other)).isEqualTo(saved);
            assertThat(SavedState.of(other)).as("law 1").isEqualTo(state);
            assertThat(told).containsExactly("flushed 1");
            other.disabled(0);
            assertThat(planes(other)).isNotEqualTo(saved);
        }
        assertThat(planes(store)).isEqualTo(saved);
    }

    @Test
    void aStoreOfOtherScanoutsRefusesIt() {
        assertThatThrownBy(() -> SavedState.of(shown()).loadInto(new FrameStore(2, next)))
                .isInstanceOf(BadStateException.class)
                .hasMessageContaining("another number of scanouts");
    }
}
