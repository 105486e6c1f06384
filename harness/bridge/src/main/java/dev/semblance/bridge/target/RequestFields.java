package dev.semblance.bridge.target;

import dev.semblance.gpu.protocol.CommandType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The fields of a request that whoever stands between a driver and its device has to know (VIRTIO 1.2, 5.7.6.8). Nothing is
 * checked: it goes on as it is, and the device says what it makes of it.
 */
public final class RequestFields {

    /** Where the entries of RESOURCE_ATTACH_BACKING begin. */
    public static final int ENTRIES_AT = CommandType.RESOURCE_ATTACH_BACKING.size();

    private static final int FIRST_AT = 24;
    private static final int FIRST_ERROR = 0x1200;

    private final ByteBuffer bytes;

    /**
     * Reads a request.
     *
     * @param request its bytes, as many as there are
     */
    public RequestFields(byte[] request) {
        bytes = ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** {@return which command it is; empty for one that a 2D device does not have, or that is shorter than its structure} */
    public Optional<CommandType> command() {
        return bytes.limit() < Integer.BYTES
                ? Optional.empty()
                : CommandType.of(bytes.getInt(0)).filter(type -> bytes.limit() >= type.size());
    }

    /**
     * {@return a 32-bit field behind the header}
     *
     * @param number counted from 0
     */
    public int field(int number) {
        return bytes.getInt(FIRST_AT + Integer.BYTES * number);
    }

    /**
     * {@return the same, unsigned}
     *
     * @param number counted from 0
     */
    public long unsigned(int number) {
        return field(number) & 0xffff_ffffL;
    }

    /**
     * {@return a 64-bit field behind the header}
     *
     * @param number of the first of its two halves
     */
    public long wide(int number) {
        return bytes.getLong(FIRST_AT + Integer.BYTES * number);
    }

    /** {@return how many bytes there are} */
    public int length() {
        return bytes.limit();
    }

    /**
     * {@return whether a response is none of the errors, with a header at all}
     *
     * @param response its bytes
     */
    public static boolean isOk(byte[] response) {
        return response.length >= Integer.BYTES
                && ByteBuffer.wrap(response).order(ByteOrder.LITTLE_ENDIAN).getInt(0) < FIRST_ERROR;
    }
}
