package dev.semblance.gpu.protocol;

import java.util.Arrays;
import java.util.List;

/**
 * A request of the driver, one record for each command of a 2D device (VIRTIO 1.2, 5.7.6.8 and 5.7.6.10), and three for
 * bytes that are none. Numbers are as the driver gave them, not checked in any way; unsigned 32-bit ones are kept in a
 * {@code long}.
 */
public sealed interface GpuCommand {

    /** {@return the header, {@link Header#NONE} where there is none} */
    Header header();

    /**
     * VIRTIO_GPU_CMD_GET_DISPLAY_INFO: asks which displays there are.
     *
     * @param header the header that came with it
     */
    record GetDisplayInfo(Header header) implements GpuCommand {}

    /**
     * VIRTIO_GPU_CMD_RESOURCE_CREATE_2D: makes an image on the host.
     *
     * @param header the header that came with it
     * @param resourceId the id of the resource, unsigned
     * @param format a {@link PixelFormat#number}
     * @param width in pixels, unsigned
     * @param height in pixels, unsigned
     */
    record ResourceCreate2d(Header header, long resourceId, long format, long width, long height)
            implements GpuCommand {}

    /**
     * VIRTIO_GPU_CMD_RESOURCE_UNREF: destroys an image.
     *
     * @param header the header that came with it
     * @param resourceId the id of the resource, unsigned
     */
    record ResourceUnref(Header header, long resourceId) implements GpuCommand {}

    /**
     * VIRTIO_GPU_CMD_SET_SCANOUT: shows a part of an image on a scanout.
     *
     * @param header the header that came with it
     * @param rect the part meant, in pixels
     * @param scanoutId the number of the scanout, unsigned
     * @param resourceId the image, or 0 to switch the scanout off
     */
    record SetScanout(Header header, Rect rect, long scanoutId, long resourceId) implements GpuCommand {}

    /**
     * VIRTIO_GPU_CMD_RESOURCE_FLUSH: brings changes of an image onto the screen.
     *
     * @param header the header that came with it
     * @param rect the part meant, in pixels
     * @param resourceId the id of the resource, unsigned
     */
    record ResourceFlush(Header header, Rect rect, long resourceId) implements GpuCommand {}

    /**
     * VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D: copies guest memory to an image.
     *
     * @param header the header that came with it
     * @param rect what to write in the image
     * @param offset where the first pixel lies in the backing, in bytes, unsigned 64 bits
     * @param resourceId the id of the resource, unsigned
     */
    record TransferToHost2d(Header header, Rect rect, long offset, long resourceId) implements GpuCommand {}

    /**
     * VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING: puts guest memory behind an image.
     *
     * @param header the header that came with it
     * @param resourceId the id of the resource, unsigned
     * @param entryCount how many entries the driver said there are
     * @param entries those that were really there, none if the count is over the limit
     */
    record ResourceAttachBacking(Header header, long resourceId, long entryCount, List<MemoryEntry> entries)
            implements GpuCommand {
        /** Makes the command with a copy of the list. */
        public ResourceAttachBacking {
            entries = List.copyOf(entries);
        }
    }

    /**
     * VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING: takes the guest memory from an image, which keeps its pixels.
     *
     * @param header the header that came with it
     * @param resourceId the id of the resource, unsigned
     */
    record ResourceDetachBacking(Header header, long resourceId) implements GpuCommand {}

    /**
     * VIRTIO_GPU_CMD_GET_EDID: asks for the EDID of a scanout.
     *
     * @param header the header that came with it
     * @param scanoutId the number of the scanout, unsigned
     */
    record GetEdid(Header header, long scanoutId) implements GpuCommand {}

    /**
     * VIRTIO_GPU_CMD_UPDATE_CURSOR: sets image and position of a cursor.
     *
     * @param header the header that came with it
     * @param position the scanout, and where on it
     * @param resourceId the image, or 0 to hide the cursor
     * @param hotX the pixel column of the cursor that points, unsigned
     * @param hotY the pixel row of the cursor that points, unsigned
     */
    record UpdateCursor(Header header, CursorPosition position, long resourceId, long hotX, long hotY)
            implements GpuCommand {}

    /**
     * VIRTIO_GPU_CMD_MOVE_CURSOR: sets the position of a cursor; the other fields mean nothing.
     *
     * @param header the header that came with it
     * @param position the scanout, and where on it
     * @param resourceId the id of the resource, unsigned
     * @param hotX the pixel column of the cursor that points, unsigned
     * @param hotY the pixel row of the cursor that points, unsigned
     */
    record MoveCursor(Header header, CursorPosition position, long resourceId, long hotX, long hotY)
            implements GpuCommand {}

    /**
     * A command that a 2D device does not have.
     *
     * @param header the header that came with it
     * @param type its number
     * @param body what followed the header, at most {@link CommandCodec#MAX_UNKNOWN_BODY} bytes; not to be changed
     */
    record Unknown(Header header, int type, byte[] body) implements GpuCommand {
        @Override
        public boolean equals(Object object) {
            return object instanceof Unknown other
                    && type == other.type
                    && header.equals(other.header)
                    && Arrays.equals(body, other.body);
        }

        @Override
        public int hashCode() {
            return type * 31 + Arrays.hashCode(body);
        }

        @Override
        public String toString() {
            return "Unknown[header=" + header + ", type=0x" + Integer.toHexString(type) + ", body=" + body.length
                    + " bytes]";
        }
    }

    /**
     * A command whose request ends before its structure does.
     *
     * @param header the header that came with it
     * @param type the number that no command has
     * @param body what there was after the header; not to be changed
     */
    record Truncated(Header header, CommandType type, byte[] body) implements GpuCommand {
        @Override
        public boolean equals(Object object) {
            return object instanceof Truncated other
                    && type == other.type
                    && header.equals(other.header)
                    && Arrays.equals(body, other.body);
        }

        @Override
        public int hashCode() {
            return type.hashCode() * 31 + Arrays.hashCode(body);
        }

        @Override
        public String toString() {
            return "Truncated[header=" + header + ", type=" + type + ", " + (Header.SIZE + body.length) + " of "
                    + type.size() + " bytes]";
        }
    }

    /**
     * A request that ends before its header does.
     *
     * @param bytes what there was; not to be changed
     */
    record NoHeader(byte[] bytes) implements GpuCommand {
        @Override
        public Header header() {
            return Header.NONE;
        }

        @Override
        public boolean equals(Object object) {
            return object instanceof NoHeader other && Arrays.equals(bytes, other.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "NoHeader[" + bytes.length + " bytes]";
        }
    }
}
