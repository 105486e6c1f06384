package dev.semblance.harness.rig;

import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.harness.trace.TraceEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;

/** A first look through a trace: which pages of guest memory its images lie in. */
final class TraceSurvey {

    private final GuestRam ram;
    private final RequestBytes requests;
    private final BitSet used = new BitSet();
    private final BitSet joined = new BitSet();

    TraceSurvey(int device, GuestRam ram) {
        this.ram = ram;
        this.requests = new RequestBytes(device);
    }

    void pass(TraceEvent.Stamped stamped) {
        requests.pass(stamped);
        switch (stamped.event()) {
            case TraceEvent.Command command -> requests.of(stamped, command).ifPresent(this::note);
            case TraceEvent.Memory memory ->
                memory.runs().forEach(run -> note(run.address(), run.bytes().length, false));
            default -> {}
        }
    }

    private void note(byte[] request) {
        int structure = CommandType.RESOURCE_ATTACH_BACKING.size();
        if (Relocation.typeOf(request) != CommandType.RESOURCE_ATTACH_BACKING.number()) {
            return;
        }
        ByteBuffer buffer = ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = structure; at + MemoryEntry.SIZE <= request.length; at += MemoryEntry.SIZE) {
            note(buffer.getLong(at), buffer.getInt(at + Long.BYTES) & 0xffff_ffffL, true);
        }
    }

    private void note(long address, long length, boolean together) {
        if (length > 0 && ram.contains(address, length)) {
            int first = ram.page(address);
            int last = ram.page(address + length - 1);
            used.set(first, last + 1);
            joined.set(first, together ? last : first);
        }
    }

    /** {@return the pages that images lie in} */
    BitSet used() {
        return used;
    }

    /** {@return those of them whose next page belongs to the same stretch} */
    BitSet joined() {
        return joined;
    }
}
