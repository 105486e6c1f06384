package dev.semblance.live;

import java.io.IOException;
import java.time.Duration;

/** The server of a page of recordings, on the loopback interface. Its threads keep no process from ending. */
public final class ViewServer implements AutoCloseable {

    /** To find out who made a pixel takes its time. */
    private static final Duration IDLE = Duration.ofMinutes(10);

    private final PageServer server;
    private final ViewSite site;

    private ViewServer(PageServer server, ViewSite site) {
        this.server = server;
        this.site = site;
    }

    /**
     * Starts one.
     *
     * @param port where it listens, 0 for any port that is free
     * @param viewing what it shows
     * @return the server, which is to be closed
     * @throws IOException if it cannot listen there; the message says why
     */
    public static ViewServer start(int port, Viewing viewing) throws IOException {
        ViewSite site = new ViewSite(viewing);
        PageServer server = PageServer.of(port, IDLE);
        server.start(site, Resources.view());
        return new ViewServer(server, site);
    }

    /** {@return the address of the page, which has the token in it} */
    public String url() {
        return server.url();
    }

    @Override
    public void close() {
        server.close();
        site.close();
    }
}
