package dev.semblance.live;

import dev.semblance.harness.util.Text;
import dev.semblance.live.Resources.Resource;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.Map;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/** A web server on the loopback interface, for one page. Its threads keep no process from ending. */
final class PageServer implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final int MOST_THREADS = 8;
    private static final int LEAST_THREADS = 2;
    private static final int HEADER_BYTES = 8192;

    private final int port;
    private final Server server;
    private final ServerConnector connector;
    private final Doorkeeper door;

    private PageServer(int port, Server server, ServerConnector connector, Doorkeeper door) {
        this.port = port;
        this.server = server;
        this.connector = connector;
        this.door = door;
    }

    /**
     * Makes one, which is to be started.
     *
     * @param port where it listens, 0 for any port that is free
     * @param idle how long a connection may be still
     */
    static PageServer of(int port, Duration idle) {
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, LEAST_THREADS);
        threads.setDaemon(true);
        threads.setName("page server");
        Server server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(HOST);
        connector.setPort(port);
        connector.setIdleTimeout(idle.toMillis());
        server.addConnector(connector);
        server.setErrorHandler(PageHandler::failed);
        return new PageServer(port, server, connector, Doorkeeper.make());
    }

    /** Returns what makes its WebSockets. */
    ServerWebSocketContainer sockets() {
        return ServerWebSocketContainer.ensure(server);
    }

    /**
     * Starts it.
     *
     * @param site what the page asks for besides its files
     * @param resources the files
     * @throws IOException if it cannot listen there; the message says why
     */
    void start(PageHandler.Site site, Map<String, Resource> resources) throws IOException {
        server.setHandler(new PageHandler(door, site, resources));
        try {
            server.start();
        } catch (Exception e) {
            close();
            throw refused(port, e);
        }
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

    /** Returns the address of the page, which has the token in it. */
    String url() {
        return "http://" + HOST + ":" + connector.getLocalPort() + "/" + door.token() + "/";
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            // Its threads end with the process.
            server.destroy();
        }
    }
}
