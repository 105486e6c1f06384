package dev.semblance.harness.guest.images;

import dev.semblance.harness.files.WholeFile;
import dev.semblance.harness.util.Sha256;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A kernel, initrd, disk or device tree: its bytes, never to be changed, with their SHA-256.
 *
 * <p>Small images are held in memory. Of large ones is read what is asked for, from their file, packed or not, which must stay as it
 * is during a run.
 */
public final class GuestImage {

    /** From this size on, in bytes, an image is left in its file. */
    static final long LARGE = 64L << 20;

    private static final int HEAD = 4096;

    private final String name;
    private final ImageContent content;
    private final String sha256;

    /** Makes an image whose SHA-256 is known. */
    GuestImage(String name, ImageContent content, String sha256) {
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
        return new GuestImage(name, PlainContent.of(bytes), Sha256.of(bytes));
    }

    /**
     * Reads, or maps, the file as it is.
     *
     * @param listener is told of hashing a large one
     */
    static GuestImage ofFile(String name, Path file, HashListener listener) throws IOException {
        long size = Files.size(file);
        if (size < LARGE) {
            return of(name, WholeFile.bytes(file, Math.toIntExact(size)));
        }
        ImageContent content = PlainContent.map(file);
        String shown = String.valueOf(file.getFileName());
        return new GuestImage(name, content, content.sha256(done -> listener.hashed(shown, done, size)));
    }

    /** Maps a file that is known to have this SHA-256. */
    static GuestImage ofCheckedFile(String name, Path file, String sha256) throws IOException {
        return new GuestImage(name, PlainContent.map(file), sha256);
    }

    /** {@return whether a file is so large that it is mapped rather than read} */
    static boolean isMapped(Path file) throws IOException {
        return Files.size(file) >= LARGE;
    }

    /** {@return the bytes of the {@code .xz} file that it is left in; empty where it is not packed, or small} */
    Optional<ImageContent> packed() {
        return content.packed();
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
        return content.size();
    }

    /**
     * Reads some of the bytes. Any thread may.
     *
     * @param position the first byte's, from 0
     * @param target where they go
     * @param offset where in it the first one goes
     * @param length how many; all of them inside the image
     * @throws IndexOutOfBoundsException if they are not
     * @throws dev.semblance.harness.DamagedImageException if they cannot be had from the image's file
     */
    public void read(long position, byte[] target, int offset, int length) {
        content.read(position, target, offset, length);
    }

    /**
     * Writes all bytes to a stream.
     *
     * @param out takes them
     * @throws IOException if it does not
     * @throws dev.semblance.harness.DamagedImageException if they cannot be had from the image's file
     */
    public void copyTo(OutputStream out) throws IOException {
        content.copyTo(out);
    }

    /** {@return a copy of the first {@value #HEAD} bytes, or of all if it is smaller: what has the headers of a kernel} */
    public byte[] head() {
        byte[] head = new byte[(int) Math.min(HEAD, size())];
        read(0, head, 0, head.length);
        return head;
    }

    /** {@return a copy of the bytes; for images that are known to be small} */
    public byte[] bytes() {
        byte[] bytes = new byte[Math.toIntExact(size())];
        read(0, bytes, 0, bytes.length);
        return bytes;
    }

    @Override
    public String toString() {
        return Text.format("%s (%,d bytes, sha256 %s)", name, size(), sha256);
    }
}
