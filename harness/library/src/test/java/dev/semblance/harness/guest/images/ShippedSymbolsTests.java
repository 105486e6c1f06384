package dev.semblance.harness.guest.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/DEBUGGING.md, "Symbols": those of the images that ship are found by the images of a trace. */
class ShippedSymbolsTests {

    private static final Path GUEST = Path.of("..", "..", "buildroot-config", "guest");

    @TempDir
    private Path folder = Path.of("");

    private static String sha256(String image) {
        return ShippedSums.of(GUEST.resolve(image).resolveSibling(""))
                .of(String.valueOf(Path.of(image).getFileName()))
                .orElseThrow();
    }

    private List<String> names(Path guest, String... images) {
        GuestImages finder = new GuestImages(Optional.of(guest), new ImageCache(folder.resolve("cache")));
        return finder.shippedSymbols(List.of(images)).stream()
                .map(GuestImage::name)
                .toList();
    }

    @Test
    void aKernelHasItsOwnAndFilesOfProgramsHaveThoseOfPrograms() {
        assertThat(names(GUEST, sha256("Image"))).containsExactly("vmlinux");
        assertThat(names(GUEST, sha256("Image"), sha256("rootfs.cpio")))
                .containsExactly(
                        "vmlinux",
                        "fbdraw.debug",
                        "kmscursor.debug",
                        "kmsdraw.debug",
                        "kmsheads.debug",
                        "modetest.debug");
        assertThat(names(GUEST, sha256("test-tools.img")))
                .contains("modetest.debug")
                .doesNotContain("vmlinux");
        assertThat(names(GUEST, sha256("kmsdraw-stride.img"))).contains("kmsdraw-stride.img");
        assertThat(names(GUEST, sha256("rv64/Image-small"))).containsExactly("System.map");
        assertThat(names(GUEST, sha256("rv64/Image-stock"))).as("has none here").isEmpty();
    }

    @Test
    void imagesOfOthersHaveNone() {
        assertThat(names(GUEST, "0".repeat(64))).isEmpty();
        assertThat(names(folder, sha256("Image")))
                .as("a folder without a MANIFEST")
                .isEmpty();
    }

    @Test
    void whatTheManifestNamesAndIsNotThereIsLeftOut() throws IOException {
        Files.copy(GUEST.resolve("MANIFEST"), folder.resolve("MANIFEST"));
        Files.copy(GUEST.resolve("vmlinux.xz"), folder.resolve("vmlinux.xz"));
        assertThat(names(folder, sha256("Image"), sha256("rootfs.cpio"))).containsExactly("vmlinux");
    }
}
