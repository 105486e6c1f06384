package dev.semblance.bridge.posix;

import java.io.IOException;

/** A call of the operating system that failed. */
public final class PosixException extends IOException {

    /** Would block. */
    public static final int EAGAIN = 11;

    /** Nobody reads any more. */
    public static final int EPIPE = 32;

    /** The name is taken. */
    public static final int EADDRINUSE = 98;

    /** The peer is gone. */
    public static final int ECONNRESET = 104;

    /** Nobody listens. */
    public static final int ECONNREFUSED = 111;

    static final int EINTR = 4;

    private static final long serialVersionUID = 1L;

    private final int errno;

    PosixException(String function, int errno) {
        super(function + ": " + text(errno));
        this.errno = errno;
    }

    /** {@return the number of the error, as in errno(3) of Linux} */
    public int errno() {
        return errno;
    }

    /** {@return whether this only says that the peer has closed its end} */
    public boolean isPeerGone() {
        return errno == EPIPE || errno == ECONNRESET;
    }

    private static String text(int errno) {
        return switch (errno) {
            case 1 -> "operation not permitted";
            case 2 -> "no such file or directory";
            case 9 -> "bad file descriptor";
            case EAGAIN -> "not now";
            case 12 -> "out of memory";
            case 13 -> "permission denied";
            case 22 -> "invalid argument";
            case 23, 24 -> "too many open files";
            case 28 -> "no space left";
            case EPIPE -> "the other end is closed";
            case 36 -> "the name is too long";
            case 90 -> "the message is too long";
            case EADDRINUSE -> "the address is in use";
            case ECONNRESET -> "the other end was closed";
            case ECONNREFUSED -> "nobody listens";
            default -> "error " + errno;
        };
    }
}
