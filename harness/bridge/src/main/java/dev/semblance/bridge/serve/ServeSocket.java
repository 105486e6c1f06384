package dev.semblance.bridge.serve;

import dev.semblance.bridge.posix.Credentials;
import dev.semblance.bridge.posix.PosixException;
import dev.semblance.bridge.posix.UnixListener;
import dev.semblance.bridge.posix.UnixSocket;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.UnusableInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The socket that a front-end connects to: for the user alone, where nobody else can put another in its place. Its file is
 * there while it waits.
 */
public final class ServeSocket implements AutoCloseable {

    private static final int TYPE_MASK = 0170000;
    private static final int SOCKET = 0140000;
    private static final int STICKY = 01000;
    private static final int WRITABLE_BY_OTHERS = 022;

    private final Path path;
    private final UnixListener listener;

    private ServeSocket(Path path, UnixListener listener) {
        this.path = path;
        this.listener = listener;
    }

    /**
     * Listens at a path. A socket that somebody left there, and nobody listens to, is replaced.
     *
     * @param path where the socket's file is made
     * @return the socket, to wait for a front-end
     * @throws UnusableInputException if there is something else, or somebody listens already, or the folder is not safe
     */
    public static ServeSocket listen(Path path) {
        try {
            checkFolder(path);
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                replace(path);
            }
            return new ServeSocket(path, UnixListener.listen(path));
        } catch (PosixException problem) {
            throw new UnusableInputException(
                    "there can be no socket at " + path + ": " + problem.getMessage()
                            + (path.toString().length() > 100
                                    ? "; a shorter name, or one relative to this folder, may do"
                                    : ""),
                    problem);
        } catch (IOException problem) {
            throw UnusableInputException.unreadable(path, problem);
        }
    }

    private static int mode(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    }

    private static void checkFolder(Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new UnusableInputException("there is no folder for a socket at " + path);
        }
        Path folder = parent.toRealPath();
        int owner = (int) Files.getAttribute(folder, "unix:uid");
        int mode = mode(folder);
        boolean ours = owner == Credentials.ownUser() || owner == 0;
        boolean safe = ours && ((mode & WRITABLE_BY_OTHERS) == 0 || (mode & STICKY) != 0);
        if (!safe) {
            throw new UnusableInputException("others can replace what is in " + parent
                    + ", so that a guest might be shown to them; put the socket in a folder that only you can write");
        }
    }

    private static void replace(Path path) throws IOException {
        if ((mode(path) & TYPE_MASK) != SOCKET) {
            throw new UnusableInputException(path + " is there already and is no socket; name another");
        }
        try (UnixSocket other = UnixSocket.connect(path)) {
            throw new UnusableInputException("somebody listens at " + path + " already (process "
                    + other.peer().process() + "); name another socket");
        } catch (PosixException problem) {
            if (problem.errno() != PosixException.ECONNREFUSED) {
                throw new UnusableInputException(path + " is there already: " + problem.getMessage(), problem);
            }
        }
        Files.delete(path);
    }

    UnixListener listener() {
        return listener;
    }

    /**
     * Takes the connection that has come, and lets no more come.
     *
     * @return the front-end's socket
     * @throws IncompatibleException if it is another user's
     */
    UnixSocket accept() throws PosixException {
        UnixSocket socket = listener.accept();
        Credentials peer = socket.peer();
        if (peer.user() != Credentials.ownUser()) {
            socket.close();
            throw new IncompatibleException(
                    "process " + peer.process() + " of user " + peer.user() + " connected; only your own may");
        }
        close();
        return socket;
    }

    @Override
    public void close() {
        if (listener.isOpen()) {
            listener.close();
            try {
                Files.deleteIfExists(path);
            } catch (IOException problem) {
                // It is replaced the next time: nobody listens.
            }
        }
    }
}
