package dev.semblance.harness.replay;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.files.TemporaryFolder;
import dev.semblance.harness.golden.KeptPicture;
import dev.semblance.harness.golden.png.PngEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps the pictures that are not as their goldens, as they come, until somebody has looked at them. */
@FunctionalInterface
public interface PictureKeeper {

    /** Keeps pictures in memory: for traces that are known to have few. */
    PictureKeeper IN_MEMORY = (label, fails, picture) -> new KeptPicture.InMemory(picture);

    /**
     * Keeps a picture.
     *
     * @param label the snapshot's
     * @param fails whether the snapshot fails
     * @param picture what was shown
     * @return where it is kept
     * @throws IOException if there is no room for it
     */
    KeptPicture keep(String label, boolean fails, Frame picture) throws IOException;

    /**
     * {@return what keeps pictures as files in a folder, from any number of threads}
     *
     * @param folder the folder
     */
    @SuppressWarnings("exports") // For the other modules of this project, which the folder's package is exported to.
    static PictureKeeper in(TemporaryFolder folder) {
        AtomicLong number = new AtomicLong();
        return (label, fails, picture) ->
                write(picture, folder.path().resolve("picture-" + number.getAndIncrement() + ".png"));
    }

    /**
     * Writes a picture; makes the folder.
     *
     * @param picture what was shown
     * @param file the file
     * @return where it is kept
     * @throws IOException if it cannot be read or written
     */
    static KeptPicture write(Frame picture, Path file) throws IOException {
        try (OutputFile out = OutputFile.createWithFolder(file)) {
            out.stream().write(PngEncoder.encode(picture));
            out.commit();
        }
        return new KeptPicture.InFile(file);
    }
}
