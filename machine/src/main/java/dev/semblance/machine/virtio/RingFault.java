package dev.semblance.machine.virtio;

import java.util.List;

/**
 * A ring that the transport refused to follow, with the bytes that made it so.
 *
 * @param reason what was wrong
 * @param reads what the transport had read of the ring for this chain, in order
 */
public record RingFault(Reason reason, List<Read> reads) {

    /** What was wrong with the ring. */
    public enum Reason {
        /** avail.idx moved by more than the queue size, or went back (2.7.6.1). */
        AVAILABLE_INDEX_JUMPED,
        /** A head or a next field is not below the queue size (2.7.5, 2.7.6). */
        INDEX_OUT_OF_RANGE,
        /** The chain has more descriptors than the queue (2.7.5.3.1), or more than 2^32 bytes (2.7.5.2). */
        CHAIN_TOO_LONG,
        /** A readable buffer follows a writable one (2.7.4.2). */
        READABLE_AFTER_WRITABLE,
        /** A buffer is not wholly inside RAM. */
        BUFFER_OUTSIDE_MEMORY,
        /** VIRTQ_DESC_F_INDIRECT without the feature (2.7.5.3.1). */
        INDIRECT_NOT_NEGOTIATED,
        /**
         * A table of indirect descriptors that cannot be one: empty, no whole number of descriptors, outside memory, with
         * more descriptors behind it, or inside another (2.7.5.3.1).
         */
        INDIRECT_MALFORMED
    }

    /**
     * A stretch of the ring as the transport read it.
     *
     * @param address guest-physical
     * @param bytes as read; not to be changed
     */
    public record Read(long address, byte[] bytes) {}
}
