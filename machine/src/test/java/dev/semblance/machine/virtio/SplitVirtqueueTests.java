package dev.semblance.machine.virtio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.virtio.driver.GuestChain;
import dev.semblance.machine.virtio.driver.GuestDriver;
import dev.semblance.machine.virtio.driver.GuestQueue;
import dev.semblance.machine.virtio.driver.UsedElement;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** VIRTIO 1.2, 2.7: split virtqueues. */
class SplitVirtqueueTests {

    private static final int SIZE = 8;
    private static final int NEXT = Descriptor.NEXT;
    private static final int WRITE = Descriptor.WRITE;
    private static final long DATA = 0x8_0000;

    private final TransportFixture machine = new TransportFixture();
    private final GuestDriver driver = machine.driver;
    private final GuestQueue queue = machine.live(SIZE);

    /** Writes a descriptor of 16 bytes, one page for each index. */
    private void descriptor(int index, int flags, int next) {
        descriptor(index, DATA + index * 0x1000L, 16, flags, next);
    }

    private void descriptor(int index, long address, long length, int flags, int next) {
        queue.writeDescriptor(new Descriptor(index, address, length, flags), next);
    }

    private void submit(int head) {
        queue.offer(head);
        driver.kick(queue);
    }

    private void assertFault(RingFault.Reason reason) {
        assertThat(machine.device.faults).extracting(RingFault::reason).containsExactly(reason);
        assertThat(machine.device.notices).endsWith("broken 0 " + reason, "reset needed");
        assertThat(machine.needsReset()).isTrue();
        assertThat(queue.takeUsed()).isEmpty();
        assertThat(driver.takeInterrupts()).isEqualTo(MmioRegisters.CONFIG_CHANGE);
        assertThat(machine.device.context().queue(0).poll()).isEmpty();
        assertThat(machine.device.context().queue(0).available()).isZero();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    @DisplayName("2.7.4.1: request and response are read and written over any cutting")
    void anyCutting() {
        GuestChain chain = queue.chain()
                .readable(ascii("abcdefgh"), 1, 4)
                .writable(6, 2, 3)
                .offer();
        driver.kick(queue);

        assertThat(chain.descriptors()).hasSize(6);
        assertThat(chain.readWritable(machine.memory, 0, 6)).isEqualTo(ascii("abcdef"));
        assertThat(queue.takeUsed()).containsExactly(new UsedElement(chain.head(), 6));
    }

    @Test
    @DisplayName("2.7.4.2: a readable buffer after a writable one breaks the ring")
    void readableAfterWritable() {
        descriptor(0, NEXT, 1);
        descriptor(1, WRITE | NEXT, 2);
        descriptor(2, 0, 0);
        submit(0);

        assertFault(RingFault.Reason.READABLE_AFTER_WRITABLE);
    }

    @Test
    @DisplayName("2.7.5: next counts only with NEXT")
    void nextWithoutFlag() {
        descriptor(0, 0, 60000);
        submit(0);

        assertThat(queue.takeUsed()).hasSize(1);
    }

    @Test
    @DisplayName("2.7.5: a head outside the table breaks the ring")
    void headOutOfRange() {
        submit(SIZE);

        assertFault(RingFault.Reason.INDEX_OUT_OF_RANGE);
    }

    @Test
    @DisplayName("2.7.5: a next field outside the table breaks the ring")
    void nextOutOfRange() {
        descriptor(0, NEXT, 0xffff);
        submit(0);

        assertFault(RingFault.Reason.INDEX_OUT_OF_RANGE);
    }

    @Test
    @DisplayName("2.7.5: a chain may use the whole table, and a loop breaks the ring")
    void loops() {
        for (int i = 0; i < SIZE; i++) {
            descriptor(i, i < SIZE - 1 ? NEXT : 0, i + 1);
        }
        submit(0);
        assertThat(queue.takeUsed()).hasSize(1);
        driver.takeInterrupts();

        descriptor(SIZE - 1, NEXT, 3);
        submit(0);
        assertFault(RingFault.Reason.CHAIN_TOO_LONG);
    }

    @Test
    @DisplayName("2.7.5: a chain that only names itself breaks the ring")
    void selfLoop() {
        descriptor(5, NEXT, 5);
        submit(5);

        assertFault(RingFault.Reason.CHAIN_TOO_LONG);
    }

    @Test
    @DisplayName("2.7.5: a chain of more than 2^32 bytes breaks the ring (2.7.5.2)")
    void tooManyBytes() {
        int entries = 1024;
        int size = 4 << 20;
        for (int extra = 0; extra <= 1; extra++) {
            TransportFixture large = new TransportFixture(size + Ram.PAGE_SIZE);
            GuestQueue ring = large.live(entries);
            // Buffers may overlap, so 1024 of them describe 4 GiB in 4 MiB of memory.
            for (int i = 0; i < entries; i++) {
                int flags = WRITE | (i < entries - 1 ? NEXT : 0);
                ring.writeDescriptor(new Descriptor(i, 0, i == 0 ? size + extra : size, flags), i + 1);
            }
            ring.offer(0);
            large.driver.kick(ring);
            assertThat(large.device.faults)
                    .extracting(RingFault::reason)
                    .isEqualTo(extra == 0 ? List.of() : List.of(RingFault.Reason.CHAIN_TOO_LONG));
        }
    }

    @Test
    @DisplayName("2.7.5: a buffer of length 0 is skipped, wherever it points and whatever its direction")
    void zeroLength() {
        descriptor(0, DATA, 3, NEXT, 1);
        descriptor(1, -1, 0, WRITE | NEXT, 2);
        descriptor(2, DATA + 3, 3, NEXT, 3);
        descriptor(3, DATA + 100, 10, WRITE, 0);
        machine.memory.write(DATA, ascii("abcdef"), 0, 6);
        submit(0);

        byte[] answer = new byte[6];
        machine.memory.read(DATA + 100, answer, 0, 6);
        assertThat(answer).isEqualTo(ascii("abcdef"));
        assertThat(queue.takeUsed()).containsExactly(new UsedElement(0, 6));
    }

    @Test
    @DisplayName("2.7.5: a buffer that is not wholly in memory breaks the ring")
    void outsideMemory() {
        long end = TransportFixture.RAM_SIZE;
        List<Descriptor> bad = List.of(
                new Descriptor(0, end - 1, 2, 0),
                new Descriptor(0, end, 1, WRITE),
                new Descriptor(0, -1, 2, 0),
                new Descriptor(0, 0x1_0000_0000L, 16, 0),
                new Descriptor(0, 0, 0xffff_ffffL, WRITE),
                new Descriptor(0, Long.MIN_VALUE, 1, 0));
        for (Descriptor descriptor : bad) {
            TransportFixture fresh = new TransportFixture();
            GuestQueue ring = fresh.live(SIZE);
            ring.writeDescriptor(descriptor, 0);
            ring.offer(0);
            fresh.driver.kick(ring);
            assertThat(fresh.device.faults)
                    .as("%s", descriptor)
                    .extracting(RingFault::reason)
                    .containsExactly(RingFault.Reason.BUFFER_OUTSIDE_MEMORY);
        }
    }

    @Test
    @DisplayName("2.7.5: undefined flag bits are ignored")
    void undefinedFlags() {
        descriptor(0, 0xfff8 | NEXT, 1);
        descriptor(1, 0xfff8 | WRITE, 0);
        submit(0);

        assertThat(queue.takeUsed()).containsExactly(new UsedElement(0, 16));
    }

    @Test
    @DisplayName("2.7: an indirect descriptor breaks the ring, since the feature is not offered")
    void indirect() {
        descriptor(0, Descriptor.INDIRECT, 0);
        submit(0);

        assertFault(RingFault.Reason.INDIRECT_NOT_NEGOTIATED);
    }

    @Test
    @DisplayName("2.7.5: what was answered before a broken chain stays answered")
    void answersBeforeTheFault() {
        descriptor(0, 0, 0);
        descriptor(1, 0, 0);
        queue.offer(1);
        queue.offer(0);
        queue.offer(99);
        driver.kick(queue);

        assertThat(queue.takeUsed()).containsExactly(new UsedElement(1, 0), new UsedElement(0, 0));
        assertThat(machine.needsReset()).isTrue();
    }

    @Test
    @DisplayName("2.7.8: the used element names the head and counts what was written, not what there was room for")
    void usedLength() {
        GuestChain chain = queue.chain().readable(new byte[3]).writable(100).publish();
        driver.notifyQueue(0);

        assertThat(queue.takeUsed()).containsExactly(new UsedElement(chain.head(), 3));
    }

    @Test
    @DisplayName("2.7.7: avail.flags suppresses the interrupt, tested for each used element")
    void suppression() {
        queue.setAvailableFlags(1);
        queue.chain().readable(new byte[1]).publish();
        driver.notifyQueue(0);
        assertThat(machine.interrupt.isHigh()).isFalse();
        assertThat(machine.device.notices).endsWith("answered SUPPRESSED");

        machine.device.holding = true;
        queue.chain().readable(new byte[1]).offer();
        queue.chain().readable(new byte[1]).offer();
        driver.kick(queue);
        Virtqueue ring = machine.device.context().queue(0);
        assertThat(EchoDevice.answer(ring, machine.device.held.get(0))).isEqualTo(Virtqueue.Notification.SUPPRESSED);
        queue.setAvailableFlags(0xfffe);
        assertThat(EchoDevice.answer(ring, machine.device.held.get(1))).isEqualTo(Virtqueue.Notification.SENT);
        assertThat(machine.interrupt.isHigh()).isTrue();
    }

    @Test
    @DisplayName("2.7.7: an announcement may be left to a later element of the same step")
    void laterAnnouncement() {
        machine.device.holding = true;
        queue.chain().readable(new byte[1]).publish();
        driver.notifyQueue(0);
        Virtqueue ring = machine.device.context().queue(0);

        assertThat(ring.complete(machine.device.held.getFirst(), 0, Virtqueue.Announce.LATER))
                .isEqualTo(Virtqueue.Notification.HELD);
        assertThat(machine.interrupt.isHigh()).isFalse();
        assertThat(queue.takeUsed()).hasSize(1);
    }

    @Test
    @DisplayName("2.7.6: an available index that jumps beyond the queue size breaks the ring")
    void availableIndexJumps() {
        queue.setAvailableIndex(SIZE + 1);
        driver.notifyQueue(0);

        assertFault(RingFault.Reason.AVAILABLE_INDEX_JUMPED);
    }

    @Test
    @DisplayName("2.7.6: an available index that goes back breaks the ring")
    void availableIndexGoesBack() {
        queue.chain().readable(new byte[1]).publish();
        driver.notifyQueue(0);
        queue.takeUsed();
        driver.takeInterrupts();
        queue.setAvailableIndex(0);
        driver.notifyQueue(0);

        assertFault(RingFault.Reason.AVAILABLE_INDEX_JUMPED);
    }

    @Test
    @DisplayName("2.7.6: more chains out than the queue has entries break the ring, so a device never holds more")
    void moreChainsThanEntries() {
        machine.device.holding = true;
        for (int i = 0; i < SIZE; i++) {
            descriptor(i, 0, 0);
            submit(i);
        }
        assertThat(machine.device.held).hasSize(SIZE);
        submit(0);

        assertFault(RingFault.Reason.AVAILABLE_INDEX_JUMPED);
    }

    @Test
    @DisplayName("2.7.13: a device that looks again sees what came in the meantime")
    void lookAgain() {
        machine.device.holding = true;
        queue.chain().readable(new byte[1]).publish();
        driver.notifyQueue(0);
        queue.chain().readable(new byte[1]).publish();

        assertThat(machine.device.context().queue(0).available()).isEqualTo(1);
        assertThat(machine.device.context().queue(0).poll()).isPresent();
        assertThat(machine.device.context().queue(0).poll()).isEmpty();
    }

    @Test
    @DisplayName("2.7: the device writes nothing but writable buffers and the used ring")
    void onlyWritablePlacesAreWritten() {
        GuestChain chain = queue.chain().readable(ascii("request")).writable(4).offer();
        queue.publish();
        byte[] before = machine.snapshot();
        driver.notifyQueue(0);
        byte[] after = machine.snapshot();

        int response = (int) chain.descriptors().getLast().address();
        int used = (int) queue.layout().usedRing();
        for (byte[] each : List.of(before, after)) {
            Arrays.fill(each, response, response + 4, (byte) 0);
            Arrays.fill(each, used, used + 4 + 8 * SIZE, (byte) 0);
        }
        assertThat(Arrays.mismatch(before, after)).isEqualTo(-1);
    }

    @Test
    void chainsMayBeCompletedInAnyOrderAndOnlyOnce() {
        machine.device.holding = true;
        GuestChain first = queue.chain().readable(new byte[1]).offer();
        GuestChain second = queue.chain().readable(new byte[1]).offer();
        driver.kick(queue);
        Virtqueue ring = machine.device.context().queue(0);

        EchoDevice.answer(ring, machine.device.held.get(1));
        EchoDevice.answer(ring, machine.device.held.get(0));
        assertThat(EchoDevice.answer(ring, machine.device.held.get(0))).isEqualTo(Virtqueue.Notification.HELD);

        assertThat(queue.takeUsed()).extracting(UsedElement::head).containsExactly((long) second.head(), (long)
                first.head());
    }

    @Test
    void aChainThatWasOutWhenItsQueueWasDisabledIsNotReturnedToANewRing() {
        machine.device.holding = true;
        queue.chain().readable(new byte[1]).publish();
        driver.notifyQueue(0);
        driver.disableQueue(0);
        GuestQueue again = driver.enableQueue(0, SIZE).orElseThrow();
        EchoDevice.answer(machine.device.context().queue(0), machine.device.held.getFirst());

        assertThat(again.takeUsed()).isEmpty();
        assertThat(machine.interrupt.isHigh()).isFalse();
    }

    @Test
    void aFaultCarriesEveryByteThatWasReadForTheChainOnce() {
        descriptor(2, 0x1234, 5, NEXT, 4);
        descriptor(4, 0x5678, 6, NEXT, 2);
        submit(2);

        RingFault fault = machine.device.faults.getFirst();
        QueueLayout layout = queue.layout();
        assertThat(fault.reads())
                .extracting(RingFault.Read::address)
                .containsExactly(
                        layout.availableRing() + 2,
                        layout.availableRing() + 4,
                        layout.descriptorTable() + 32,
                        layout.descriptorTable() + 64);
        for (RingFault.Read read : fault.reads()) {
            byte[] there = new byte[read.bytes().length];
            machine.memory.read(read.address(), there, 0, there.length);
            assertThat(read.bytes()).isEqualTo(there);
        }
        assertThat(fault.reads().get(0).bytes()).containsExactly(1, 0);
        assertThat(fault.reads().get(2).bytes())
                .hasSize(16)
                .startsWith(0x34, 0x12)
                .endsWith(1, 0, 4, 0);
    }

    @Test
    void theRingGoesOnOverTheWrapOfItsIndicesForAnySize() {
        for (int size : new int[] {SIZE, 3}) {
            GuestQueue ring = machine.live(size);
            ring.writeDescriptor(new Descriptor(0, DATA, 16, 0), 0);
            List<UsedElement> expected = List.of(new UsedElement(0, 0));
            for (int i = 0; i < 65_536 + SIZE; i++) {
                ring.offer(0);
                driver.kick(ring);
                assertTrue(ring.takeUsed().equals(expected), () -> "the used element");
                machine.device.notices.clear();
                // What the device writes next must not be there already.
                machine.memory.putLong(ring.layout().usedRing() + 4 + 8L * (ring.usedIndex() % size), -1);
            }
            assertThat(ring.usedIndex()).isEqualTo(SIZE);
            assertThat(machine.needsReset()).isFalse();
        }
    }
}
