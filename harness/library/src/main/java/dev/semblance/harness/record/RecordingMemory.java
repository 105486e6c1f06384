package dev.semblance.harness.record;

import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;

/**
 * Guest memory that a device reads beyond its requests. It keeps a shadow of what a reader of the trace knows of guest
 * memory by now, and collects what a read found different or new. {@link #drain} turns that into events.
 *
 * <p>Bytes that were never read count as unknown, whatever their value: a replay that needs a byte which no event told
 * has found a difference, not a zero.
 */
public final class RecordingMemory implements GuestMemory, Stateful {

    private final int device;
    private final GuestMemory memory;
    private final KnownMemory shadow = new KnownMemory();
    private final RunCollector runs = new RunCollector();
    private final SparePages spare = new SparePages();
    private MemoryNews news = new MemoryNews(spare);

    RecordingMemory(int device, GuestMemory memory) {
        this.device = device;
        this.memory = memory;
    }

    /** Has what was found since the last call emitted, if anything. */
    void drain(Recorder recorder) {
        if (!news.isEmpty()) {
            recorder.emit(device, news, runs);
            news = new MemoryNews(spare);
        }
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
        memory.read(address, target, offset, length);
        shadow.learnNews(address, target, offset, length, news);
    }

    @Override
    public void write(long address, byte[] source, int offset, int length) {
        memory.write(address, source, offset, length);
    }

    /**
     * {@return the same memory for who is to find what was recorded: where this was read, what it had then, and elsewhere what it
     * has now} It cannot be written, nothing that is read there is recorded, and it checks no address that was read here before.
     */
    public GuestMemory told() {
        return new ToldMemory(shadow, memory);
    }

    /** Goes on as if nothing had been told yet of what is in memory. */
    public void forget() {
        shadow.forget();
    }

    /** Between two instructions nothing was found that is not told: a command is answered when it is taken. */
    @Override
    public void state(StateExchange s) {
        if (!news.isEmpty()) {
            throw new IllegalStateException("a command is under way");
        }
        shadow.state(s);
    }
}
