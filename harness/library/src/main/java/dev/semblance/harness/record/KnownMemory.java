package dev.semblance.harness.record;

import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of guest memory: bytes by address, each known or not. The recorder keeps one to tell what a reader of the
 * trace already has; the reader's own is the same at every event.
 */
public final class KnownMemory implements Stateful {

    private static final int PAGE_SIZE = 4096;

    /** Differences closer than this are one run: the bytes between cost less than a new run. As many as a long has. */
    private static final int GAP = Long.BYTES;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final class Page {
        private static final boolean[] ALL = {};

        byte[] bytes = new byte[PAGE_SIZE];

        /** A saved state has the same bytes: they are copied before they change. */
        boolean shared;

        boolean[] known = new boolean[PAGE_SIZE];
        int unknown = PAGE_SIZE;

        /** {@return the first byte from {@code from} on that is unknown or differs, or {@code length}} */
        int difference(int within, byte[] other, int offset, int from, int length) {
            if (unknown == 0) {
                int mismatch =
                        Arrays.mismatch(bytes, within + from, within + length, other, offset + from, offset + length);
                return mismatch < 0 ? length : from + mismatch;
            }
            int at = from;
            while (at < length && known[within + at] && bytes[within + at] == other[offset + at]) {
                at++;
            }
            return at;
        }

        /**
         * {@return where a run of news ends that goes up to {@code from}: at the first {@link #GAP} bytes in a row that are
         * known and the same, or after the last byte before {@code length} that is not} Eight bytes at a time, always those
         * behind the last eight, so that no step waits for what the one before has found.
         */
        int endOfNews(int within, byte[] other, int offset, int from, int length) {
            // How many bytes at the end of the last eight are the same; the byte before them is news.
            int same = 0;
            int at = from;
            for (; at <= length - GAP; at += GAP) {
                long differences = (long) LONG.get(bytes, within + at) ^ (long) LONG.get(other, offset + at);
                if (same + (Long.numberOfTrailingZeros(differences) >>> 3) >= GAP) {
                    return at - same;
                }
                same = Long.numberOfLeadingZeros(differences) >>> 3;
            }
            int end = at - same;
            for (; at < length; at++) {
                if (bytes[within + at] != other[offset + at]) {
                    if (at - end >= GAP) {
                        return end;
                    }
                    end = at + 1;
                }
            }
            return end;
        }

        void learn(int within, byte[] source, int offset, int length) {
            if (shared) {
                bytes = bytes.clone();
                shared = false;
            }
            System.arraycopy(source, offset, bytes, within, length);
            if (unknown > 0) {
                for (int i = within; i < within + length; i++) {
                    if (!known[i]) {
                        known[i] = true;
                        unknown--;
                    }
                }
                if (unknown == 0) {
                    known = ALL;
                }
            }
        }

        /** Exchanges the bytes, and which of them are known where not all are. */
        void state(StateExchange s) {
            bytes = s.savedBlock(bytes, PAGE_SIZE);
            shared |= s.sharesBlocks();
            if (!s.saved(unknown > 0)) {
                unknown = 0;
                known = ALL;
                return;
            }
            for (int from = 0; from < PAGE_SIZE; from += Long.SIZE) {
                long bits = 0;
                for (int i = 0; i < Long.SIZE; i++) {
                    bits |= known[from + i] ? 1L << i : 0;
                }
                bits = s.saved(bits);
                for (int i = 0; i < Long.SIZE; i++) {
                    known[from + i] = (bits & 1L << i) != 0;
                }
                unknown -= s.isLoading() ? Long.bitCount(bits) : 0;
            }
            s.require(unknown > 0, "a page that is known in part is known");
        }

        boolean knows(int within, int length) {
            if (unknown > 0) {
                for (int i = within; i < within + length; i++) {
                    if (!known[i]) {
                        return false;
                    }
                }
            }
            return true;
        }
    }

    /** Takes a run of bytes that were news. */
    @FunctionalInterface
    interface RunSink {
        void run(long address, byte[] bytes, int offset, int length);
    }

    private final TreeMap<Long, Page> pages = new TreeMap<>();

    /** The page that was learnt of last. */
    private @Nullable Page last;

