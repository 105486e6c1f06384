package dev.semblance.harness.golden;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.Futures;
import dev.semblance.harness.golden.png.PngImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.FutureTask;

/**
 * Compares picture files exactly, as {@link FrameComparator} does with what {@link ImageFiles#read} reads. Both are read at
 * once, on two threads. Two PNG files of the same kind are compared by their samples; pixels are made of them only where
 * these differ.
 */
public final class ImageFileComparator {

    private ImageFileComparator() {}

    /**
     * Two pictures that differ.
     *
     * @param expected the frame that is right
     * @param actual the frame that there is
     * @param diff where, and by how much
     */
    public record Differing(Frame expected, Frame actual, FrameDiff diff) {}

    /** A file as far as it was read. */
    private record Loaded(Path file, byte[] bytes, Optional<PngImage> png) {

        static Loaded of(Path file) throws IOException {
            byte[] bytes = ImageFiles.bytes(file);
            return new Loaded(file, bytes, PngImage.decode(bytes, ImageFiles.MAX_EDGE, ImageFiles.MAX_PIXELS));
        }

        Frame frame() throws IOException {
            return png.isPresent() ? png.get().toFrame() : ImageFiles.read(file, bytes);
        }
    }

    /**
     * Compares two files.
     *
     * @param expected the file that is right
     * @param actual the file that is looked at
     * @return what differs; empty if the pictures are the same
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws ImageException if one is no picture that can be compared, as {@link ImageFiles#read} has it
     */
    public static Optional<Differing> compare(Path expected, Path actual) throws IOException {
        FutureTask<Loaded> beside = new FutureTask<>(() -> Loaded.of(expected));
        Thread.ofPlatform().daemon().name("reading " + expected).start(beside);
        Loaded found = Loaded.of(actual);
        Loaded wanted = Futures.get(beside, IOException.class);
        if (wanted.png.isPresent() && found.png.isPresent() && wanted.png.get().isStoredLike(found.png.get())) {
            return Optional.empty();
        }
        if (wanted.png.isPresent() && found.png.isPresent()) {
            PngImage.Frames frames = wanted.png.get().toFrames(found.png.get());
            return compare(frames.first(), frames.second());
        }
        return compare(wanted.frame(), found.frame());
    }

    private static Optional<Differing> compare(Frame expected, Frame actual) {
        FrameDiff diff = FrameComparator.compare(expected, actual);
        return diff instanceof FrameDiff.Same ? Optional.empty() : Optional.of(new Differing(expected, actual, diff));
    }
}
