package dev.semblance.harness.guest.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFoldersTests {

    private static final Path HOME = Path.of("/home/me");

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
