package dev.semblance.harness.replay;

import dev.semblance.harness.record.KnownMemory;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.memory.MemoryMap;

/** Guest memory of a GPU that is played without its guest: what the trace told of it so far. Only reading makes sense. */
public final class ReplayMemory implements GuestMemory {

    /** Is told of a read of bytes that no event told of. */
    @FunctionalInterface
    public interface UnknownRead {
        /**
         * Some of these bytes are not known; they read as 0.
         *
         * @param address of the first
         * @param length how many
         */
        void at(long address, int length);
    }

    private final MemoryMap map;
    private final KnownMemory known;
    private final UnknownRead unknownRead;

    ReplayMemory(MemoryMap map, UnknownRead unknownRead) {
        this(map, new KnownMemory(), unknownRead);
    }

    /**
     * Makes a view of what is known.
     *
     * @param map where memory is
     * @param known what the trace told of it, and goes on to tell
     * @param unknownRead is told of reads of anything else
     */
    public ReplayMemory(MemoryMap map, KnownMemory known, UnknownRead unknownRead) {
        this.map = map;
        this.known = known;
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
