package dev.semblance.bridge.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A file in the address space of this process, shared with all who map it (mmap(2)). Stays when the descriptor is closed. One
 * that another process can make shorter gives a fault where it is touched behind its new end; only
 * {@code dev.semblance.bridge.memory} touches it.
 */
public final class Mapping implements AutoCloseable {

    private static final int READ_WRITE = 3;
    private static final int SHARED = 1;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;
    private final long address;
    private final long mapped;
    private boolean open = true;

    @SuppressWarnings("restricted") // The memory was just mapped, and is this object's.
    private Mapping(long address, long mapped, long offset) {
        this.address = address;
        this.mapped = mapped;
        segment = MemorySegment.ofAddress(address)
                .reinterpret(mapped, arena, none -> {})
                .asSlice(offset);
    }

    /**
     * Maps part of a file, to read and to write. It is mapped from its start: huge pages do not let every offset be asked for.
     *
     * @param file a regular file; it may be closed afterwards
     * @param offset of the first byte
     * @param size how many bytes, at least 1
     * @return the mapping
     * @throws IllegalArgumentException if the numbers do not make a range
     * @throws PosixException if the system refuses
     */
    public static Mapping map(Fd file, long offset, long size) throws PosixException {
        if (offset < 0 || size < 1 || offset > Long.MAX_VALUE - size) {
            throw new IllegalArgumentException("not a range: " + size + " bytes from " + offset);
        }
        long bytes = offset + size;
        return new Mapping(Libc.mmap(bytes, READ_WRITE, SHARED, file.number()), bytes, offset);
    }

    /** {@return what was asked for, as memory; dead after {@link #close}} */
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        // Fails where another thread is in the middle of an access, and nothing may be unmapped under it.
        arena.close();
        try {
            Libc.munmap(address, mapped);
        } catch (PosixException problem) {
            throw new IllegalStateException("what was mapped can be unmapped", problem);
        }
    }
}
