package dev.semblance.machine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.semblance.machine.memory.MemoryMap.Region;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A guest's memory has holes: the PC's lie below 1 MiB and below 4 GiB. */
class MemoryMapTests {

    private static final MemoryMap PC = MemoryMap.of(List.of(
            new Region(0x1_0000_0000L, 0x8000_0000L), new Region(0, 0xa_0000), new Region(0x10_0000, 0x7ff0_0000)));

    @Test
    void regionsAreKeptByAddress() {
        assertThat(PC.regions().stream().map(Region::base)).containsExactly(0L, 0x10_0000L, 0x1_0000_0000L);
        assertThat(PC.base()).isZero();
        assertThat(PC.span()).isEqualTo(0x1_8000_0000L);
        assertThat(PC.bytes()).isEqualTo(0xa_0000 + 0x7ff0_0000L + 0x8000_0000L);
        assertThat(PC.largest()).isEqualTo(new Region(0x1_0000_0000L, 0x8000_0000L));
        assertThat(PC.single()).isEmpty();
    }

    @Test
    void regionsThatTouchAreOne() {
        MemoryMap map = MemoryMap.of(List.of(new Region(0x3000, 0x1000), new Region(0x1000, 0x2000)));
        assertThat(map).isEqualTo(MemoryMap.of(0x1000, 0x3000));
        assertThat(map.single()).contains(new Region(0x1000, 0x3000));
    }

    @Test
    void aRangeIsInsideIfOneRegionHasAllOfIt() {
        assertThat(PC.contains(0x9_f000, 0x1000)).isTrue();
        assertThat(PC.contains(0x9_f000, 0x1001)).isFalse();
        assertThat(PC.contains(0xa_0000, 0)).isTrue();
        assertThat(PC.contains(0xa_0000, 1)).isFalse();
        assertThat(PC.contains(0xf_ffff, 1)).isFalse();
        assertThat(PC.contains(0x10_0000, 0x7ff0_0000)).isTrue();
        assertThat(PC.contains(0x7fff_ffffL, 2)).isFalse();
        assertThat(PC.contains(0x1_7fff_ffffL, 1)).isTrue();
        assertThat(PC.contains(0x1_8000_0000L, 1)).isFalse();
    }

    /** Both are guest-given: unsigned numbers of 64 bits whose sum may wrap. */
    @Test
    void noRangeThatWrapsIsInside() {
        for (long huge : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, -0x1000}) {
            assertThat(PC.contains(huge, 1)).isFalse();
            assertThat(PC.contains(0, huge)).isFalse();
            assertThat(PC.contains(0x10_0000, huge)).isFalse();
            assertThat(PC.contains(huge, huge)).isFalse();
        }
    }

    @Test
    void regionsThatOverlapOrAreNoWholePagesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemoryMap.of(List.of(new Region(0, 0x2000), new Region(0x1000, 0x2000))))
                .withMessage("two regions of memory have the address 0x1000");
        assertThatIllegalArgumentException().isThrownBy(() -> MemoryMap.of(List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MemoryMap(List.of(new Region(0, 0x1000), new Region(0x1000, 0x1000))));
        for (long[] wrong : new long[][] {
            {0, 0},
            {0, 1},
            {1, 0x1000},
            {-0x1000, 0x1000},
            {0, -0x1000},
            {0x1000, Long.MAX_VALUE & -0x1000},
            {MemoryMap.MAX_END, 0x1000},
            {MemoryMap.MAX_END - 0x1000, 0x2000}
        }) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Region(wrong[0], wrong[1]));
        }
    }
}
