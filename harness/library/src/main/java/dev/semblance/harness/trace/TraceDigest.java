package dev.semblance.harness.trace;

import dev.semblance.harness.util.Sha256;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;

/**
 * Counts, identity and chunk index of the events so far. The writer keeps one to write the footer, the reader keeps one
 * to check it, so that the index is by construction what a scan of the file gives.
 */
final class TraceDigest {

    /** Where a chunk of events starts. */
    record Entry(long offset, long firstSequence, long firstCycle) {}

    /** An index longer than this drops every other entry, so that it stays small for any length of trace. */
    static final int MAX_ENTRIES = 32_768;

    private static final int FOOTER_FIXED_BYTES = 64;
    private static final int ENTRY_BYTES = 24;

    private final MessageDigest sha256;
    private final List<Entry> entries = new ArrayList<>();
    private int stride = 1;
    private long events;
    private long chunks;
    private long lastCycle;

    TraceDigest() {
        sha256 = Sha256.start();
    }

    /** Adds the bytes of the next chunk of events to the identity. May be ahead of {@link #add}, and on another thread. */
    void addContent(byte[] raw, int length) {
        sha256.update(raw, 0, length);
    }

    /** Counts a chunk of events. */
    void add(ChunkHeader header, long offset, long lastCycle) {
        if (chunks % stride == 0) {
            entries.add(new Entry(offset, header.firstSequence(), header.firstCycle()));
            if (entries.size() > MAX_ENTRIES) {
                halve();
            }
        }
        chunks++;
        events += header.events();
        this.lastCycle = lastCycle;
    }

    long events() {
        return events;
    }

    TraceTotals totals() {
        return new TraceTotals(events, chunks, lastCycle, HexFormat.of().formatHex(identity()));
    }

    /**
     * {@return the content of the footer chunk: events, chunks, last cycle (8 bytes each), identity (32), index stride and
     * number of index entries (4 each), then for each entry file offset, first sequence number and first cycle (8 each)}
     */
    byte[] footer() {
        ByteWriter out = new ByteWriter(FOOTER_FIXED_BYTES + entries.size() * ENTRY_BYTES);
        out.u64(events);
        out.u64(chunks);
        out.u64(lastCycle);
        byte[] identity = identity();
        out.raw(identity, 0, identity.length);
        out.u32(stride);
        out.u32(entries.size());
        for (Entry entry : entries) {
            out.u64(entry.offset());
            out.u64(entry.firstSequence());
            out.u64(entry.firstCycle());
        }
        return out.toByteArray();
    }

    /** Reads the totals out of a footer chunk's content. */
    static TraceTotals totalsOf(byte[] footer) throws TraceFormatException {
        ByteReader in = new ByteReader(footer, 0, footer.length);
        return new TraceTotals(
                in.u64("the footer"),
                in.u64("the footer"),
                in.u64("the footer"),
                HexFormat.of().formatHex(in.raw("the footer", 32)));
    }

    /**
     * {@return the file offset in the last entry of the index in a footer chunk's content; empty where it has no entry} It is
     * as the file says, so it may lead anywhere.
     */
    static OptionalLong lastEntryOf(byte[] footer) throws TraceFormatException {
        ByteReader in = new ByteReader(footer, 0, footer.length);
        in.raw("the footer", FOOTER_FIXED_BYTES - Integer.BYTES);
        long entries = in.u32("the footer") & 0xffff_ffffL;
        long left = (long) footer.length - FOOTER_FIXED_BYTES;
        if (entries == 0 || left != entries * ENTRY_BYTES) {
            return OptionalLong.empty();
        }
        in.raw("the index", (int) left - ENTRY_BYTES);
        return OptionalLong.of(in.u64("the index"));
    }

    private byte[] identity() {
        try {
            return ((MessageDigest) sha256.clone()).digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
        }
    }

    private void halve() {
        List<Entry> kept = new ArrayList<>();
        for (int i = 0; i < entries.size(); i += 2) {
            kept.add(entries.get(i));
        }
        entries.clear();
        entries.addAll(kept);
        stride *= 2;
    }
}
