package dev.semblance.harness.trace;

import dev.semblance.harness.util.Text;

/**
 * The canonical encoding of events (docs/TRACE_FORMAT.md, "Events"): equal events give equal bytes, and bytes that decode
 * are those that encoding the result gives.
 */
public final class EventCodec {

    /** The most bytes that one encoded event takes: 512 KiB. */
    public static final int MAX_EVENT_BYTES = 512 * 1024;

    /**
     * A decoded event.
     *
     * @param cycleDelta cycles since the event before
     * @param event what happened
     * @param end the offset of the byte after it
     */
    public record Decoded(long cycleDelta, TraceEvent event, int end) {}

    private EventCodec() {}

    /**
     * Encodes one event.
     *
     * @param cycleDelta cycles since the event before, at least 0; the first event of a trace counts from cycle 0
     * @param event what happened
     * @return its bytes
     * @throws IllegalArgumentException if the event is too long ({@link EventParts}) or a field is out of its range
     */
    public static byte[] encode(long cycleDelta, TraceEvent event) {
        ByteWriter out = new ByteWriter(64);
        encode(cycleDelta, event, out);
        return out.toByteArray();
    }

    /**
     * Decodes the event that starts at {@code offset}.
     *
     * @param bytes a chunk, expanded
     * @param offset of the event in the chunk
     * @param limit where the bytes to look at end; more may follow the event
     * @return the event, and where the next begins
     * @throws TraceFormatException with an offset into {@code bytes}, if there is no event
     */
    public static Decoded decode(byte[] bytes, int offset, int limit) throws TraceFormatException {
        int end = (int) Math.min(limit, (long) offset + MAX_EVENT_BYTES);
        ByteReader in = new ByteReader(bytes, offset, end);
        int type = in.u8("an event");
        long cycleDelta = in.varint("the cycle", Long.MAX_VALUE);
        TraceEvent event = new EventDecoder(in).decode(type, offset);
        return new Decoded(cycleDelta, event, in.position());
    }

    /** Appends the event, or nothing where it throws. */
    static void encode(long cycleDelta, TraceEvent event, ByteWriter out) {
        if (cycleDelta < 0) {
            throw new IllegalArgumentException(
                    Text.format("an event %d cycles before the one it follows", -cycleDelta));
        }
        int start = out.position();
        out.allow(MAX_EVENT_BYTES);
        try {
            new EventEncoder(out).encode(cycleDelta, event);
        } catch (IllegalArgumentException e) {
            out.rewind(start);
            throw e;
        }
    }
}
