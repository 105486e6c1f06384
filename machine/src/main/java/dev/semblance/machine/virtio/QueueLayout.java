package dev.semblance.machine.virtio;

/**
 * Where a split virtqueue lies (VIRTIO 1.2, 2.7 and 4.2.2), as the driver programmed it.
 *
 * @param size entries, QueueNum
 * @param descriptorTable guest-physical address of the descriptor area
 * @param availableRing guest-physical address of the driver area
 * @param usedRing guest-physical address of the device area
 */
public record QueueLayout(int size, long descriptorTable, long availableRing, long usedRing) {}
