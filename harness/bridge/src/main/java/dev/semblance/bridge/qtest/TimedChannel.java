package dev.semblance.bridge.qtest;

import dev.semblance.bridge.target.LinkFailedException;
import dev.semblance.harness.target.TargetFailure.Cause;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Lines and bytes to and from a program over a socket; nothing waits longer than the timeout. One thread uses it. */
final class TimedChannel implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final String name;
    private final SocketChannel socket;
    private final Selector selector;
    private final SelectionKey key;
    private final Duration timeout;
    private final int longest;
    private final ByteBuffer incoming = ByteBuffer.allocate(BUFFER).flip();

    /**
     * Takes a connection over.
     *
     * @param name of the protocol, for messages
     * @param socket closed with this
     * @param longest how many bytes a line may have
     * @param timeout how long a line may take
     */
    TimedChannel(String name, SocketChannel socket, int longest, Duration timeout) throws IOException {
        this.name = name;
        this.socket = socket;
        this.longest = longest;
        this.timeout = timeout;
        socket.configureBlocking(false);
        selector = Selector.open();
        key = socket.register(selector, SelectionKey.OP_READ);
    }

    /**
     * Sends a line.
     *
     * @param line without its end
     */
    void send(String line) throws LinkFailedException {
        send((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Sends bytes.
     *
     * @param message all of them
     */
    void send(byte[] message) throws LinkFailedException {
        ByteBuffer bytes = ByteBuffer.wrap(message);
        long start = System.nanoTime();
        try {
            while (socket.write(bytes) >= 0 && bytes.hasRemaining()) {
                await(SelectionKey.OP_WRITE, start, "room for what it is told over " + name);
            }
        } catch (IOException e) {
            throw closed();
        }
    }

    /**
     * {@return the next line, without its end}
     *
     * @param what is waited for, if it does not come
     */
    String receive(String what) throws LinkFailedException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long start = System.nanoTime();
        while (true) {
            while (incoming.hasRemaining()) {
                byte next = incoming.get();
                if (next == '\n') {
                    return line.toString(StandardCharsets.UTF_8);
                }
                if (line.size() == longest) {
                    throw new LinkFailedException(
                            new Cause.BrokeProtocol("sent a line of more than " + longest + " bytes over " + name));
                }
                line.write(next);
            }
            fill(start, what);
        }
    }

    /**
     * {@return the next bytes}
     *
     * @param count how many
     * @param what is waited for, if it does not come
     */
    ByteBuffer receive(int count, String what) throws LinkFailedException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        long start = System.nanoTime();
        while (true) {
            while (incoming.hasRemaining() && bytes.hasRemaining()) {
                bytes.put(incoming.get());
            }
            if (!bytes.hasRemaining()) {
                return bytes.flip();
            }
            fill(start, what);
        }
    }

    private void fill(long start, String what) throws LinkFailedException {
        incoming.clear();
        try {
            int count = socket.read(incoming);
            if (count == 0) {
                await(SelectionKey.OP_READ, start, what);
                count = socket.read(incoming);
            }
            if (count < 0) {
                throw closed();
            }
        } catch (IOException e) {
            throw closed();
        } finally {
            incoming.flip();
        }
    }

    private LinkFailedException closed() {
        return new LinkFailedException(new Cause.BrokeProtocol("closed its connection for " + name));
    }

    private void await(int operation, long start, String what) throws IOException, LinkFailedException {
        long left = timeout.toMillis() - (System.nanoTime() - start) / 1_000_000;
        if (left <= 0) {
            throw new LinkFailedException(new Cause.Hung(what, timeout));
        }
        key.interestOps(operation);
        selector.select(left);
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            // Whoever interrupts does not want to wait for a device.
            throw new LinkFailedException(new Cause.Hung(what, timeout));
        }
    }

    @Override
    public void close() {
        try {
            try {
                socket.close();
            } finally {
                selector.close();
            }
        } catch (IOException e) {
            // Nothing is lost: whatever was to be said was said.
        }
    }
}
