package dev.semblance.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.FileNames;
import dev.semblance.harness.TraceFile;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where the reports of {@link ReplayTest} go. */
class ReplayExtensionTests {

    private static final Path REPORT = Path.of("report");

    private static Path folder(String name) {
        Path trace = Path.of("t.trace");
        return ReplayExtension.folder(REPORT, new TraceFile(trace, name, trace, FileNames.OWN, Optional.empty()));
    }

    /** A name has characters that no path has in some locales; NUL is in none of them. */
    @Test
    void aTraceWhoseNameIsNoPathHasAFolderNevertheless() {
        assertThat(folder("a/b")).isEqualTo(REPORT.resolve("a/b"));
        // Then it is called after the file, whose name is in bytes.
        assertThat(folder("\0")).isEqualTo(REPORT.resolve("t"));
        assertThat(folder("../b").normalize()).startsWithRaw(REPORT);
    }
}
