package dev.semblance.machine.virtio.rng;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.bus.Wire;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.random.SplitMix64;
import dev.semblance.machine.state.StateBytes;
import dev.semblance.machine.virtio.MmioTransport;
import dev.semblance.machine.virtio.driver.GuestArena;
import dev.semblance.machine.virtio.driver.GuestChain;
import dev.semblance.machine.virtio.driver.GuestDriver;
import dev.semblance.machine.virtio.driver.GuestQueue;
import dev.semblance.machine.virtio.driver.UsedElement;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** VIRTIO 1.2, 5.4. */
class VirtioRngTests {

    private final Ram memory = new Ram(1 << 20);
    private final VirtioRng device = new VirtioRng(5);
    private final GuestDriver driver = new GuestDriver(
            new MmioTransport(device, memory, new Wire()), memory, new GuestArena(0x1000, memory.size()));

    private GuestQueue live() {
        driver.begin();
        GuestQueue queue = driver.enableQueue(0, 8).orElseThrow();
        driver.driverOk();
        return queue;
    }

    private byte[] ask(GuestQueue queue, int size, int... cuts) {
        GuestChain chain = queue.chain().writable(size, cuts).publish();
        driver.notifyQueue(0);
        UsedElement used = queue.takeUsed().getFirst();
        assertThat(used.head()).isEqualTo(chain.head());
        return chain.readWritable(memory, 0, (int) used.length());
    }

    @Test
    void theBytesAreTheSeedsStreamWhateverTheCutting() {
        SplitMix64 expected = SplitMix64.stream(5, "virtio-rng");
        GuestQueue queue = live();

        assertThat(ask(queue, 32)).isEqualTo(expected.nextBytes(32));
        assertThat(ask(queue, 13, 1, 5)).isEqualTo(expected.nextBytes(13));
    }

    @Test
    void oneRequestGetsAtMost64KiB() {
        assertThat(ask(live(), 100_000)).hasSize(64 * 1024);
    }

    @Test
    void aRequestWithoutRoomGetsNothing() {
        GuestQueue queue = live();
        queue.chain().readable(new byte[4]).publish();
        driver.notifyQueue(0);

        assertThat(queue.takeUsed()).containsExactly(new UsedElement(0, 0));
        assertThat(StateBytes.of(device)).isEqualTo(StateBytes.of(new VirtioRng(5)));
    }

    @Test
    void aResetDoesNotRepeatTheStream() {
        byte[] before = ask(live(), 16);
        byte[] after = ask(live(), 16);
        assertThat(Arrays.equals(before, after)).isFalse();
    }

    @Test
    void thereIsNoConfiguration() {
        assertThat(driver.readConfig(0, 4)).isZero();
        assertThat(device.deviceId()).isEqualTo(4);
    }
}
