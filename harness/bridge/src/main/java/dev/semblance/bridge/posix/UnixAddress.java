package dev.semblance.bridge.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The names of sockets in the file system. */
final class UnixAddress {

    static final int AF_UNIX = 1;

    /** Room for the name and the byte 0 behind it in a sockaddr_un. */
    private static final int PATH_BYTES = 108;

    private static final int BYTES = 2 + PATH_BYTES;

    private UnixAddress() {}

    /** {@return the sockaddr_un of a path} A name that does not fit is the same error as the system's. */
    static MemorySegment of(Path path, Arena arena) throws PosixException {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length >= PATH_BYTES) {
            throw new PosixException("bind", 36);
        }
        MemorySegment address = arena.allocate(BYTES, 2);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, 2, name.length);
        return address;
    }
}
