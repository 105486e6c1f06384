package dev.semblance.harness.rig;

import dev.semblance.machine.memory.MemoryMap;
import dev.semblance.machine.memory.Ram;

/**
 * The RAM of a guest, or of a rig, by pages.
 *
 * @param map where there is any
 */
record GuestRam(MemoryMap map) {

    /** {@return RAM in one stretch} */
    static GuestRam of(long base, long size) {
        return new GuestRam(MemoryMap.of(base, size));
    }

    /** {@return its first address} */
    long base() {
        return map.base();
    }

    /** {@return bytes from its first address to its end, holes among them} */
    long size() {
        return map.span();
    }

    /** {@return whether it has all of these bytes} */
    boolean contains(long address, long length) {
        return map.contains(address, length);
    }

    /** {@return the number of the page of an address, 0 for the first} */
    int page(long address) {
        return (int) (address - base() >>> Ram.PAGE_SHIFT);
    }

    /** {@return the first address of a page} */
    long address(int page) {
        return base() + ((long) page << Ram.PAGE_SHIFT);
    }

    /** {@return the most entries that a list of what is behind an image can have} */
    long maxEntries() {
        return size() / Ram.PAGE_SIZE + 1;
    }
}
