package dev.semblance.harness.replay.pixels;

import dev.semblance.gpu.model.Gpu2d;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.record.KnownMemory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** An image as a trace tells of it: its bytes as they lie in guest memory, and what is behind it. */
public final class RecordedImage {

    private final GpuCommand.ResourceCreate2d create;
    private final byte[] bytes;
    private Optional<GpuCommand.ResourceAttachBacking> backing = Optional.empty();

    /** Makes an image of zeros; its size has been checked. */
    public RecordedImage(GpuCommand.ResourceCreate2d create) {
        this.create = create;
        this.bytes = new byte[Math.toIntExact(create.width() * create.height() * PixelFormat.BYTES_PER_PIXEL)];
    }

    /**
     * {@return whether a device here could have made the image that a command asks for, beside images of so many bytes}
     * Of one that was recorded as made all the same, nothing is known that could be shown.
     */
    public static boolean isPossible(GpuCommand.ResourceCreate2d create, long imageBytes) {
        long left = (Gpu2d.MAX_IMAGE_BYTES - imageBytes) / PixelFormat.BYTES_PER_PIXEL;
        return create.width() != 0
                && create.height() != 0
                && create.width() <= left / create.height()
                && PixelFormat.of(create.format()).isPresent();
    }

    /** {@return the number of the resource} */
    public long id() {
        return create.resourceId();
    }

    /** {@return the number of its format, as of the command} */
    public long format() {
        return create.format();
    }

    /** {@return the width in pixels} */
    public int width() {
        return (int) create.width();
    }

    /** {@return the height in pixels} */
    public int height() {
        return (int) create.height();
    }

    /** {@return the bytes as they are now} Not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** {@return the command that put memory behind it, if there is some} */
    public Optional<GpuCommand.ResourceAttachBacking> backing() {
        return backing;
    }

    /** Puts memory behind it. */
    public void attach(GpuCommand.ResourceAttachBacking attach) {
        backing = Optional.of(attach);
    }

    /** Takes the memory from it. */
    public void detach() {
        backing = Optional.empty();
    }

    /** Copies what is known of memory, as TRANSFER_TO_HOST_2D does (VIRTIO 1.2, 5.7.6.8). */
    public void transfer(Rect rect, long offset, KnownMemory memory) {
        if (backing.isEmpty() || rect.isEmpty() || !rect.fitsIn(width(), height()) || offset < 0) {
            return;
        }
        int length = (int) rect.width() * PixelFormat.BYTES_PER_PIXEL;
        int stride = width() * PixelFormat.BYTES_PER_PIXEL;
        List<MemoryEntry> entries = backing.get().entries();
        if (offset > entries.stream().mapToLong(MemoryEntry::length).sum()) {
            return; // Behind all of it. Up to there, no sum with a row's place can run over.
        }
        for (int row = 0; row < rect.height(); row++) {
            int target = ((int) rect.y() + row) * stride + (int) rect.x() * PixelFormat.BYTES_PER_PIXEL;
            read(entries, offset + (long) row * stride, memory, target, length);
        }
    }

    private void read(List<MemoryEntry> entries, long from, KnownMemory memory, int target, int length) {
        long skip = from;
        int done = 0;
        for (MemoryEntry entry : entries) {
            if (skip >= entry.length()) {
                skip -= entry.length();
                continue;
            }
            int count = (int) Math.min(length - done, entry.length() - skip);
            memory.read(entry.address() + skip, bytes, target + done, count);
            done += count;
            skip = 0;
            if (done == length) {
                return;
            }
        }
    }

    /** {@return the part that a scanout shows, as an image of its own} */
    public static byte[] part(RecordedImage image, Rect view) {
        int stride = image.width() * PixelFormat.BYTES_PER_PIXEL;
        int length = (int) view.width() * PixelFormat.BYTES_PER_PIXEL;
        byte[] part = new byte[length * (int) view.height()];
        for (int row = 0; row < view.height(); row++) {
            int from = ((int) view.y() + row) * stride + (int) view.x() * PixelFormat.BYTES_PER_PIXEL;
            System.arraycopy(image.bytes, from, part, row * length, length);
        }
        return part;
    }

    /** {@return whether all bytes are 0, as in a new image} */
    public static boolean isBlank(byte[] bytes) {
        return Arrays.mismatch(bytes, new byte[bytes.length]) < 0;
    }
}
