package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The device in C of harness/examples/c-device, built with the compiler of this machine. */
final class CDevice {

    private static final Path SOURCES =
            Path.of("..", "examples", "c-device").toAbsolutePath().normalize();

    private CDevice() {}

    /**
     * Builds it, and returns the target that it is. A machine without gcc skips the test, which in CI is a failure.
     *
     * @param options for the compiler, such as {@code -DBUG_RECTANGLE}
     */
    static String build(Path folder, String... options) throws IOException, InterruptedException {
        Path program = folder.resolve("gpu" + String.join("", options).replaceAll("[^A-Za-z_]", ""));
        List<String> words = new ArrayList<>(List.of("gcc", "-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror"));
        words.addAll(List.of(options));
        words.addAll(List.of("-o", program.toString(), "pipe.c", "gpu.c"));
        Path said = folder.resolve("gcc.txt");
        try {
            Process gcc = new ProcessBuilder(words)
                    .directory(SOURCES.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            assertThat(gcc.waitFor()).as(() -> read(said)).isZero();
        } catch (IOException e) {
            assertThat(System.getenv("CI")).as("in CI gcc has to be there").isNotEqualTo("true");
            assumeTrue(false, "gcc is missing: the device in C is not built");
        }
        return "pipe:" + program;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
