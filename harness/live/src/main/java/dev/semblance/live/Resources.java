package dev.semblance.live;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The files of the page: these and no others, whatever a path says. */
final class Resources {

    /** Stands in the page where the nonce of its styles goes. */
    static final String NONCE = "NONCE";

    /** The page itself, which is at the folder's own address. */
    static final String PAGE = "";

    private static final Map<String, String> TYPES = types();

    private Resources() {}

    /**
     * A file.
     *
     * @param type its media type
     * @param bytes what is in it; not changed
     */
    record Resource(String type, byte[] bytes) {}

    private static Map<String, String> types() {
        String script = "text/javascript; charset=utf-8";
        String style = "text/css; charset=utf-8";
        Map<String, String> types = new TreeMap<>();
        types.put(PAGE, "text/html; charset=utf-8");
        types.put("live.css", style);
        types.put("live.js", script);
        types.put("screen.js", script);
        types.put("keyboard.js", script);
        types.put("pointer.js", script);
        types.put("serial.js", script);
        types.put("xterm.js", script);
        types.put("xterm.css", style);
        return Collections.unmodifiableMap(types);
    }

    /** Reads all of them. */
    static Map<String, Resource> readAll() {
        Map<String, Resource> resources = new TreeMap<>();
        TYPES.forEach((name, type) ->
                resources.put(name, new Resource(type, read(name.isEmpty() ? "live.html" : name))));
        return Collections.unmodifiableMap(resources);
    }

    private static byte[] read(String name) {
        try (InputStream in = Optional.ofNullable(Resources.class.getResourceAsStream(name))
                .orElseThrow(() -> new IllegalStateException(name + " is not in this build"))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
