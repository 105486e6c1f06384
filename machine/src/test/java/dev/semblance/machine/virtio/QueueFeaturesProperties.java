package dev.semblance.machine.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.virtio.driver.ChainBuilder;
import dev.semblance.machine.virtio.driver.GuestChain;
import dev.semblance.machine.virtio.driver.GuestQueue;
import dev.semblance.machine.virtio.driver.UsedElement;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class QueueFeaturesProperties {

    private static final int SIZE = 16;
    private static final int CHAINS = 1_000_000;

    /** 2.7.5.3: the same buffers in a table mean the same. */
    @Property(tries = 300)
    void aTableOfDescriptorsMeansWhatTheQueuesOwnMean(
            @ForAll @Size(max = 100) byte[] request, @ForAll @IntRange(max = 100) int room, @ForAll Random random) {
        TransportFixture machine = new TransportFixture(1 << 20, VirtioFeatures.INDIRECT_DESC);
        GuestQueue queue = machine.live(SIZE);
        int[] readCuts = cuts(request.length, random);
        int[] writeCuts = cuts(room, random);
        int written = Math.min(request.length, room);
        for (boolean table : new boolean[] {false, true}) {
            ChainBuilder builder = queue.chain().readable(request, readCuts).writable(room, writeCuts);
            GuestChain chain = (table ? builder.indirect() : builder).publish();
            machine.driver.notifyQueue(0);

            assertThat(queue.takeUsed()).containsExactly(new UsedElement(chain.head(), written));
            assertThat(chain.readWritable(machine.memory, 0, written)).isEqualTo(Arrays.copyOf(request, written));
        }
    }

    private static int[] cuts(int total, Random random) {
        int[] places = random.ints(random.nextInt(4), 0, total + 1).sorted().toArray();
        int[] lengths = new int[places.length];
        for (int i = 0; i < places.length; i++) {
            lengths[i] = places[i] - (i == 0 ? 0 : places[i - 1]);
        }
        return lengths;
    }

    /** 2.7.7.2: an interrupt, if and only if the element at used_event was used since the driver was last told or asked. */
    @Property(tries = 200)
    void interruptsComeForTheElementThatWasAskedForAndNoOther(@ForAll Random random) {
        TransportFixture machine = new TransportFixture(1 << 20, VirtioFeatures.EVENT_IDX);
        GuestQueue queue = machine.live(SIZE);
        machine.device.holding = true;
        Virtqueue ring = machine.device.context().queue(0);
        int begun = 0;
        int used = 0;
        for (int round = 0; round < 100; round++) {
            int event = used + random.nextInt(-4, 8);
            queue.setUsedEvent(event);
            int batch = random.nextInt(1, 6);
            for (int i = 0; i < batch; i++) {
                queue.chain().readable(new byte[0]).offer();
            }
            machine.driver.kick(queue);
            for (int i = 0; i < batch; i++) {
                boolean last = i + 1 == batch || random.nextBoolean();
                Virtqueue.Notification told = ring.complete(
                        machine.device.held.removeFirst(), 0, last ? Virtqueue.Announce.NOW : Virtqueue.Announce.LATER);
                used++;
                if (!last) {
                    assertThat(told).isEqualTo(Virtqueue.Notification.HELD);
                    continue;
                }
                boolean among = begun <= event && event < used;
                assertThat(told).isEqualTo(among ? Virtqueue.Notification.SENT : Virtqueue.Notification.SUPPRESSED);
                begun = used;
            }
            queue.takeUsed();
        }
    }

    /**
     * A driver that sleeps until it is interrupted, and a device that looks only when it is notified, both told no more than
     * they ask for: nothing is lost, in a million chains whose descriptors are used again at once.
     */
    @Example
    void nothingIsLostBetweenADriverThatSleepsAndADeviceThatSleeps() {
        for (long features :
                new long[] {0, VirtioFeatures.INDIRECT_DESC, VirtioFeatures.EVENT_IDX, VirtioFeatures.OF_QUEUES}) {
            new Sleepers(features).run(CHAINS / 4);
        }
    }

    /** The two of them, and what passes between them. */
    private static final class Sleepers {

        private final TransportFixture machine;
        private final GuestQueue queue;
        private final boolean tables;
        private final boolean eventIndex;
        private final Random random;

        /** The number of the chain that has this head now. */
        private final long[] numbers = new long[SIZE];

        private long sent;
        private long answered;

        Sleepers(long features) {
            machine = new TransportFixture(1 << 20, features);
            queue = machine.live(SIZE);
            tables = (features & VirtioFeatures.INDIRECT_DESC) != 0;
            eventIndex = (features & VirtioFeatures.EVENT_IDX) != 0;
            random = new Random(features);
            machine.device.holding = true;
        }

        void run(int chains) {
            int notified = 0;
            int interrupts = 0;
            while (answered < chains) {
                int room = (int) Math.min(SIZE - (sent - answered), chains - sent);
                int batch = room > 0 ? random.nextInt(0, room + 1) : 0;
                for (int i = 0; i < batch; i++) {
                    offer();
                }
                if (batch > 0 && machine.driver.kickIfAsked(queue)) {
                    notified++;
                }
                assertThat(machine.device.held)
                        .as("the device knows of all that is out")
                        .hasSize((int) (sent - answered));
                int answers = batch == 0 ? machine.device.held.size() : random.nextInt(machine.device.held.size() + 1);
                answer(answers);
                if (machine.interrupt.isHigh()) {
                    interrupts++;
                    machine.driver.takeInterrupts();
                    take();
                }
                assertThat(sent - answered)
                        .as("the driver knows of all that was answered")
                        .isEqualTo(machine.device.held.size());
                machine.device.notices.clear();
            }
            assertThat(notified).isPositive();
            assertThat(interrupts).isPositive();
            assertThat(machine.needsReset()).isFalse();
        }

        private void take() {
            for (UsedElement element : queue.takeUsed()) {
                int slot = (int) element.head();
                assertThat(slot).as("they come back in their order").isEqualTo((int) (answered % SIZE));
                assertThat(numbers[slot]).isEqualTo(answered);
                assertThat(element.length()).isEqualTo(tables ? Long.BYTES : answered % 32);
                if (tables) {
                    assertThat(machine.memory.getLong(data(slot) + 0x80)).isEqualTo(answered);
                }
                answered++;
            }
            if (eventIndex) {
                queue.setUsedEvent(queue.usedIndex());
            }
        }

        private static long data(int slot) {
            return 0x8_0000 + slot * 0x100L;
        }

        /** Descriptors, tables and buffers are as many as the queue's size, so that each is used again at once. */
        private void offer() {
            int slot = queue.availableIndex() % SIZE;
            numbers[slot] = sent;
            if (tables) {
                machine.memory.putLong(data(slot), sent);
                queue.place(new GuestChain(List.of(
                        new Descriptor(slot, 0x9_0000 + slot * 0x20L, 2L * Descriptor.SIZE, Descriptor.INDIRECT),
                        new Descriptor(0, data(slot), Long.BYTES, Descriptor.NEXT),
                        new Descriptor(1, data(slot) + 0x80, 0x40, Descriptor.WRITE))));
            } else {
                // One buffer only: with two, the queue would be full with half as many chains.
                queue.place(new GuestChain(List.of(new Descriptor(slot, data(slot), 32, Descriptor.WRITE))));
            }
            queue.offer(slot);
            sent++;
        }

        /** The device answers some of what it has, in order, and a batch now and then. */
        private void answer(int count) {
            Virtqueue ring = machine.device.context().queue(0);
            for (int i = 0; i < count; i++) {
                DescriptorChain chain = machine.device.held.removeFirst();
                byte[] request = chain.reader().readUpTo(Long.BYTES);
                int echoed = chain.writer().write(request);
                long length = tables ? echoed : numbers[chain.head()] % 32;
                boolean last = i + 1 == count || random.nextBoolean();
                ring.complete(chain, length, last ? Virtqueue.Announce.NOW : Virtqueue.Announce.LATER);
            }
        }
    }

    /** The indices go round at 2^16 (2.7.6, 2.7.8), and what is asked for with them. */
    @Property(tries = 20)
    void theIndicesGoRound(@ForAll Random random) {
        TransportFixture machine = new TransportFixture(1 << 20, VirtioFeatures.EVENT_IDX);
        GuestQueue queue = machine.live(SIZE);
        machine.driver.disableQueue(0);
        int used = 0;
        GuestQueue again = machine.driver.enableQueue(0, queue.layout()).orElseThrow();
        for (int round = 0; round < 0x1_0000 + 100; round++) {
            boolean wanted = random.nextInt(100) == 0;
            again.setUsedEvent(wanted ? used : used + 1 + random.nextInt(1000));
            again.writeDescriptor(new Descriptor(0, 0x8_0000, 0, 0), 0);
            again.offer(0);
            assertThat(machine.driver.kickIfAsked(again)).isTrue();
            machine.device.notices.clear();
            assertThat(machine.driver.takeInterrupts() != 0).isEqualTo(wanted);
            used++;
            assertThat(again.takeUsed()).hasSize(1);
        }
        assertThat(Optional.of(again.usedIndex())).contains(used & 0xffff);
    }
}
