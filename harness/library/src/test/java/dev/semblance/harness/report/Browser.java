package dev.semblance.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A headless Chromium that is spoken to over its DevTools protocol: just enough to look at a page and press keys. */
public final class Browser implements AutoCloseable {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final long PATIENCE_SECONDS = 30;

    private final Process process;
    private final OutputStream toBrowser;
    private String session = "";
    private final LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private int lastId;

    /** Returns the browser's program, if there is one on this computer. */
    public static Optional<Path> program() {
        return program("chromium", "chromium-browser", "google-chrome");
    }

    /** Returns the first of some programs that is on the PATH. */
    public static Optional<Path> program(String... names) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .flatMap(folder -> Arrays.stream(names).map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts a browser.
     *
     * @param profile a folder of its own
     * @param more options of its command line
     */
    public Browser(Path profile, String... more) throws IOException, InterruptedException {
        this(Optional.empty(), profile, Stream.concat(Stream.of("--headless"), Arrays.stream(more)));
    }

    /**
     * Starts a browser with a window.
     *
     * @param display the X display that it opens on, such as :7
     * @param profile a folder of its own
     */
    public static Browser onDisplay(String display, Path profile) throws IOException, InterruptedException {
        // Without the first, it complains above the page of an option of ours.
        return new Browser(
                Optional.of(display),
                profile,
                Stream.of("--test-type", "--no-default-browser-check", "--ozone-platform=x11"));
    }

    private Browser(Optional<String> display, Path profile, Stream<String> more)
            throws IOException, InterruptedException {
        Stream<String> options = Stream.of(
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-dev-shm-usage",
                "--remote-debugging-pipe",
                "--window-size=1200,900",
                "--user-data-dir=" + profile);
        // It takes orders from descriptor 3 and answers on 4, which a shell can give it, and Java cannot.
        Stream<String> shell = Stream.of(
                "/bin/sh",
                "-c",
                "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1",
                "sh",
                program().orElseThrow().toString());
        ProcessBuilder builder = new ProcessBuilder(
                Stream.concat(Stream.concat(shell, options), more).toList());
        display.ifPresent(name -> builder.environment().put("DISPLAY", name));
        process = builder.start();
        toBrowser = process.getOutputStream();
        Thread.ofPlatform().daemon().name("browser").start(this::listen);
        String target = call("Target.createTarget", MAPPER.createObjectNode().put("url", "about:blank"))
                .get("targetId")
                .asString();
        session = call(
                        "Target.attachToTarget",
                        MAPPER.createObjectNode().put("targetId", target).put("flatten", true))
                .get("sessionId")
                .asString();
        call("Page.enable", MAPPER.createObjectNode());
        call("Log.enable", MAPPER.createObjectNode());
        call("Runtime.enable", MAPPER.createObjectNode());
    }

    /** Takes messages, each of which ends with a zero byte. */
    private void listen() {
        try (InputStream in = new BufferedInputStream(process.getInputStream())) {
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next == 0) {
                    messages.add(message.toString(StandardCharsets.UTF_8));
                    message.reset();
                } else {
                    message.write(next);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the page complained of: scripts that failed, and what its policy for content refused. */
    private final List<String> complaints = new ArrayList<>();

    /** Returns what the page complained of so far. */
    public List<String> complaints() {
        return complaints;
    }

    /** Calls a method of the protocol, and returns its result. */
    public JsonNode call(String method, ObjectNode parameters) throws IOException, InterruptedException {
        ObjectNode message = MAPPER.createObjectNode();
        message.put("id", ++lastId).put("method", method).set("params", parameters);
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        toBrowser.write((MAPPER.writeValueAsString(message) + "\0").getBytes(StandardCharsets.UTF_8));
        toBrowser.flush();
        return await("id", Integer.toString(lastId));
    }

    private JsonNode await(String key, String value) throws IOException, InterruptedException {
        while (true) {
            String text = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (text == null) {
                throw new IOException("the browser does not answer");
            }
            JsonNode answer = MAPPER.readTree(text);
            String method = answer.path("method").asString("");
            if (method.equals("Runtime.exceptionThrown") || method.equals("Log.entryAdded")) {
                complaints.add(text);
            }
            if (answer.path(key).asString("").equals(value)) {
                assertThat(answer.has("error")).as(text).isFalse();
                return answer.path("result");
            }
        }
    }

    void open(Path page) throws IOException, InterruptedException {
        open(page.toUri().toString());
    }

    /** Opens an address, and waits until it is loaded. */
    public void open(String url) throws IOException, InterruptedException {
        call("Page.navigate", MAPPER.createObjectNode().put("url", url));
        await("method", "Page.loadEventFired");
    }

    /** Closes all tabs but the one of this page. */
    public void closeOtherTabs() throws IOException, InterruptedException {
        String own = call("Target.getTargetInfo", MAPPER.createObjectNode())
                .get("targetInfo")
                .get("targetId")
                .asString();
        JsonNode targets = call("Target.getTargets", MAPPER.createObjectNode()).get("targetInfos");
        for (JsonNode target : targets) {
            String id = target.get("targetId").asString();
            if (target.get("type").asString().equals("page") && !id.equals(own)) {
                call("Target.closeTarget", MAPPER.createObjectNode().put("targetId", id));
            }
        }
    }

    /** Waits until a JavaScript expression is true. */
    public void awaitTrue(String expression) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!evaluate("Boolean(" + expression + ")").equals("true")) {
            assertThat(System.nanoTime()).as(expression).isLessThan(deadline);
            Thread.sleep(10);
        }
    }

    /**
     * Presses or releases a key by its place.
     *
     * @param code a KeyboardEvent.code
     * @param key what it means there
     * @param modifiers 1 Alt, 2 Ctrl, 4 Meta, 8 Shift
     */
    public void key(String code, String key, boolean down, int modifiers) throws IOException, InterruptedException {
        call(
                "Input.dispatchKeyEvent",
                MAPPER.createObjectNode()
                        .put("type", down ? "rawKeyDown" : "keyUp")
                        .put("code", code)
                        .put("key", key)
                        .put("modifiers", modifiers));
    }

    /** Presses the mouse's left button at a place of the window, or releases it. */
    public void button(boolean down, double x, double y) throws IOException, InterruptedException {
        button(down ? "mousePressed" : "mouseReleased", x, y);
    }

    /** Says whether the page is to be "light" or "dark"; "" leaves it to the browser. */
    public void setColorScheme(String scheme) throws IOException, InterruptedException {
        ObjectNode parameters = MAPPER.createObjectNode();
        parameters
                .putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", scheme);
        call("Emulation.setEmulatedMedia", parameters);
    }

    /** Gives the page a window of another size, in CSS pixels; 0, 0 is the real one again. */
    public void setSize(int width, int height) throws IOException, InterruptedException {
        if (width == 0) {
            call("Emulation.clearDeviceMetricsOverride", MAPPER.createObjectNode());
            return;
        }
        call(
                "Emulation.setDeviceMetricsOverride",
                MAPPER.createObjectNode()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 0)
                        .put("mobile", false));
    }

