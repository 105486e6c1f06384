package dev.semblance.machine.virtio;

import dev.semblance.machine.state.StateExchange;
import java.util.List;
import java.util.Optional;

/** The device side of one virtqueue (VIRTIO 1.2, 2.6). */
public interface Virtqueue {

    /** Whether a used buffer is announced to the driver at once. */
    enum Announce {
        /** Send a used buffer notification, unless the driver suppresses it. */
        NOW,
        /** More used buffers follow in this same step; the last of them announces all. */
        LATER
    }

    /** What became of the used buffer notification (2.7.7). */
    enum Notification {
        /** The interrupt was raised. */
        SENT,
        /** The driver asked for none. */
        SUPPRESSED,
        /** None was due: {@link Announce#LATER}, or a queue that is no longer served. */
        HELD
    }

    /** {@return the queue's number} */
    int index();

    /** {@return the number of chains that {@link #poll} can return now; 0 for a queue that is not ready or broken} */
    int available();

    /**
     * Takes the next available descriptor chain. A ring that cannot be followed (2.7.5, 2.7.6) sets DEVICE_NEEDS_RESET
     * and reads as empty from then on.
     *
     * @return the chain, or empty if there is none
     */
    Optional<DescriptorChain> poll();

    /**
     * Gives a chain back to the driver: writes the used element, then used.idx, then raises the interrupt (2.7.8, 2.7.14).
     * Chains may be completed in any order. After a reset, for a queue that was disabled meanwhile, and while
     * DEVICE_NEEDS_RESET is set, this does nothing.
     *
     * @param chain the chain that the device is done with
     * @param written how many bytes of the chain's writable part, from its start, the device has written
     * @param announce whether the driver is to be interrupted
     * @return what became of the interrupt
     */
    Notification complete(DescriptorChain chain, long written, Announce announce);

    /**
     * Gives a device that goes on from a saved state a chain again that it had polled before and neither read nor completed.
     *
     * @param s refuses a chain that is not out
     * @param head the chain's {@link DescriptorChain#head}
     * @param descriptors the chain's {@link DescriptorChain#descriptors}
     * @return the chain, unread and unwritten
     * @throws UnsupportedOperationException if nothing can be loaded into this queue
     */
    default DescriptorChain recall(StateExchange s, int head, List<Descriptor> descriptors) {
        throw new UnsupportedOperationException("no state can be loaded into this queue");
    }
}
