package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.Recordings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of images: that a large one takes its time, and that a folder of them is not there. */
class HashProgressTests {

    private final StringWriter err = new StringWriter();
    private final Terminal pipe = new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err), false);

    @Test
    void aVeryLargeImageHasAFewLinesInAPipe() {
        HashProgress progress = new HashProgress(pipe);
        long total = 3L << 30;
        for (long done = 0; done < total; done += 64 << 20) {
            progress.hashed("disk.img", done, total);
        }
        progress.hashed("disk.img", total, total);
        assertThat(err.toString().lines())
                .containsExactly(
                        "semblance: hashing disk.img, 0 of 3072 MiB",
                        "semblance: hashing disk.img, 768 of 3072 MiB",
                        "semblance: hashing disk.img, 1536 of 3072 MiB",
                        "semblance: hashing disk.img, 2304 of 3072 MiB");
        progress.hashed("other.img", 0, total);
        assertThat(err.toString()).contains("hashing other.img, 0 of");
    }

    @Test
    void anImageThatIsNotReadToItsEndLeavesNothingForTheNext() {
        HashProgress progress =
                new HashProgress(new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err), true));
        progress.hashed("broken.img", 0, 1 << 30);
        assertThat(err.toString()).contains("0/1,024 MiB").contains("broken.img");
        err.getBuffer().setLength(0);
        progress.hashed("next.img", 0, 1 << 28);
        assertThat(err.toString()).contains("0/256 MiB").contains("next.img");
        assertThat(err.toString().substring(err.toString().lastIndexOf("hashing")))
                .doesNotContain("broken.img");
        progress.hashed("next.img", 1 << 28, 1 << 28);
        assertThat(err.toString()).endsWith("\r");
    }

    @Test
    void aSmallerOneHasNone() {
        HashProgress progress = new HashProgress(pipe);
        progress.hashed("disk.img", 0, 1 << 29);
        progress.hashed("disk.img", 1 << 29, 1 << 29);
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"replay --device", "approve", "pack -o x.semblance"})
    void aFolderOfImagesThatIsNotThereIsSaidThoughItIsNotSearched(String words) {
        List<String> line = new ArrayList<>(List.of(words.split(" ")));
        line.addAll(List.of(
                "--images",
                "no/such/folder",
                Path.of("../../recordings/cursor.trace").toString()));
        assertThat(Semblance.run(Environments.of(pipe, Recordings::images), line.toArray(new String[0])))
                .isEqualTo(2);
        assertThat(err.toString()).contains("the folder of images no/such/folder is not there");
    }
}
