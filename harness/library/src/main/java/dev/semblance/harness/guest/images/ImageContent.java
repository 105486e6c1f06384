package dev.semblance.harness.guest.images;

import dev.semblance.harness.util.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.LongConsumer;

/** The bytes of an image, wherever they are. Never changed; any thread may read them. */
sealed interface ImageContent permits PlainContent, PackedContent {

    /** How much is copied at once, in bytes. */
    int STRETCH = 1 << 20;

    /** After how many bytes progress is told. */
    long TOLD_EVERY = 64L << 20;

    /** {@return the size in bytes} */
    long size();

    /**
     * Reads bytes; the range is inside.
     *
     * @throws dev.semblance.harness.DamagedImageException if they cannot be had any more
     */
    void read(long position, byte[] target, int offset, int length);

    /** {@return the bytes of the {@code .xz} file that these are read from; empty where they lie as they are} */
    default Optional<ImageContent> packed() {
        return Optional.empty();
    }

    /** Writes all bytes to a stream, in order. */
    default void copyTo(OutputStream out) throws IOException {
        byte[] buffer = new byte[STRETCH];
        for (long at = 0; at < size(); at += STRETCH) {
            int length = (int) Math.min(STRETCH, size() - at);
            read(at, buffer, 0, length);
            out.write(buffer, 0, length);
        }
    }

    /**
     * {@return the SHA-256 of all bytes, in lower-case hexadecimal}
     *
     * @param progress told how many bytes are done, beginning with none
     */
    default String sha256(LongConsumer progress) {
        MessageDigest digest = Sha256.start();
        byte[] buffer = new byte[STRETCH];
        progress.accept(0);
        for (long at = 0; at < size(); at += STRETCH) {
            int length = (int) Math.min(STRETCH, size() - at);
            read(at, buffer, 0, length);
            digest.update(buffer, 0, length);
            if ((at + length) % TOLD_EVERY == 0 || at + length == size()) {
                progress.accept(at + length);
            }
        }
        return Sha256.hex(digest);
    }
}
