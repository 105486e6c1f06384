package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.guest.scenario.CycleCount;

/**
 * Where a run ends at the latest, as the user wrote it: cycles, or guest time, which goes by the machine's clock.
 *
 * @param text such as {@code 5e6} or {@code 1.5s}
 */
record CycleLimit(String text) {

    /** Returns whether it is cycles whatever the machine is. */
    boolean isCycles() {
        return !text.endsWith("s");
    }

    /** Returns the number of cycles at a clock. */
    long cycles(long cyclesPerSecond) {
        return CycleCount.parse(text, cyclesPerSecond)
                .orElseThrow(() -> new CommandException(ExitCode.USAGE, "--max-cycles: " + problem(text)));
    }

    static String problem(String text) {
        return "'" + text + "' is not a number of cycles from 1 to 1e15; write 5000000, 5e6, 80ms or 1.5s";
    }
}
