package dev.semblance.machine.bus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The physical address space outside RAM: windows, each with a device behind it.
 *
 * <p>Only what a device can answer reaches it: 1, 2 or 4 bytes, naturally aligned, wholly inside its window. Everything
 * else is no access at all, and the hart takes an access fault (RISC-V privileged specification, 3.6.3). No access throws.
 */
public final class Bus {

    /** What {@link #load} returns if nothing answers; every loaded value is 0 or more. */
    public static final long NO_DEVICE = -1;

    private record Window(long base, long size, MmioDevice device, int firstOffset) {}

    private final List<Window> windows = new ArrayList<>();
    private Window[] sorted = new Window[0];

    /** Makes an empty address space. */
    public Bus() {}

    /**
     * Puts a device at the physical addresses from {@code base} on: {@link #map(long, long, MmioDevice, int)} at 0.
     *
     * @param base guest physical address of the first byte
     * @param size in bytes
     * @param device what answers there
     */
    public void map(long base, long size, MmioDevice device) {
        map(base, size, device, 0);
    }

    /**
     * Puts a part of a device at the physical addresses from {@code base} on.
     *
     * @param base first address, a multiple of 4
     * @param size in bytes, a multiple of 4
     * @param device what answers there
     * @param firstOffset the device's offset that appears at {@code base}, a multiple of 4
     * @throws IllegalArgumentException if the window is badly formed or overlaps one that is there
     */
    public void map(long base, long size, MmioDevice device, int firstOffset) {
        boolean wellFormed = base >= 0
                && size > 0
                && firstOffset >= 0
                && base <= Long.MAX_VALUE - size
                && size <= Integer.MAX_VALUE - (long) firstOffset
                && ((base | size | firstOffset) & 3) == 0;
        if (!wellFormed) {
            throw new IllegalArgumentException("no window for a device: base 0x" + Long.toHexString(base) + ", size 0x"
                    + Long.toHexString(size) + ", offset 0x" + Integer.toHexString(firstOffset));
        }
        for (Window other : windows) {
            if (base < other.base + other.size && other.base < base + size) {
                throw new IllegalArgumentException("window at 0x" + Long.toHexString(base) + " overlaps the one at 0x"
                        + Long.toHexString(other.base));
            }
        }
        windows.add(new Window(base, size, device, firstOffset));
        sorted = windows.toArray(Window[]::new);
        Arrays.sort(sorted, Comparator.comparingLong(Window::base));
    }

    /**
     * Loads from a device.
     *
     * @param address physical
     * @param width in bytes
     * @return the value, zero-extended, or {@link #NO_DEVICE}
     */
    public long load(long address, int width) {
        int index = find(address, width);
        if (index < 0) {
            return NO_DEVICE;
        }
        Window window = sorted[index];
        int value = window.device.load((int) (address - window.base) + window.firstOffset, width);
        return value & (width == 4 ? 0xffff_ffffL : (1L << 8 * width) - 1);
    }

    /**
     * Stores to a device.
     *
     * @param address physical
     * @param width in bytes
     * @param value in its low {@code width} bytes
     * @return whether a device took it
     */
    public boolean store(long address, int width, int value) {
        int index = find(address, width);
        if (index < 0) {
            return false;
        }
        Window window = sorted[index];
        window.device.store((int) (address - window.base) + window.firstOffset, width, value);
        return true;
    }

    /** {@return the place of the window that holds the access, or -1} Windows are aligned, so no access straddles one. */
    private int find(long address, int width) {
        boolean possible = (width == 1 || width == 2 || width == 4) && (address & (width - 1)) == 0;
        int low = 0;
        int high = possible ? sorted.length - 1 : -1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Window window = sorted[middle];
            if (address < window.base) {
                high = middle - 1;
            } else if (address - window.base >= window.size) {
                low = middle + 1;
            } else {
                return middle;
            }
        }
        return -1;
    }
}
