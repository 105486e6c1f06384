package dev.semblance.gpu.protocol;

import java.nio.ByteBuffer;

/**
 * What every request and response carries beside its type, {@code struct virtio_gpu_ctrl_hdr} (VIRTIO 1.2, 5.7.6.7).
 *
 * @param flags {@link #FENCE} and others
 * @param fenceId unsigned 64 bits; means something only with {@link #FENCE}
 * @param contextId unsigned 32 bits; rendering context, 3D only
 * @param ringIndex 0 to 255; 3D only
 */
public record Header(int flags, long fenceId, long contextId, int ringIndex) {

    /** Bytes that a header takes, the type included. */
    public static final int SIZE = 24;

    /** VIRTIO_GPU_FLAG_FENCE: the driver wants to know when the command is done. */
    public static final int FENCE = 1;

    /** VIRTIO_GPU_FLAG_INFO_RING_IDX: {@link #ringIndex} is set; only with VIRTIO_GPU_F_CONTEXT_INIT. */
    public static final int INFO_RING_IDX = 2;

    /** The header of a command without a fence. */
    public static final Header NONE = new Header(0, 0, 0, 0);

    /** Makes a header of numbers that fit their fields. */
    public Header {
        Wire.requireU32(contextId);
        if (ringIndex < 0 || ringIndex > 0xff) {
            throw new IllegalArgumentException("not an unsigned 8-bit number: " + ringIndex);
        }
    }

    /**
     * {@return the header of a command with a fence}
     *
     * @param fenceId 64 bits that come back with the response
     */
    public static Header fenced(long fenceId) {
        return new Header(FENCE, fenceId, 0, 0);
    }

    /** {@return whether the driver asked for a fence} */
    public boolean isFenced() {
        return (flags & FENCE) != 0;
    }

    /**
     * {@return the header of the answer to a command with this one (5.7.6.7): the fence, if there is one, is echoed with
     * its context; everything else is zero}
     */
    public Header answer() {
        return isFenced() ? new Header(FENCE, fenceId, contextId, 0) : NONE;
    }

    static Header decode(ByteBuffer buffer) {
        Header header =
                new Header(buffer.getInt(), buffer.getLong(), Wire.u32(buffer), Byte.toUnsignedInt(buffer.get()));
        buffer.position(buffer.position() + 3);
        return header;
    }
}
