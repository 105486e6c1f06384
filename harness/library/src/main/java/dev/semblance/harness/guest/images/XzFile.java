package dev.semblance.harness.guest.images;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.UnwritableException;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.util.Sha256;
import dev.semblance.harness.util.Text;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** An image packed with xz. */
final class XzFile {

    static final String SUFFIX = ".xz";

    /** What unpacking may come to, in bytes, whatever the file says of itself. */
    private static final long MAX_SIZE = GuestImage.LARGE;

    /** Memory that the decoder may ask for, in KiB: xz -9 needs 65 MiB. */
    private static final int MEMORY_KIB = 256 << 10;

    private final Path file;

    XzFile(Path file) {
        this.file = file;
    }

    static boolean isPacked(Path file) {
        return file.toString().endsWith(SUFFIX);
    }

    /** {@return the file's name without the suffix} */
    static String plainName(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }

    /** {@return what the file holds: small ones unpacked, through the cache where it is usable; large ones are left packed} */
    GuestImage open(Identities identities) throws IOException {
        PackedContent content = content();
        return content.size() < GuestImage.LARGE
                ? unpack(identities.cache())
                : new GuestImage(plainName(file), content, identities.of(file, content));
    }

    /** {@return the SHA-256 of what the file holds, keeping nothing but a note of it} */
    String sha256(Identities identities) throws IOException {
        PackedContent content = content();
        return content.size() < GuestImage.LARGE ? sha256(identities.cache()) : identities.of(file, content);
    }

    private PackedContent content() throws IOException {
        PackedContent content = PackedContent.open(file);
        return content.size() < GuestImage.LARGE ? content : content.checked();
    }

    private GuestImage unpack(ImageCache cache) throws IOException {
        String packed = GuestImage.ofFile("", file, cache.listener()).sha256();
        Optional<GuestImage> known = cache.unpacked(packed).flatMap(sha256 -> cache.find(sha256, plainName(file)));
        if (known.isPresent()) {
            return known.get();
        }
        Optional<String> stored = unpackToCache(cache);
        stored.ifPresent(sha256 -> cache.noteUnpacked(packed, sha256));
        Optional<GuestImage> image = stored.flatMap(sha256 -> cache.find(sha256, plainName(file)));
        return image.isPresent() ? image.get() : unpackToMemory();
    }

    private String sha256(ImageCache cache) throws IOException {
        String packed = GuestImage.ofFile("", file, cache.listener()).sha256();
        Optional<String> known = cache.unpacked(packed);
        if (known.isPresent()) {
            return known.get();
        }
        String sha256 = copy(OutputStream.nullOutputStream());
        cache.noteUnpacked(packed, sha256);
        return sha256;
    }

    private Optional<String> unpackToCache(ImageCache cache) throws IOException {
        OutputFile fresh;
        try {
            fresh = cache.newImage();
        } catch (IOException e) {
            return Optional.empty();
        }
        try (fresh) {
            String sha256 = copy(fresh.stream());
            cache.keep(fresh, sha256);
            return Optional.of(sha256);
        } catch (UnwritableException e) {
            // A full disk: it does without.
            return Optional.empty();
        }
    }

    private GuestImage unpackToMemory() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 20);
        copy(bytes);
        return GuestImage.of(plainName(file), bytes.toByteArray());
    }

    /** Copies what the file holds and returns its SHA-256. */
    private String copy(OutputStream out) throws IOException {
        MessageDigest digest = Sha256.start();
        byte[] buffer = new byte[1 << 16];
        long size = 0;
        try (InputStream in = open()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                size += count;
                if (size > MAX_SIZE) {
                    throw new UnusableInputException(
                            Text.format("%s unpacks to more than %,d MiB", file, MAX_SIZE >> 20));
                }
                digest.update(buffer, 0, count);
                out.write(buffer, 0, count);
            }
        }
        return Sha256.hex(digest);
    }

    private InputStream open() throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            return XZCompressorInputStream.builder()
                    .setInputStream(raw)
                    .setDecompressConcatenated(true)
                    .setMemoryLimitKiB(MEMORY_KIB)
                    .get();
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }
}
