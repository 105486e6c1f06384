package dev.semblance.machine.virtio.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.machine.bus.Wire;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.MmioTransport;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.VirtioFeatures;
import dev.semblance.machine.virtio.rng.VirtioRng;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The driver drives the entropy device, which answers any chain with as many bytes as fit. */
class GuestDriverTests {

    private final Ram memory = new Ram(1 << 20);
    private final GuestDriver driver = new GuestDriver(
            new MmioTransport(new VirtioRng(1), memory, new Wire()), memory, new GuestArena(0x1000, 0x8000));

    @Test
    void aRecordedBatchIsLaidOutAtExactlyItsIndicesAndAddressesAndNotifiedOnce() {
        driver.reset();
        assertThat(driver.negotiate(VirtioFeatures.VERSION_1)).isTrue();
        GuestQueue queue = driver.enableQueue(0, new QueueLayout(16, 0x4_0000, 0x4_1000, 0x4_2000))
                .orElseThrow();
        driver.driverOk();
        GuestChain first = new GuestChain(List.of(
                new Descriptor(9, 0x5_0000, 4, Descriptor.NEXT),
                new Descriptor(3, 0x5_1ffe, 6, Descriptor.NEXT | Descriptor.WRITE),
                new Descriptor(12, 0x5_0100, 2, Descriptor.WRITE)));
        GuestChain second = new GuestChain(List.of(new Descriptor(0, 0x5_3000, 5, Descriptor.WRITE)));
        for (GuestChain chain : List.of(first, second)) {
            queue.place(chain);
            queue.offer(chain.head());
        }
        first.writeReadable(memory, 1, new byte[] {7, 8});
        driver.kick(queue);

        assertThat(queue.takeUsed()).containsExactly(new UsedElement(9, 8), new UsedElement(0, 5));
        assertThat(memory.getInt(0x5_0000)).isEqualTo(0x080700);
        assertThat(memory.getInt(0x4_0000 + 9 * 16)).isEqualTo(0x5_0000);
        assertThat(memory.getLong(0x4_0000 + 9 * 16 + 8)).isEqualTo(3L << 48 | 1L << 32 | 4);
        byte[] answer = first.readWritable(memory, 0, 8);
        assertThat(answer[7]).isEqualTo(memory.getByte(0x5_0101));
        assertThat(first.readWritable(memory, 5, 2)).containsExactly(answer[5], answer[6]);
    }

    @Test
    void descriptorsOfBuiltChainsAreUsedAgain() {
        driver.begin();
        GuestQueue queue = driver.enableQueue(0, 4).orElseThrow();
        driver.driverOk();
        for (int i = 0; i < 10; i++) {
            queue.chain().writable(4, 1, 1).offer();
            driver.kick(queue);
            assertThat(queue.takeUsed()).hasSize(1);
        }
        queue.chain().writable(4, 1, 1).offer();
        assertThatThrownBy(() -> queue.chain().writable(2, 1).offer()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aQueueThatTheDeviceRefusesIsEmpty() {
        driver.begin();
        assertThat(driver.enableQueue(5, 4)).isEmpty();
        assertThat(driver.enableQueue(0, new QueueLayout(4, -16, 0x2000, 0x3000)))
                .isEmpty();
    }

    @Test
    void anArenaGivesAlignedAddressesUntilItIsFull() {
        GuestArena arena = new GuestArena(0x1001, 0x1040);
        assertThat(arena.allocate(1, 1)).isEqualTo(0x1001);
        assertThat(arena.allocate(4, 16)).isEqualTo(0x1010);
        assertThatThrownBy(() -> arena.allocate(0x2d, 1)).isInstanceOf(IllegalStateException.class);
        assertThat(arena.allocate(0x2c, 1)).isEqualTo(0x1014);
        arena.clear();
        assertThat(arena.allocate(1, 1)).isEqualTo(0x1001);
    }

    @Test
    void aChainThatIsTooShortIsNotWrittenBeyond() {
        GuestChain chain = new GuestChain(List.of(new Descriptor(0, 0x100, 4, 0)));
        assertThatThrownBy(() -> chain.writeReadable(memory, 2, new byte[3]))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> chain.readWritable(memory, 0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(chain.readableSize()).isEqualTo(4);
        assertThat(chain.writableSize()).isZero();
        assertThatThrownBy(() -> new GuestChain(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
