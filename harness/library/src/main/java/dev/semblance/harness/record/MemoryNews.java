package dev.semblance.harness.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What reads of memory found unknown or different, in the order of the reads, in arrays that do not change any more: so where
 * exactly the differences are can be found out later, and by another thread.
 */
final class MemoryNews {

    /** Differences closer than this are one run: the bytes between cost less than a new run. As many as a long has. */
    static final int GAP = Long.BYTES;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** About what a part takes besides its bytes. */
    private static final int PART_OVERHEAD = 64;

    private static final byte[] UNKNOWN = {};

    /**
     * Bytes of one page that begin with news.
     *
     * @param address of the first byte of {@code now}
     * @param before what was known, byte for byte; empty if all of it is news
     * @param now what was read
     * @param from where the news begin
     * @param to the end of what was read
     * @param spare whether {@code before} is a page that nobody else has
     */
    @SuppressWarnings("ArrayRecordComponent") // The arrays are nobody's to change.
    private record Part(long address, byte[] before, byte[] now, int from, int to, boolean spare) {

        void forEachRun(RunSink sink) {
            if (before.length == 0) {
                sink.run(address + from, now, from, to - from);
                return;
            }
            int start = from;
            while (start < to) {
                int end = endOfRun(start + 1);
                sink.run(address + start, now, start, end - start);
                int same = Arrays.mismatch(before, end, to, now, end, to);
                start = same < 0 ? to : end + same;
            }
        }

        /**
         * {@return where a run ends that goes up to {@code first}: at the first {@link #GAP} bytes in a row that are the same,
         * or after the last byte before {@code to} that is not} Eight bytes at a time, always those behind the last eight, so
         * that no step waits for what the one before has found.
         */
        private int endOfRun(int first) {
            // How many bytes at the end of the last eight are the same; the byte before them is news.
            int same = 0;
            int at = first;
            for (; at <= to - GAP; at += GAP) {
                long differences = (long) LONG.get(before, at) ^ (long) LONG.get(now, at);
                if (same + (Long.numberOfTrailingZeros(differences) >>> 3) >= GAP) {
                    return at - same;
                }
                same = Long.numberOfLeadingZeros(differences) >>> 3;
            }
            int end = at - same;
            for (; at < to; at++) {
                if (before[at] != now[at]) {
                    if (at - end >= GAP) {
                        return end;
                    }
                    end = at + 1;
                }
            }
            return end;
        }
    }

    /** Takes a run of bytes that were news. */
    @FunctionalInterface
    interface RunSink {
        void run(long address, byte[] bytes, int offset, int length);
    }

    private final SparePages spare;
    private final List<Part> parts = new ArrayList<>();
    private long weight;

    /**
     * Makes news of nothing.
     *
     * @param spare where pages come from, and go to when what was known before them is told
     */
    MemoryNews(SparePages spare) {
        this.spare = spare;
    }

    SparePages spare() {
        return spare;
    }

    /** Adds bytes that are news, all of them; they are copied. */
    void unknown(long address, byte[] source, int offset, int length) {
        add(new Part(address, UNKNOWN, Arrays.copyOfRange(source, offset, offset + length), 0, length, false));
    }

    /** Adds a page that is news as a whole. Nobody may change the array as long as these news are not told. */
    void unknownPage(long address, byte[] now) {
        add(new Part(address, UNKNOWN, now, 0, now.length, false));
    }

    /**
     * Adds bytes of which the first is news. Nobody may change the arrays any more.
     *
     * @param address of the first byte of the arrays
     * @param before what was known
     * @param now as many bytes: what is there
     * @param from where the news begin
     * @param to the end of what was read
     */
    void changed(long address, byte[] before, byte[] now, int from, int to) {
        add(new Part(address, before, now, from, to, false));
    }

    /**
     * Adds bytes of a page, as {@link #changed}, which is held as an array of its own.
     *
     * @param unused whether nobody but these news, and those before them, has {@code before} any more
     */
    void changedPage(long address, byte[] before, byte[] now, int from, int to, boolean unused) {
        add(new Part(address, before, now, from, to, unused));
    }

    private void add(Part part) {
        parts.add(part);
        weight += (long) part.before().length + part.now().length + PART_OVERHEAD;
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** {@return about how many bytes of memory this takes} */
    long weight() {
        return weight;
    }

    /** Tells the runs, in the order of the reads. */
    void forEachRun(RunSink sink) {
        parts.forEach(part -> part.forEachRun(sink));
    }

    /** Forgets what was told, as all news before these have to be, and gives back the pages that were replaced. */
    void release() {
        spare.give(parts.stream().filter(Part::spare).map(Part::before).toList());
        parts.clear();
    }
}
