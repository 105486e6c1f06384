package dev.semblance.live;

import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/** The server of a live page, on the loopback interface. Its threads keep no process from ending. */
public final class LiveServer implements AutoCloseable {

    private static final Duration IDLE = Duration.ofSeconds(60);

    private final PageServer server;
    private final Viewers viewers;

    private LiveServer(PageServer server, Viewers viewers) {
        this.server = server;
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
        Viewers viewers = new Viewers(guest, nanos);
        PageServer server = PageServer.of(port, IDLE);
        ServerWebSocketContainer sockets = server.sockets();
        sockets.setMaxTextMessageSize(ClientMessage.MOST_BYTES);
        sockets.setMaxBinaryMessageSize(ClientMessage.MOST_BYTES);
        sockets.setIdleTimeout(IDLE);
        server.start(new LiveSite(viewers, sockets), Resources.live());
        viewers.start();
        return new LiveServer(server, viewers);
    }

    /** {@return the address of the page, which has the token in it} */
    public String url() {
        return server.url();
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
        server.close();
    }
}
