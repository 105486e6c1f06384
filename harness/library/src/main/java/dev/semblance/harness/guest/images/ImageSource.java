package dev.semblance.harness.guest.images;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Where a guest image comes from, as a user names it. */
public sealed interface ImageSource {

    /** What stands before the name of an image that ships with the project. */
    String SHIPPED_PREFIX = "shipped:";

    /** The word for no image at all, where one would otherwise be supplied. */
    String NONE_WORD = "none";

    /**
     * A file; one whose name ends in {@code .xz} is unpacked.
     *
     * @param path the file
     */
    record File(Path path) implements ImageSource {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /**
     * An image of the guest that ships with the project, such as {@code rootfs.ext4}.
     *
     * @param name its name in the shipped guest
     */
    record Shipped(String name) implements ImageSource {
        @Override
        public String toString() {
            return SHIPPED_PREFIX + name;
        }
    }

    /** No image, said on purpose: no initrd, for example. */
    record None() implements ImageSource {
        @Override
        public String toString() {
            return NONE_WORD;
        }
    }

    /**
     * Understands what a user wrote: {@code shipped:NAME}, {@code none}, or a path.
     *
     * @param text as an option or a scenario has it
     * @param folder what a relative path is relative to
     * @return empty if the text is no possible path
     */
    static Optional<ImageSource> parse(String text, Path folder) {
        if (text.equals(NONE_WORD)) {
            return Optional.of(new None());
        }
        if (text.startsWith(SHIPPED_PREFIX)) {
            return Optional.of(new Shipped(text.substring(SHIPPED_PREFIX.length())));
        }
        try {
            return Optional.of(new File(folder.resolve(text)));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
