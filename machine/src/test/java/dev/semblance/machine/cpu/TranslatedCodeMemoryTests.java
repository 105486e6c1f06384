package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept of translated code has a limit (docs/ARCHITECTURE.md, "The execution core"), whatever a guest executes. */
class TranslatedCodeMemoryTests {

    /** A million with {@code mvn -Pcores -pl machine test}. */
    private static final int ROUNDS = Integer.getInteger("semblance.cores.blocks", 12_000);

    /** The classes of all rounds would take twice as much and more. */
    private static final List<String> LIMITS =
            List.of("-Xmx64m", "-XX:MaxMetaspaceSize=48m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    @Test
    void aGuestThatMakesNewCodeForEverGetsAlongWithLimitedMemory() throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(LIMITS);
        command.addAll(List.of("-cp", place(Hart.class) + File.pathSeparator + place(ManyBlocks.class)));
        command.addAll(List.of(ManyBlocks.class.getName(), Integer.toString(ROUNDS)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines(ROUNDS + " rounds, more classes than rounds\n");
        assertThat(process.waitFor()).isZero();
    }

    private static String place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }
}
