package dev.semblance.harness.record;

import dev.semblance.machine.memory.GuestMemory;

/**
 * Guest memory as a reader of the trace has it: what was recorded is as it was then, and the rest is as it is now. Nothing that is
 * read here is recorded.
 */
final class ToldMemory implements GuestMemory {

    private final KnownMemory known;
    private final GuestMemory memory;

    ToldMemory(KnownMemory known, GuestMemory memory) {
        this.known = known;
        this.memory = memory;
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
        int done = 0;
        while (done < length) {
            int left = KnownMemory.PAGE_SIZE - (int) (address + done & KnownMemory.PAGE_SIZE - 1);
            int count = Math.min(length - done, left);
            if (!known.read(address + done, target, offset + done, count)) {
                memory.read(address + done, target, offset + done, count);
            }
            done += count;
        }
    }

    @Override
    public void write(long address, byte[] source, int offset, int length) {
        throw new UnsupportedOperationException("what was recorded is not changed");
    }
}
