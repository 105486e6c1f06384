package dev.semblance.machine.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.virtio.driver.ChainBuilder;
import dev.semblance.machine.virtio.driver.GuestChain;
import dev.semblance.machine.virtio.driver.GuestQueue;
import dev.semblance.machine.virtio.driver.UsedElement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SplitVirtqueueProperties {

    static final int SIZE = 16;

    private static final int SMALL_RAM = 1 << 17;

    /** VIRTIO 1.2, 2.7.4.1: how a request and its response are cut means nothing, zero-length buffers included. */
    @Property(tries = 300)
    void anyCuttingGivesTheSameAnswer(
            @ForAll @Size(max = 200) byte[] request, @ForAll @IntRange(max = 200) int room, @ForAll Random random) {
        TransportFixture machine = new TransportFixture();
        GuestQueue queue = machine.live(SIZE);
        ChainBuilder builder = queue.chain();
        builder.readable(request, cuts(request.length, random));
        builder.writable(room, cuts(room, random));
        GuestChain chain = builder.publish();
        machine.driver.notifyQueue(0);

        int written = Math.min(request.length, room);
        assertThat(queue.takeUsed()).containsExactly(new UsedElement(chain.head(), written));
        assertThat(chain.readWritable(machine.memory, 0, written)).isEqualTo(Arrays.copyOf(request, written));
        assertThat(chain.readWritable(machine.memory, written, room - written)).isEqualTo(new byte[room - written]);
        assertThat(machine.driver.takeInterrupts()).isEqualTo(MmioRegisters.USED_BUFFER);
    }

    private static int[] cuts(int total, Random random) {
        int[] places = random.ints(random.nextInt(6), 0, total + 1).sorted().toArray();
        int[] lengths = new int[places.length];
        for (int i = 0; i < places.length; i++) {
            lengths[i] = places[i] - (i == 0 ? 0 : places[i - 1]);
        }
        return lengths;
    }

    /** VIRTIO 1.2, 2.7.5: batches of any size come back one by one, in order, whatever the batches were. */
    @Property(tries = 100)
    void usedElementsComeInTheOrderOfTheChains(
            @ForAll @Size(max = 30) List<@IntRange(min = 1, max = SIZE / 2) Integer> batches) {
        TransportFixture machine = new TransportFixture();
        GuestQueue queue = machine.live(SIZE);
        for (int batch : batches) {
            List<UsedElement> expected = new ArrayList<>();
            for (int i = 0; i < batch; i++) {
                GuestChain chain =
                        queue.chain().readable(new byte[i]).writable(SIZE).offer();
                expected.add(new UsedElement(chain.head(), i));
            }
            machine.driver.kick(queue);
            assertThat(queue.takeUsed()).isEqualTo(expected);
        }
        assertThat(machine.needsReset()).isFalse();
    }

    /**
     * R2 to R8, R13: a ring of garbage never throws, never makes the device write outside the writable buffers and the used
     * ring, and ends in a fault, an answer, or nothing to do.
     */
    @Property(tries = 500)
    void aRingOfGarbageIsAnsweredOrRefused(@ForAll Random random) {
        TransportFixture machine = new TransportFixture(SMALL_RAM);
        GuestQueue queue = machine.live(SIZE);
        List<Descriptor> table = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            table.add(garbage(i, random));
            queue.writeDescriptor(table.get(i), random.nextInt(10) == 0 ? random.nextInt() : random.nextInt(SIZE));
        }
        for (int i = 0; i < SIZE; i++) {
            queue.offer(random.nextInt(12) == 0 ? random.nextInt() : random.nextInt(SIZE));
        }
        queue.setAvailableIndex(random.nextInt(6) == 0 ? random.nextInt() : random.nextInt(SIZE + 1));
        byte[] before = machine.snapshot();
        machine.driver.notifyQueue(0);
        assertOnlyWritablePlacesDiffer(before, machine.snapshot(), table, queue.layout());

        List<UsedElement> used = queue.takeUsed();
        assertThat(used).hasSizeLessThanOrEqualTo(SIZE);
        assertThat(machine.needsReset()).isEqualTo(!machine.device.faults.isEmpty());
        assertThat(machine.device.faults).hasSizeLessThanOrEqualTo(1);

        machine.driver.notifyQueue(0);
        if (machine.needsReset()) {
            assertThat(queue.takeUsed()).isEmpty();
        }
        GuestQueue fresh = machine.live(SIZE);
        fresh.chain().readable(new byte[] {1}).writable(1).publish();
        machine.driver.notifyQueue(0);
        assertThat(fresh.takeUsed()).as("a reset heals everything").hasSize(1);
    }

    private static void assertOnlyWritablePlacesDiffer(
            byte[] before, byte[] after, List<Descriptor> table, QueueLayout layout) {
        List<Descriptor> writable = new ArrayList<>(table);
        writable.removeIf(descriptor -> !descriptor.isWritable()
                || descriptor.address() < 0
                || descriptor.address() > before.length - descriptor.length());
        writable.add(new Descriptor(0, layout.usedRing(), 4 + 8L * SIZE, 0));
        for (Descriptor place : writable) {
            int from = (int) place.address();
            int to = (int) (place.address() + place.length());
            Arrays.fill(before, from, to, (byte) 0);
            Arrays.fill(after, from, to, (byte) 0);
        }
        assertThat(Arrays.mismatch(before, after)).as("first changed address").isEqualTo(-1);
    }

    private static Descriptor garbage(int index, Random random) {
        // Most are sound, so that chains get long enough to go wrong late.
        long address = switch (random.nextInt(12)) {
            case 0 -> random.nextLong();
            case 1 -> SMALL_RAM - random.nextInt(32);
            default -> 0x1_0000 + random.nextInt(0x8000);
        };
        long length = switch (random.nextInt(12)) {
            case 0 -> random.nextInt() & 0xffff_ffffL;
            case 1 -> 0;
            default -> random.nextInt(64);
        };
        int flags = switch (random.nextInt(12)) {
            case 0 -> random.nextInt(1 << 16);
            case 1, 2, 3, 4, 5 -> Descriptor.NEXT;
            case 6, 7 -> Descriptor.NEXT | Descriptor.WRITE;
            case 8, 9 -> Descriptor.WRITE;
            default -> 0;
        };
        return new Descriptor(index, address, length, flags);
    }
}
