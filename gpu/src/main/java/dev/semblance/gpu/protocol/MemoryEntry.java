package dev.semblance.gpu.protocol;

/**
 * A stretch of guest memory behind a resource, {@code struct virtio_gpu_mem_entry} (VIRTIO 1.2, 5.7.6.8).
 *
 * @param address guest-physical, unsigned 64 bits
 * @param length in bytes, unsigned 32 bits
 */
public record MemoryEntry(long address, long length) {

    /** Bytes that an entry takes. */
    public static final int SIZE = 16;

    /** Makes an entry. */
    public MemoryEntry {
        Wire.requireU32(length);
    }
}
