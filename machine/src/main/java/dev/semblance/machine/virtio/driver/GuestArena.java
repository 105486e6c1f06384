package dev.semblance.machine.virtio.driver;

/** Hands out stretches of guest memory, one after the other, and takes them back all at once. */
public final class GuestArena {

    private final long start;
    private final long end;
    private long next;

    /**
     * Makes an arena over the addresses from {@code start} to before {@code end}.
     *
     * @param start guest physical address of the first byte
     * @param end guest physical address behind the last byte
     */
    public GuestArena(long start, long end) {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException(
                    "no range of addresses: 0x" + Long.toHexString(start) + " to 0x" + Long.toHexString(end));
        }
        this.start = start;
        this.end = end;
        this.next = start;
    }

    /**
     * {@return the address of {@code size} unused bytes}
     *
     * @param size in bytes
     * @param alignment a power of two
     * @throws IllegalStateException if there is no room left
     */
    public long allocate(long size, int alignment) {
        long address = (next + alignment - 1) & -(long) alignment;
        if (size < 0 || address > end - size) {
            throw new IllegalStateException("no room for " + size + " bytes: the arena is used from 0x"
                    + Long.toHexString(start) + " to 0x" + Long.toHexString(next) + " of 0x" + Long.toHexString(end));
        }
        next = address + size;
        return address;
    }

    /** Takes everything back that was handed out. */
    public void clear() {
        next = start;
    }
}
