package dev.semblance.harness.guest.scenario;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.guest.images.GuestSettings;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.util.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A scenario: which guest to run, and what to do with it.
 *
 * @param name what to call it in messages, usually the file as the user named it
 * @param folder what paths in it are relative to
 * @param guest the manifest lines; paths are resolved against the scenario's folder already
 * @param from the recording that it goes on from; empty for one that begins at power-on
 * @param steps in order
 * @param text the file as it is
 */
public record Scenario(
        String name, Path folder, GuestSettings guest, Optional<ParentPosition> from, List<Step> steps, String text) {

    /** How long a scenario may be, in bytes: what a manifest takes, in which the text is kept. */
    public static final int MAX_BYTES = 1 << 18;

    /** Copies the list. */
    public Scenario {
        steps = List.copyOf(steps);
    }

    /**
     * Checks that a machine has what the steps need.
     *
     * @param pointer its pointing devices
     * @param displays what its GPU offers
     * @throws ScenarioException if a step cannot be done; it names the line
     */
    public void check(Pointer pointer, DisplayConfig displays) {
        Desktop desktop = new Desktop(displays);
        for (Step step : steps) {
            if (step instanceof Step.ByHand hand) {
                InputReports.obstacle(hand, pointer, desktop).ifPresent(problem -> {
                    throw error(step.line(), problem);
                });
            } else if (step instanceof Step.Point point) {
                InputReports.obstacle(point, pointer, desktop).ifPresent(problem -> {
                    throw error(step.line(), problem);
                });
            } else if (step instanceof Step.DisplayChange change) {
                desktop = desktop.after(change)
                        .orElseThrow(() -> error(
                                step.line(),
                                Text.format(
                                        "there is no display %d; the machine has %s. How many there are is fixed by mode, or"
                                                + " by --mode, which goes before it: 1024x768,off has one that is plugged in"
                                                + " later",
                                        change.number(), Text.count(displays.count(), "display"))));
            }
        }
    }

    /**
     * {@return the same for a machine of another clock: times in it are other numbers of cycles}
     *
     * @param cyclesPerSecond the clock of the machine
     * @throws ScenarioException if a time is no whole number of its cycles
     */
    public Scenario at(long cyclesPerSecond) {
        return ScenarioParser.parse(name, folder, text, cyclesPerSecond);
    }

    /** {@return an error at the first word of a line} */
    private ScenarioException error(int line, String problem) {
        String source = text.lines().skip(line - 1L).findFirst().orElse("");
        int column = source.length() - source.stripLeading().length() + 1;
        return new ScenarioException(name, line, column, problem, source);
    }
}
