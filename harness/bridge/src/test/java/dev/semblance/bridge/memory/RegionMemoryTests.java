package dev.semblance.bridge.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.bridge.posix.Mapping;
import dev.semblance.bridge.posix.SharedMemory;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The rules of GuestMemory, where there are holes. */
@EnabledOnOs(OS.LINUX)
class RegionMemoryTests {

    private static final long PAGE = RegionMemory.PAGE_SIZE;
    private static final long HIGH = 4L << 30;

    private static RegionMemory.Region region(long base, long size) throws IOException {
        try (SharedMemory file = SharedMemory.create("test", size)) {
            return new RegionMemory.Region(base, Mapping.map(file, 0, size));
        }
    }

    @Test
    void aHoleIsNotInsideAndARangeMayGoFromOneRegionIntoTheNext() throws Exception {
        try (RegionMemory memory =
                new RegionMemory(List.of(region(HIGH, PAGE), region(PAGE, PAGE), region(2 * PAGE, PAGE)))) {
            assertThat(memory.base()).isEqualTo(PAGE);
            assertThat(memory.size()).isEqualTo(HIGH);
            assertThat(memory.contains(PAGE, 2 * PAGE)).isTrue();
            assertThat(memory.contains(PAGE - 1, 1)).isFalse();
            assertThat(memory.contains(3 * PAGE - 1, 1)).isTrue();
            assertThat(memory.contains(3 * PAGE - 1, 2)).isFalse();
            assertThat(memory.contains(3 * PAGE, 0)).isTrue();
            assertThat(memory.contains(3 * PAGE + 1, 0)).isFalse();
            assertThat(memory.contains(PAGE, HIGH)).isFalse();
            assertThat(memory.contains(HIGH, PAGE)).isTrue();
            assertThat(memory.contains(HIGH + PAGE, 0)).isTrue();
            assertThat(memory.contains(HIGH, PAGE + 1)).isFalse();
            assertThat(memory.contains(HIGH, Long.MAX_VALUE)).isFalse();
            assertThat(memory.contains(-1, 1)).isFalse();
            assertThat(memory.contains(HIGH, -1)).isFalse();

            byte[] bytes = {1, 2, 3, 4, 5, 6};
            memory.write(2 * PAGE - 3, bytes, 0, 6);
            byte[] read = new byte[8];
            memory.read(2 * PAGE - 3, read, 1, 6);
            assertThat(read).containsExactly(0, 1, 2, 3, 4, 5, 6, 0);
            assertThat(memory.getLong(2 * PAGE - 3)).isEqualTo(0x0605_0403_0201L);
            assertThatThrownBy(() -> memory.read(3 * PAGE - 1, read, 0, 2))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> memory.putShortRelease(3 * PAGE, (short) 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void whatAnotherMappingWritesIsThere() throws Exception {
        try (SharedMemory file = SharedMemory.create("test", 4 * PAGE);
                RegionMemory one =
                        new RegionMemory(List.of(new RegionMemory.Region(0, Mapping.map(file, PAGE, 2 * PAGE))));
                RegionMemory two =
                        new RegionMemory(List.of(new RegionMemory.Region(HIGH, Mapping.map(file, 2 * PAGE, PAGE))))) {
            two.putShortRelease(HIGH + 2, (short) 0x8765);
            assertThat(one.getShortAcquire(PAGE + 2)).isEqualTo((short) 0x8765);
            assertThat(one.getByte(PAGE + 2)).isEqualTo((byte) 0x65);
            one.fence();
        }
    }

    @Test
    void regionsThatOverlapOrAreNotOfWholePagesAreRefused() throws Exception {
        RegionMemory.Region first = region(0, 2 * PAGE);
        RegionMemory.Region second = region(PAGE, PAGE);
        RegionMemory.Region odd = region(512, PAGE);
        RegionMemory.Region wrapping = region(Long.MAX_VALUE - PAGE + 1, PAGE);
        for (List<RegionMemory.Region> bad :
                List.of(List.<RegionMemory.Region>of(), List.of(first, second), List.of(odd), List.of(wrapping))) {
            assertThatThrownBy(() -> new RegionMemory(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        List.of(first, second, odd, wrapping).forEach(region -> region.mapping().close());
    }
}
