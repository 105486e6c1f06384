package dev.semblance.harness.trace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of the length that it had when it was opened, read piece by piece, by one thread or several. */
final class BoundedFile implements AutoCloseable {

    private final SeekableByteChannel channel;
    private final long size;

    private BoundedFile(SeekableByteChannel channel, long size) {
        this.channel = channel;
        this.size = size;
    }

    static BoundedFile open(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString(), null, "there is no such file");
        }
        if (!Files.isRegularFile(path)) {
            throw new IOException(path + " is not a file that a trace can be read from");
        }
        SeekableByteChannel channel = Files.newByteChannel(path, StandardOpenOption.READ);
        try {
            return of(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    static BoundedFile of(SeekableByteChannel channel) throws IOException {
        return new BoundedFile(channel, channel.size());
    }

    long size() {
        return size;
    }

    /** Reads bytes that lie within {@link #size}. */
    synchronized byte[] read(long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        channel.position(offset);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IOException("the file became shorter while it was read");
            }
        }
        return buffer.array();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
