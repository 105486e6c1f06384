package dev.semblance.harness.record;

import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.machine.memory.GuestMemory;

/**
 * Guest memory under one descriptor chain that notes what passes. Chains are read and written front to back, so the bytes
 * come in the order of the request and of the response.
 */
abstract sealed class ChainCapture implements GuestMemory permits FullCapture, DiskCapture {

    private final GuestMemory memory;

    ChainCapture(GuestMemory memory) {
        this.memory = memory;
    }

    /** Notes bytes of the request. */
    abstract void noteRead(byte[] bytes, int offset, int length);

    /** Notes bytes of the response. */
    abstract void noteWrite(byte[] bytes, int offset, int length);

    /** {@return what was in the chain} */
    abstract TraceEvent.Payload payload();

    @Override
    public final long base() {
        return memory.base();
    }

    @Override
    public final boolean contains(long address, long length) {
        return memory.contains(address, length);
    }

    @Override
    public final long size() {
        return memory.size();
    }

    @Override
    public final void read(long address, byte[] target, int offset, int length) {
        memory.read(address, target, offset, length);
        noteRead(target, offset, length);
    }

    @Override
    public final void write(long address, byte[] source, int offset, int length) {
        memory.write(address, source, offset, length);
        noteWrite(source, offset, length);
    }
}
