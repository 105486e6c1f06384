package dev.semblance.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FileNamesTests {

    private static final FileNames NAMES = FileNames.OWN
            .with(Path.of("/tmp/x/recordings"), "p.semblance/trace")
            .with(Path.of("/tmp/x"), "p.semblance")
            .with(Path.of("golden"), "shown");

    @Test
    void theFirstPlaceThatAFileLiesInNamesIt() {
        assertThat(NAMES.of(Path.of("/tmp/x/recordings/t.trace"))).isEqualTo("p.semblance/trace/t.trace");
        assertThat(NAMES.of(Path.of("/tmp/x/golden/t/end.png"))).isEqualTo("p.semblance/golden/t/end.png");
        assertThat(NAMES.of(Path.of("/tmp/x"))).isEqualTo("p.semblance");
    }

    @Test
    void aPathIsTheSameHoweverItIsWritten() {
        assertThat(NAMES.of(Path.of("golden/a/../b.png"))).isEqualTo("shown/b.png");
        assertThat(NAMES.of(Path.of("golden").toAbsolutePath().resolve("b.png")))
                .isEqualTo("shown/b.png");
    }

    @Test
    void everyOtherFileHasItsOwnName() {
        assertThat(NAMES.of(Path.of("/tmp/xy/t.trace"))).isEqualTo("/tmp/xy/t.trace");
        assertThat(NAMES.of(Path.of("a/../t.trace"))).isEqualTo("a/../t.trace");
        assertThat(FileNames.OWN.of(Path.of("./t.trace"))).isEqualTo("./t.trace");
    }
}