    /** Returns a picture of what the window shows, as PNG. */
    public byte[] window() throws IOException, InterruptedException {
        return Base64.getDecoder()
                .decode(call("Page.captureScreenshot", MAPPER.createObjectNode())
                        .get("data")
                        .asString());
    }

    /** Returns a picture of the page, as PNG. */
    public byte[] picture() throws IOException, InterruptedException {
        return Base64.getDecoder()
                .decode(call("Page.captureScreenshot", MAPPER.createObjectNode().put("captureBeyondViewport", true))
                        .get("data")
                        .asString());
    }

    /** Returns what a JavaScript expression is, as text. */
    public String evaluate(String expression) throws IOException, InterruptedException {
        JsonNode result = call(
                "Runtime.evaluate",
                MAPPER.createObjectNode()
                        .put("expression", "Promise.resolve(" + expression + ").then(String)")
                        .put("awaitPromise", true));
        assertThat(result.has("exceptionDetails")).as(result.toString()).isFalse();
        return result.get("result").get("value").asString();
    }

    /** Presses a key by what it means, and releases it. */
    public void press(String key) throws IOException, InterruptedException {
        boolean isText = key.length() == 1;
        ObjectNode event = MAPPER.createObjectNode()
                .put("type", isText ? "keyDown" : "rawKeyDown")
                .put("key", key);
        int code = switch (key) {
            case "ArrowLeft" -> 37;
            case "ArrowUp" -> 38;
            case "ArrowRight" -> 39;
            case "ArrowDown" -> 40;
            case "Tab" -> 9;
            case "Enter" -> 13;
            default -> key.charAt(0);
        };
        event.put("windowsVirtualKeyCode", code);
        if (isText) {
            event.put("text", key);
        }
        call("Input.dispatchKeyEvent", event);
        call("Input.dispatchKeyEvent", event.put("type", "keyUp"));
    }

    /** Presses the mouse's button at a place of the window, and lets it go at another. */
    void drag(double x, double y, double toX, double toY) throws IOException, InterruptedException {
        moveTo(x, y);
        button("mousePressed", x, y);
        moveTo((x + toX) / 2, (y + toY) / 2);
        moveTo(toX, toY);
        button("mouseReleased", toX, toY);
    }

    private void button(String type, double x, double y) throws IOException, InterruptedException {
        call(
                "Input.dispatchMouseEvent",
                MAPPER.createObjectNode()
                        .put("type", type)
                        .put("x", x)
                        .put("y", y)
                        .put("button", "left")
                        .put("clickCount", 1));
    }

    /** Moves the mouse to a place of the window. */
    public void moveTo(double x, double y) throws IOException, InterruptedException {
        call(
                "Input.dispatchMouseEvent",
                MAPPER.createObjectNode().put("type", "mouseMoved").put("x", x).put("y", y));
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }
}
