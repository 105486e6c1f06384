package dev.semblance.harness.guest.images;

import dev.semblance.harness.files.WholeFile;
import dev.semblance.harness.util.Sha256;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A kernel, initrd, disk or device tree: its bytes, never to be changed, with their SHA-256.
 *
 * <p>Small images are held in memory. Large ones are mapped, so their file must stay as it is during a run.
 */
public final class GuestImage {

    /** From this size on, in bytes, a file is mapped instead of read. */
    private static final long MAP_FROM = 64L << 20;

    private final String name;
    private final MemorySegment content;
    private final String sha256;

    private GuestImage(String name, MemorySegment content) {
        this(name, content, Sha256.of(content));
    }

    private GuestImage(String name, MemorySegment content, String sha256) {
        this.name = name;
        this.content = content;
        this.sha256 = sha256;
    }

    /**
     * Makes an image of bytes that are not changed from here on.
     *
     * @param name the name of its file
     * @param bytes all of it
     * @return the image, digested
     */
    public static GuestImage of(String name, byte[] bytes) {
        return new GuestImage(name, MemorySegment.ofArray(bytes));
    }

    /**
     * Reads, or maps, the file as it is.
     *
     * @param listener is told of hashing a large one
     */
    static GuestImage ofFile(String name, Path file, HashListener listener) throws IOException {
        long size = Files.size(file);
        if (size < MAP_FROM) {
            return of(name, WholeFile.bytes(file, Math.toIntExact(size)));
        }
        MemorySegment content = map(file, size);
        String shown = String.valueOf(file.getFileName());
        return new GuestImage(name, content, Sha256.of(content, done -> listener.hashed(shown, done, size)));
    }

    /** Maps a file that is known to have this SHA-256. */
    static GuestImage ofCheckedFile(String name, Path file, String sha256) throws IOException {
        return new GuestImage(name, map(file, Files.size(file)), sha256);
    }

    /** {@return whether a file is so large that it is mapped rather than read} */
    static boolean isMapped(Path file) throws IOException {
        return Files.size(file) >= MAP_FROM;
    }

    private static MemorySegment map(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(MapMode.READ_ONLY, 0, size, Arena.ofAuto());
        }
    }

    /** {@return the file name to remember it by, without folder and without {@code .xz}} */
    public String name() {
        return name;
    }

    /** {@return the SHA-256 of the bytes in lower-case hexadecimal} */
    public String sha256() {
        return sha256;
    }

    /** {@return the size in bytes} */
    public long size() {
        return content.byteSize();
    }

    /** {@return the bytes, read-only} */
    public MemorySegment content() {
        return content.asReadOnly();
    }

    /** {@return a copy of the bytes; for images that are known to be small} */
    public byte[] bytes() {
        return content.toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public String toString() {
        return Text.format("%s (%,d bytes, sha256 %s)", name, size(), sha256);
    }
}
