package dev.semblance.harness.trace;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Puts requests together that a trace holds in parts (docs/TRACE_FORMAT.md, "Long events"). Of a request longer than the
 * bound only the first bytes are kept, and the rest is counted; so however many parts a trace has, no more is held.
 *
 * <p>A sound trace has the parts of a request one after the other, and its {@link TraceEvent.Command} behind them. Where
 * parts or a command of another queue come in between, or the device is reset, the parts before belong to nothing and are
 * forgotten. One thread at a time.
 */
public final class RequestAssembler {

    /** The longest request that a device reads, in bytes: 131 073 backing entries and what precedes them, rounded up. */
    public static final int MAX_BYTES = 4 << 20;

    /**
     * A request.
     *
     * @param bytes the request, or its first bytes if it is longer than the bound; not to be changed
     * @param length in bytes, of all of it
     */
    public record Request(byte[] bytes, long length) {

        /** What stands where there is no request. */
        public static final Request NONE = new Request(new byte[0], 0);

        /** {@return whether all of it is here} */
        public boolean isWhole() {
            return bytes.length == length;
        }

        @Override
        public boolean equals(Object object) {
            return object instanceof Request other && length == other.length && Arrays.equals(bytes, other.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    private final OptionalInt only;
    private final int maxBytes;

    // The request under way: whose it is, the first of its bytes, and how many there were.
    private int device;
    private int queue;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private long length;

    private RequestAssembler(OptionalInt only, int maxBytes) {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("a bound of " + maxBytes + " bytes");
        }
        this.only = only;
        this.maxBytes = maxBytes;
    }

    /**
     * Makes an assembler for all queues of one device; it passes over the events of others.
     *
     * @param device its place in the manifest's device list
     * @param maxBytes how much of a request is kept at most
     */
    public RequestAssembler(int device, int maxBytes) {
        this(OptionalInt.of(device), maxBytes);
    }

    /**
     * {@return an assembler for the requests of all devices}
     *
     * @param maxBytes the most that is held
     */
    public static RequestAssembler ofAllDevices(int maxBytes) {
        return new RequestAssembler(OptionalInt.empty(), maxBytes);
    }

    /**
     * Takes the next event of a trace.
     *
     * @param event the next event of the trace
     * @return the request that it ends; empty if it ends none, as anything but a command does, and a disk's command too
     */
    public Optional<Request> take(TraceEvent event) {
        if (!(event instanceof TraceEvent.OfDevice ofDevice)
                || only.isPresent() && only.getAsInt() != ofDevice.device()) {
            return Optional.empty();
        }
        return switch (ofDevice) {
            case TraceEvent.RequestPart part -> {
                belongTo(part.device(), part.queue());
                add(part.bytes());
                yield Optional.empty();
            }
            case TraceEvent.Command command -> {
                belongTo(command.device(), command.queue());
                yield switch (command.payload()) {
                    case TraceEvent.Payload.Full full -> Optional.of(end(full.request()));
                    case TraceEvent.Payload.Disk disk -> {
                        clear();
                        yield Optional.empty();
                    }
                };
            }
            case TraceEvent.Reset reset -> {
                belongTo(reset.device(), -1);
                yield Optional.empty();
            }
            default -> Optional.empty();
        };
    }

    /** {@return the length of the parts so far, which is more than the bound if the request is too long} */
    public long length() {
        return length;
    }

    /** Forgets the parts that have come without the rest. */
    public void clear() {
        kept.reset();
        length = 0;
    }

    private void belongTo(int ofDevice, int ofQueue) {
        if (device != ofDevice || queue != ofQueue) {
            clear();
        }
        device = ofDevice;
        queue = ofQueue;
    }

    private void add(byte[] bytes) {
        length += bytes.length;
        kept.write(bytes, 0, Math.min(bytes.length, maxBytes - kept.size()));
    }

    private Request end(byte[] last) {
        if (length == 0 && last.length <= maxBytes) {
            return new Request(last, last.length);
        }
        add(last);
        Request whole = new Request(kept.toByteArray(), length);
        clear();
        return whole;
    }
}
