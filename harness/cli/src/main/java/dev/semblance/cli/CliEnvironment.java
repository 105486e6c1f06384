package dev.semblance.cli;

import dev.semblance.harness.guest.images.GuestImages;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Everything that a verb has from outside its command line.
 *
 * @param finder makes what finds guest images, and shows on a terminal how far it is: for {@link ImageOptions} alone
 * @param today the day on which policies are applied
 * @param nanos tells nanoseconds from some moment on
 * @param variables the environment variables
 * @param input standard input
 * @param report the folder where the report of a failing replay goes, unless the user names another
 */
record CliEnvironment(
        Terminal terminal,
        Function<Terminal, GuestImages> finder,
        Supplier<LocalDate> today,
        LongSupplier nanos,
        Map<String, String> variables,
        InputStream input,
        Path report) {

    private static final Path USUAL_REPORT = Path.of("semblance-report");

    /** Returns the process's own. */
    static CliEnvironment ofSystem() {
        return new CliEnvironment(
                Terminal.ofSystem(System.getenv()),
                terminal -> GuestImages.ofUser(new HashProgress(terminal)),
                // In UTC, so that a rule expires at the same moment for everybody.
                () -> LocalDate.now(ZoneOffset.UTC),
                System::nanoTime,
                System.getenv(),
                System.in,
                USUAL_REPORT);
    }

    /** Returns the same with another terminal. */
    CliEnvironment with(Terminal other) {
        return new CliEnvironment(other, finder, today, nanos, variables, input, report);
    }

    /** Tells whether an environment variable has a value. */
    boolean has(String variable, String value) {
        return variables.getOrDefault(variable, "").equals(value);
    }
}
