package dev.semblance.gpu.model;

import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.state.StateExchange;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The guest memory behind a resource: stretches that are read as if they lay one after the other (VIRTIO 1.2, 5.7.6.8,
 * RESOURCE_ATTACH_BACKING). Entries that follow on from each other are one stretch, empty ones are none.
 */
final class Backing {

    /** One that is yet to be loaded. */
    static final Backing NONE = new Backing(new long[0], new long[1]);

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

    /**
     * {@return this backing, or the one that is loaded}
     *
     * @param most how many stretches it may have
     */
    Backing exchanged(StateExchange s, GuestMemory memory, int most) {
        int count = s.digestedCount(addresses.length, most);
        Backing result = s.isLoading() ? new Backing(new long[count], new long[count + 1]) : this;
        for (int i = 0; i < count; i++) {
            result.addresses[i] = s.digested(result.addresses[i]);
            long length = s.digested(result.starts[i + 1] - result.starts[i]);
            s.require(length > 0 && memory.contains(result.addresses[i], length), "a backing of it is outside memory");
            result.starts[i + 1] = result.starts[i] + length;
        }
        return result;
    }
}
