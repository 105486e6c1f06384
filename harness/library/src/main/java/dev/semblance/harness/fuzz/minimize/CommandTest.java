package dev.semblance.harness.fuzz.minimize;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.util.ProcessTree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A command of the user's that tells whether a trace fails: the shell runs it with the trace's path in place of {@code {}},
 * or behind it if there is none.
 */
final class CommandTest {

    private final String command;
    private final Duration timeout;

    CommandTest(String command, Duration timeout) {
        this.command = command;
        this.timeout = timeout;
    }

    /** {@return the command's exit code for a trace; empty if it took too long and was ended} */
    OptionalInt run(Path trace) throws IOException {
        String quoted = "'" + trace.toAbsolutePath().toString().replace("'", "'\\''") + "'";
        String line = command.contains("{}") ? command.replace("{}", quoted) : command + " " + quoted;
        Process process = new ProcessBuilder("sh", "-c", line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            process.getOutputStream().close();
            if (process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return OptionalInt.of(process.exitValue());
            }
            return OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnusableInputException("interrupted while the test ran", e);
        } finally {
            ProcessTree.kill(process.toHandle());
        }
    }
}
