package dev.semblance.bridge.posix;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/** A socket in the file system that takes connections. Its file is not removed when it is closed. */
public final class UnixListener extends Fd {

    private static final int OWNER_ONLY = 0600;

    private UnixListener(int number) {
        super(number);
    }

    /**
     * Listens at a path where there is nothing yet. Nobody but the user can ever connect: the mode is set before there is a
     * file.
     *
     * @param path where the socket's file is made
     * @return what listens
     * @throws PosixException {@link PosixException#EADDRINUSE} if there is something
     */
    public static UnixListener listen(Path path) throws PosixException {
        UnixListener listener = new UnixListener(Libc.socket(UnixAddress.AF_UNIX, UnixSocket.STREAM));
        try (Arena arena = Arena.ofConfined()) {
            Libc.fchmod(listener.number(), OWNER_ONLY);
            Libc.bind(listener.number(), UnixAddress.of(path, arena));
            Libc.listen(listener.number(), 1);
            return listener;
        } catch (PosixException problem) {
            listener.close();
            throw problem;
        }
    }

    /**
     * Takes a connection; waits for one.
     *
     * @return its end here
     * @throws PosixException if there are too many open files
     */
    public UnixSocket accept() throws PosixException {
        return new UnixSocket(Libc.accept4(number(), UnixSocket.CLOEXEC));
    }
}
