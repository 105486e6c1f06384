package dev.semblance.harness.guest.images;

import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Says which SHA-256 the content of a large file has, without reading all of it each time: it is remembered, or, for an image that
 * ships, vouched for by the MANIFEST, if the packed file has the sum that is named there.
 *
 * @param guestFolder where the shipped guest is
 * @param cache where sums are remembered, and who is told of the hashing
 * @param anew whether to compute each, whatever is known
 */
record Identities(Optional<Path> guestFolder, ImageCache cache, boolean anew) {

    /** {@return the SHA-256 of what is in a file, in lower-case hexadecimal} */
    String of(Path file, ImageContent content) throws IOException {
        KnownFiles known = new KnownFiles(cache);
        Optional<String> remembered = anew ? Optional.empty() : known.find(file);
        if (remembered.isPresent()) {
            return remembered.get();
        }
        Optional<String> promised = promised(file);
        String sha256 = promised.isPresent() && !anew && isAsShipped(file)
                ? promised.get()
                : content.sha256(told(file, content.size()));
        if (promised.isPresent() && anew && !promised.get().equals(sha256)) {
            throw new IncompatibleException(Text.format(
                    "%s is not the one that ships: it holds SHA-256 %s, and the MANIFEST beside it names %s",
                    file, sha256, promised.get()));
        }
        known.note(file, sha256);
        return sha256;
    }

    private Optional<String> promised(Path file) {
        return XzFile.isPacked(file) && isShipped(file) ? sums(file).of(XzFile.plainName(file)) : Optional.empty();
    }

    private boolean isAsShipped(Path file) throws IOException {
        Optional<String> sum = sums(file).of(String.valueOf(file.getFileName()));
        PlainContent packed = PlainContent.map(file);
        return sum.isPresent() && sum.get().equals(packed.sha256(told(file, packed.size())));
    }

    private boolean isShipped(Path file) {
        return guestFolder
                .filter(folder -> file.toAbsolutePath().startsWith(folder.toAbsolutePath()))
                .isPresent();
    }

    private static ShippedSums sums(Path file) {
        return ShippedSums.of(file.toAbsolutePath().resolveSibling(""));
    }

    private LongConsumer told(Path file, long size) {
        String name = String.valueOf(file.getFileName());
        return done -> cache.listener().hashed(name, done, size);
    }
}
