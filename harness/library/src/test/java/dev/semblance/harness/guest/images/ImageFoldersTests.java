package dev.semblance.harness.guest.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFoldersTests {

    private static final Path HOME = Path.of("/home/me");

    /** XDG base directory specification: relative paths are invalid and ignored. */
    @Test
    void theCacheIsWhereTheEnvironmentSays() {
        assertThat(ImageCache.userFolder(Map.of(), HOME)).isEqualTo(Path.of("/home/me/.cache/semblance"));
        assertThat(ImageCache.userFolder(Map.of("XDG_CACHE_HOME", "/var/c"), HOME))
                .isEqualTo(Path.of("/var/c/semblance"));
        assertThat(ImageCache.userFolder(Map.of("XDG_CACHE_HOME", "c"), HOME))
                .isEqualTo(Path.of("/home/me/.cache/semblance"));
        assertThat(ImageCache.userFolder(Map.of("XDG_CACHE_HOME", "/var/c", "SEMBLANCE_CACHE", "/s"), HOME))
                .isEqualTo(Path.of("/s"));
    }

    @Test
    void theShippedGuestIsInTheProjectOrAboveTheWorkingFolder(@TempDir Path folder) throws IOException {
        Path guest = Files.createDirectories(folder.resolve("buildroot-config/guest"));
        Path below = Files.createDirectories(folder.resolve("a/b"));
        assertThat(ProjectHome.guestFolder("", below)).hasValue(guest);
        assertThat(ProjectHome.guestFolder(folder.toString(), HOME)).hasValue(guest);
        assertThat(ProjectHome.guestFolder(below.toString(), folder)).isEqualTo(Optional.empty());
    }

    @Test
    void aReleaseHasTheGuestInAFolderOfThatNameButNobodyElseHas(@TempDir Path folder) throws IOException {
        Path guest = Files.createDirectories(folder.resolve("guest"));
        assertThat(ProjectHome.guestFolder(folder.toString(), HOME)).hasValue(guest);
        assertThat(ProjectHome.guestFolder("", folder)).isNotEqualTo(Optional.of(guest));
    }
}
