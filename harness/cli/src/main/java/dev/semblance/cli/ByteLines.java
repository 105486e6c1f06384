package dev.semblance.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Lines of an input, each as soon as it has ended. Of one that is too long, the rest is left out. */
final class ByteLines {

    private final InputStream input;
    private final int longest;

    ByteLines(InputStream input, int longest) {
        this.input = input;
        this.longest = longest;
    }

    /** Returns the next line without its end; waits for it. Empty at the end of the input. */
    Optional<String> next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int read = input.read();
        if (read < 0) {
            return Optional.empty();
        }
        while (read >= 0 && read != '\n') {
            if (line.size() < longest) {
                line.write(read);
            }
            read = input.read();
        }
        return Optional.of(line.toString(StandardCharsets.UTF_8));
    }
}
