package dev.semblance.machine.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where a guest has memory: regions of guest-physical addresses, with holes between them. The PC has one below 4 GiB for its
 * devices, so that a guest of 4 GiB has memory from 0 to 2 or 3 GiB and from 4 GiB on.
 *
 * @param regions by address, each a stretch with a hole behind it
 */
public record MemoryMap(List<Region> regions) {

    /** No address is as high: what Sv39, Sv48 and the PC call physical has 52 to 56 bits. */
    public static final long MAX_END = 1L << 55;

    /**
     * A stretch of addresses.
     *
     * @param base the first, a multiple of {@link Ram#PAGE_SIZE}
     * @param size how many bytes, a multiple of {@link Ram#PAGE_SIZE} and not 0
     */
    public record Region(long base, long size) {

        /** Checks the ranges. */
        public Region {
            if (base < 0 || base >= MAX_END || base % Ram.PAGE_SIZE != 0) {
                throw new IllegalArgumentException("memory cannot begin at 0x" + Long.toHexString(base));
            }
            if (size <= 0 || size > MAX_END - base || size % Ram.PAGE_SIZE != 0) {
                throw new IllegalArgumentException("memory cannot have 0x" + Long.toHexString(size) + " bytes from 0x"
                        + Long.toHexString(base) + " on");
            }
        }

        /** {@return the first address behind it} */
        public long end() {
            return base + size;
        }

        private boolean contains(long address, long length) {
            return address >= base && address <= end() && length <= end() - address;
        }
    }

    /** Checks the order. */
    public MemoryMap {
        regions = List.copyOf(regions);
        if (regions.isEmpty()) {
            throw new IllegalArgumentException("there is no memory");
        }
        for (int i = 1; i < regions.size(); i++) {
            if (regions.get(i).base() <= regions.get(i - 1).end()) {
                throw new IllegalArgumentException("memory from 0x"
                        + Long.toHexString(regions.get(i).base()) + " on is not behind a hole that ends there");
            }
        }
    }

    /**
     * {@return one stretch of memory}
     *
     * @param base its first address
     * @param size in bytes
     */
    public static MemoryMap of(long base, long size) {
        return new MemoryMap(List.of(new Region(base, size)));
    }

    /**
     * {@return the map of regions in any order} Those that touch become one.
     *
     * @throws IllegalArgumentException if there is none, or two overlap
     */
    public static MemoryMap of(List<Region> regions) {
        List<Region> joined = new ArrayList<>(regions.size());
        for (Region region :
                regions.stream().sorted(Comparator.comparingLong(Region::base)).toList()) {
            if (!joined.isEmpty() && region.base() < joined.getLast().end()) {
                throw new IllegalArgumentException(
                        "two regions of memory have the address 0x" + Long.toHexString(region.base()));
            }
            if (!joined.isEmpty() && region.base() == joined.getLast().end()) {
                Region before = joined.removeLast();
                joined.addLast(new Region(before.base(), before.size() + region.size()));
            } else {
                joined.addLast(region);
            }
        }
        return new MemoryMap(joined);
    }

    /** {@return the first address} */
    public long base() {
        return regions.getFirst().base();
    }

    /** {@return bytes from the first address to the end of the last region, holes among them} */
    public long span() {
        return regions.getLast().end() - base();
    }

    /** {@return bytes of memory, without the holes} */
    public long bytes() {
        return regions.stream().mapToLong(Region::size).sum();
    }

    /** {@return the largest region, and of those the first} */
    public Region largest() {
        Region largest = regions.getFirst();
        for (Region region : regions) {
            if (region.size() > largest.size()) {
                largest = region;
            }
        }
        return largest;
    }

    /** {@return the region that is all of it, if there is one} */
    public Optional<Region> single() {
        return regions.size() == 1 ? Optional.of(regions.getFirst()) : Optional.empty();
    }

    /**
     * {@return whether {@code length} bytes from {@code address} are all in one region} As {@link GuestMemory#contains}.
     *
     * @param address guest-physical address
     * @param length in bytes
     */
    public boolean contains(long address, long length) {
        if (length < 0 || address < 0) {
            return false;
        }
        for (Region region : regions) {
            if (region.contains(address, length)) {
                return true;
            }
        }
        return false;
    }
}
