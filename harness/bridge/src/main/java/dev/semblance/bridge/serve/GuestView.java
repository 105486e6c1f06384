package dev.semblance.bridge.serve;

import dev.semblance.bridge.memory.RegionMemory;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.memory.MemoryMap;

/**
 * Guest memory as the device has it: where the trace says that there is some, whatever front-ends map later. A command is refused
 * for an address outside, and is again when the trace is replayed.
 */
final class GuestView implements GuestMemory {

    private final MemoryMap map;
    private RegionMemory now;

    /**
     * @param map what the trace tells
     * @param now where that memory is; it has all of the map
     */
    GuestView(MemoryMap map, RegionMemory now) {
        this.map = map;
        this.now = now;
    }

    /** {@return whether memory has all that the trace tells} */
    boolean isWithin(RegionMemory memory) {
        return map.regions().stream().allMatch(region -> memory.contains(region.base(), region.size()));
    }

    /** Goes on in the same memory, mapped anew. */
    void replace(RegionMemory memory) {
        now = memory;
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

    private void check(long address, int length) {
        if (!contains(address, length)) {
            throw new IndexOutOfBoundsException(
                    length + " bytes at 0x" + Long.toHexString(address) + " are not inside guest memory");
        }
    }

    @Override
    public void read(long address, byte[] target, int offset, int length) {
        check(address, length);
        now.read(address, target, offset, length);
    }

    @Override
    public void write(long address, byte[] source, int offset, int length) {
        check(address, length);
        now.write(address, source, offset, length);
    }

    @Override
    public short getShortAcquire(long address) {
        check(address, Short.BYTES);
        return now.getShortAcquire(address);
    }

    @Override
    public void putShortRelease(long address, short value) {
        check(address, Short.BYTES);
        now.putShortRelease(address, value);
    }

    @Override
    public void fence() {
        now.fence();
    }
}
