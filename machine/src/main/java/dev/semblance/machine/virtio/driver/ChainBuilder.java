package dev.semblance.machine.virtio.driver;

import dev.semblance.machine.virtio.Descriptor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Builds a chain buffer by buffer. Buffers without an address get memory from the queue's arena. */
public final class ChainBuilder {

    private final GuestQueue queue;
    private final List<Descriptor> buffers = new ArrayList<>();
    private boolean indirect;

    ChainBuilder(GuestQueue queue) {
        this.queue = queue;
    }

    /**
     * Adds readable buffers that together hold these bytes.
     *
     * @param bytes what the device is to read
     * @param cuts the lengths of all buffers but the last, which gets what is left
     * @return this builder
     */
    public ChainBuilder readable(byte[] bytes, int... cuts) {
        int from = 0;
        for (int length : lengths(bytes.length, cuts)) {
            byte[] piece = Arrays.copyOfRange(bytes, from, from + length);
            long address = queue.arena().allocate(length, 1);
            queue.memory().write(address, piece, 0, length);
            buffer(address, length, 0);
            from += length;
        }
        return this;
    }

    /**
     * Adds writable buffers of this total size.
     *
     * @param size bytes that the device may write
     * @param cuts the lengths of all buffers but the last, which gets what is left
     * @return this builder
     */
    public ChainBuilder writable(int size, int... cuts) {
        for (int length : lengths(size, cuts)) {
            buffer(queue.arena().allocate(length, 1), length, Descriptor.WRITE);
        }
        return this;
    }

    /**
     * Adds a buffer as given. NEXT is added to the flags of all but the last.
     *
     * @param address guest physical address
     * @param length bytes, unsigned
     * @param flags of the descriptor (2.7.5)
     * @return this builder
     */
    public ChainBuilder buffer(long address, long length, int flags) {
        buffers.add(new Descriptor(0, address, length, flags));
        return this;
    }

    /**
     * Puts the descriptors into a table of their own, behind one descriptor of the queue (2.7.5.3).
     *
     * @return this builder
     */
    public ChainBuilder indirect() {
        indirect = true;
        return this;
    }

    /**
     * Offers the chain to the device, but does not publish it.
     *
     * @return the chain
     */
    public GuestChain offer() {
        return indirect ? queue.addIndirect(buffers) : queue.add(buffers);
    }

    /**
     * Offers the chain to the device and publishes it, with all that were offered before.
     *
     * @return the chain
     */
    public GuestChain publish() {
        GuestChain chain = offer();
        queue.publish();
        return chain;
    }

    private static int[] lengths(int total, int[] cuts) {
        int[] lengths = Arrays.copyOf(cuts, cuts.length + 1);
        lengths[cuts.length] = total - Arrays.stream(cuts).sum();
        return lengths;
    }
}