    private long lastStart;

    /** Makes a memory of which nothing is known. */
    public KnownMemory() {}

    /** {@return how many bytes of memory are held, in whole pages} */
    public long heldBytes() {
        return (long) pages.size() * PAGE_SIZE;
    }

    /**
     * Learns bytes.
     *
     * @param address guest physical address
     * @param bytes the bytes
     * @param offset of the first byte in the array
     * @param length in bytes
     */
    public void learn(long address, byte[] bytes, int offset, int length) {
        int done = 0;
        while (done < length) {
            int within = within(address + done);
            int count = Math.min(length - done, PAGE_SIZE - within);
            page(address + done).learn(within, bytes, offset + done, count);
            done += count;
        }
    }

    /** Learns bytes, and hands on those that were unknown or different, in runs. */
    void learnNews(long address, byte[] bytes, int offset, int length, RunSink news) {
        int done = 0;
        while (done < length) {
            int within = within(address + done);
            int count = Math.min(length - done, PAGE_SIZE - within);
            learnNewsInPage(page(address + done), address + done, within, bytes, offset + done, count, news);
            done += count;
        }
    }

    private static void learnNewsInPage(
            Page page, long address, int within, byte[] bytes, int offset, int length, RunSink news) {
        int start = page.difference(within, bytes, offset, 0, length);
        while (start < length) {
            int end = page.unknown == 0
                    ? page.endOfNews(within, bytes, offset, start + 1, length)
                    : endOfNewsInPart(page, within, bytes, offset, start + 1, length);
            news.run(address + start, bytes, offset + start, end - start);
            page.learn(within + start, bytes, offset + start, end - start);
            start = page.difference(within, bytes, offset, end, length);
        }
    }

    /** As {@link Page#endOfNews}, for a page of which not all is known. */
    private static int endOfNewsInPart(Page page, int within, byte[] bytes, int offset, int from, int length) {
        if (page.unknown == PAGE_SIZE) {
            return length;
        }
        int end = from;
        int next = page.difference(within, bytes, offset, end, length);
        while (next < length && next - end < GAP) {
            end = next + 1;
            next = page.difference(within, bytes, offset, end, length);
        }
        return end;
    }

    /**
     * Copies bytes to {@code target}, zero where unknown, and tells whether all of them are known.
     *
     * @param address guest physical address
     * @param target where the bytes go
     * @param offset of the first byte in the array
     * @param length in bytes
     * @return whether all of them are known
     */
    public boolean read(long address, byte[] target, int offset, int length) {
        boolean known = true;
        int done = 0;
        while (done < length) {
            int within = within(address + done);
            int count = Math.min(length - done, PAGE_SIZE - within);
            Page page = pages.get(address + done - within);
            if (page == null) {
                Arrays.fill(target, offset + done, offset + done + count, (byte) 0);
                known = false;
            } else {
                System.arraycopy(page.bytes, within, target, offset + done, count);
                known &= page.knows(within, count);
            }
            done += count;
        }
        return known;
    }

    private Page page(long address) {
        long start = address - within(address);
        // A transfer of narrow rows comes to the same page a thousand times.
        Page page = last;
        if (page == null || start != lastStart) {
            page = pages.computeIfAbsent(start, key -> new Page());
            last = page;
            lastStart = start;
        }
        return page;
    }

    private static int within(long address) {
        return (int) address & (PAGE_SIZE - 1);
    }

    /** Forgets everything. */
    void forget() {
        pages.clear();
        last = null;
    }

    @Override
    public void state(StateExchange s) {
        s.part("KNOW", 1);
        List<Long> starts = new ArrayList<>(pages.keySet());
        int count = s.savedCount(starts.size(), Integer.MAX_VALUE);
        if (s.isLoading()) {
            forget();
        }
        s.items(starts, count, 0L, start -> {
            long exchanged = s.saved(start.longValue());
            if (s.isLoading()) {
                boolean next = pages.isEmpty() || exchanged > pages.lastKey();
                s.require(next && within(exchanged) == 0, "a page that is known is nowhere");
            }
            pages.computeIfAbsent(exchanged, key -> new Page()).state(s);
            return exchanged;
        });
    }
}
