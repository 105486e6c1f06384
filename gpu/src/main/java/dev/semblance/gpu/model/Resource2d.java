package dev.semblance.gpu.model;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameDigest;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.state.StateExchange;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An image on the host (VIRTIO 1.2, 5.7.6.8, RESOURCE_CREATE_2D): the pixels as the guest gave them, and the guest memory
 * that they come from.
 */
final class Resource2d {

    /** How many pixels go into one step of the content digest. */
    private static final int DIGEST_BLOCK = 1 << 16;

    private final long id;
    private final PixelFormat format;
    private final int width;
    private final int height;
    private final ImagePixels pixels;
    private @Nullable Backing backing;
    private long contentDigest;
    private boolean contentDigestValid;

    /** Makes an image of zeros; the caller has checked that the size is within the limits. */
    Resource2d(long id, PixelFormat format, int width, int height) {
        this.id = id;
        this.format = format;
        this.width = width;
        this.height = height;
        this.pixels = new ImagePixels(width, height);
    }

    long id() {
        return id;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** {@return the bytes from one row to the next: four a pixel, no gap} */
    int rowBytes() {
        return Math.multiplyExact(width, PixelFormat.BYTES_PER_PIXEL);
    }

    /** {@return the bytes of the whole image} */
    long byteSize() {
        return (long) rowBytes() * height;
    }

    Optional<Backing> backing() {
        return Optional.ofNullable(backing);
    }

    void attach(Backing newBacking) {
        backing = newBacking;
    }

    void detach() {
        backing = null;
    }

    /**
     * Writes bytes of a row.
     *
     * @param left where in the row, in bytes
     * @return whether that made a difference
     */
    boolean write(int y, int left, byte[] source, int length) {
        boolean changed = pixels.write(y, left, source, length);
        contentDigestValid &= !changed;
        return changed;
    }

    /** {@return a part of a row as a scanout shows it: opaque} */
    Frame.Row opaqueRow(int x, int y, int count) {
        return new Frame.Row(opaquePixels(x, y, count));
    }

    /** {@return the pixels of such a part} */
    int[] opaquePixels(int x, int y, int count) {
        int[] row = rawRow(x, y, count);
        format.toOpaque(row);
        return row;
    }

    /** {@return the whole image with its alpha, as a cursor shows it} */
    Frame toFrame() {
        Frame.Row[] rows = new Frame.Row[height];
        for (int y = 0; y < height; y++) {
            int[] row = rawRow(0, y, width);
            format.toArgb(row);
            rows[y] = new Frame.Row(row);
        }
        return Frame.of(width, rows);
    }

    private int[] rawRow(int x, int y, int count) {
        int[] row = new int[count];
        pixels.read((long) y * width + x, row);
        return row;
    }

    /** What a resource is made with. */
    private record Header(long id, PixelFormat format, int width, int height) {}

    private static final Header NO_HEADER = new Header(1, PixelFormat.B8G8R8X8, 1, 1);

    /**
     * {@return a resource, or the one that is loaded}
     *
     * @param now the resource; none when one is loaded
     * @param room for its image, in bytes
     * @param memory what its backing points to
     * @param stretches how many its backing may have
     */
    static Resource2d exchanged(
            StateExchange s, Optional<Resource2d> now, long room, GuestMemory memory, int stretches) {
        Header header =
                now.map(r -> new Header(r.id, r.format, r.width, r.height)).orElse(NO_HEADER);
        long id = s.digested(header.id());
        s.require(id > 0 && id < 1L << 32, "a resource of it has an impossible number");
        PixelFormat format = s.digested(header.format(), List.of(PixelFormat.values()), PixelFormat::number);
        int width = s.digested(header.width(), 1, Integer.MAX_VALUE);
        int height = s.digested(header.height(), 1, Integer.MAX_VALUE);
        s.require((long) width * height <= room / PixelFormat.BYTES_PER_PIXEL, "its images are too large");
        Resource2d result = now.orElseGet(() -> new Resource2d(id, format, width, height));
        result.contents(s, memory, stretches);
        return result;
    }

    private void contents(StateExchange s, GuestMemory memory, int stretches) {
        s.onlyDigested(sink -> sink.putLong(contentDigest()));
        pixels.state(s);
        Backing attached = backing;
        boolean backed = s.digested(attached != null);
        if (backed) {
            backing = (attached == null ? Backing.NONE : attached).exchanged(s, memory, stretches);
        }
    }

    /** {@return a digest of all bytes, kept until they change: state is asked for far more often than images change} */
    private long contentDigest() {
        if (!contentDigestValid) {
            long digest = 0;
            long count = (long) width * height;
            for (long at = 0; at < count; at += DIGEST_BLOCK) {
                int[] block = new int[(int) Math.min(DIGEST_BLOCK, count - at)];
                pixels.read(at, block);
                long next = FrameDigest.ofRow(block);
                digest = FrameDigest.ofRow(
                        new int[] {(int) digest, (int) (digest >> 32), (int) next, (int) (next >> 32)});
            }
            contentDigest = digest;
            contentDigestValid = true;
        }
        return contentDigest;
    }
}
