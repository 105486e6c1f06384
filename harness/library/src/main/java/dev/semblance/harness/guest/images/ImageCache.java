package dev.semblance.harness.guest.images;

import dev.semblance.harness.DamagedImageException;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.files.CacheFolder;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.files.WholeFile;
import dev.semblance.harness.util.Sha256;
import dev.semblance.harness.util.Text;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.tukaani.xz.XZIOException;

/**
 * A folder of images by their SHA-256, so that a trace finds the guest it was recorded with. Files appear whole or not
 * at all, so processes can share it. Losing it costs nothing but time; where it cannot be written, nothing is kept.
 *
 * <p>In its {@link CacheFolder}: {@code images/SHA256} holds an image, {@code images/SHA256.xz} one that is large and was packed where it came from, {@code unpacked/SHA256} the SHA-256 of what an {@code .xz} file of
 * that SHA-256 holds, {@code checked/SHA256} the size and time of a large image whose bytes were found to have that SHA-256,
 * {@code known} what is remembered of large files elsewhere ({@link KnownFiles}).
 * It is bounded: the images that were used least recently go first.
 */
public final class ImageCache {

    private static final int MAX_NOTE = 1 << 10;

    /** What all images together may have, in bytes. */
    private static final long MAX_BYTES = 16L << 30;

    private final CacheFolder folder;
    private final long maxBytes;
    private final HashListener listener;

    /** Whether what was found of an image before counts for nothing. */
    private final boolean anew;

    /**
     * Makes a cache in a folder, which is created when something is stored.
     *
     * @param folder where the images lie
     */
    public ImageCache(Path folder) {
        this(new CacheFolder(folder), MAX_BYTES, HashListener.NONE, false);
    }

    /**
     * Makes a cache in a folder.
     *
     * @param maxBytes what all images together may have; the last one stored stays, whatever its size
     */
    ImageCache(Path folder, long maxBytes) {
        this(new CacheFolder(folder), maxBytes, HashListener.NONE, false);
    }

