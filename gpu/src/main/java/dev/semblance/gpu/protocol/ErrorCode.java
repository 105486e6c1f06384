package dev.semblance.gpu.protocol;

import java.util.Optional;

/** Why a command was refused (VIRTIO 1.2, 5.7.6.7). */
public enum ErrorCode {
    /** VIRTIO_GPU_RESP_ERR_UNSPEC. */
    UNSPEC(0x1200),
    /** VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY. */
    OUT_OF_MEMORY(0x1201),
    /** VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID. */
    INVALID_SCANOUT_ID(0x1202),
    /** VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID. */
    INVALID_RESOURCE_ID(0x1203),
    /** VIRTIO_GPU_RESP_ERR_INVALID_CONTEXT_ID. */
    INVALID_CONTEXT_ID(0x1204),
    /** VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER. */
    INVALID_PARAMETER(0x1205);

    private static final ErrorCode[] ALL = values();

    private final int number;

    ErrorCode(int number) {
        this.number = number;
    }

    /** {@return the response type on the wire} */
    public int number() {
        return number;
    }

    /**
     * {@return the error with this response type, or empty if there is none}
     *
     * @param number the number on the wire (5.7.6.7)
     */
    public static Optional<ErrorCode> of(int number) {
        for (ErrorCode code : ALL) {
            if (code.number == number) {
                return Optional.of(code);
            }
        }
        return Optional.empty();
    }
}
