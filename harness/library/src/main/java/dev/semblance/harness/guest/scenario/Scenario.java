package dev.semblance.harness.guest.scenario;

import dev.semblance.harness.guest.images.GuestSettings;
import java.util.List;

/**
 * A scenario: which guest to run, and what to do with it.
 *
 * @param name what to call it in messages, usually the file as the user named it
 * @param guest the manifest lines; paths are resolved against the scenario's folder already
 * @param steps in order
 * @param text the file as it is
 */
public record Scenario(String name, GuestSettings guest, List<Step> steps, String text) {

    /** Copies the list. */
    public Scenario {
        steps = List.copyOf(steps);
    }
}
