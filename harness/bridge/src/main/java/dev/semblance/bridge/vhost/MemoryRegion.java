package dev.semblance.bridge.vhost;

/**
 * A part of guest memory, as SET_MEM_TABLE tells of it. Its file descriptor comes beside it.
 *
 * @param guestAddress guest physical address of the first byte
 * @param size in bytes
 * @param userAddress where the front-end has it in its own address space: rings are told of by such addresses
 * @param offset of the first byte in the file
 */
public record MemoryRegion(long guestAddress, long size, long userAddress, long offset) {

    private static final long PAGE = 4096;

    /** {@return whether it is of whole pages, and no sum of its numbers is beyond 2^63} */
    public boolean isSound() {
        return size > 0
                && ((guestAddress | size | userAddress | offset) & (PAGE - 1)) == 0
                && fits(guestAddress)
                && fits(offset)
                && fits(userAddress);
    }

    private boolean fits(long start) {
        return start >= 0 && start <= Long.MAX_VALUE - size;
    }

    /**
     * {@return whether guest addresses or user addresses are in both}
     *
     * @param other a region, {@linkplain #isSound sound} as this one
     */
    public boolean overlaps(MemoryRegion other) {
        return meets(guestAddress, other.guestAddress, other) || meets(userAddress, other.userAddress, other);
    }

    private boolean meets(long start, long otherStart, MemoryRegion other) {
        return start < otherStart + other.size && otherStart < start + size;
    }
}
