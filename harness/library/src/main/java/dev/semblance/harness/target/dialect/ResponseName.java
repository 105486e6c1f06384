package dev.semblance.harness.target.dialect;

import dev.semblance.gpu.protocol.ErrorCode;
import dev.semblance.harness.util.Text;

/** Names of the types of responses (VIRTIO 1.2, 5.7.6.7). */
public final class ResponseName {

    /** The chain came back with nothing written. */
    public static final String NONE = "none";

    /** The chain did not come back. */
    public static final String UNUSED = "unused";

    /** What follows the length of a response that is too short for a type. */
    private static final String BYTES = " bytes";

    private ResponseName() {}

    /**
     * {@return what the first four bytes of a response say}
     *
     * @param response what the device wrote
     */
    public static String of(byte[] response) {
        if (response.length < Integer.BYTES) {
            return response.length + BYTES;
        }
        int number = response[0] & 255 | (response[1] & 255) << 8 | (response[2] & 255) << 16 | response[3] << 24;
        return switch (number) {
            case 0x1100 -> "OK_NODATA";
            case 0x1101 -> "OK_DISPLAY_INFO";
            case 0x1104 -> "OK_EDID";
            default -> ErrorCode.of(number).map(Enum::name).orElse(Text.format("0x%x", number));
        };
    }

    /**
     * {@return the same of a whole answer, {@code 2 bytes} where there was only room for so many}
     *
     * @param used whether the chain came back
     * @param length of the used element, in bytes
     * @param response the room for the response
     */
    public static String of(boolean used, long length, byte[] response) {
        if (!used) {
            return UNUSED;
        }
        if (length == 0) {
            return NONE;
        }
        // What stands behind them in the room is not the device's.
        return length < Integer.BYTES ? Text.count(length, "byte") : of(response);
    }

    /**
     * {@return whether a response says that the command was done}
     *
     * @param name of the response
     */
    public static boolean isSuccess(String name) {
        return name.startsWith("OK");
    }

    /**
     * {@return whether a response does not say that the command was refused; it may be too short to say so}
     *
     * @param name of the response
     */
    public static boolean maySucceed(String name) {
        return isSuccess(name) || name.equals(NONE) || name.endsWith(BYTES);
    }

    /**
     * {@return whether a response says that the command was refused}
     *
     * @param name of the response
     */
    public static boolean isError(String name) {
        return !isSuccess(name) && !name.equals(NONE) && !name.equals(UNUSED);
    }
}
