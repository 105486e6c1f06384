package dev.semblance.harness.guest.images;

import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.files.WholeFile;
import dev.semblance.harness.util.Sha256;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Remembers, in a folder of the cache, which SHA-256 the content of a large file has, by the file's key, size and time of
 * modification. A note that is damaged is as good as none; where notes cannot be written, none is kept.
 *
 * <p>A note's name is the SHA-256 of what it is about. In it are the content's SHA-256, and one over both, so that no damage passes
 * for a SHA-256.
 */
final class KnownFiles {

    private static final String FOLDER = "known";
    private static final int MAX_NOTE = 1 << 10;
    private static final int MAX_NOTES = 256;

    /** A file that was just written may be written again within the same tick of the file system's clock. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private final ImageCache cache;

    KnownFiles(ImageCache cache) {
        this.cache = cache;
    }

    /** {@return the SHA-256 that was noted of a file's content, if it is the same file still} */
    Optional<String> find(Path file) {
        try {
            String about = about(file);
            String note = new String(WholeFile.bytes(note(about), MAX_NOTE), StandardCharsets.UTF_8).strip();
            String sha256 = note.substring(0, Math.min(64, note.length()));
            return note.equals(line(about, sha256))
                            && Sha256.SYNTAX.matcher(sha256).matches()
                    ? Optional.of(sha256)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Notes the SHA-256 of a file's content. */
    void note(Path file, String sha256) {
        try {
            if (Files.getLastModifiedTime(file)
                    .toInstant()
                    .isAfter(Instant.now().minus(SETTLED))) {
                return;
            }
            String about = about(file);
            cache.shared().make(FOLDER);
            OutputFile.write(note(about), line(about, sha256) + "\n");
            List<Path> notes = cache.shared().files(FOLDER);
            if (notes.size() > MAX_NOTES) {
                for (Path old : notes.stream()
                        .sorted(Comparator.comparing(KnownFiles::time))
                        .limit(notes.size() - MAX_NOTES)
                        .toList()) {
                    Files.deleteIfExists(old);
                }
            }
        } catch (IOException e) {
            // The next run computes it again.
        }
    }

    private static Instant time(Path note) {
        try {
            return Files.getLastModifiedTime(note).toInstant();
        } catch (IOException e) {
            return Instant.EPOCH;
        }
    }

    private Path note(String about) {
        return cache.shared().resolve(FOLDER).resolve(Sha256.of(about.getBytes(StandardCharsets.UTF_8)));
    }

    private static String line(String about, String sha256) {
        return sha256 + " " + Sha256.of((about + " " + sha256).getBytes(StandardCharsets.UTF_8));
    }

    private static String about(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        // Not every file system has keys. The name tells a packed file from another that is read as it is.
        Object key = Optional.ofNullable(attributes.fileKey()).orElse("");
        return Text.format(
                "%s %s %d %s",
                key,
                file.toRealPath(),
                attributes.size(),
                attributes.lastModifiedTime().toInstant());
    }
}
