package dev.semblance.harness.record;

import dev.semblance.harness.trace.EventParts;
import dev.semblance.harness.trace.TraceEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects runs of bytes, joining those that touch. */
final class RunCollector {

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
