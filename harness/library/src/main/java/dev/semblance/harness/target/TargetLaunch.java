package dev.semblance.harness.target;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * How the program of a target is started and heard.
 *
 * @param command for the shell
 * @param timeout how long it may take for anything that it is asked
 * @param harmless which lines of its standard error are no complaint, as they are shown: printable, and cut where they are long
 */
public record TargetLaunch(String command, Duration timeout, Predicate<String> harmless) {

    /**
     * {@return a launch of a program whose every word on standard error is a complaint}
     *
     * @param command for the shell
     * @param timeout how long it may take for anything that it is asked
     */
    public static TargetLaunch of(String command, Duration timeout) {
        return new TargetLaunch(command, timeout, line -> false);
    }

    /**
     * {@return the same with another command}
     *
     * @param other for the shell
     */
    public TargetLaunch with(String other) {
        return new TargetLaunch(other, timeout, harmless);
    }
}
