package dev.semblance.harness.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Small files that people write: whatever is named, no more than the limit is read, and what is wrong is one sentence. */
class WholeFileTests {

    @TempDir
    private Path folder = Path.of("");

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("f"), text, StandardCharsets.UTF_8);
    }

    private static String text(Path file) {
        return WholeFile.text(file, "policy", "p.toml", 1024);
    }

    private static void refused(Path file, String message) {
        assertThatThrownBy(() -> text(file))
                .isInstanceOfSatisfying(
                        SemblanceException.class,
                        error -> assertThat(ExitCode.of(error)).isEqualTo(ExitCode.USAGE))
                .hasMessage(message);
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheTextAndEverythingElseIs() throws IOException {
        assertThat(text(file("\ufeffa = 1\r\nb = \"\u00e9\ufeff\"\n"))).isEqualTo("a = 1\r\nb = \"\u00e9\ufeff\"\n");
        assertThat(text(file("a\n"))).isEqualTo("a\n");
        assertThat(text(file("\ufeff"))).isEmpty();
        assertThat(text(file(""))).isEmpty();
    }

    @Test
    void whatIsNoTextIsSaid() throws IOException {
        refused(file("a\nb\0c\n"), "the policy p.toml is no text: it has a NUL character in line 2");
        refused(
                Files.write(folder.resolve("latin"), new byte[] {'a', (byte) 0xe9}),
                "the policy p.toml is not UTF-8 text");
        // As some systems write text: UTF-16 with its mark.
        refused(
                Files.write(folder.resolve("wide"), new byte[] {(byte) 0xff, (byte) 0xfe, 'a', 0}),
                "the policy p.toml is not UTF-8 text");
        refused(folder, "p.toml is a folder, not a policy");
        refused(folder.resolve("none"), "the policy p.toml does not exist");
    }

    @Test
    void theLimitIsTheLastSizeThatIsTaken() throws IOException {
        assertThat(text(file("x".repeat(1024)))).hasSize(1024);
        refused(file("x".repeat(1025)), "the policy p.toml is too large: a policy has at most 1 KiB");
        assertThat(WholeFile.bytes(file("abc"), 3)).hasSize(3);
        assertThatThrownBy(() -> WholeFile.bytes(folder.resolve("f"), 2))
                .isInstanceOf(WholeFile.TooLargeException.class)
                .hasMessage("it has more than 2 bytes");
    }

    /** It tells no size, and has no end. */
    @Test
    @EnabledOnOs(OS.LINUX)
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aDeviceWithoutAnEndIsTooLarge() {
        refused(Path.of("/dev/zero"), "the policy p.toml is too large: a policy has at most 1 KiB");
    }
}
