package dev.semblance.harness.record;

import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
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

    static final int PAGE_SIZE = 4096;

    private static final byte[] ZEROS = new byte[PAGE_SIZE];

    private static final class Page {
        private static final boolean[] ALL = {};
        private static final boolean[] NONE = {};

        byte[] bytes = ZEROS;

        /** The bytes are not this page's alone, but those of a saved state too, or of all pages: they are copied before they change. */
        boolean shared = true;

        /** News have the same bytes: they are copied before they change as well, but may be had again when those are told. */
        boolean inNews;

        boolean[] known = NONE;
        int unknown = PAGE_SIZE;

        /** The page behind this one, once it was learnt of right after this. */
        @Nullable
        Page following;

        /** {@return the first byte from {@code from} on that is unknown or differs, or {@code length}} */
        int difference(int within, byte[] other, int offset, int from, int length) {
            if (unknown == 0) {
                int mismatch =
                        Arrays.mismatch(bytes, within + from, within + length, other, offset + from, offset + length);
                return mismatch < 0 ? length : from + mismatch;
            }
            if (unknown == PAGE_SIZE) {
                return from;
            }
            int at = from;
            while (at < length && known[within + at] && bytes[within + at] == other[offset + at]) {
                at++;
            }
            return at;
        }

        /**
         * Takes over bytes that were read, of which the first that is news is at {@code first}, and adds them to the news, if all
         * was known or all is read.
         */
        void change(long address, int within, byte[] source, int offset, int first, int length, MemoryNews news) {
            if (length < PAGE_SIZE / 2) {
                byte[] before = Arrays.copyOfRange(bytes, within + first, within + length);
                byte[] now = Arrays.copyOfRange(source, offset + first, offset + length);
                learn(within + first, now, 0, now.length);
                news.changed(address + first, before, now, 0, now.length);
                return;
            }
            byte[] before = bytes;
            byte[] now = news.spare().take();
            if (length < PAGE_SIZE) {
                System.arraycopy(before, 0, now, 0, PAGE_SIZE);
            }
            System.arraycopy(source, offset, now, within, length);
            if (unknown > 0) {
                news.unknownPage(address, now);
                unknown = 0;
                known = ALL;
            } else {
                news.changedPage(address - within, before, now, within + first, within + length, !shared);
            }
            bytes = now;
            shared = false;
            inNews = true;
        }

        void learn(int within, byte[] source, int offset, int length) {
            if (shared || inNews) {
                bytes = bytes.clone();
                shared = false;
                inNews = false;
            }
            System.arraycopy(source, offset, bytes, within, length);
            if (unknown == PAGE_SIZE && length < PAGE_SIZE) {
                known = new boolean[PAGE_SIZE];
            } else if (length == PAGE_SIZE) {
                unknown = 0;
                known = ALL;
            }
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
            // What is loaded is read over what is in no news; what is saved may be.
            shared |= s.sharesBlocks();
            if (!s.saved(unknown > 0)) {
                unknown = 0;
                known = ALL;
                return;
            }
            if (known.length == 0) {
                known = new boolean[PAGE_SIZE];
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
            if (unknown == PAGE_SIZE) {
                return length == 0;
            }
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

    /** Learns bytes, and adds those that were unknown or different to the news. */
    void learnNews(long address, byte[] bytes, int offset, int length, MemoryNews news) {
        int done = 0;
        while (done < length) {
            int within = within(address + done);
            int count = Math.min(length - done, PAGE_SIZE - within);
            learnNewsInPage(page(address + done), address + done, within, bytes, offset + done, count, news);
            done += count;
        }
    }

    private static void learnNewsInPage(
            Page page, long address, int within, byte[] bytes, int offset, int length, MemoryNews news) {
        int start = page.difference(within, bytes, offset, 0, length);
        boolean whole = length == PAGE_SIZE && page.unknown == PAGE_SIZE;
        if (start < length && (page.unknown == 0 || whole)) {
            page.change(address, within, bytes, offset, start, length, news);
            return;
        }
        while (start < length) {
            int end = endOfNewsInPart(page, within, bytes, offset, start + 1, length);
            news.unknown(address + start, bytes, offset + start, end - start);
            page.learn(within + start, bytes, offset + start, end - start);
            start = page.difference(within, bytes, offset, end, length);
        }
    }

    /** {@return where a run of news ends that goes up to {@code from}, in a page of which not all is known} */
    private static int endOfNewsInPart(Page page, int within, byte[] bytes, int offset, int from, int length) {
        if (page.unknown == PAGE_SIZE) {
            return length;
        }
        int end = from;
        int next = page.difference(within, bytes, offset, end, length);
        while (next < length && next - end < MemoryNews.GAP) {
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
        // A transfer of narrow rows comes to the same page a thousand times, and others go on from page to page.
        Page before = last;
        Page page;
        if (before == null) {
            page = pages.computeIfAbsent(start, key -> new Page());
        } else if (start == lastStart) {
            page = before;
        } else if (start == lastStart + PAGE_SIZE) {
            page = before.following;
            if (page == null) {
                page = pages.computeIfAbsent(start, key -> new Page());
                before.following = page;
            }
        } else {
            page = pages.computeIfAbsent(start, key -> new Page());
        }
        last = page;
        lastStart = start;
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
