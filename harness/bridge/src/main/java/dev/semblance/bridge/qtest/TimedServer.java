package dev.semblance.bridge.qtest;

import dev.semblance.bridge.target.LinkFailedException;
import dev.semblance.harness.target.TargetFailure.Cause;
import dev.semblance.harness.target.TargetProcess;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/** A socket that a program connects to once. Its file lies in a folder that is ours alone. */
final class TimedServer implements AutoCloseable {

    /** How often is looked whether the program is still there. */
    private static final int LOOK_MILLIS = 10;

    private final ServerSocketChannel server;

    private TimedServer(ServerSocketChannel server) {
        this.server = server;
    }

    static TimedServer listen(Path path) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path), 1);
            server.configureBlocking(false);
            return new TimedServer(server);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /**
     * Waits for a program to connect.
     *
     * @param name of the protocol
     * @param process the program; one that has ended is not waited for
     * @param longest how many bytes a line may have
     * @param start how long is waited for the connection
     * @param timeout how long a line may take then
     */
    TimedChannel accept(String name, TargetProcess process, int longest, Duration start, Duration timeout)
            throws IOException, LinkFailedException {
        long began = System.nanoTime();
        while (true) {
            SocketChannel socket = server.accept();
            if (socket != null) {
                return new TimedChannel(name, socket, longest, timeout);
            }
            if (!process.isAlive()) {
                throw new LinkFailedException(new Cause.BrokeProtocol("never connected for " + name));
            }
            if (System.nanoTime() - began > start.toNanos()) {
                throw new LinkFailedException(new Cause.Hung("its connection for " + name, start));
            }
            process.awaitExit(Duration.ofMillis(LOOK_MILLIS));
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
