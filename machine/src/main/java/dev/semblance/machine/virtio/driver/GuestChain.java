package dev.semblance.machine.virtio.driver;

import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.Descriptor;
import java.util.ArrayList;
import java.util.List;

/**
 * A descriptor chain as its driver knows it.
 *
 * @param descriptors in order; at least one. One may point to a table (2.7.5.3): those behind it have their index in that
 */
public record GuestChain(List<Descriptor> descriptors) {

    /** Copies the list. */
    public GuestChain {
        descriptors = List.copyOf(descriptors);
        if (descriptors.isEmpty()) {
            throw new IllegalArgumentException("a chain has at least one descriptor");
        }
    }

    /** {@return the index of the first descriptor, by which the device names the chain} */
    public int head() {
        return descriptors.getFirst().index();
    }

    /** {@return the descriptors that the chain takes of the queue's own table, by their index} */
    public List<Integer> own() {
        List<Integer> own = new ArrayList<>();
        for (Descriptor descriptor : descriptors) {
            own.add(descriptor.index());
            if (descriptor.isIndirect()) {
                break;
            }
        }
        return own;
    }

    /** {@return the size of the writable part, in bytes} */
    public long writableSize() {
        return size(true);
    }

    /** {@return the size of the readable part, in bytes} */
    public long readableSize() {
        return size(false);
    }

    private long size(boolean writable) {
        return descriptors.stream()
                .filter(descriptor -> isPart(descriptor, writable))
                .mapToLong(Descriptor::length)
                .sum();
    }

    private static boolean isPart(Descriptor descriptor, boolean writable) {
        return !descriptor.isIndirect() && descriptor.isWritable() == writable;
    }

    /**
     * Puts bytes into the readable part.
     *
     * @param memory guest memory
     * @param offset from the start of the part
     * @param bytes what the device is to find in its readable part
     * @throws IndexOutOfBoundsException if the part is too short
     */
    public void writeReadable(GuestMemory memory, long offset, byte[] bytes) {
        each(false, offset, bytes.length, (address, done, count) -> memory.write(address, bytes, done, count));
    }

    /**
     * {@return bytes of the writable part}
     *
     * @param memory guest memory
     * @param offset from the start of the part
     * @param length bytes, as the device says in the used ring
     * @throws IndexOutOfBoundsException if the part is too short
     */
    public byte[] readWritable(GuestMemory memory, long offset, int length) {
        byte[] bytes = new byte[length];
        each(true, offset, length, (address, done, count) -> memory.read(address, bytes, done, count));
        return bytes;
    }

    @FunctionalInterface
    private interface Piece {
        void apply(long address, int done, int count);
    }

    private void each(boolean writable, long offset, int length, Piece piece) {
        long skip = offset;
        int done = 0;
        for (Descriptor descriptor : descriptors) {
            if (isPart(descriptor, writable)) {
                long within = Math.min(skip, descriptor.length());
                int count = (int) Math.min(length - done, descriptor.length() - within);
                if (count > 0) {
                    piece.apply(descriptor.address() + within, done, count);
                }
                skip -= within;
                done += count;
            }
        }
        if (done < length) {
            throw new IndexOutOfBoundsException(
                    length + " bytes at offset " + offset + ": that part of the chain has " + size(writable));
        }
    }
}
