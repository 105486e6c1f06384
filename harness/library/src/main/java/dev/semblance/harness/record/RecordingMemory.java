package dev.semblance.harness.record;

import dev.semblance.harness.trace.EventParts;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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

    RecordingMemory(int device, GuestMemory memory) {
        this.device = device;
        this.memory = memory;
    }

    /** Emits what was found since the last call, if anything. */
    void drain(Recorder recorder) {
        if (!runs.isEmpty()) {
            runs.drain(device).forEach(recorder::emit);
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
        shadow.learnNews(address, target, offset, length, runs::add);
    }

    @Override
    public void write(long address, byte[] source, int offset, int length) {
        memory.write(address, source, offset, length);
    }

    /** Goes on as if nothing had been told yet of what is in memory. */
    public void forget() {
        shadow.forget();
    }

    /** Between two instructions nothing was found that is not told: a command is answered when it is taken. */
    @Override
    public void state(StateExchange s) {
        if (!runs.isEmpty()) {
            throw new IllegalStateException("a command is under way");
        }
        shadow.state(s);
    }

    /** Collects runs, joining those that touch. */
    private static final class RunCollector {
        /** What is kept from one command to the next. */
        private static final int USUAL_SIZE = 4 << 20;

        private byte[] bytes = new byte[1 << 16];
        private int used;
        private final List<Long> addresses = new ArrayList<>();
        private final List<Integer> starts = new ArrayList<>();
        private long expected = -1;

        void add(long address, byte[] source, int offset, int length) {
            if (used > Integer.MAX_VALUE / 2 - length) {
                throw new IllegalStateException("a command read more than 1 GiB");
            }
            if (used + length > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(used + length, bytes.length * 2));
            }
            System.arraycopy(source, offset, bytes, used, length);
            if (address != expected) {
                addresses.add(address);
                starts.add(used);
            }
            used += length;
            expected = address + length;
        }

        boolean isEmpty() {
            return used == 0;
        }

        /** {@return the events that tell the runs in order, and forgets these} */
        List<TraceEvent.Memory> drain(int device) {
            EventParts.MemoryParts parts = new EventParts.MemoryParts(device);
            for (int run = 0; run < starts.size(); run++) {
                int end = run + 1 < starts.size() ? starts.get(run + 1) : used;
                parts.add(addresses.get(run), bytes, starts.get(run), end - starts.get(run));
            }
            if (bytes.length > USUAL_SIZE) {
                bytes = new byte[USUAL_SIZE];
            }
            used = 0;
            addresses.clear();
            starts.clear();
            expected = -1;
            return parts.finish();
        }
    }
}
