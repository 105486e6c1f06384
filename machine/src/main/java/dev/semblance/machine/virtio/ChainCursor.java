package dev.semblance.machine.virtio;

import dev.semblance.machine.memory.GuestMemory;

/** A place in the readable or the writable part of a chain that moves forward over buffer borders. */
abstract sealed class ChainCursor permits ChainReader, ChainWriter {

    private final GuestMemory memory;
    private final Descriptor[] descriptors;
    private final boolean writable;
    private final long total;
    private int buffer;
    private long within;
    private long position;

    ChainCursor(GuestMemory memory, Descriptor[] descriptors, boolean writable) {
        this.memory = memory;
        this.descriptors = descriptors;
        this.writable = writable;
        long sum = 0;
        for (Descriptor descriptor : descriptors) {
            sum += descriptor.isWritable() == writable ? descriptor.length() : 0;
        }
        this.total = sum;
    }

    /** What to do with one contiguous piece of guest memory. */
    @FunctionalInterface
    interface Piece {
        void apply(GuestMemory memory, long address, int offset, int length);
    }

    /** {@return how many bytes the part has in all} */
    public final long size() {
        return total;
    }

    /** {@return how many bytes were passed so far} */
    public final long position() {
        return position;
    }

    /** {@return how many bytes are left} */
    public final long remaining() {
        return total - position;
    }

    /** Moves forward over at most {@code length} bytes, piece by piece, and returns how far it got. */
    final int advance(int length, Piece piece) {
        int done = 0;
        while (done < length && buffer < descriptors.length) {
            Descriptor current = descriptors[buffer];
            if (current.isWritable() != writable) {
                buffer++;
                continue;
            }
            int count = (int) Math.min(length - done, current.length() - within);
            if (count > 0) {
                piece.apply(memory, current.address() + within, done, count);
            }
            done += count;
            within += count;
            if (within == current.length()) {
                buffer++;
                within = 0;
            }
        }
        position += done;
        return done;
    }

    /**
     * Moves forward over at most {@code length} bytes without touching them; returns how far it got.
     *
     * @param length bytes to leave out, at most
     * @return how many bytes were left out; fewer than asked for where the chain ends
     */
    public final long skip(long length) {
        long done = 0;
        while (done < length && remaining() > 0) {
            done += advance((int) Math.min(length - done, Integer.MAX_VALUE), (memory, address, offset, count) -> {});
        }
        return done;
    }
}
