package dev.semblance.harness.target.pipe;

import dev.semblance.harness.json.Json;
import dev.semblance.harness.trace.text.LineBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Lines to and from a program, of which nothing waits longer than it was told to: one thread reads ahead by a line, and long
 * lines are written by another.
 */
final class PipeLines implements AutoCloseable {

    /** The longest line, in bytes: a picture of 10 million pixels. */
    static final int MAX_LINE = 64 << 20;

    /** What the pipe has room for on any system while it is empty, as it is whenever a question is put. */
    private static final int AT_ONCE = 16 << 10;

    /** What came of waiting for a line. */
    sealed interface Received {

        /** A line. */
        record Line(String text) implements Received {}

        /** The program closed its output. */
        record Closed() implements Received {}

        /** What came is no line that is taken. */
        record Bad(String reason) implements Received {}
    }

    private final OutputStream out;
    private final ArrayBlockingQueue<Received> received = new ArrayBlockingQueue<>(1);
    private final Thread reader;

    PipeLines(InputStream in, OutputStream out) {
        this.out = out;
        LineBytes lines = new LineBytes(in, MAX_LINE);
        this.reader = Thread.ofPlatform().daemon().name("pipe-reader").start(() -> readAll(lines));
    }

    private void readAll(LineBytes lines) {
        try {
            Received next = next(lines);
            while (next instanceof Received.Line) {
                received.put(next);
                next = next(lines);
            }
            received.put(next);
        } catch (InterruptedException e) {
            // Closed: nobody waits for a line any more.
            Thread.currentThread().interrupt();
        }
    }

    private static Received next(LineBytes lines) {
        try {
            Optional<byte[]> line = lines.next();
            return line.isPresent() ? new Received.Line(Json.utf8(line.get())) : new Received.Closed();
        } catch (IOException e) {
            return new Received.Closed();
        } catch (IllegalArgumentException e) {
            return new Received.Bad(String.valueOf(e.getMessage()));
        }
    }

    /**
     * {@return the next line, or what came in its place; empty if nothing came in time}
     *
     * @param nanos how long to wait
     */
    Optional<Received> receive(long nanos) {
        try {
            return Optional.ofNullable(received.poll(nanos, TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /**
     * Writes a line.
     *
     * @param nanos how long that may take
     * @return whether it was taken in time
     * @throws IOException if the program closed its input
     */
    boolean send(String line, long nanos) throws IOException {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= AT_ONCE) {
            write(bytes);
            return true;
        }
        ArrayBlockingQueue<Optional<IOException>> written = new ArrayBlockingQueue<>(1);
        Thread.ofPlatform().daemon().name("pipe-writer").start(() -> {
            try {
                write(bytes);
                written.add(Optional.empty());
            } catch (IOException e) {
                written.add(Optional.of(e));
            }
        });
        try {
            Optional<Optional<IOException>> ended = Optional.ofNullable(written.poll(nanos, TimeUnit.NANOSECONDS));
            Optional<IOException> problem = ended.flatMap(found -> found);
            if (problem.isPresent()) {
                throw problem.get();
            }
            return ended.isPresent();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Has nobody wait for lines any more; the streams are the program's. */
    @Override
    public void close() {
        reader.interrupt();
    }
}
