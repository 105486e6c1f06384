package dev.semblance.machine.virtio;

import dev.semblance.machine.memory.GuestMemory;

/** Writes the device-writable part of a chain, front to back. */
public final class ChainWriter extends ChainCursor {

    ChainWriter(GuestMemory memory, Descriptor[] descriptors) {
        super(memory, descriptors, true);
    }

    /**
     * Writes up to {@code length} bytes of {@code source}; returns how many there was room for.
     *
     * @param source where the bytes come from
     * @param offset of the first byte in {@code source}
     * @param length bytes, at most
     * @return how many bytes were written; fewer than given where the chain ends
     */
    public int write(byte[] source, int offset, int length) {
        return advance(length, (memory, address, done, count) -> memory.write(address, source, offset + done, count));
    }

    /**
     * Writes as much of {@code source} as there is room for; returns how much that was.
     *
     * @param source where the bytes come from
     * @return how many bytes were written; fewer than given where the chain ends
     */
    public int write(byte[] source) {
        return write(source, 0, source.length);
    }
}
