package dev.semblance.live;

import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/** The WebSocket of a live page. */
final class LiveSite implements PageHandler.Site {

    /** Where the page asks for it. */
    private static final String SOCKET = "socket";

    private final Viewers viewers;
    private final ServerWebSocketContainer sockets;

    LiveSite(Viewers viewers, ServerWebSocketContainer sockets) {
        this.viewers = viewers;
        this.sockets = sockets;
    }

    @Override
    public boolean blocks() {
        return false;
    }

    @Override
    public boolean answer(String wanted, Request request, Response response, Callback callback) {
        if (!wanted.equals(SOCKET) || !request.getHeaders().contains(HttpHeader.UPGRADE)) {
            return false;
        }
        return sockets.upgrade(
                (asked, answer, upgrading) -> {
                    // Pictures are deflated already, and what is inflated is one more thing to bound.
                    answer.setExtensions(List.of());
                    return new Viewer(viewers);
                },
                request,
                response,
                callback);
    }
}
