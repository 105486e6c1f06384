package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import java.nio.file.Path;
import java.util.List;

/**
 * What the Java that makes a cache for a faster start runs: a bit of everything, so that its classes and profiles are those
 * of common verbs. The launchers call it, {@code Training FOLDER}, and show nobody what it prints. Leaves its recording in the folder.
 */
final class Training {

    /** As far as the shipped guest's shell, and what it draws until then. */
    private static final String CYCLES = "100e6";

    /** As long as it takes for a page to be served. */
    private static final String A_MOMENT = "1e6";

    private Training() {}

    public static void main(String[] args) {
        System.exit(run(Path.of(args[0])).code());
    }

    /**
     * Runs all of it.
     *
     * @param folder where the recording goes
     * @return {@link ExitCode#INTERNAL} if the program does not work like this; that there is no guest is no reason
     */
    static ExitCode run(Path folder) {
        String trace = folder.resolve("training.trace").toString();
        List<List<String>> lines = List.of(
                List.of("--version"),
                List.of("record", "--max-cycles", CYCLES, "-o", trace),
                List.of("info", trace),
                List.of("lint", trace),
                List.of("replay", "--device", trace),
                List.of("replay", trace),
                List.of("boot", "--live", "--no-open", "--pace", "max", "--max-cycles", A_MOMENT));
        CliEnvironment environment = CliEnvironment.ofSystem();
        boolean broken = lines.stream()
                .anyMatch(
                        words -> Semblance.run(environment, words.toArray(String[]::new)) == ExitCode.INTERNAL.code());
        return broken ? ExitCode.INTERNAL : ExitCode.PASS;
    }
}
