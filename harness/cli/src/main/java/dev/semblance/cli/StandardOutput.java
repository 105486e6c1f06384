package dev.semblance.cli;

import dev.semblance.harness.files.AtExit;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Standard output, which remembers that something could not be written: a PrintWriter on top of it would swallow that. For
 * several threads.
 */
final class StandardOutput extends OutputStream {

    /** The bits of a file's mode that tell its type, and those of a FIFO and a socket (inode(7)). */
    private static final int TYPE = 0170000;

    private static final int FIFO = 0010000;
    private static final int SOCKET = 0140000;

    private final OutputStream out;
    private final BooleanSupplier pipe;
    private Optional<IOException> failure = Optional.empty();
    private boolean told;

    /** Makes one of a stream of which nothing more is known. */
    StandardOutput(OutputStream out) {
        this(out, () -> false);
    }

    /**
     * Makes one of a stream.
     *
     * @param pipe tells whether it leads to a pipe or a socket
     */
    StandardOutput(OutputStream out, BooleanSupplier pipe) {
        this.out = out;
        this.pipe = pipe;
    }

    /** Returns the process's own. */
    static StandardOutput ofProcess() {
        return new StandardOutput(new FileOutputStream(FileDescriptor.out), () -> isPipe(Path.of("/dev/fd/1")));
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        if (AtExit.isRemoving()) {
            // Who speaks now has not noticed yet that the process ends.
            return;
        }
        throwFailure();
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            failure = Optional.of(e);
            throw e;
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        throwFailure();
        try {
            out.flush();
        } catch (IOException e) {
            failure = Optional.of(e);
            throw e;
        }
    }

    private void throwFailure() throws IOException {
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    /**
     * Returns why something could not be written, the first time that it is asked after that. That whoever read it has
     * stopped reading is no failure.
     */
    synchronized Optional<IOException> takeFailure() {
        if (told || failure.isEmpty() || isClosedPipe(failure.get())) {
            return Optional.empty();
        }
        told = true;
        return failure;
    }

    private boolean isClosedPipe(IOException problem) {
        String message = String.valueOf(problem.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("broken pipe") || pipe.getAsBoolean();
    }

    /** Writing to a pipe or a socket fails for one reason alone; the system's word for it may be in another language. */
    private static boolean isPipe(Path file) {
        try {
            int type = (Integer) Files.getAttribute(file, "unix:mode") & TYPE;
            return type == FIFO || type == SOCKET;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }
}
