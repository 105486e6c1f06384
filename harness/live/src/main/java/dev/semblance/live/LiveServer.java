package dev.semblance.live;

import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/** The server of a live page, on the loopback interface. Its threads keep no process from ending. */
public final class LiveServer implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final int MOST_THREADS = 8;
    private static final int LEAST_THREADS = 2;
    private static final int HEADER_BYTES = 8192;
    private static final Duration IDLE = Duration.ofSeconds(60);

    private final Server server;
    private final ServerConnector connector;
    private final Doorkeeper door;
    private final Viewers viewers;

    private LiveServer(Server server, ServerConnector connector, Doorkeeper door, Viewers viewers) {
        this.server = server;
        this.connector = connector;
        this.door = door;
        this.viewers = viewers;
    }

    /**
     * Starts one.
     *
     * @param port where it listens, 0 for any port that is free
     * @param guest what it shows
     * @return the server, which is to be closed
     * @throws IOException if it cannot listen there; the message says why
     */
    public static LiveServer start(int port, LiveGuest guest) throws IOException {
        return start(port, guest, System::nanoTime);
    }

    /** Starts one by another clock, in nanoseconds. */
    static LiveServer start(int port, LiveGuest guest, LongSupplier nanos) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, LEAST_THREADS);
        threads.setDaemon(true);
        threads.setName("live server");
        Server server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(HOST);
        connector.setPort(port);
        connector.setIdleTimeout(IDLE.toMillis());
        server.addConnector(connector);
        ServerWebSocketContainer sockets = ServerWebSocketContainer.ensure(server);
        sockets.setMaxTextMessageSize(ClientMessage.MOST_BYTES);
        sockets.setMaxBinaryMessageSize(ClientMessage.MOST_BYTES);
        sockets.setIdleTimeout(IDLE);
        Doorkeeper door = Doorkeeper.make();
        Viewers viewers = new Viewers(guest, nanos);
        server.setHandler(new PageHandler(door, viewers, sockets, Resources.readAll()));
        LiveServer live = new LiveServer(server, connector, door, viewers);
        try {
            server.start();
        } catch (Exception e) {
            live.close();
            throw refused(port, e);
        }
        viewers.start();
        return live;
    }

    /** Returns what is said of a port that cannot be listened at. A port below 1024 may be free, and not for everybody. */
    static IOException refused(int port, Exception problem) {
        String why = String.valueOf(problem.getMessage());
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                why = String.valueOf(cause.getMessage());
            }
        }
        return new IOException(
                why.contains("already in use")
                        ? Text.format("port %d is taken; without --port any free one is found", port)
                        : Text.format("no page can be served at port %d: %s", port, why),
                problem);
    }

    /** {@return the address of the page, which has the token in it} */
    public String url() {
        return "http://" + HOST + ":" + connector.getLocalPort() + "/" + door.token() + "/";
    }

    /**
     * Tells the pages that the run has ended, and waits a moment for them to hear it.
     *
     * @param sentence what came of it
     */
    public void end(String sentence) {
        viewers.end(sentence);
    }

    @Override
    public void close() {
        viewers.close();
        try {
            server.stop();
        } catch (Exception e) {
            // Its threads end with the process.
            server.destroy();
        }
    }
}
