package dev.semblance.harness.replay;

import dev.semblance.harness.record.KnownMemory;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.memory.MemoryMap;

/** Guest memory of a device replay: what the trace told of it so far. Only reading makes sense. */
final class ReplayMemory implements GuestMemory {

    /** Is told of a read of bytes that no event told of. */
    @FunctionalInterface
    interface UnknownRead {
        void at(long address, int length);
    }

    private final MemoryMap map;
    private final KnownMemory known = new KnownMemory();
    private final UnknownRead unknownRead;

    ReplayMemory(MemoryMap map, UnknownRead unknownRead) {
        this.map = map;
        this.unknownRead = unknownRead;
    }

    void learn(long address, byte[] bytes) {
        known.learn(address, bytes, 0, bytes.length);
    }

    long heldBytes() {
        return known.heldBytes();
    }

    @Override
    public long base() {
        return map.base();
    }

    @Override
    public long size() {
        return map.span();
    }

    @Override
    public boolean contains(long address, long length) {
        return map.contains(address, length);
    }

    @Override
    public void read(long address, byte[] target, int offset, int length) {
        if (!known.read(address, target, offset, length)) {
            unknownRead.at(address, length);
        }
    }

    @Override
    public void write(long address, byte[] source, int offset, int length) {
        throw readOnly();
    }

    private static IllegalStateException readOnly() {
        return new IllegalStateException("a GPU answers through its queues; it does not write to what backs an image");
    }
}
