package dev.semblance.harness.record.session;

import dev.semblance.harness.guest.images.GuestImage;
import dev.semblance.machine.virtio.blk.DiskImage;

/** A guest image as the base of a disk. Only read. */
record ImageDisk(GuestImage image) implements DiskImage {

    @Override
    public long size() {
        return image.size();
    }

    @Override
    public void read(long position, byte[] target, int offset, int length) {
        image.read(position, target, offset, length);
    }
}
