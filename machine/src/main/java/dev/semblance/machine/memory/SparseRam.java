package dev.semblance.machine.memory;

import java.util.Objects;
import java.util.TreeMap;

/**
 * RAM of any size with holes: windows of {@link Ram} that come into being when they are first used, as their pages do when they
 * are first written. Not for a hart, which wants the pages of one {@link Ram}.
 */
public final class SparseRam implements GuestMemory {

    /** log2 of the bytes in a window: its table of pages takes half a mebibyte at most. */
    private static final int WINDOW_SHIFT = 28;

    private static final long WINDOW = 1L << WINDOW_SHIFT;

    private final MemoryMap map;
    private final TreeMap<Long, Ram> windows = new TreeMap<>();

    /** The window that was used last; looked at first. */
    private Ram last;

    private long lastNumber;

    /**
     * Makes memory of zeros.
     *
     * @param map where there is any
     */
    public SparseRam(MemoryMap map) {
        this.map = map;
        lastNumber = map.base() >>> WINDOW_SHIFT;
        last = windowOf(lastNumber);
    }

    /**
     * {@return memory of zeros at the addresses of a map: a {@link Ram} where one can have them all}
     *
     * @param map where there is any
     */
    public static GuestMemory of(MemoryMap map) {
        return map.single()
                .filter(region -> region.size() <= Ram.MAX_SIZE)
                .<GuestMemory>map(region -> new Ram(region.base(), region.size()))
                .orElseGet(() -> new SparseRam(map));
    }

    /** {@return how many bytes of the host its pages take} */
    public long heldBytes() {
        return windows.values().stream()
                .mapToLong(window -> (long) window.materializedPages() * Ram.PAGE_SIZE)
                .sum();
    }

    @Override
    public long base() {
        return map.base();
    }

    /** {@return bytes from the first address to the end of the last region, holes among them} */
    @Override
    public long size() {
        return map.span();
    }

    @Override
    public boolean contains(long address, long length) {
        return map.contains(address, length);
    }

    /** {@return the window that has all of the bytes, or has the first of them} */
    private Ram window(long address) {
        long number = address >>> WINDOW_SHIFT;
        if (number != lastNumber) {
            lastNumber = number;
            last = windowOf(number);
        }
        return last;
    }

    private Ram windowOf(long number) {
        return windows.computeIfAbsent(number, made -> new Ram(made << WINDOW_SHIFT, WINDOW));
    }

    private static boolean isInOneWindow(long address, int length) {
        return (address & WINDOW - 1) + length <= WINDOW;
    }

    private void check(long address, int length) {
        if (!map.contains(address, length)) {
            throw new IndexOutOfBoundsException(
                    length + " bytes at 0x" + Long.toHexString(address) + " are outside memory");
        }
    }

    @Override
    public void read(long address, byte[] target, int offset, int length) {
        check(address, length);
        Objects.checkFromIndexSize(offset, length, target.length);
        int done = 0;
        while (done < length) {
            int part = part(address + done, length - done);
            window(address + done).read(address + done, target, offset + done, part);
            done += part;
        }
    }

    @Override
    public void write(long address, byte[] source, int offset, int length) {
        check(address, length);
        Objects.checkFromIndexSize(offset, length, source.length);
        int done = 0;
        while (done < length) {
            int part = part(address + done, length - done);
            window(address + done).write(address + done, source, offset + done, part);
            done += part;
        }
    }

    private static int part(long address, int length) {
        return (int) Math.min(length, WINDOW - (address & WINDOW - 1));
    }

    @Override
    public short getShort(long address) {
        check(address, Short.BYTES);
        return isInOneWindow(address, Short.BYTES)
                ? window(address).getShort(address)
                : GuestMemory.super.getShort(address);
    }

    @Override
    public int getInt(long address) {
        check(address, Integer.BYTES);
        return isInOneWindow(address, Integer.BYTES)
                ? window(address).getInt(address)
                : GuestMemory.super.getInt(address);
    }

    @Override
    public long getLong(long address) {
        check(address, Long.BYTES);
        return isInOneWindow(address, Long.BYTES)
                ? window(address).getLong(address)
                : GuestMemory.super.getLong(address);
    }
}
