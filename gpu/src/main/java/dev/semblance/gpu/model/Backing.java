package dev.semblance.gpu.model;

import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.state.StateSink;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The guest memory behind a resource: stretches that are read as if they lay one after the other (VIRTIO 1.2, 5.7.6.8,
 * RESOURCE_ATTACH_BACKING). Entries that follow on from each other are one stretch, empty ones are none.
 */
final class Backing {

    private final long[] addresses;

    /** Where each stretch starts in the whole, and at the end how long that is. */
    private final long[] starts;

    private Backing(long[] addresses, long[] starts) {
        this.addresses = addresses;
        this.starts = starts;
    }

    /** Makes a backing of entries; empty if one of them is not wholly inside {@code memory}. */
    static Optional<Backing> of(GuestMemory memory, List<MemoryEntry> entries) {
        long[] addresses = new long[entries.size()];
        long[] starts = new long[entries.size() + 1];
        int count = 0;
        for (MemoryEntry entry : entries) {
            if (entry.length() == 0) {
                continue;
            }
            if (!memory.contains(entry.address(), entry.length())) {
                return Optional.empty();
            }
            if (count > 0 && addresses[count - 1] + (starts[count] - starts[count - 1]) == entry.address()) {
                starts[count] += entry.length();
            } else {
                addresses[count] = entry.address();
                starts[count + 1] = starts[count] + entry.length();
                count++;
            }
        }
        return Optional.of(new Backing(Arrays.copyOf(addresses, count), Arrays.copyOf(starts, count + 1)));
    }

    /** {@return the length of the whole in bytes} */
    long size() {
        return starts[addresses.length];
    }

    /** {@return the number of stretches} */
    int stretches() {
        return addresses.length;
    }

    /** Reads bytes of the whole, each once; {@code offset + length} must be within {@link #size()}. */
    void read(GuestMemory memory, long offset, byte[] target, int length) {
        int found = Arrays.binarySearch(starts, offset);
        int stretch = found >= 0 ? found : -found - 2;
        int done = 0;
        while (done < length) {
            long at = offset + done;
            int count = (int) Math.min(length - done, starts[stretch + 1] - at);
            memory.read(addresses[stretch] + (at - starts[stretch]), target, done, count);
            done += count;
            stretch++;
        }
    }

    void writeState(StateSink sink) {
        sink.putInt(addresses.length);
        for (int i = 0; i < addresses.length; i++) {
            sink.putLong(addresses[i]);
            sink.putLong(starts[i + 1] - starts[i]);
        }
    }
}
