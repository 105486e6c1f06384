package dev.semblance.machine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RamTests {

    private static final long SIZE = 4 * Ram.PAGE_SIZE;

    private final Ram ram = new Ram(SIZE);

    @Test
    void valuesAreLittleEndian() {
        ram.putLong(0, 0x0807_0605_0403_0201L);

        assertThat(ram.getByte(0)).isEqualTo((byte) 1);
        assertThat(ram.getShort(0)).isEqualTo((short) 0x0201);
        assertThat(ram.getInt(0)).isEqualTo(0x0403_0201);
        assertThat(ram.getByte(7)).isEqualTo((byte) 8);
    }

    @Test
    void aRangeThatWrapsIsOutside() {
        assertThat(ram.contains(SIZE, 0)).isTrue();
        assertThat(ram.contains(SIZE - 1, 1)).isTrue();
        assertThat(ram.contains(SIZE, 1)).isFalse();
        assertThat(ram.contains(-1, 2)).isFalse();
        assertThat(ram.contains(8, -1)).isFalse();
        assertThat(ram.contains(Long.MAX_VALUE, Long.MAX_VALUE)).isFalse();
    }

    @Test
    void anAccessThatIsNotWhollyInsideThrowsAndChangesNothing() {
        assertThatThrownBy(() -> ram.putInt(SIZE - 2, -1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> ram.write(SIZE - 2, new byte[] {1, 2, 3}, 0, 3))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> ram.write(0, new byte[2], 1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> ram.read(-1, new byte[1], 0, 1)).isInstanceOf(IndexOutOfBoundsException.class);

        assertThat(ram.getShort(SIZE - 2)).isZero();
        assertThat(ram.isMaterialized(3)).isFalse();
    }

    @Test
    void pagesComeIntoBeingWhenWrittenAndNotWhenRead() {
        assertThat(ram.getLong(Ram.PAGE_SIZE)).isZero();
        assertThat(ram.isMaterialized(1)).isFalse();

        ram.putByte(Ram.PAGE_SIZE, (byte) 1);

        assertThat(ram.isMaterialized(1)).isTrue();
        assertThat(ram.isMaterialized(2)).isFalse();
        assertThat(ram.getByte(2 * Ram.PAGE_SIZE)).isZero();
    }

    @Test
    void theWatcherIsToldOfTheFirstWriteToAWatchedPageBeforeItHappens() {
        List<String> told = new ArrayList<>();
        ram.setPageWatcher(page -> told.add(page + ":" + ram.getByte(Ram.PAGE_SIZE)));
        ram.watch(1);

        ram.putByte(0, (byte) 5);
        ram.putByte(Ram.PAGE_SIZE, (byte) 6);
        ram.putByte(Ram.PAGE_SIZE, (byte) 7);

        assertThat(told).containsExactly("1:0");
        assertThat(ram.isWatched(1)).isFalse();
    }

    @Test
    void aWriteOverAPageBorderIsAnnouncedForBothPages() {
        List<Integer> told = new ArrayList<>();
        ram.setPageWatcher(told::add);
        ram.watch(0);
        ram.watch(1);
        ram.watch(2);

        ram.putLong(Ram.PAGE_SIZE - 4, -1);
        ram.write(2 * Ram.PAGE_SIZE - 1, new byte[2], 0, 2);

        assertThat(told).containsExactly(0, 1, 2);
    }

    @Test
    void readingIsNotAWrite() {
        ram.setPageWatcher(page -> {
            throw new AssertionError("page " + page);
        });
        ram.watch(0);

        ram.getLong(0);
        ram.read(0, new byte[16], 0, 16);

        assertThat(ram.isWatched(0)).isTrue();
    }

    @Test
    void aSizeThatIsNoWholeNumberOfPagesIsRefused() {
        assertThatThrownBy(() -> new Ram(4097)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Ram(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Ram(Ram.MAX_SIZE + Ram.PAGE_SIZE)).isInstanceOf(IllegalArgumentException.class);
    }
}
