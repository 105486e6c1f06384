package dev.semblance.bridge.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.driver.UsedElement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rings are followed as VIRTIO 1.2 (2.7) has them, and whatever is in them leads neither astray nor on for ever. */
class RingWatchTests {

    private static final int QUEUE = 0;
    private static final int TABLE = 0x2000;
    private static final QueueLayout LAYOUT = new QueueLayout(4, 0, 0x100, 0x200);

    private final Ram ram = new Ram(0, 1 << 16);
    private final List<SeenChain> offered = new ArrayList<>();
    private final List<String> used = new ArrayList<>();
    private final RingWatch watch = new RingWatch(ram, List.of(new RingObserver() {
        @Override
        public void offered(SeenChain chain) {
            offered.add(chain);
        }

        @Override
        public void used(SeenChain chain, UsedElement element, boolean asked) {
            used.add(chain.head() + " " + element.length() + " " + asked);
        }

        @Override
        public void reset() {
            used.add("reset");
        }
    }));

    private void descriptor(int table, int index, long address, int length, int flags, int next) {
        long at = table + 16L * index;
        ram.putLong(at, address);
        ram.putInt(at + 8, length);
        ram.putShort(at + 12, (short) flags);
        ram.putShort(at + 14, (short) next);
    }

    private void offer(int index, int... heads) {
        for (int i = 0; i < heads.length; i++) {
            ram.putShort(LAYOUT.availableRing() + 4 + 2L * ((index + i) % 4), (short) heads[i]);
        }
        ram.putShort(LAYOUT.availableRing() + 2, (short) (index + heads.length));
        watch.notifying(QUEUE);
    }

    private void use(int index, int head, int length) {
        long at = LAYOUT.usedRing() + 4 + 8L * (index % 4);
        ram.putInt(at, head);
        ram.putInt(at + 4, length);
        ram.putShort(LAYOUT.usedRing() + 2, (short) (index + 1));
    }

    @Test
    void chainsComeInTheirOrderAndBackInTheDevices() {
        watch.enabled(QUEUE, LAYOUT, false);
        descriptor(0, 0, 0x1000, 8, Descriptor.NEXT, 2);
        descriptor(0, 2, 0x1100, 4, Descriptor.WRITE, 0);
        descriptor(0, 1, 0x1200, 2, 0, 0);
        ram.write(0x1000, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, 0, 8);
        ram.write(0x1100, new byte[] {9, 8, 7, 6}, 0, 4);
        offer(0, 0, 1);
        assertThat(offered).extracting(SeenChain::head).containsExactly(0, 1);
        assertThat(offered.getFirst().request(ram, 100)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(offered.getFirst().request(ram, 3)).containsExactly(1, 2, 3);
        assertThat(offered.getFirst().response(ram, 2)).containsExactly(9, 8);
        assertThat(watch.isAllUsed(QUEUE)).isFalse();
        use(0, 1, 5);
        use(1, 0, 6);
        assertThat(watch.isAllUsed(QUEUE)).isTrue();
        watch.settle(QUEUE);
        watch.settle(QUEUE);
        assertThat(used).containsExactly("1 5 true", "0 6 true");
    }

    @Test
    void aTableOfItsOwnIsFollowedOnceAndNotNested() {
        watch.enabled(QUEUE, LAYOUT, false);
        descriptor(0, 3, TABLE, 32, Descriptor.INDIRECT, 0);
        descriptor(TABLE, 0, 0x1000, 8, Descriptor.NEXT, 1);
        descriptor(TABLE, 1, TABLE, 32, Descriptor.INDIRECT | Descriptor.NEXT, 0);
        offer(0, 3);
        assertThat(offered.getFirst().descriptors()).hasSize(3);
        assertThat(offered.getFirst().places()).containsExactly(48L, (long) TABLE, TABLE + 16L);
    }

    @Test
    void loopsAndIndexesBeyondTheTableEndIt() {
        watch.enabled(QUEUE, LAYOUT, false);
        descriptor(0, 0, 0x1000, 8, Descriptor.NEXT, 1);
        descriptor(0, 1, 0x1000, 8, Descriptor.NEXT, 0);
        descriptor(0, 2, 0x1000, 8, Descriptor.NEXT, 4);
        descriptor(0, 3, -16, -1, Descriptor.INDIRECT, 0);
        offer(0, 0, 2, 3, 0xffff);
        assertThat(offered).extracting(chain -> chain.descriptors().size()).containsExactly(4, 1, 1, 0);
        assertThat(offered)
                .allSatisfy(chain -> assertThat(chain.request(ram, 1 << 20)).hasSizeLessThan(100));
    }

    @Test
    void anIndexThatRunsAheadIsNoEndlessWork() {
        watch.enabled(QUEUE, LAYOUT, false);
        ram.putShort(LAYOUT.availableRing() + 2, (short) 5);
        watch.notifying(QUEUE);
        assertThat(offered).isEmpty();
        offer(0, 0);
        ram.putShort(LAYOUT.usedRing() + 2, (short) 0x8000);
        watch.settle(QUEUE);
        assertThat(used).hasSize(1);
        assertThat(watch.isAllUsed(QUEUE)).isFalse();
    }

    @Test
    void whoDisablesAQueueGoesOnWhereItWasAndWhoResetsBeginsAnew() {
        watch.enabled(QUEUE, LAYOUT, false);
        offer(0, 0);
        use(0, 0, 0);
        watch.settle(QUEUE);
        watch.enabled(QUEUE, LAYOUT, false);
        watch.notifying(QUEUE);
        assertThat(offered).hasSize(1);
        watch.queueReset(QUEUE);
        watch.enabled(QUEUE, LAYOUT, false);
        watch.notifying(QUEUE);
        assertThat(offered).hasSize(2);
        watch.reset();
        assertThat(used).containsExactly("0 0 true", "reset");
        watch.notifying(QUEUE);
        watch.settle(QUEUE);
        assertThat(offered).hasSize(2);
    }

    @Test
    void whatTheDriverAskedForAsToInterruptsIsTold() {
        watch.enabled(QUEUE, LAYOUT, false);
        ram.putShort(LAYOUT.availableRing(), (short) 1);
        offer(0, 0);
        use(0, 0, 0);
        watch.settle(QUEUE);
        watch.reset();
        used.clear();
        watch.enabled(QUEUE, LAYOUT, true);
        // used_event: the second.
        ram.putShort(LAYOUT.availableRing() + 12, (short) 1);
        offer(0, 0, 1);
        use(0, 0, 0);
        use(1, 1, 0);
        watch.settle(QUEUE);
        assertThat(used).containsExactly("0 0 false", "1 0 true");
    }

    @Test
    void ringsOutsideOfMemoryAreNone() {
        watch.enabled(QUEUE, new QueueLayout(4, 0, -1, 0x200), false);
        watch.enabled(1, new QueueLayout(0, 0, 0x100, 0x200), false);
        watch.enabled(2, new QueueLayout(4, 0, 0x100, 0x201), false);
        for (int queue = 0; queue < 4; queue++) {
            watch.notifying(queue);
            watch.settle(queue);
            assertThat(watch.isAllUsed(queue)).isTrue();
        }
        assertThat(offered).isEmpty();
    }
}
