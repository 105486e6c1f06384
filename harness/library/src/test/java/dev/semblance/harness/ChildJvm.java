package dev.semblance.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a class of the tests in a JVM of its own, with a heap that it has to get along with. The heap of the tests' own JVM tells nothing of
 * what one of them needs: others run in it, and what they left is counted too.
 */
public final class ChildJvm {

    private ChildJvm() {}

    /**
     * How a JVM ended.
     *
     * @param code its exit code: 1 where {@code main} threw something, an OutOfMemoryError above all
     * @param said what it printed, on standard output and on standard error
     */
    public record Ended(int code, String said) {}

    /**
     * Runs a class to its end, without standard input.
     *
     * @param main has a {@code main}
     * @param heap the most that its heap may have, in MiB
     */
    public static Ended run(Class<?> main, int heap, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), said);
    }
}
