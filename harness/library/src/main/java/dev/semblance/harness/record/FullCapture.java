package dev.semblance.harness.record;

import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.machine.memory.GuestMemory;
import java.io.ByteArrayOutputStream;

/** Keeps request and response whole. */
final class FullCapture extends ChainCapture {

    private final ByteArrayOutputStream request = new ByteArrayOutputStream(64);
    private final ByteArrayOutputStream response = new ByteArrayOutputStream(32);

    FullCapture(GuestMemory memory) {
        super(memory);
    }

    @Override
    void noteRead(byte[] bytes, int offset, int length) {
        request.write(bytes, offset, length);
    }

    @Override
    void noteWrite(byte[] bytes, int offset, int length) {
        response.write(bytes, offset, length);
    }

    @Override
    TraceEvent.Payload payload() {
        return new TraceEvent.Payload.Full(request.toByteArray(), response.toByteArray());
    }
}
