package dev.semblance.machine.virtio.blk;

import java.util.Objects;

/** An image that is only ever read. */
public interface DiskImage {

    /** {@return the size in bytes} */
    long size();

    /**
     * Reads bytes; the range is inside the image.
     *
     * @throws RuntimeException the image's own, if the host cannot have them: it ends the run
     */
    void read(long position, byte[] target, int offset, int length);

    /** {@return an image over bytes; they are not to be changed} */
    static DiskImage of(byte[] bytes) {
        return new DiskImage() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public void read(long position, byte[] target, int offset, int length) {
                Objects.checkFromIndexSize(position, length, bytes.length);
                System.arraycopy(bytes, (int) position, target, offset, length);
            }
        };
    }

    /** {@return the image of no disk: capacity 0} */
    static DiskImage none() {
        return of(new byte[0]);
    }
}
