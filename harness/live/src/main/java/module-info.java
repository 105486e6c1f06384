/** A running guest in a page of the browser: the web server, and the page. */
@SuppressWarnings("module") // The module that a package is exported to is built after this one.
module dev.semblance.live {
    requires static org.jspecify;
    requires transitive dev.semblance.harness;
    requires org.eclipse.jetty.server;
    requires org.eclipse.jetty.websocket.api;
    requires org.eclipse.jetty.websocket.server;
    requires tools.jackson.databind;

    exports dev.semblance.live to
            dev.semblance.cli;
}
