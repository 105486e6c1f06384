package dev.semblance.harness.rig;

import dev.semblance.machine.memory.Ram;

/**
 * The RAM of a guest, or of a rig.
 *
 * @param base its first address
 * @param size in bytes
 */
record GuestRam(long base, long size) {

    /** {@return whether it has all of these bytes} */
    boolean contains(long address, long length) {
        return address >= base && length <= size && address - base <= size - length;
    }

    /** {@return the number of the page of an address, 0 for the first} */
    int page(long address) {
        return (int) (address - base >>> Ram.PAGE_SHIFT);
    }

    /** {@return the first address of a page} */
    long address(int page) {
        return base + ((long) page << Ram.PAGE_SHIFT);
    }

    /** {@return the most entries that a list of what is behind an image can have} */
    long maxEntries() {
        return size / Ram.PAGE_SIZE + 1;
    }
}
