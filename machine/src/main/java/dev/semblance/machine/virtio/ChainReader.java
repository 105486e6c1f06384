package dev.semblance.machine.virtio;

import dev.semblance.machine.memory.GuestMemory;
import java.util.Arrays;

/** Reads the device-readable part of a chain, front to back, each byte once. */
public final class ChainReader extends ChainCursor {

    ChainReader(GuestMemory memory, Descriptor[] descriptors) {
        super(memory, descriptors, false);
    }

    /**
     * Reads up to {@code length} bytes into {@code target}; returns how many there were.
     *
     * @param target where the bytes go
     * @param offset of the first byte in {@code target}
     * @param length bytes, at most
     * @return how many bytes were read; fewer than asked for where the chain ends
     */
    public int read(byte[] target, int offset, int length) {
        return advance(length, (memory, address, done, count) -> memory.read(address, target, offset + done, count));
    }

    /**
     * Reads up to {@code limit} bytes. Nothing larger than what is really there is allocated.
     *
     * @param limit bytes that may be read from here on
     * @return the bytes, fewer than {@code limit} if the part ends
     */
    public byte[] readUpTo(int limit) {
        byte[] bytes = new byte[(int) Math.min(limit, remaining())];
        int count = read(bytes, 0, bytes.length);
        return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
    }
}
