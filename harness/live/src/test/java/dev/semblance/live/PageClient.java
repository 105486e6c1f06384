package dev.semblance.live;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A page without a browser. */
public final class PageClient implements WebSocket.Listener, AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final LinkedBlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final List<AtomicInteger> kinds = List.of(new AtomicInteger(), new AtomicInteger(), new AtomicInteger());
    private boolean first = true;
    private CompletableFuture<WebSocket> socket = new CompletableFuture<>();

    private PageClient() {}

    /** Opens the page at an address. */
    public static PageClient connect(URI page) {
        PageClient client = new PageClient();
        client.socket = HTTP.newWebSocketBuilder()
                .header("Origin", "http://127.0.0.1:" + page.getPort())
                .buildAsync(URI.create("ws" + page.resolve("socket").toString().substring("http".length())), client);
        client.socket.join();
        return client;
    }

    @Override
    public CompletionStage<?> onText(WebSocket open, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            texts.add(text.toString());
            text.setLength(0);
        }
        open.request(1);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket open, ByteBuffer data, boolean last) {
        if (first) {
            kinds.get(data.get(data.position()) - 1).incrementAndGet();
        }
        first = last;
        open.request(1);
        return CompletableFuture.completedStage(null);
    }

    /** Returns how many messages of a kind came: 1 pictures, 2 cursors, 3 of the console. */
    public int received(int kind) {
        return kinds.get(kind - 1).get();
    }

    @Override
    public CompletionStage<?> onClose(WebSocket open, int statusCode, String reason) {
        closed.complete(statusCode);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket open, Throwable error) {
        closed.completeExceptionally(error);
    }

    /** Says something; whether it is still heard is another matter. */
    public void say(String message) {
        try {
            socket.join().sendText(message, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | InterruptedException | TimeoutException e) {
            // The other side has closed.
        }
    }

    void say(byte[] message) {
        socket.join().sendBinary(ByteBuffer.wrap(message), true).join();
    }

    /** Returns the next message of a type. */
    public String await(String type) throws InterruptedException {
        return awaitText("\"type\":\"" + type + "\"");
    }

    /** Returns the next message with a text in it. */
    public String awaitText(String part) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            String next = texts.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                throw new AssertionError("there came no " + part);
            }
            if (next.contains(part)) {
                return next;
            }
        }
    }

    /** Returns the status with which the other side closed. */
    public int closed() throws Exception {
        return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Waits for the end of the connection, even one that is seen only as this side cannot write any more. */
    public void awaitEnd() throws Exception {
        closed.handle((status, failure) -> true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Goes without a word. */
    public void abort() {
        socket.join().abort();
    }

    @Override
    public void close() {
        socket.join().abort();
    }
}
