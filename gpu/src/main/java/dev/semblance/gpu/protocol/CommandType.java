package dev.semblance.gpu.protocol;

import java.util.Optional;

/** The commands of a 2D device (VIRTIO 1.2, 5.7.6.7), with their numbers and the sizes of their structures. */
public enum CommandType {
    /** VIRTIO_GPU_CMD_GET_DISPLAY_INFO. */
    GET_DISPLAY_INFO(0x100, 24),
    /** VIRTIO_GPU_CMD_RESOURCE_CREATE_2D. */
    RESOURCE_CREATE_2D(0x101, 40),
    /** VIRTIO_GPU_CMD_RESOURCE_UNREF. */
    RESOURCE_UNREF(0x102, 32),
    /** VIRTIO_GPU_CMD_SET_SCANOUT. */
    SET_SCANOUT(0x103, 48),
    /** VIRTIO_GPU_CMD_RESOURCE_FLUSH. */
    RESOURCE_FLUSH(0x104, 48),
    /** VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D. */
    TRANSFER_TO_HOST_2D(0x105, 56),
    /** VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING; its entries follow the structure. */
    RESOURCE_ATTACH_BACKING(0x106, 32),
    /** VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING. */
    RESOURCE_DETACH_BACKING(0x107, 32),
    /** VIRTIO_GPU_CMD_GET_EDID. */
    GET_EDID(0x10a, 32),
    /** VIRTIO_GPU_CMD_UPDATE_CURSOR, on the cursor queue. */
    UPDATE_CURSOR(0x300, 56),
    /** VIRTIO_GPU_CMD_MOVE_CURSOR, on the cursor queue. */
    MOVE_CURSOR(0x301, 56);

    private static final CommandType[] ALL = values();

    private final int number;
    private final int size;

    CommandType(int number, int size) {
        this.number = number;
        this.size = size;
    }

    /** {@return the number on the wire} */
    public int number() {
        return number;
    }

    /** {@return the bytes of the command's structure, the header included} */
    public int size() {
        return size;
    }

    /** {@return whether the command belongs on the cursor queue (5.7.6.10)} */
    public boolean isForCursorQueue() {
        return this == UPDATE_CURSOR || this == MOVE_CURSOR;
    }

    /**
     * {@return the command with this number, or empty if a 2D device has none}
     *
     * @param number the number on the wire (5.7.6.7)
     */
    public static Optional<CommandType> of(int number) {
        for (CommandType type : ALL) {
            if (type.number == number) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
