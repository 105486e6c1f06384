package dev.semblance.machine.virtio.driver;

/**
 * What a device says of a chain it has used (VIRTIO 1.2, 2.7.8).
 *
 * @param head the index of the chain's first descriptor, as the ring has it
 * @param length how many bytes it wrote
 */
public record UsedElement(long head, long length) {}
