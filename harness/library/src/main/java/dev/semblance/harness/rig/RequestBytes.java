package dev.semblance.harness.rig;

import dev.semblance.harness.trace.RequestAssembler;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import java.util.Optional;

/** The requests of one device, refused where no script can have them. */
final class RequestBytes {

    private final int device;
    private final RequestAssembler requests;

    RequestBytes(int device) {
        this.device = device;
        this.requests = new RequestAssembler(device, RequestAssembler.MAX_BYTES);
    }

    /** Takes note of the start of a request. */
    void pass(Stamped stamped) {
        if (stamped.event() instanceof TraceEvent.RequestPart part) {
            requests.take(part);
            check(stamped, requests.length());
        }
    }

    /** {@return the whole request of a command, and forgets it; empty for another device's} */
    Optional<byte[]> of(Stamped stamped, TraceEvent.Command command) {
        if (command.device() == device && command.payload() instanceof TraceEvent.Payload.Disk) {
            throw new ScriptException("event " + stamped.sequence() + " is a disk's request on the GPU's queue");
        }
        return requests.take(command).map(request -> {
            check(stamped, request.length());
            return request.bytes();
        });
    }

    /** Forgets what has come without the rest. */
    void clear() {
        requests.clear();
    }

    private static void check(Stamped stamped, long length) {
        if (length > RequestAssembler.MAX_BYTES) {
            throw new ScriptException(
                    "event " + stamped.sequence() + " makes a request longer than 4 MiB, which no device reads");
        }
    }
}
