package dev.semblance.machine.bus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The physical address space outside RAM: windows, each with a device behind it.
 *
 * <p>Only what a device can answer reaches it: 1, 2 or 4 bytes, naturally aligned, wholly inside its window. An access of 8 bytes
 * is two of 4, the low half first, as where a device's registers have 32 bits (VIRTIO 1.2, 4.2.2.2, for one). Everything else is no access at all, and the hart takes an access fault (RISC-V privileged specification, 3.6.3). No access throws.
 */
public final class Bus {

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
     * {@return whether a device answers an access}
     *
     * @param address physical
     * @param width in bytes
     */
    public boolean answers(long address, int width) {
        return width == 8
                ? (address & 7) == 0 && find(address, 4) >= 0 && find(address + 4, 4) >= 0
                : find(address, width) >= 0;
    }

    /**
     * {@return what a device answers, zero-extended}
     *
     * @param address physical
     * @param width in bytes; {@link #answers} is true
     */
    public long load(long address, int width) {
        if (width == 8) {
            long low = load(address, 4);
            return low | load(address + 4, 4) << 32;
        }
        Window window = window(address, width);
        int value = window.device.load((int) (address - window.base) + window.firstOffset, width);
        return value & (width == 4 ? 0xffff_ffffL : (1L << 8 * width) - 1);
    }

    /**
     * Stores to a device.
     *
     * @param address physical
     * @param width in bytes; {@link #answers} is true
     * @param value in its low {@code width} bytes
     */
    public void store(long address, int width, long value) {
        if (width == 8) {
            store(address, 4, value);
            store(address + 4, 4, value >> 32);
            return;
        }
        Window window = window(address, width);
        window.device.store((int) (address - window.base) + window.firstOffset, width, (int) value);
    }

    private Window window(long address, int width) {
        int index = find(address, width);
        if (index < 0) {
            throw new IllegalArgumentException("nothing answers at 0x" + Long.toHexString(address));
        }
        return sorted[index];
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
