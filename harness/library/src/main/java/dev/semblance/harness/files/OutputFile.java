package dev.semblance.harness.files;

import dev.semblance.harness.UnwritableException;
import dev.semblance.harness.util.Text;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file on its way. It grows under a name of its own beside the one it shall have, and takes its place with {@link
 * #commit}; a file that was there stays untouched until then. Closed without, nothing of it remains, folders made for it
 * included; so too if the process ends by a signal. A {@link #recording} is the exception: its part is kept.
 *
 * <p>A symbolic link is written through: it stays, and what it leads to is replaced. A device, a FIFO or an open file of
 * the process is never replaced; the complete file is copied into it.
 *
 * <p>For one thread, but for {@link #channel}, which may be used by another.
 */
public final class OutputFile implements Closeable {

    private static final int BUFFER = 1 << 16;

    /** Of the name that it shall have, in the name that it has meanwhile: names have 255 bytes at most. */
    private static final int NAME_CHARACTERS = 40;

    private enum State {
        OPEN,
        COMMITTED,
        CLOSED
    }

    private final Path file;
    private final Destination destination;
    private final Path part;
    private final FileChannel channel;
    private final OutputStream stream;
    private final boolean kept;
    private final Optional<Path> setAside;
    private final List<Path> folders;
    private State state = State.OPEN;
    private long length;

    private OutputFile(
            Path file,
            Destination destination,
            Path part,
            FileChannel channel,
            boolean kept,
            Optional<Path> setAside,
            List<Path> folders) {
        this.file = file;
        this.destination = destination;
        this.part = part;
        this.channel = channel;
        this.kept = kept;
        this.setAside = setAside;
        this.folders = folders;
        this.stream = new BufferedOutputStream(new Named(Channels.newOutputStream(channel), file), BUFFER);
    }

    /** Says which file could not be written, so that a copy does not blame what it reads. */
    private static final class Named extends OutputStream {
        private final OutputStream out;
        private final Path file;

        Named(OutputStream out, Path file) {
            this.out = out;
            this.file = file;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                throw UnwritableException.of(file, e);
            }
        }
    }

    /**
     * Begins a file that is there whole or not at all.
     *
     * @throws UnwritableException if it cannot be written there
     */
    public static OutputFile create(Path file) throws UnwritableException {
        return create(file, List.of());
    }

    /** Begins such a file, and makes the folder that it is to lie in if there is none; exceptions as of {@link #create}. */
    public static OutputFile createWithFolder(Path file) throws UnwritableException {
        List<Path> made = new ArrayList<>();
        try {
            makeFolder(file, made);
        } catch (IOException e) {
            made.forEach(AtExit::delete);
            throw UnwritableException.of(file, e);
        }
        return create(file, made);
    }

    private static OutputFile create(Path file, List<Path> folders) throws UnwritableException {
        try {
            Destination destination = Destination.of(file);
            return switch (destination) {
                case Destination.Replaced replaced -> {
                    Path part = privateName(replaced.file());
                    AtExit.remove(part);
                    yield new OutputFile(file, destination, part, newFile(part), false, Optional.empty(), folders);
                }
                case Destination.Filled unused -> {
                    Path part = TemporaryFolder.file(".new");
                    AtExit.remove(part);
                    yield new OutputFile(
                            file,
                            destination,
                            part,
                            FileChannel.open(part, StandardOpenOption.WRITE),
                            false,
                            Optional.empty(),
                            folders);
                }
            };
        } catch (IOException e) {
            removeEmpty(folders);
            throw UnwritableException.of(file, e);
        }
    }

    /**
     * Begins the file of a recording: it grows as {@code NAME.part}, and without {@link #commit} that part remains, for
     * what was recorded cannot be had again. The part is locked: nobody else records to the same file meanwhile, in this
     * process or another. A part that somebody who is gone has left behind is set aside.
     *
     * @throws UnwritableException if it cannot be written there, or if somebody records there already
     */
    public static OutputFile recording(Path file) throws UnwritableException {
        try {
            Destination destination = Destination.of(file);
            return switch (destination) {
                case Destination.Replaced replaced -> {
                    RecordingPart.Claimed claimed = RecordingPart.claim(replaced.file(), file);
                    yield new OutputFile(
                            file, destination, claimed.part(), claimed.channel(), true, claimed.setAside(), List.of());
                }
                case Destination.Filled unused -> {
                    Path part = TemporaryFolder.file(".trace.part");
                    yield new OutputFile(
                            file,
                            destination,
                            part,
                            FileChannel.open(part, StandardOpenOption.WRITE),
                            true,
                            Optional.empty(),
                            List.of());
                }
            };
        } catch (IOException e) {
            throw UnwritableException.of(file, e);
        }
    }

    /** {@return the file in which a recording grows that shall be {@code file}} */
    public static Path partOf(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }

    /** Writes a small file, whole or not at all. */
    public static void write(Path file, byte[] bytes) throws UnwritableException {
        try (OutputFile out = createWithFolder(file)) {
            out.stream().write(bytes);
            out.commit();
        } catch (IOException e) {
            throw UnwritableException.of(file, e);
        }
    }

    /** Writes a small file of text in UTF-8, whole or not at all. */
    public static void write(Path file, String text) throws UnwritableException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds text in UTF-8 to the end of a file that others write to as well; makes it if it is not there. */
    public static void append(Path file, String text) throws UnwritableException {
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw UnwritableException.of(file, e);
        }
    }

    /** {@return the file, as it was named} */
    public Path file() {
        return file;
    }

    /** {@return where it grows} What was {@linkplain #flush flushed} can be read there. */
    public Path part() {
        return part;
    }

    /** {@return where a part is now that was left behind at the place of this one; empty if there was none} */
    public Optional<Path> setAside() {
        return setAside;
    }

    /** {@return a stream into the file} It need not be closed. */
    public OutputStream stream() {
        return stream;
    }

    /** {@return the file's channel} Whoever uses both it and the {@link #stream} has to {@link #flush} in between. */
    public FileChannel channel() {
        return channel;
    }

    /** Hands what was written to {@link #stream} on to the system. */
    public void flush() throws UnwritableException {
        try {
            stream.flush();
        } catch (IOException e) {
            throw UnwritableException.of(file, e);
        }
    }

    /**
     * Gives the complete file its name, or copies it into the device.
     *
     * @throws UnwritableException if that fails; what was there before is there still
     */
    public void commit() throws UnwritableException {
        switch (destination) {
            case Destination.Replaced replaced -> commitAs(replaced.file());
            case Destination.Filled filled -> {
                begin();
                try {
                    try (OutputStream out = Files.newOutputStream(filled.node(), StandardOpenOption.WRITE)) {
                        Files.copy(part, out);
                    }
                    Files.deleteIfExists(part);
                    committed();
                } catch (IOException e) {
                    throw UnwritableException.of(file, e);
                }
            }
        }
    }

    /** Gives the complete file another name than it was begun with, in the same file system. */
    public void commitAs(Path place) throws UnwritableException {
        begin();
        try {
            keepPermissions(place);
            Files.move(part, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            committed();
        } catch (IOException e) {
            throw UnwritableException.of(file, e);
        }
    }

    private void begin() throws UnwritableException {
        if (state != State.OPEN) {
            throw new IllegalStateException(file + " is closed");
        }
        flush();
        try {
            // The owner may have closed it; then it is as long as it is.
            length = channel.isOpen() ? channel.size() : Files.size(part);
        } catch (IOException e) {
            throw UnwritableException.of(file, e);
        }
    }

    private void committed() throws IOException {
        state = State.COMMITTED;
        AtExit.keep(part);
        channel.close();
    }

    /** {@return how many bytes were committed} */
    public long length() {
        if (state != State.COMMITTED) {
            throw new IllegalStateException(file + " is not complete");
        }
        return length;
    }

    /** Lets a file that was private stay so. */
    private void keepPermissions(Path place) {
        try {
            if (Files.exists(place)) {
                Files.setPosixFilePermissions(part, Files.getPosixFilePermissions(place));
            }
        } catch (IOException | UnsupportedOperationException e) {
            // It has those of a new file then.
        }
    }

    /** Throws away what was written, of a recording too. */
    public void discard() {
        if (state == State.OPEN) {
            state = State.CLOSED;
            AtExit.delete(part);
            AtExit.keep(part);
            removeEmpty(folders);
            closeChannel();
        }
    }

    /** Closes the file; what was not committed is gone, unless it is a recording. */
    @Override
    public void close() {
        if (kept && state == State.OPEN) {
            state = State.CLOSED;
            closeChannel();
        } else {
            discard();
        }
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            // What counts was flushed before, and said so if it failed.
        }
    }

    /** Makes the folder of a file, and those above it; adds the new ones, the deepest first. */
    private static void makeFolder(Path file, List<Path> made) throws IOException {
        Optional<Path> folder =
                Optional.ofNullable(file.toAbsolutePath().normalize().getParent());
        for (Optional<Path> each = folder; each.isPresent() && !Files.exists(each.get()); ) {
            made.add(each.get());
            each = Optional.ofNullable(each.get().getParent());
        }
        if (folder.isPresent()) {
            Files.createDirectories(folder.get());
        }
    }

    private static void removeEmpty(List<Path> folders) {
        for (Path folder : folders) {
            try {
                Files.deleteIfExists(folder);
            } catch (IOException e) {
                // Somebody has put something into it meanwhile.
                return;
            }
        }
    }

    private static Path privateName(Path place) {
        String name = String.valueOf(place.getFileName());
        return place.resolveSibling(Text.format(
                ".%s.%016x.new",
                name.substring(0, Math.min(name.length(), NAME_CHARACTERS)),
                ThreadLocalRandom.current().nextLong()));
    }

    private static FileChannel newFile(Path part) throws IOException {
        try {
            return FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(part + " is in the way", e);
        } catch (IOException e) {
            AtExit.keep(part);
            throw e;
        }
    }
}
