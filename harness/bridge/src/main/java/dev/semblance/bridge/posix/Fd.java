package dev.semblance.bridge.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** An open file descriptor that is this object's to close. One thread uses it; closing twice does nothing. */
public sealed class Fd implements AutoCloseable permits EventFd, SharedMemory, UnixListener, UnixSocket {

    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC = 0x7ff;
    private static final int STATX_BYTES = 256;
    private static final int STATX_MODE = 28;
    private static final int STATX_SIZE = 40;
    private static final int TYPE_MASK = 0xf000;
    private static final int REGULAR = 0x8000;

    private final int number;
    private boolean open = true;

    Fd(int number) {
        this.number = number;
    }

    /** {@return the number, for a call} */
    final int number() {
        if (!open) {
            throw new IllegalStateException("the file descriptor is closed");
        }
        return number;
    }

    /** {@return whether it was not closed yet} */
    public final boolean isOpen() {
        return open;
    }

    /**
     * {@return the size of the file in bytes, or -1 if it is not a regular file: a pipe, a socket, a device}
     *
     * @throws PosixException if the system does not tell
     */
    public final long fileSize() throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(STATX_BYTES, 8);
            Libc.statx(number(), arena.allocateFrom(""), AT_EMPTY_PATH, STATX_BASIC, status);
            int mode = status.get(ValueLayout.JAVA_SHORT, STATX_MODE) & 0xffff;
            return (mode & TYPE_MASK) == REGULAR ? status.get(ValueLayout.JAVA_LONG, STATX_SIZE) : -1;
        }
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            Libc.close(number);
        }
    }

    /** Gives the descriptor away: it is no longer this object's to close. */
    final int release() {
        int given = number();
        open = false;
        return given;
    }
}
