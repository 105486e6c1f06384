package dev.semblance.harness.text;

import dev.semblance.harness.trace.TraceEvent;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.TreeMap;

/** Puts requests together that a trace holds in parts. */
final class Requests {

    /** More than any request that a device reads; beyond it parts are only counted. */
    private static final int MAX_BYTES = 4 << 20;

    /** How many queues may have a request under way; a sound trace has one at a time. */
    private static final int MAX_QUEUES = 4;

    private static final Whole NONE = new Whole(new byte[0], 0);

    /** What came of the parts of a request on one queue. */
    private static final class Parts {
        final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        long length;
    }

    /**
     * The request of a command.
     *
     * @param bytes of the request, perhaps only the first of them
     * @param length of all of it
     */
    record Whole(byte[] bytes, long length) {}

    private final Map<Integer, Parts> underWay = new TreeMap<>();

    /** Takes the next event; returns the whole request if it is a command, and nothing otherwise. */
    Whole next(TraceEvent event) {
        return switch (event) {
            case TraceEvent.RequestPart part -> {
                add(part);
                yield NONE;
            }
            case TraceEvent.Command command ->
                switch (command.payload()) {
                    case TraceEvent.Payload.Full full -> whole(key(command.device(), command.queue()), full.request());
                    case TraceEvent.Payload.Disk disk -> NONE;
                };
            default -> NONE;
        };
    }

    private static int key(int device, int queue) {
        return device << 16 | queue;
    }

    private void add(TraceEvent.RequestPart part) {
        if (underWay.size() >= MAX_QUEUES) {
            underWay.clear();
        }
        Parts parts = underWay.computeIfAbsent(key(part.device(), part.queue()), unused -> new Parts());
        parts.length += part.bytes().length;
        if (parts.kept.size() + part.bytes().length <= MAX_BYTES) {
            parts.kept.writeBytes(part.bytes());
        }
    }

    private Whole whole(int key, byte[] last) {
        Parts parts = underWay.remove(key);
        if (parts == null) {
            return new Whole(last, last.length);
        }
        long length = parts.length + last.length;
        if (length <= MAX_BYTES) {
            parts.kept.writeBytes(last);
        }
        return new Whole(parts.kept.toByteArray(), length);
    }
}
