package dev.semblance.junit;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.golden.FrameComparator;
import dev.semblance.harness.golden.FrameDiff;
import dev.semblance.harness.golden.GoldenStore;
import dev.semblance.harness.golden.ImageFileComparator;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AssertionFailureBuilder;

/** A golden image to compare a picture with, exactly, by red, green and blue. A test gets one by {@link Golden}. */
public final class GoldenImage {

    /** The configuration parameter that has goldens written. */
    static final String APPROVE = "semblance.approve";

    private final GoldenStore store;
    private final String name;
    private final String label;
    private final Path report;
    private final boolean approve;

    GoldenImage(GoldenStore store, String name, String label, Path report, boolean approve) {
        this.store = store;
        this.name = name;
        this.label = label;
        this.report = report;
        this.approve = approve;
    }

    /**
     * Fails the test unless every pixel is as in the golden.
     *
     * @param actual what was drawn
     * @throws AssertionError if a pixel differs, the sizes do, or there is no golden; the message names the files kept
     * @throws UncheckedIOException if a picture cannot be read or written
     */
    public void assertMatches(Frame actual) {
        try {
            Optional<Frame> expected = store.read(name, label);
            if (expected.isPresent() && FrameComparator.compare(expected.get(), actual) instanceof FrameDiff.Same) {
                forgetEarlier();
                return;
            }
            if (approve) {
                approve(actual);
                return;
            }
            String message = expected.isPresent() ? differs(expected.get(), actual) : missing(actual);
            AssertionFailureBuilder.assertionFailure().message(message).buildAndThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(Text.format("golden %s/%s: %s", name, label, e.getMessage()), e);
        }
    }

    /**
     * Fails the test unless every pixel of a picture file, such as a screenshot, is as in the golden.
     *
     * @param actual a PNG, PNM, BMP, TIFF or WebP file
     * @throws AssertionError if a pixel differs, the sizes do, or there is no golden; the message names the files kept
     * @throws UncheckedIOException if a picture cannot be read or written
     */
    public void assertMatches(Path actual) {
        try {
            Optional<Path> golden = store.find(name, label);
            boolean same = golden.isPresent()
                    && ImageFileComparator.compare(golden.get(), actual).isEmpty();
            if (same) {
                forgetEarlier();
            } else {
                assertMatches(ImageFiles.read(actual));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
        }
    }

    private void approve(Frame actual) throws IOException {
        if (Boolean.parseBoolean(System.getenv("CI"))) {
            AssertionFailureBuilder.assertionFailure()
                    .message(Text.format(
                            "goldens are approved by people who have looked at them, not by CI: %s is set in CI",
                            APPROVE))
                    .buildAndThrow();
        }
        store.write(name, label, actual);
    }

    private String differs(Frame expected, Frame actual) throws IOException {
        Path kept = write("actual", actual);
        write("expected", expected);
        Path diff = write("diff", FrameComparator.diffImage(expected, actual));
        Path golden = store.find(name, label).orElseGet(() -> store.pngOf(name, label));
        return Text.format(
                "The picture differs from %s: %s%n  actual: %s%n  diff: %s",
                golden, FrameComparator.compare(expected, actual).sentence(), kept, diff);
    }

    private String missing(Frame actual) throws IOException {
        return Text.format(
                "There is no golden %s. Look at the picture; it becomes the golden with -D%s=true.%n  actual: %s",
                store.pngOf(name, label), APPROVE, write("actual", actual));
    }

    /** Removes what an earlier failure has left, so that nobody takes it for this run's. */
    private void forgetEarlier() throws IOException {
        for (String what : List.of("actual", "expected", "diff")) {
            Files.deleteIfExists(file(what));
        }
    }

    private Path file(String what) {
        return report.resolve(name).resolve(label + "." + what + ".png");
    }

    private Path write(String what, Frame frame) throws IOException {
        Path file = file(what);
        ImageFiles.writePng(frame, file);
        return file;
    }
}
