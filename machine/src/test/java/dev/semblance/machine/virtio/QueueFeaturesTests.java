package dev.semblance.machine.virtio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.machine.virtio.driver.GuestChain;
import dev.semblance.machine.virtio.driver.GuestQueue;
import dev.semblance.machine.virtio.driver.UsedElement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a transport does on queues with VIRTIO_F_INDIRECT_DESC, VIRTIO_F_EVENT_IDX and VIRTIO_F_RING_RESET (VIRTIO 1.2). */
class QueueFeaturesTests {

    private static final int SIZE = 8;
    private static final int NEXT = Descriptor.NEXT;
    private static final int WRITE = Descriptor.WRITE;
    private static final int INDIRECT = Descriptor.INDIRECT;
    private static final long DATA = 0x8_0000;
    private static final long TABLE = 0x9_0000;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aDeviceItselfOffersNoneOfThem() {
        TransportFixture machine = new TransportFixture();
        for (long feature :
                new long[] {VirtioFeatures.INDIRECT_DESC, VirtioFeatures.EVENT_IDX, VirtioFeatures.RING_RESET}) {
            machine.device.offered = VirtioFeatures.VERSION_1 | feature;
            assertThatThrownBy(() -> new MmioTransport(machine.device, machine.memory, machine.interrupt))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        machine.device.offered = VirtioFeatures.VERSION_1;
        assertThatThrownBy(() ->
                        new MmioTransport(machine.device, machine.memory, machine.interrupt, VirtioFeatures.VERSION_1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theyAreOfferedBesideTheDevicesFeaturesAndNegotiatedLikeThose() {
        TransportFixture machine = new TransportFixture(1 << 20, VirtioFeatures.OF_QUEUES);
        assertThat(machine.driver.offeredFeatures()).isEqualTo(machine.device.offered | VirtioFeatures.OF_QUEUES);

        machine.driver.reset();
        assertThat(machine.driver.negotiate(VirtioFeatures.VERSION_1 | VirtioFeatures.EVENT_IDX))
                .isTrue();
        machine.driver.driverOk();

        assertThat(machine.device.context().features()).isEqualTo(VirtioFeatures.VERSION_1 | VirtioFeatures.EVENT_IDX);
    }

    /** 2.7.5.3. */
    @Nested
    class IndirectDescriptors {

        private final TransportFixture machine = new TransportFixture(1 << 20, VirtioFeatures.INDIRECT_DESC);
        private final GuestQueue queue = machine.live(SIZE);

        private void table(int index, long address, long length, int flags, int next) {
            long at = TABLE + (long) Descriptor.SIZE * index;
            machine.memory.putLong(at, address);
            machine.memory.putLong(at + 8, length | (long) flags << 32 | (long) next << 48);
        }

        private void direct(int index, long address, long length, int flags, int next) {
            queue.writeDescriptor(new Descriptor(index, address, length, flags), next);
        }

        private void submit(int head) {
            queue.offer(head);
            machine.driver.kick(queue);
        }

        private RingFault fault(RingFault.Reason reason) {
            assertThat(machine.device.faults).extracting(RingFault::reason).containsExactly(reason);
            assertThat(machine.needsReset()).isTrue();
            assertThat(queue.takeUsed()).isEmpty();
            return machine.device.faults.getFirst();
        }

        @Test
        void aTableIsAChainOfWhichTheQueueHasOneDescriptor() {
            machine.device.holding = true;
            GuestChain chain = queue.chain()
                    .readable(ascii("abcdefgh"), 1, 4)
                    .writable(6, 2, 3)
                    .indirect()
                    .publish();
            machine.driver.notifyQueue(0);

            DescriptorChain seen = machine.device.held.getFirst();
            assertThat(seen.descriptors()).isEqualTo(chain.descriptors()).hasSize(7);
            assertThat(seen.descriptors().getFirst().isIndirect()).isTrue();
            assertThat(seen.head()).isEqualTo(chain.head());
            assertThat(chain.own()).containsExactly(chain.head());

            EchoDevice.answer(machine.device.context().queue(0), seen);
            assertThat(chain.readWritable(machine.memory, 0, 6)).isEqualTo(ascii("abcdef"));
            assertThat(queue.takeUsed()).containsExactly(new UsedElement(chain.head(), 6));
        }

        @Test
        void aTableMayComeAfterDescriptorsOfTheQueue() {
            machine.memory.write(DATA, ascii("abc"), 0, 3);
            machine.memory.write(DATA + 16, ascii("de"), 0, 2);
            direct(3, DATA, 3, NEXT, 5);
            direct(5, TABLE, 32, INDIRECT | WRITE, 0);
            table(0, DATA + 16, 2, NEXT, 1);
            table(1, DATA + 32, 8, WRITE, 0);

            submit(3);

            byte[] answer = new byte[5];
            machine.memory.read(DATA + 32, answer, 0, 5);
            assertThat(answer).isEqualTo(ascii("abcde"));
            assertThat(queue.takeUsed()).containsExactly(new UsedElement(3, 5));
        }

        @Test
        void aTableMayBeLongerThanTheQueueAndAsLongAsTheLargestQueue() {
            for (int length : new int[] {SIZE + 1, 1024, 1025}) {
                TransportFixture other = new TransportFixture(1 << 20, VirtioFeatures.INDIRECT_DESC);
                GuestQueue longer = other.live(SIZE);
                int[] cuts = new int[length - 2];
                Arrays.fill(cuts, 1);
                longer.chain()
                        .readable(new byte[length - 1], cuts)
                        .writable(4)
                        .indirect()
                        .publish();
                other.driver.notifyQueue(0);
                assertThat(other.device.faults)
                        .extracting(RingFault::reason)
                        .isEqualTo(length <= 1024 ? List.of() : List.of(RingFault.Reason.CHAIN_TOO_LONG));
            }
        }

        @Test
        void aTableMayLeadInACircleNoMoreThanAQueueMay() {
            direct(0, TABLE, 32, INDIRECT, 0);
            table(0, DATA, 1, NEXT, 1);
            table(1, DATA, 1, NEXT, 0);
            submit(0);
            fault(RingFault.Reason.CHAIN_TOO_LONG);
        }

        @Test
        void anIndexBeyondTheTableBreaksTheRingAndWhatWasReadIsTold() {
            direct(2, TABLE, 32, INDIRECT, 0);
            table(0, DATA, 1, NEXT, 2);
            submit(2);
            assertThat(fault(RingFault.Reason.INDEX_OUT_OF_RANGE).reads())
                    .extracting(RingFault.Read::address)
                    .containsExactly(
                            queue.layout().availableRing() + 2,
                            queue.layout().availableRing() + 4,
                            queue.layout().descriptorTable() + 2 * Descriptor.SIZE,
                            TABLE);
        }

        @Test
        void aBufferOfATableIsCheckedAsAnyOther() {
            direct(0, TABLE, 16, INDIRECT, 0);
            table(0, machine.memory.size() - 1, 2, 0, 0);
            submit(0);
            assertThat(fault(RingFault.Reason.BUFFER_OUTSIDE_MEMORY).reads())
                    .extracting(RingFault.Read::address)
                    .contains(TABLE);
        }

        /** 2.7.5.3.1: not empty, whole descriptors, in memory, and nothing behind it. */
        @ParameterizedTest
        @CsvSource({
            "0x90000, 0, 4",
            "0x90000, 15, 4",
            "0x90000, 17, 4",
            "0x90000, 32, 5",
            "0x100000, 16, 4",
            "0xffff8, 16, 4",
            "-16, 32, 4"
        })
        void aPointerToNoTableBreaksTheRing(String address, long length, int flags) {
            table(0, DATA, 1, 0, 0);
            direct(0, Long.decode(address), length, flags, 1);
            direct(1, DATA, 1, 0, 0);
            submit(0);
            fault(RingFault.Reason.INDIRECT_MALFORMED);
        }

        /** 2.7.5.3.1: not within a table. */
        @Test
        void aTableInATableBreaksTheRing() {
            direct(0, TABLE, 16, INDIRECT, 0);
            table(0, TABLE + 64, 16, INDIRECT, 0);
            submit(0);
            fault(RingFault.Reason.INDIRECT_MALFORMED);
        }

        @Test
        void withoutTheFeatureThereIsNoTable() {
            TransportFixture other = new TransportFixture(1 << 20, VirtioFeatures.INDIRECT_DESC);
            other.driver.reset();
            other.driver.negotiate(VirtioFeatures.VERSION_1);
            GuestQueue plain = other.driver.enableQueue(0, SIZE).orElseThrow();
            other.driver.driverOk();
            plain.chain().readable(new byte[1]).indirect().publish();
            other.driver.notifyQueue(0);
            assertThat(other.device.faults)
                    .extracting(RingFault::reason)
                    .containsExactly(RingFault.Reason.INDIRECT_NOT_NEGOTIATED);
        }
    }

    /** 2.7.7 and 2.7.10. */
    @Nested
    class EventIndices {

        private final TransportFixture machine = new TransportFixture(1 << 20, VirtioFeatures.EVENT_IDX);
        private final GuestQueue queue = machine.live(SIZE);

        private boolean interruptAfter(int chains) {
            for (int i = 0; i < chains; i++) {
                queue.chain().readable(new byte[0]).publish();
                machine.driver.notifyQueue(0);
            }
            queue.takeUsed();
            return machine.driver.takeInterrupts() != 0;
        }

        @Test
        void theInterruptComesWithTheElementThatWasAskedFor() {
            queue.setUsedEvent(2);
            assertThat(interruptAfter(2)).isFalse();
            assertThat(interruptAfter(1)).isTrue();
            assertThat(interruptAfter(4)).isFalse();
            queue.setUsedEvent(7);
            assertThat(interruptAfter(1)).isTrue();
        }

        /** 2.7.7.2: the flags of the ring mean nothing then. */
        @Test
        void theFlagDoesNotSuppressTheInterrupt() {
            queue.setAvailableFlags(1);
            assertThat(interruptAfter(1)).isTrue();
        }

        @Test
        void theLastOfABatchAnnouncesAllOfIt() {
            machine.device.holding = true;
            queue.setUsedEvent(0);
            for (int i = 0; i < 3; i++) {
                queue.chain().readable(new byte[0]).offer();
            }
            machine.driver.kick(queue);
            Virtqueue ring = machine.device.context().queue(0);
            List<Virtqueue.Notification> told = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Virtqueue.Announce announce = i < 2 ? Virtqueue.Announce.LATER : Virtqueue.Announce.NOW;
                told.add(ring.complete(machine.device.held.get(i), 0, announce));
            }
            assertThat(told)
                    .containsExactly(
                            Virtqueue.Notification.HELD, Virtqueue.Notification.HELD, Virtqueue.Notification.SENT);
        }

        @Test
        void theDriverIsAskedToTellOfTheNextChainOnly() {
            queue.chain().readable(new byte[0]).offer();
            assertThat(machine.driver.kickIfAsked(queue)).isTrue();
            machine.device.holding = true;
            queue.chain().readable(new byte[0]).offer();
            queue.chain().readable(new byte[0]).offer();
            assertThat(machine.driver.kickIfAsked(queue)).isTrue();
            assertThat(machine.device.held).hasSize(2);
            assertThat(machine.memory.getShort(queue.layout().usedRing() + 4 + 8 * SIZE))
                    .isEqualTo((short) 3);
        }

        /** 2.7.10: a device may leave chains until there are more of them; it has to hear of those. */
        @Test
        void aDeviceThatLeavesChainsIsToldOfTheNext() {
            machine.device.deaf = true;
            for (int chains = 1; chains <= SIZE; chains++) {
                queue.chain().readable(new byte[0]).offer();
                assertThat(machine.driver.kickIfAsked(queue)).isTrue();
                assertThat(machine.device.context().queue(0).available()).isEqualTo(chains);
            }
            machine.device.context().queue(0).poll();
            machine.device.context().queue(0).poll();
            assertThat(machine.memory.getShort(queue.layout().usedRing() + 4 + 8 * SIZE))
                    .isEqualTo((short) SIZE);
        }

        /** 2.7.6, 2.7.8: both rings end with an index more. */
        @Test
        void theIndicesHaveToBeInMemoryToo() {
            long end = machine.memory.size();
            for (boolean used : new boolean[] {false, true}) {
                for (int room : new int[] {0, 4}) {
                    machine.driver.begin();
                    int ring = used ? 4 + 8 * SIZE : 4 + 2 * SIZE;
                    long last = end - ring - room;
                    QueueLayout layout = new QueueLayout(SIZE, 0x1000, used ? 0x2000 : last, used ? last : 0x3000);
                    assertThat(machine.driver.enableQueue(0, layout).isPresent())
                            .isEqualTo(room > 0);
                }
            }
        }

        @Test
        void aQueueThatGoesOnAfterItWasDisabledIsNotDeaf() {
            assertThat(interruptAfter(5)).isTrue();
            machine.driver.disableQueue(0);
            GuestQueue again = machine.driver.enableQueue(0, queue.layout()).orElseThrow();
            again.chain().readable(new byte[0]).offer();
            assertThat(machine.driver.kickIfAsked(again)).isTrue();
            assertThat(again.takeUsed()).hasSize(1);
            assertThat(machine.driver.takeInterrupts()).isEqualTo(MmioRegisters.USED_BUFFER);
        }
    }

    /** 2.6.1. */
    @Nested
    class QueueReset {

        private final TransportFixture machine = new TransportFixture(1 << 20, VirtioFeatures.RING_RESET);
        private final GuestQueue queue = machine.live(SIZE);

        @Test
        void theQueueBeginsAnewAndTheOthersGoOn() {
            GuestQueue other = machine.driver.enableQueue(1, SIZE).orElseThrow();
            for (GuestQueue each : List.of(queue, other)) {
                each.chain().readable(new byte[0]).publish();
                machine.driver.notifyQueue(each.index());
            }
            machine.device.notices.clear();

            machine.driver.resetQueue(0);

            assertThat(machine.device.notices).containsExactly("queue reset 0");
            assertThat(machine.driver.read(MmioRegisters.QUEUE_READY)).isZero();
            assertThat(machine.driver.read(MmioRegisters.QUEUE_RESET)).isZero();
            GuestQueue again = machine.driver.enableQueue(0, 2 * SIZE).orElseThrow();
            assertThat(again.availableIndex()).isZero();
            for (GuestQueue each : List.of(again, other)) {
                each.chain().readable(new byte[3]).writable(3).publish();
                machine.driver.notifyQueue(each.index());
            }
            assertThat(again.takeUsed()).extracting(UsedElement::length).containsExactly(3L);
            assertThat(other.takeUsed()).extracting(UsedElement::length).containsExactly(0L, 3L);
            assertThat(machine.needsReset()).isFalse();
        }

        @Test
        void whatIsOutDoesNotComeBack() {
            machine.device.holding = true;
            queue.chain().readable(new byte[0]).publish();
            machine.driver.notifyQueue(0);

            machine.driver.resetQueue(0);
            GuestQueue again = machine.driver.enableQueue(0, SIZE).orElseThrow();

            Virtqueue ring = machine.device.context().queue(0);
            assertThat(ring.complete(machine.device.held.getFirst(), 0, Virtqueue.Announce.NOW))
                    .isEqualTo(Virtqueue.Notification.HELD);
            assertThat(again.takeUsed()).isEmpty();
        }

        /** The head is only a number: the chain that bears it now is another one. */
        @Test
        void whatIsOutDoesNotComeBackForAnotherChainWithItsHead() {
            machine.device.holding = true;
            GuestChain before = queue.chain().readable(new byte[0]).publish();
            machine.driver.notifyQueue(0);
            machine.driver.resetQueue(0);
            GuestQueue again = machine.driver.enableQueue(0, SIZE).orElseThrow();
            GuestChain after = again.chain().readable(new byte[0]).writable(9).publish();
            machine.driver.notifyQueue(0);
            assertThat(after.head()).isEqualTo(before.head());

            Virtqueue ring = machine.device.context().queue(0);
            ring.complete(machine.device.held.getFirst(), 0, Virtqueue.Announce.NOW);
            assertThat(again.takeUsed()).isEmpty();
            ring.complete(machine.device.held.getLast(), 7, Virtqueue.Announce.NOW);
            assertThat(again.takeUsed()).containsExactly(new UsedElement(after.head(), 7));
        }

        /** 4.2.2.2: its registers have to be written again. */
        @Test
        void whatWasProgrammedIsForgotten() {
            machine.driver.resetQueue(0);
            machine.driver.write(MmioRegisters.QUEUE_READY, 1);
            assertThat(machine.driver.read(MmioRegisters.QUEUE_READY)).isZero();
        }

        @Test
        void onlyTheNumberOneResets() {
            machine.driver.write(MmioRegisters.QUEUE_SEL, 0);
            for (int value : new int[] {0, 2, -1}) {
                machine.driver.write(MmioRegisters.QUEUE_RESET, value);
                assertThat(machine.driver.read(MmioRegisters.QUEUE_READY)).isEqualTo(1);
            }
            machine.driver.write(MmioRegisters.QUEUE_SEL, 2);
            machine.driver.write(MmioRegisters.QUEUE_RESET, 1);
            assertThat(machine.device.notices).isEmpty();
        }

        @Test
        void withoutTheFeatureNothingHappens() {
            TransportFixture plain = new TransportFixture();
            plain.live(SIZE);
            long ignored = plain.transport.ignoredAccesses();
            plain.driver.resetQueue(0);
            assertThat(plain.driver.read(MmioRegisters.QUEUE_READY)).isEqualTo(1);
            assertThat(plain.driver.read(MmioRegisters.QUEUE_RESET)).isZero();
            assertThat(plain.transport.ignoredAccesses()).isEqualTo(ignored + 2);
            assertThat(plain.device.notices).isEmpty();
        }
    }

    @Test
    void aChainTakesTheDescriptorsOfTheQueueUpToTheOneThatPointsToATable() {
        Descriptor first = new Descriptor(4, DATA, 1, NEXT);
        Descriptor last = new Descriptor(0, DATA, 1, 0);
        assertThat(new GuestChain(List.of(first, last)).own()).containsExactly(4, 0);
        assertThat(new GuestChain(List.of(first, new Descriptor(7, TABLE, 16, INDIRECT), last)).own())
                .containsExactly(4, 7);
    }
}
