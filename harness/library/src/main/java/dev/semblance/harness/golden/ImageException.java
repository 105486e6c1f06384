package dev.semblance.harness.golden;

import java.io.IOException;
import java.nio.file.Path;

/** A file is not an image, or not one that can be compared exactly. The message is one sentence that names the file. */
public final class ImageException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient Path file;
    /** What is wrong, without the place. */
    private final String reason;

    ImageException(Path file, String reason) {
        super(file + ": " + reason);
        this.file = file;
        this.reason = reason;
    }

    ImageException(Path file, String reason, Exception cause) {
        super(file + ": " + reason, cause);
        this.file = file;
        this.reason = reason;
    }

    /** {@return the file} */
    public Path file() {
        return file;
    }

    /** {@return what is wrong with it, without its name} */
    public String reason() {
        return reason;
    }
}
