package dev.semblance.harness.golden;

import dev.semblance.gpu.frame.Frame;
import java.io.IOException;
import java.nio.file.Path;

/** A picture that is needed again later: in memory, or in a file, so that a long trace of them takes no memory. */
public sealed interface KeptPicture {

    /**
     * {@return the picture}
     *
     * @throws IOException if it is in a file that cannot be read
     */
    Frame frame() throws IOException;

    /**
     * A picture in memory.
     *
     * @param frame the pixels
     */
    record InMemory(Frame frame) implements KeptPicture {}

    /**
     * A picture in a file.
     *
     * @param file a picture as of {@link ImageFiles#read}
     */
    record InFile(Path file) implements KeptPicture {
        @Override
        public Frame frame() throws IOException {
            return ImageFiles.read(file);
        }
    }
}
