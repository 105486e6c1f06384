package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is kept of decoded and of translated code has a limit (docs/ARCHITECTURE.md, "The execution core"), whatever a guest executes. */
class TranslatedCodeMemoryTests {

    /** A million with {@code mvn -Pcores -pl machine test}. */
    private static final int ROUNDS = Integer.getInteger("semblance.cores.blocks", 12_000);

    /** The classes of all rounds would take twice as much and more. */
    private static final List<String> LIMITS = List.of("-Xmx64m", "-XX:MaxMetaspaceSize=48m");

    @Test
    void aGuestThatMakesNewCodeForEverGetsAlongWithLimitedMemory() throws Exception {
        assertPrints(
                ROUNDS + " rounds, more classes than rounds\n", LIMITS, ManyBlocks.class, Integer.toString(ROUNDS));
    }

    /** Without a limit, each takes twice as much and more. */
    @ParameterizedTest
    @CsvSource({"pages, 130816", "places, 1000"})
    void aGuestThatExecutesCodeInVeryManyPlacesGetsAlongWithLimitedMemory(String what, int pages) throws Exception {
        assertPrints(pages + " pages\n", List.of("-Xmx256m"), MuchCode.class, what);
    }

    private static void assertPrints(String expected, List<String> limits, Class<?> program, String argument)
            throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(limits);
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", place(Hart.class) + File.pathSeparator + place(program)));
        command.addAll(List.of(program.getName(), argument));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // A JVM says which options it found there.
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines(expected);
        assertThat(process.waitFor()).isZero();
    }

    private static String place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }
}
