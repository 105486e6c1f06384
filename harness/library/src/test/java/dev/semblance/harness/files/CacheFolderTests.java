package dev.semblance.harness.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.io.TempDir;

class CacheFolderTests {

    private static final Path HOME = Path.of("/home/me");

    /** XDG base directory specification: relative paths are invalid and ignored. */
    @Test
    void theCacheIsWhereTheEnvironmentSays() {
        assertThat(CacheFolder.ofUser(Map.of(), HOME)).isEqualTo(Path.of("/home/me/.cache/semblance"));
        assertThat(CacheFolder.ofUser(Map.of("XDG_CACHE_HOME", "/var/c"), HOME)).isEqualTo(Path.of("/var/c/semblance"));
        assertThat(CacheFolder.ofUser(Map.of("XDG_CACHE_HOME", "c"), HOME))
                .isEqualTo(Path.of("/home/me/.cache/semblance"));
        assertThat(CacheFolder.ofUser(Map.of("XDG_CACHE_HOME", "/var/c", "SEMBLANCE_CACHE", "/s"), HOME))
                .isEqualTo(Path.of("/s"));
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** A folder of another user, such as of who ran the program with other rights once. */
    @Test
    @DisabledIf("isRoot")
    void aFolderThatCannotBeReadKeepsNoOtherFromBeingSwept(@TempDir Path folder) throws IOException {
        Path locked = Files.createDirectory(folder.resolve("locked"));
        Path old = Files.write(Files.createDirectory(folder.resolve("open")).resolve(".a.1.new"), new byte[1]);
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        Files.setPosixFilePermissions(locked, Set.of());
        try {
            new CacheFolder(folder).sweep();
        } finally {
            Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwx------"));
        }
        assertThat(old).doesNotExist();
    }
}
