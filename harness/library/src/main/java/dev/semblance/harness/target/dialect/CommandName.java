package dev.semblance.harness.target.dialect;

import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.gpu.protocol.Header;
import java.util.Arrays;
import java.util.Optional;

/** Names of the types of requests (VIRTIO 1.2, 5.7.6.7). */
public final class CommandName {

    private CommandName() {}

    /**
     * {@return the name of a request's type, {@code unknown type} or {@code no header}}
     *
     * @param request the bytes that the driver sent
     */
    public static String of(byte[] request) {
        if (request.length < Header.SIZE) {
            return "no header";
        }
        int number = request[0] & 255 | (request[1] & 255) << 8 | (request[2] & 255) << 16 | request[3] << 24;
        return CommandType.of(number).map(Enum::name).orElse("unknown type");
    }

    /**
     * {@return the type that has a name; empty for what is none}
     *
     * @param name of a command
     */
    static Optional<CommandType> type(String name) {
        return Arrays.stream(CommandType.values())
                .filter(type -> type.name().equals(name))
                .findFirst();
    }

    /**
     * {@return whether a command asks for what the displays offer}
     *
     * @param name of the command
     */
    public static boolean asksForDisplays(String name) {
        return name.equals(CommandType.GET_DISPLAY_INFO.name()) || name.equals(CommandType.GET_EDID.name());
    }
}
