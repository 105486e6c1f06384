package dev.semblance.harness.images;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

/**
 * A folder of images by their SHA-256, so that a trace finds the guest it was recorded with. Files appear whole or not
 * at all, so processes can share it. Losing it costs nothing but time; where it cannot be written, nothing is kept.
 *
 * <p>Layout: {@code images/SHA256} holds an image, {@code unpacked/SHA256} the SHA-256 of what an {@code .xz} file of
 * that SHA-256 holds.
 */
public final class ImageCache {

    private final Path folder;

    /** Makes a cache in a folder, which is created when something is stored. */
    public ImageCache(Path folder) {
        this.folder = folder;
    }

    /** Returns the user's cache, as the environment has it. */
    public static ImageCache ofUser() {
        return new ImageCache(userFolder(System.getenv(), Path.of(System.getProperty("user.home", "."))));
    }

    /**
     * Returns where the user's cache is: {@code SEMBLANCE_CACHE}, else {@code semblance} in {@code XDG_CACHE_HOME} or in
     * {@code ~/.cache}.
     */
    static Path userFolder(Map<String, String> environment, Path home) {
        try {
            String own = environment.getOrDefault("SEMBLANCE_CACHE", "");
            if (!own.isEmpty()) {
                return Path.of(own).toAbsolutePath();
            }
            Path xdg = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
            // The XDG base directory specification says to ignore relative paths.
            return (xdg.isAbsolute() ? xdg : home.resolve(".cache")).resolve("semblance");
        } catch (InvalidPathException e) {
            return home.resolve(".cache").resolve("semblance");
        }
    }

    /** Returns the folder. */
    public Path folder() {
        return folder;
    }

    /** Finds an image. One whose bytes no longer have this SHA-256 is thrown away. */
    public Optional<GuestImage> find(String sha256, String name) {
        Path file = image(sha256);
        if (!Sha256.SYNTAX.matcher(sha256).matches() || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            GuestImage image = GuestImage.ofFile(name, file);
            if (image.sha256().equals(sha256)) {
                return Optional.of(image);
            }
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // As good as not there.
        }
        return Optional.empty();
    }

    /** Keeps an image; tells whether it is there now. */
    public boolean store(GuestImage image) {
        Path file = image(image.sha256());
        if (Files.isRegularFile(file)) {
            return true;
        }
        try (NewFile fresh = newFile()) {
            var bytes = image.content();
            try (FileChannel channel = FileChannel.open(fresh.path, StandardOpenOption.WRITE)) {
                for (long at = 0; at < bytes.byteSize(); ) {
                    long length = Math.min(1 << 26, bytes.byteSize() - at);
                    at += channel.write(bytes.asSlice(at, length).asByteBuffer());
                }
            }
            fresh.moveTo(file);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the SHA-256 of what a packed file holds, if it was ever unpacked. */
    Optional<String> unpacked(String packedSha256) {
        try {
            String sha256 = Files.readString(unpackedNote(packedSha256)).strip();
            return Optional.of(sha256)
                    .filter(text -> Sha256.SYNTAX.matcher(text).matches());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Remembers what a packed file holds. */
    void noteUnpacked(String packedSha256, String sha256) {
        try (NewFile fresh = newFile()) {
            Files.writeString(fresh.path, sha256 + "\n");
            fresh.moveTo(unpackedNote(packedSha256));
        } catch (IOException e) {
            // The next run unpacks again.
        }
    }

    private Path image(String sha256) {
        return folder.resolve("images").resolve(sha256);
    }

    private Path unpackedNote(String packedSha256) {
        return folder.resolve("unpacked").resolve(packedSha256);
    }

    /** Starts a file under a name that nobody looks for. Closing it before it is moved throws it away. */
    NewFile newFile() throws IOException {
        Files.createDirectories(folder.resolve("images"));
        Files.createDirectories(folder.resolve("unpacked"));
        return new NewFile(Files.createTempFile(folder, "new-", ".part"));
    }

    /** A file on its way into the cache. */
    final class NewFile implements AutoCloseable {
        private final Path path;

        private NewFile(Path path) {
            this.path = path;
        }

        OutputStream open() throws IOException {
            return Channels.newOutputStream(FileChannel.open(path, StandardOpenOption.WRITE));
        }

        void keepAsImage(String sha256) throws IOException {
            moveTo(image(sha256));
        }

        private void moveTo(Path target) throws IOException {
            Files.move(path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public void close() throws IOException {
            Files.deleteIfExists(path);
        }
    }
}
