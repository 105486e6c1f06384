package dev.semblance.bridge.serve;

import dev.semblance.machine.memory.GuestMemory;
import java.io.ByteArrayOutputStream;

/** The memory of a chain for who reads it and whose answer nobody wants: what is read is kept, and what is written goes nowhere. */
final class Overheard implements GuestMemory {

    private final GuestMemory memory;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);

    Overheard(GuestMemory memory) {
        this.memory = memory;
    }

    /** Puts what was read, in its order, over the first bytes of an array. */
    void copyTo(byte[] target) {
        byte[] read = bytes.toByteArray();
        System.arraycopy(read, 0, target, 0, Math.min(read.length, target.length));
    }

    @Override
    public long base() {
        return memory.base();
    }

    @Override
    public long size() {
        return memory.size();
    }

    @Override
    public boolean contains(long address, long length) {
        return memory.contains(address, length);
    }

    @Override
    public void read(long address, byte[] target, int offset, int length) {
        memory.read(address, target, offset, length);
        bytes.write(target, offset, length);
    }

    @Override
    public void write(long address, byte[] source, int offset, int length) {
        // Another answers.
    }
}
