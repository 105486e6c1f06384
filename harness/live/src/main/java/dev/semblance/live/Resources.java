package dev.semblance.live;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The files of the page: these and no others, whatever a path says. */
final class Resources {

    /** Stands in the page where the nonce of its styles goes. */
    static final String NONCE = "NONCE";

    /** The page itself, which is at the folder's own address. */
    static final String PAGE = "";

    private static final String HTML = "text/html; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";

    private static final List<String> VIEW_SCRIPTS = List.of(
            "view.js",
            "server.js",
            "inflate.js",
            "story.js",
            "strip.js",
            "timeline.js",
            "rows.js",
            "stage.js",
            "panels.js");

    private Resources() {}

    /**
     * A file.
     *
     * @param type its media type
     * @param bytes what is in it; not changed
     */
    record Resource(String type, byte[] bytes) {}

    /** Reads those of the page of a guest that runs. */
    static Map<String, Resource> live() {
        return read(
                "live.html",
                List.of("live.css", "xterm.css"),
                List.of("live.js", "screen.js", "keyboard.js", "pointer.js", "serial.js", "typist.js", "xterm.js"));
    }

    /** Reads those of the page of recordings. */
    static Map<String, Resource> view() {
        return read("view.html", List.of("live.css", "view.css"), VIEW_SCRIPTS);
    }

    private static Map<String, Resource> read(String page, List<String> styles, List<String> scripts) {
        Map<String, Resource> resources = new TreeMap<>();
        resources.put(PAGE, new Resource(HTML, read(page)));
        styles.forEach(name -> resources.put(name, new Resource(STYLE, read(name))));
        scripts.forEach(name -> resources.put(name, new Resource(SCRIPT, read(name))));
        return Collections.unmodifiableMap(resources);
    }

    static byte[] read(String name) {
        try (InputStream in = Optional.ofNullable(Resources.class.getResourceAsStream(name))
                .orElseThrow(() -> new IllegalStateException(name + " is not in this build"))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
