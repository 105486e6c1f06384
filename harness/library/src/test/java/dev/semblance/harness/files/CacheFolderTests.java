package dev.semblance.harness.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
}
