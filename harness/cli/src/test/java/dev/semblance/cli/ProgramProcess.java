package dev.semblance.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The program in a JVM of its own, for what only a process has: a locale, a heap, an exit code, the default charset. None of what
 * says in the environment that a CI system runs the tests, or which locale, goes there.
 */
final class ProgramProcess {

    /** Most runs are over before the second compiler has made anything faster. */
    private static final List<String> SHORT_RUN =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto");

    /**
     * How a process ended.
     *
     * @param said what it printed, on standard output and on standard error
     */
    record Ran(int code, String said) {}

    private ProgramProcess() {}

    /**
     * Runs the program to its end, without standard input.
     *
     * @param folder where it works
     * @param variables what the environment has besides
     * @param options for the JVM
     * @param words the command line
     */
    static Ran run(Path folder, Map<String, String> variables, List<String> options, String... words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SHORT_RUN);
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Semblance.class.getName()));
        command.addAll(List.of(words));
        return start(folder, variables, command);
    }

    /** Does the same with any command. */
    static Ran start(Path folder, Map<String, String> variables, List<String> command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("LC_")
                        || name.startsWith("GITHUB_")
                        || name.equals("LANG")
                        || name.equals("CI")
                        || name.equals("TMPDIR"));
        builder.environment().putAll(variables);
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), said);
    }
}
