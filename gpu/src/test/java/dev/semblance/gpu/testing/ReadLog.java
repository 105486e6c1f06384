package dev.semblance.gpu.testing;

import dev.semblance.machine.memory.GuestMemory;
import java.util.ArrayList;
import java.util.List;

/** Memory that keeps an account of what is read, and refuses to be written. */
public final class ReadLog implements GuestMemory {

    /** A stretch that was read. */
    public record Read(long address, int length) {}

    private final GuestMemory memory;
    private final List<Read> reads = new ArrayList<>();

    public ReadLog(GuestMemory memory) {
        this.memory = memory;
    }

    /** Returns the reads since this was last called. */
    public List<Read> take() {
        List<Read> taken = List.copyOf(reads);
        reads.clear();
        return taken;
    }

    @Override
    public long base() {
        return memory.base();
    }

    @Override
    public boolean contains(long address, long length) {
        return memory.contains(address, length);
    }

    @Override
    public long size() {
        return memory.size();
    }

    @Override
    public void read(long address, byte[] target, int offset, int length) {
        reads.add(new Read(address, length));
        memory.read(address, target, offset, length);
    }

    @Override
    public byte getByte(long address) {
        reads.add(new Read(address, 1));
        return memory.getByte(address);
    }

    @Override
    public short getShort(long address) {
        reads.add(new Read(address, 2));
        return memory.getShort(address);
    }

    @Override
    public int getInt(long address) {
        reads.add(new Read(address, 4));
        return memory.getInt(address);
    }

    @Override
    public long getLong(long address) {
        reads.add(new Read(address, 8));
        return memory.getLong(address);
    }

    @Override
    public void write(long address, byte[] source, int offset, int length) {
        throw new AssertionError("the device never writes to backing memory");
    }

    @Override
    public void putByte(long address, byte value) {
        throw new AssertionError("the device never writes to backing memory");
    }

    @Override
    public void putShort(long address, short value) {
        throw new AssertionError("the device never writes to backing memory");
    }

    @Override
    public void putInt(long address, int value) {
        throw new AssertionError("the device never writes to backing memory");
    }

    @Override
    public void putLong(long address, long value) {
        throw new AssertionError("the device never writes to backing memory");
    }
}
