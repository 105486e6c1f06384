package dev.semblance.machine.memory;

import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.StateSink;
import dev.semblance.machine.state.Stateful;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * RAM made of 4 KiB pages that come into being when they are first written. A machine with 512 MiB thus costs what its
 * guest really uses, and two machines side by side are cheap.
 *
 * <p>The hart reads and writes the page arrays directly through its TLB. Everything else, devices above all, goes
 * through {@link GuestMemory}. A page can be <em>watched</em> ({@link #watch}): the next write to it from any side is
 * announced to the {@link PageWatcher}, which is how decoded instructions learn that their bytes have changed.
 */
@SuppressWarnings("ReferenceEquality") // Which array a page is, not what it holds, tells whether it was ever written.
public final class Ram implements GuestMemory, Stateful {

    /** Bytes in a page, the base page size of Sv32 and Sv39. */
    public static final int PAGE_SIZE = 4096;

    /** log2 of {@link #PAGE_SIZE}. */
    public static final int PAGE_SHIFT = 12;

    /** The largest RAM: 2 GiB of page numbers fit comfortably, and no profile asks for more. */
    public static final long MAX_SIZE = 1L << 31;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** What a page that was never written reads as. Never written to. */
    private static final byte[] ZERO_PAGE = new byte[PAGE_SIZE];

    private final long base;
    private final byte[][] pages;
    private int materialized;
    private final long[] watched;
    private PageWatcher watcher = page -> {};
    private WriteListener listener = (address, length) -> {};

    /** Pages whose bytes a saved state has too, a bit each. Of one that has not come into being, the bit means nothing. */
    private final long[] shared;

    private SharingListener sharing = SharingListener.NOBODY;

    /** Told of the first write to a watched page. */
    @FunctionalInterface
    public interface PageWatcher {
        /**
         * Called before the bytes of page number {@code page} change; the page is no longer watched.
         *
         * @param page the number of a page of 4 KiB
         */
        void pageWritten(int page);
    }

    /** Told of every write through {@link GuestMemory}: of devices and the host, not of the hart's own stores. */
    @FunctionalInterface
    public interface WriteListener {
        /**
         * Called before {@code length} bytes from {@code address} change; the range is inside RAM.
         *
         * @param address guest physical address
         * @param length in bytes
         */
        void written(long address, long length);
    }

    /** Told when the bytes that pages lie in may not be written to any more, and when others take their place. */
    public interface SharingListener {

        /** Keeps no page's bytes. */
        SharingListener NOBODY = new SharingListener() {
            @Override
            public void shared() {
                // There is nothing to forget.
            }

            @Override
            public void copied(byte[] before, byte[] copy) {
                // There is nothing to replace.
            }
        };

        /** Called when all pages were shared: what {@link Ram#writablePage} returned before may only be read now. */
        void shared();

        /**
         * Called when a shared page is about to be written to, and has other bytes from now on.
         *
         * @param before its bytes up to now
         * @param copy its bytes from now on
         */
        void copied(byte[] before, byte[] copy);
    }

    /**
     * Makes RAM of zeros from address 0 on.
     *
     * @param size in bytes; a multiple of {@link #PAGE_SIZE}, at most {@link #MAX_SIZE}
     */
    public Ram(long size) {
        this(0, size);
    }

    /**
     * Makes RAM of zeros.
     *
     * @param base its first address, a multiple of {@link #PAGE_SIZE} below 2^55
     * @param size in bytes; a multiple of {@link #PAGE_SIZE}, at most {@link #MAX_SIZE}
     */
    public Ram(long base, long size) {
        if (base < 0 || base >= 1L << 55 || base % PAGE_SIZE != 0) {
            throw new IllegalArgumentException("RAM cannot begin at 0x" + Long.toHexString(base));
        }
        if (size <= 0 || size > MAX_SIZE || size % PAGE_SIZE != 0) {
            throw new IllegalArgumentException("RAM size must be a multiple of 4096 up to 2 GiB: " + size);
        }
        this.base = base;
        pages = new byte[(int) (size >>> PAGE_SHIFT)][];
        Arrays.fill(pages, ZERO_PAGE);
        watched = new long[(pages.length + 63) >>> 6];
        shared = new long[watched.length];
    }

    @Override
    public long size() {
        return (long) pages.length << PAGE_SHIFT;
    }

    @Override
    public long base() {
        return base;
    }

    @Override
    public boolean contains(long address, long length) {
        long offset = address - base;
        return length >= 0 && length <= size() && address >= 0 && offset >= 0 && offset <= size() - length;
    }

    /** {@return the number of pages} */
    public int pageCount() {
        return pages.length;
    }

    /**
     * {@return the bytes of a page, to read only: a page never written is an array that all such pages share, and is
     * replaced at its first write}
     *
     * @param page the number of a page of 4 KiB
     */
    public byte[] readablePage(int page) {
        return pages[page];
    }

    /**
     * {@return the bytes of a page to write to} The caller answers for watched pages ({@link #isWatched}). They may be others
     * than before: those that a saved state shares are left as they are, and copied.
     *
     * @param page the number of a page of 4 KiB
     */
    public byte[] writablePage(int page) {
        byte[] bytes = residentPage(page);
        if ((shared[page >>> 6] & 1L << page) != 0) {
            shared[page >>> 6] &= ~(1L << page);
            byte[] copy = bytes.clone();
            pages[page] = copy;
            sharing.copied(bytes, copy);
            return copy;
        }
        return bytes;
    }

    /**
     * {@return the bytes of a page to read only, which stay its bytes until {@link SharingListener#copied}: they are not those
     * of all pages that were never written}
     *
     * @param page the number of a page of 4 KiB
     */
    public byte[] residentPage(int page) {
        byte[] bytes = pages[page];
        if (bytes == ZERO_PAGE) {
            bytes = new byte[PAGE_SIZE];
            pages[page] = bytes;
            shared[page >>> 6] &= ~(1L << page);
            materialized++;
        }
        return bytes;
    }

    /**
     * {@return whether a page has come into being}
     *
     * @param page the number of a page of 4 KiB
     */
    public boolean isMaterialized(int page) {
        return pages[page] != ZERO_PAGE;
    }

    /** {@return how many pages have come into being} */
    public int materializedPages() {
        return materialized;
    }

    /**
     * Sets who is told of writes to watched pages.
     *
     * @param watcher told of writes to watched pages
     */
    public void setPageWatcher(PageWatcher watcher) {
        this.watcher = watcher;
    }

    /**
     * Sets who is told of writes through {@link GuestMemory}.
     *
     * @param listener told of writes by devices
     */
    public void setWriteListener(WriteListener listener) {
        this.listener = listener;
    }

    /**
     * Sets who is told that pages are shared.
     *
     * @param listener told of it
     */
    public void setSharingListener(SharingListener listener) {
        this.sharing = listener;
    }

    /**
     * Watches a page until the next write to it.
     *
     * @param page the number of a page of 4 KiB
     */
    public void watch(int page) {
        watched[page >>> 6] |= 1L << page;
    }

    /**
     * {@return whether a page is watched}
     *
     * @param page the number of a page of 4 KiB
     */
    public boolean isWatched(int page) {
        return (watched[page >>> 6] & 1L << page) != 0;
    }

    /**
     * Ends the watch of a page and tells the watcher, if the page was watched. To be called before a direct write.
     *
     * @param page the number of a page of 4 KiB
     */
    public void announceWrite(int page) {
        if (isWatched(page)) {
            watched[page >>> 6] &= ~(1L << page);
            watcher.pageWritten(page);
        }
    }

    @Override
    public void read(long address, byte[] target, int offset, int length) {
        check(address, length);
        Objects.checkFromIndexSize(offset, length, target.length);
        while (length > 0) {
            int within = (int) address & (PAGE_SIZE - 1);
            int count = Math.min(length, PAGE_SIZE - within);
            System.arraycopy(pages[pageOf(address)], within, target, offset, count);
            address += count;
            offset += count;
            length -= count;
        }
    }

    @Override
    public void write(long address, byte[] source, int offset, int length) {
        check(address, length);
        Objects.checkFromIndexSize(offset, length, source.length);
        listener.written(address, length);
        while (length > 0) {
            int within = (int) address & (PAGE_SIZE - 1);
            int count = Math.min(length, PAGE_SIZE - within);
            System.arraycopy(source, offset, pageForWrite(address), within, count);
            address += count;
            offset += count;
            length -= count;
        }
    }

    @Override
    public byte getByte(long address) {
        check(address, 1);
        return pages[pageOf(address)][(int) address & (PAGE_SIZE - 1)];
    }

    @Override
    public short getShort(long address) {
        check(address, 2);
        int within = (int) address & (PAGE_SIZE - 1);
        if (within <= PAGE_SIZE - 2) {
            return (short) SHORT.get(pages[pageOf(address)], within);
        }
        return (short) (getByte(address) & 0xff | getByte(address + 1) << 8);
    }

    @Override
    public int getInt(long address) {
        check(address, 4);
        int within = (int) address & (PAGE_SIZE - 1);
        if (within <= PAGE_SIZE - 4) {
            return (int) INT.get(pages[pageOf(address)], within);
        }
        return getShort(address) & 0xffff | getShort(address + 2) << 16;
    }

    @Override
    public long getLong(long address) {
        check(address, 8);
        int within = (int) address & (PAGE_SIZE - 1);
        if (within <= PAGE_SIZE - 8) {
            return (long) LONG.get(pages[pageOf(address)], within);
        }
        return getInt(address) & 0xffff_ffffL | (long) getInt(address + 4) << 32;
    }

    @Override
    public void putByte(long address, byte value) {
        check(address, 1);
        listener.written(address, 1);
        pageForWrite(address)[(int) address & (PAGE_SIZE - 1)] = value;
    }

    @Override
    public void putShort(long address, short value) {
        check(address, 2);
        int within = (int) address & (PAGE_SIZE - 1);
        if (within <= PAGE_SIZE - 2) {
            listener.written(address, 2);
            SHORT.set(pageForWrite(address), within, value);
        } else {
            GuestMemory.super.putShort(address, value);
        }
    }

    @Override
    public void putInt(long address, int value) {
        check(address, 4);
        int within = (int) address & (PAGE_SIZE - 1);
        if (within <= PAGE_SIZE - 4) {
            listener.written(address, 4);
            INT.set(pageForWrite(address), within, value);
        } else {
            GuestMemory.super.putInt(address, value);
        }
    }

    @Override
    public void putLong(long address, long value) {
        check(address, 8);
        int within = (int) address & (PAGE_SIZE - 1);
        if (within <= PAGE_SIZE - 8) {
            listener.written(address, 8);
            LONG.set(pageForWrite(address), within, value);
        } else {
            GuestMemory.super.putLong(address, value);
        }
    }

    /**
     * Digests every page that is not all zeros as its number, its CRC-32C and its CRC-32: whether a page was touched shows
     * nowhere. Two checksums tell pages apart as surely as chance goes, and ten times as fast as a cryptographic digest of
     * all that a guest has touched, which would be felt at the end of every recording. Saves the pages that have come into
     * being, which are shared from then on: {@link #writablePage} copies one before it is written to.
     */
    @Override
    public void state(StateExchange s) {
        s.part("RAM ", 1);
        s.onlyDigested(this::writeDigest);
        s.savedConstant(pages.length, "size of RAM");
        int count = s.savedCount(materialized, pages.length);
        byte[][] exchanged = s.isLoading() ? noPages(pages.length) : pages;
        int page = -1;
        for (int i = 0; i < count; i++) {
            page = s.saved(s.isLoading() ? 0 : nextMaterialized(page + 1), page + 1, pages.length - 1);
            exchanged[page] = s.savedBlock(exchanged[page], PAGE_SIZE);
        }
        if (s.isLoading()) {
            replace(exchanged);
            materialized = count;
        }
        if (s.sharesBlocks()) {
            Arrays.fill(shared, -1L);
            sharing.shared();
        }
    }

    private static byte[][] noPages(int count) {
        byte[][] none = new byte[count][];
        Arrays.fill(none, ZERO_PAGE);
        return none;
    }

    /** Puts other pages in the place of all. Of one that is the same, whoever has decoded it goes on with that. */
    private void replace(byte[][] others) {
        for (int page = 0; page < pages.length; page++) {
            if (pages[page] != others[page]) {
                announceWrite(page);
                pages[page] = others[page];
            }
        }
    }

    private int nextMaterialized(int from) {
        int page = from;
        while (pages[page] == ZERO_PAGE) {
            page++;
        }
        return page;
    }

    private void writeDigest(StateSink sink) {
        CRC32C castagnoli = new CRC32C();
        CRC32 ethernet = new CRC32();
        sink.putInt(pages.length);
        for (int page = 0; page < pages.length; page++) {
            byte[] bytes = pages[page];
            if (bytes != ZERO_PAGE && !Arrays.equals(bytes, ZERO_PAGE)) {
                castagnoli.reset();
                castagnoli.update(bytes, 0, PAGE_SIZE);
                ethernet.reset();
                ethernet.update(bytes, 0, PAGE_SIZE);
                sink.putInt(page);
                sink.putInt((int) castagnoli.getValue());
                sink.putInt((int) ethernet.getValue());
            }
        }
    }

    private byte[] pageForWrite(long address) {
        int page = pageOf(address);
        announceWrite(page);
        return writablePage(page);
    }

    /**
     * {@return the number of the page of an address that is inside: 0 for the first page}
     *
     * @param address guest physical address
     */
    public int pageOf(long address) {
        return (int) (address - base >>> PAGE_SHIFT);
    }

    private void check(long address, long length) {
        if (!contains(address, length)) {
            throw new IndexOutOfBoundsException("address 0x" + Long.toHexString(address) + ", length " + length
                    + ": outside RAM of " + size() + " bytes");
        }
    }
}
