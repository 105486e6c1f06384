package dev.semblance.machine.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class BusTests {

    private final Bus bus = new Bus();

    /** Answers every load with all ones and writes down what it was asked. */
    private static final class Probe implements MmioDevice {
        final List<String> accesses = new ArrayList<>();

        @Override
        public int load(int offset, int width) {
            accesses.add(String.format(Locale.ROOT, "load %x/%d", offset, width));
            return -1;
        }

        @Override
        public void store(int offset, int width, int value) {
            accesses.add(String.format(Locale.ROOT, "store %x/%d=%x", offset, width, value));
        }
    }

    @Test
    void anAccessReachesTheDeviceOfItsWindowWithTheOffsetInIt() {
        Probe low = new Probe();
        Probe high = new Probe();
        bus.map(0xf500_0000L, 0x1000, high);
        bus.map(0xf400_0000L, 0x1000, low);

        assertThat(bus.load(0xf400_0ffcL, 4)).isEqualTo(0xffff_ffffL);
        assertThat(bus.answers(0xf500_0002L, 2)).isTrue();
        bus.store(0xf500_0002L, 2, 7);

        assertThat(low.accesses).containsExactly("load ffc/4");
        assertThat(high.accesses).containsExactly("store 2/2=7");
    }

    @Test
    void aLoadedValueIsZeroExtendedFromItsWidth() {
        bus.map(0, 16, new Probe());

        assertThat(bus.load(3, 1)).isEqualTo(0xff);
        assertThat(bus.load(2, 2)).isEqualTo(0xffff);
        assertThat(bus.load(4, 4)).isEqualTo(0xffff_ffffL);
    }

    @Test
    void misalignedAccessesNeverReachADevice() {
        Probe probe = new Probe();
        bus.map(0, 64, probe);

        assertThat(bus.answers(1, 2)).isFalse();
        assertThat(bus.answers(2, 4)).isFalse();
        assertThat(bus.answers(4, 8)).isFalse();
        assertThat(bus.answers(0, 3)).isFalse();
        assertThatThrownBy(() -> bus.load(1, 4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bus.store(2, 8, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(probe.accesses).isEmpty();
    }

    @Test
    void anAccessOfEightBytesIsTwoOfFourTheLowHalfFirst() {
        Probe probe = new Probe();
        bus.map(0, 12, probe);

        assertThat(bus.answers(0, 8)).isTrue();
        assertThat(bus.answers(8, 8)).as("its upper half is outside").isFalse();
        assertThat(bus.load(0, 8)).isEqualTo(-1);
        bus.store(0, 8, 0x1122_3344_5566_7788L);

        assertThat(probe.accesses).containsExactly("load 0/4", "load 4/4", "store 0/4=55667788", "store 4/4=11223344");
    }

    @Test
    void nothingAnswersOutsideTheWindows() {
        bus.map(0x1000, 0x100, new Probe());

        assertThat(bus.answers(0xfff, 1)).isFalse();
        assertThat(bus.answers(0x1100, 1)).isFalse();
        assertThat(bus.answers(-4, 4)).isFalse();
        assertThat(bus.answers(Long.MIN_VALUE, 4)).isFalse();
    }

    @Test
    void aWindowMayShowALaterPartOfADevice() {
        Probe probe = new Probe();
        bus.map(0xf000_0000L, 0x1000, probe, 0);
        bus.map(0xf020_0000L, 0x1000, probe, 0x20_0000);

        bus.load(0xf020_0004L, 4);

        assertThat(probe.accesses).containsExactly("load 200004/4");
    }

    @Test
    void windowsMayNotOverlapOrBeBadlyFormed() {
        bus.map(0x1000, 0x1000, new Probe());

        assertThatThrownBy(() -> bus.map(0x1ffc, 8, new Probe())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bus.map(0x4001, 8, new Probe())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bus.map(0x4000, 0, new Probe())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bus.map(-4096, 4096, new Probe())).isInstanceOf(IllegalArgumentException.class);
        bus.map(0x2000, 0x1000, new Probe());
    }
}
