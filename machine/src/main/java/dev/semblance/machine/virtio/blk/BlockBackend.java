package dev.semblance.machine.virtio.blk;

import dev.semblance.machine.state.Stateful;

/**
 * A disk as the block device sees it. Ranges given to it are inside; a failing host file is an exception that ends the
 * run, since no guest should see the host's troubles.
 */
public interface BlockBackend extends Stateful {

    /** Bytes in a sector (VIRTIO 1.2, 5.2.4). */
    int SECTOR_SIZE = 512;

    /** {@return the capacity in sectors} */
    long sectors();

    /** Reads {@code count} sectors from {@code sector} on into {@code target} at {@code offset}. */
    void read(long sector, byte[] target, int offset, int count);

    /** Writes {@code count} sectors from {@code sector} on, from {@code source} at {@code offset}. */
    void write(long sector, byte[] source, int offset, int count);
}
