package dev.semblance.harness.record.session;

import dev.semblance.harness.guest.images.GuestImage;
import dev.semblance.machine.virtio.blk.DiskImage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A guest image as the base of a disk. Only read. */
record ImageDisk(MemorySegment content) implements DiskImage {

    static DiskImage of(GuestImage image) {
        return new ImageDisk(image.content());
    }

    @Override
    public long size() {
        return content.byteSize();
    }

    @Override
    public void read(long position, byte[] target, int offset, int length) {
        MemorySegment.copy(content, ValueLayout.JAVA_BYTE, position, target, offset, length);
    }
}
