package dev.semblance.harness.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.semblance.gpu.frame.Frame;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** README.md, "How the pieces lie", and CONTRIBUTING.md, "Goldens". */
class GoldenStoreTests {

    private static final Frame RED = Frame.solid(2, 2, 0xffff_0000);
    private static final Frame BLUE = Frame.solid(1, 1, 0xff00_00ff);
    private static final byte[] BLUE_PPM = "P3 1 1 255 0 0 255\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private GoldenStore store;

    @BeforeEach
    void open() {
        store = new GoldenStore(folder.resolve("golden"));
    }

    @Test
    void aGoldenIsFoundWhereItWasWritten() throws Exception {
        assertThat(store.find("boot", "end")).isEmpty();
        assertThat(store.read("boot", "end")).isEmpty();
        Path file = store.write("boot", "end", RED);
        assertThat(file).isEqualTo(folder.resolve("golden/boot/end.png"));
        assertThat(store.pngOf("boot", "end")).isEqualTo(file);
        assertThat(store.find("boot", "end")).contains(file);
        assertThat(store.read("boot", "end")).contains(RED);
    }

    @Test
    void theGoldensOfATraceInAFolderLieInAFolderOfThatName() throws Exception {
        assertThat(store.write("driver/ok", "red", RED)).isEqualTo(folder.resolve("golden/driver/ok/red.png"));
        assertThat(store.find("driver/ok", "red")).contains(folder.resolve("golden/driver/ok/red.png"));
        assertThat(store.find("ok", "red")).isEmpty();
        assertThat(store.labels("driver/ok")).containsExactly("red");
        assertThat(store.labels("driver")).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> store.find("driver", "ok/red"));
    }

    @Test
    void whatNoSnapshotUsesIsFoundAndAlternativesAreNoGoldens() throws Exception {
        assertThat(store.unused("boot", Set.of())).isEmpty();
        store.write("boot", "end", RED);
        Path gone = store.write("boot", "gone", RED);
        Files.write(folder.resolve("golden/boot/end.alt-1.png"), Files.readAllBytes(gone));
        assertThat(store.unused("boot", Set.of("end"))).containsExactly(gone);
        assertThat(store.unused("boot", Set.of("end", "gone"))).isEmpty();
    }

    @Test
    void otherScanoutsHaveTheirNumberInTheName() throws Exception {
        assertThat(store.write("boot", "end@1", RED)).isEqualTo(folder.resolve("golden/boot/end@1.png"));
    }

    @Test
    void aScreenshotOfAnotherFormatIsAGoldenUntilAnImageIsApproved() throws Exception {
        Path ppm = folder.resolve("golden/boot/end.ppm");
        Files.createDirectories(ppm.getParent());
        Files.write(ppm, BLUE_PPM);
        assertThat(store.find("boot", "end")).contains(ppm);
        assertThat(store.read("boot", "end")).contains(BLUE);
        store.write("boot", "end", RED);
        assertThat(store.read("boot", "end")).contains(RED);
        assertThat(ppm).doesNotExist();
    }

    @Test
    void pngComesFirst() throws Exception {
        store.write("boot", "end", RED);
        Files.write(folder.resolve("golden/boot/end.ppm"), BLUE_PPM);
        assertThat(store.read("boot", "end")).contains(RED);
    }

    @Test
    void theLabelsOfATraceAreListedInOrder() throws Exception {
        assertThat(store.labels("boot")).isEmpty();
        store.write("boot", "login", RED);
        store.write("boot", "end@1", RED);
        store.write("boot", "end", RED);
        store.write("other", "x", RED);
        Files.write(folder.resolve("golden/boot/menu.ppm"), BLUE_PPM);
        Files.write(folder.resolve("golden/boot/README.md"), new byte[0]);
        Files.write(folder.resolve("golden/boot/.hidden.png"), new byte[0]);
        assertThat(store.labels("boot")).containsExactly("end", "end@1", "login", "menu");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "../x", "a/../b", "a//b", "a/", "/a", "a/.", "a\\b", "/etc", "a\0", "C:x", "x."})
    void noNameLeadsOutOfTheFolder(String bad) {
        assertThatIllegalArgumentException().isThrownBy(() -> store.find("boot", bad));
        assertThatIllegalArgumentException().isThrownBy(() -> store.find(bad, "end"));
        assertThatIllegalArgumentException().isThrownBy(() -> store.write(bad, "end", RED));
        assertThatIllegalArgumentException().isThrownBy(() -> store.labels(bad));
    }

    @Test
    void aGoldenThatCannotBeReadIsAnErrorAndNotAMissingOne() throws Exception {
        Path file = folder.resolve("golden/boot/end.png");
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[10]);
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> store.read("boot", "end"))
                .withMessageContaining("end.png");
    }
}
