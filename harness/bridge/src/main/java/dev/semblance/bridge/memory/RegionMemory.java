package dev.semblance.bridge.memory;

import dev.semblance.bridge.posix.Mapping;
import dev.semblance.machine.memory.GuestMemory;
import java.lang.invoke.VarHandle;
import java.util.Comparator;
import java.util.List;

/**
 * Guest memory that lies in mappings, perhaps with holes between them. {@link #size} goes to the end of the last; what is in
 * a hole is not {@linkplain #contains inside}. A range may go from one region into the next if there is no hole between.
 *
 * <p>Every access may throw {@link MemoryGoneException}. The guest runs meanwhile, so what is read twice may differ. One thread
 * uses it.
 */
public final class RegionMemory implements GuestMemory, AutoCloseable {

    /** Regions begin and end at multiples of this, so that what is aligned for the guest is aligned here. */
    public static final long PAGE_SIZE = 4096;

    /**
     * A part of guest memory.
     *
     * @param base guest physical address of the first byte, a multiple of {@link #PAGE_SIZE}
     * @param mapping where it is; as long as the region, a multiple of {@link #PAGE_SIZE}, and mapped from such an offset
     */
    public record Region(long base, Mapping mapping) {

        /** {@return how many bytes there are} */
        public long size() {
            return mapping.segment().byteSize();
        }
    }

    private final List<Region> regions;
    private final ForeignMemory[] memories;
    private final long[] bases;
    private final long base;
    private final long end;

    /** The region of the last access: most are in the same. */
    private int last;

    /**
     * Makes the memory of some regions.
     *
     * @param regions in any order; closed with this
     * @throws IllegalArgumentException if there is none, if they overlap, or if one is not of whole pages or goes past 2^63
     */
    public RegionMemory(List<Region> regions) {
        this.regions =
                regions.stream().sorted(Comparator.comparingLong(Region::base)).toList();
        if (regions.isEmpty()) {
            throw new IllegalArgumentException("no region");
        }
        memories = new ForeignMemory[regions.size()];
        bases = new long[regions.size()];
        long free = 0;
        for (int i = 0; i < bases.length; i++) {
            Region region = this.regions.get(i);
            long size = region.size();
            boolean pages = ((region.base() | size | region.mapping().segment().address()) & (PAGE_SIZE - 1)) == 0;
            if (!pages || region.base() < free || region.base() > Long.MAX_VALUE - size) {
                throw new IllegalArgumentException(
                        "not a region: " + size + " bytes from 0x" + Long.toHexString(region.base()));
            }
            free = region.base() + size;
            bases[i] = region.base();
            memories[i] = new ForeignMemory(region.mapping().segment());
        }
        base = bases[0];
        end = free;
    }

    /** {@return the regions, in the order of their addresses} */
    public List<Region> regions() {
        return regions;
    }

    @Override
    public long base() {
        return base;
    }

    @Override
    public long size() {
        return end - base;
    }

    @Override
    public boolean contains(long address, long length) {
        if (length < 0 || address < base || address > end || length > end - address) {
            return false;
        }
        if (length == 0) {
            return indexOf(address) >= 0 || address > base && indexOf(address - 1) >= 0;
        }
        long at = address;
        long left = length;
        while (left > 0) {
            int index = indexOf(at);
            if (index < 0) {
                return false;
            }
            long here = Math.min(left, bases[index] + memories[index].size() - at);
            at += here;
            left -= here;
        }
        return true;
    }

    @Override
    public void read(long address, byte[] target, int offset, int length) {
        inRegions(address, length, (memory, at, done, here) -> memory.read(at, target, offset + done, here));
    }

    @Override
    public void write(long address, byte[] source, int offset, int length) {
        inRegions(address, length, (memory, at, done, here) -> memory.write(at, source, offset + done, here));
    }

    /** Something that is done with a part of a range that lies in one region. */
    @FunctionalInterface
    private interface Part {

        /**
         * @param at where the part begins in the region
         * @param done how many bytes of the range are before it
         * @param here how many it has
         */
        void of(ForeignMemory memory, long at, int done, int here);
    }

    private void inRegions(long address, int length, Part part) {
        check(address, length);
        int done = 0;
        while (done < length) {
            int index = indexOf(address + done);
            long at = address + done - bases[index];
            int here = (int) Math.min(length - done, memories[index].size() - at);
            part.of(memories[index], at, done, here);
            done += here;
        }
    }

    @Override
    public short getShortAcquire(long address) {
        int index = indexOfShort(address);
        return memories[index].getShortAcquire(address - bases[index]);
    }

    @Override
    public void putShortRelease(long address, short value) {
        int index = indexOfShort(address);
        memories[index].putShortRelease(address - bases[index], value);
    }

    @Override
    public void fence() {
        VarHandle.fullFence();
    }

    private int indexOfShort(long address) {
        check(address, 2);
        if ((address & 1) != 0) {
            throw new IllegalArgumentException("not at an even address: 0x" + Long.toHexString(address));
        }
        return indexOf(address);
    }

    private void check(long address, int length) {
        if (!contains(address, length)) {
            throw new IndexOutOfBoundsException(
                    length + " bytes at 0x" + Long.toHexString(address) + " are not inside guest memory");
        }
    }

    /** {@return which region an address is in, or -1} */
    private int indexOf(long address) {
        if (isIn(last, address)) {
            return last;
        }
        for (int i = 0; i < bases.length; i++) {
            if (isIn(i, address)) {
                last = i;
                return i;
            }
        }
        return -1;
    }

    private boolean isIn(int index, long address) {
        return address >= bases[index] && address - bases[index] < memories[index].size();
    }

    /** Unmaps all regions. Nothing else is asked of this afterwards. */
    @Override
    public void close() {
        regions.forEach(region -> region.mapping().close());
    }
}