    private ImageCache(CacheFolder folder, long maxBytes, HashListener listener, boolean anew) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.listener = listener;
        this.anew = anew;
    }

    /**
     * {@return the user's cache, as the environment has it}
     *
     * @param listener is told of the hashing of large images
     */
    static ImageCache ofUser(HashListener listener) {
        return new ImageCache(CacheFolder.ofUser(), MAX_BYTES, listener, false);
    }

    /** {@return the same cache, which tells another of the hashing of large images} */
    ImageCache telling(HashListener other) {
        return new ImageCache(folder, maxBytes, other, anew);
    }

    /** {@return the same cache, which looks at every byte of an image before it is given out} */
    ImageCache verifying() {
        return new ImageCache(folder, maxBytes, listener, true);
    }

    /** {@return who is told of the hashing of large images} */
    HashListener listener() {
        return listener;
    }

    /** {@return the folder, which other caches of the user share} */
    public Path folder() {
        return folder.path();
    }

    /** {@return the folder, for what is kept beside the images} */
    CacheFolder shared() {
        return folder;
    }

    /**
     * Finds an image. One whose bytes no longer have this SHA-256 is thrown away.
     *
     * @param sha256 64 hexadecimal digits
     * @param name the name that it has for people
     * @return the image, or empty
     */
    public Optional<GuestImage> find(String sha256, String name) {
        return Sha256.SYNTAX.matcher(sha256).matches()
                ? find(sha256, name, image(sha256)).or(() -> find(sha256, name, packedImage(sha256)))
                : Optional.empty();
    }

    private Optional<GuestImage> find(String sha256, String name, Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            GuestImage image = open(sha256, name, file);
            if (image.sha256().equals(sha256)) {
                use(sha256, file);
                return Optional.of(image);
            }
        } catch (DamagedImageException | IncompatibleException | XZIOException | EOFException e) {
            // Nobody can read it.
        } catch (IOException e) {
            return Optional.empty(); // As good as not there.
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // It will be found to be wrong the next time, too.
        }
        return Optional.empty();
    }

    private GuestImage open(String sha256, String name, Path file) throws IOException {
        boolean checked = !anew && isChecked(sha256, file);
        if (!XzFile.isPacked(file)) {
            return checked ? GuestImage.ofCheckedFile(name, file, sha256) : GuestImage.ofFile(name, file, listener);
        }
        PackedContent content = PackedContent.open(file).checked();
        return new GuestImage(
                name, content, checked ? sha256 : content.sha256(done -> listener.hashed(name, done, content.size())));
    }

    /**
     * Keeps an image as a file that others can read: a debugger that wants the symbols in it.
     *
     * @param image what is kept, not packed
     * @return the file; empty where the cache cannot be written
     */
    public Optional<Path> storedFile(GuestImage image) {
        store(image);
        return Optional.of(image(image.sha256())).filter(Files::isRegularFile);
    }

    /**
     * Keeps an image; tells whether it is there now. One that is left packed is kept packed, and nothing of it is unpacked for that.
     *
     * @param image what is kept
     * @return whether it was not there before
     */
    public boolean store(GuestImage image) {
        if (Files.isRegularFile(image(image.sha256())) || Files.isRegularFile(packedImage(image.sha256()))) {
            return true;
        }
        try (OutputFile fresh = newImage()) {
            Optional<ImageContent> packed = image.packed();
            if (packed.isPresent()) {
                packed.get().copyTo(fresh.stream());
                keep(fresh, image.sha256(), packedImage(image.sha256()));
            } else {
                image.copyTo(fresh.stream());
                keep(fresh, image.sha256());
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** {@return the SHA-256 of what a packed file holds, if it was ever unpacked} */
    Optional<String> unpacked(String packedSha256) {
        try {
            String sha256 = note(unpackedNote(packedSha256)).strip();
            return Optional.of(sha256)
                    .filter(text -> Sha256.SYNTAX.matcher(text).matches());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Remembers what a packed file holds. */
    void noteUnpacked(String packedSha256, String sha256) {
        try {
            folder.make("unpacked");
            OutputFile.write(unpackedNote(packedSha256), sha256 + "\n");
        } catch (IOException e) {
            // The next run unpacks again.
        }
    }

    private Path image(String sha256) {
        return folder.resolve("images").resolve(sha256);
    }

    private Path packedImage(String sha256) {
        return folder.resolve("images").resolve(sha256 + XzFile.SUFFIX);
    }

    private Path unpackedNote(String packedSha256) {
        return folder.resolve("unpacked").resolve(packedSha256);
    }

    /** Starts an image whose SHA-256 is known only once it is there: {@link #keep} then. */
    OutputFile newImage() throws IOException {
        folder.make("images");
        return OutputFile.create(image("unknown"));
    }

    /** Gives an image that was started without its SHA-256 its place. */
    void keep(OutputFile fresh, String sha256) throws IOException {
        keep(fresh, sha256, image(sha256));
    }

    private void keep(OutputFile fresh, String sha256, Path place) throws IOException {
        fresh.commitAs(place);
        try {
            makeRoom(sha256);
            folder.sweep();
        } catch (IOException e) {
            // The next one may have more luck.
        }
    }

    private static String note(Path file) throws IOException {
        return new String(WholeFile.bytes(file, MAX_NOTE), StandardCharsets.UTF_8);
    }

    /** {@return whether a large image is the one that was hashed, as far as its size and time tell} */
    private boolean isChecked(String sha256, Path file) throws IOException {
        if (!isLarge(file)) {
            return false;
        }
        try {
            return note(checkedNote(sha256)).equals(looks(file));
        } catch (IOException e) {
            return false;
        }
    }

    /** Remembers that an image was used now, and, of a large one, that its bytes are right. */
    private void use(String sha256, Path file) {
        try {
            if (!isLarge(file)) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
                return;
            }
            if (isChecked(sha256, file)) {
                Files.setLastModifiedTime(checkedNote(sha256), FileTime.from(Instant.now()));
                return;
            }
            folder.make("checked");
            OutputFile.write(checkedNote(sha256), looks(file));
        } catch (IOException e) {
            // A cache that cannot be written: it is hashed again the next time, and nothing is thrown out.
        }
    }

    /** {@return whether an image is read where it lies, so that its time has to stay} */
    private static boolean isLarge(Path file) throws IOException {
        return XzFile.isPacked(file) || GuestImage.isMapped(file);
    }

    private static String looks(Path file) throws IOException {
        return Text.format(
                "%d %s\n", Files.size(file), Files.getLastModifiedTime(file).toInstant());
    }

    private Path checkedNote(String sha256) {
        return folder.resolve("checked").resolve(sha256);
    }

    /** Throws out the images that were used least recently, until the rest is no more than it may be. */
    private void makeRoom(String newest) throws IOException {
        record Kept(Path file, String sha256, long bytes, FileTime used) {}
        List<Kept> images = new ArrayList<>();
        for (Path file : folder.files("images")) {
            String sha256 = XzFile.plainName(file);
            if (Sha256.SYNTAX.matcher(sha256).matches()) {
                Path note = checkedNote(sha256);
                images.add(new Kept(
                        file, sha256, Files.size(file), Files.getLastModifiedTime(Files.exists(note) ? note : file)));
            }
        }
        long bytes = images.stream().mapToLong(Kept::bytes).sum();
        images.sort(Comparator.comparing(Kept::used));
        for (Kept oldest : images) {
            if (bytes > maxBytes && !oldest.sha256().equals(newest)) {
                Files.deleteIfExists(oldest.file());
                Files.deleteIfExists(checkedNote(oldest.sha256()));
                bytes -= oldest.bytes();
            }
        }
    }
}
