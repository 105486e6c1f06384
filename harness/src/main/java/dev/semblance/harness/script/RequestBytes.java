package dev.semblance.harness.script;

import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/** Puts the requests of one device together that a trace has in parts. */
final class RequestBytes {

    /** The longest request that a device reads: 131 073 backing entries and what precedes them, rounded up. */
    private static final int MAX_REQUEST = 4 << 20;

    private final int device;
    private final ByteArrayOutputStream parts = new ByteArrayOutputStream();

    RequestBytes(int device) {
        this.device = device;
    }

    /** Takes note of the start of a request. */
    void pass(Stamped stamped) {
        if (stamped.event() instanceof TraceEvent.RequestPart part && part.device() == device) {
            add(stamped, part.bytes());
        }
    }

    /** Returns the whole request of a command, and forgets it; empty for another device's. */
    Optional<byte[]> of(Stamped stamped, TraceEvent.Command command) {
        if (command.device() != device) {
            return Optional.empty();
        }
        byte[] last = switch (command.payload()) {
            case TraceEvent.Payload.Full full -> full.request();
            case TraceEvent.Payload.Disk disk ->
                throw new ScriptException(
                        "event %d is a disk's request on the GPU's queue".formatted(stamped.sequence()));
        };
        if (parts.size() == 0 && last.length <= MAX_REQUEST) {
            return Optional.of(last);
        }
        add(stamped, last);
        byte[] whole = parts.toByteArray();
        parts.reset();
        return Optional.of(whole);
    }

    /** Forgets what has come without the rest. */
    void clear() {
        parts.reset();
    }

    private void add(Stamped stamped, byte[] bytes) {
        if (bytes.length > MAX_REQUEST - parts.size()) {
            throw new ScriptException(
                    "event %d makes a request longer than 4 MiB, which no device reads".formatted(stamped.sequence()));
        }
        parts.writeBytes(bytes);
    }
}
