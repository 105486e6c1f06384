package dev.semblance.harness.guest.scenario;

import dev.semblance.harness.util.Printable;
import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * A step that did not come true.
 *
 * @param step which
 * @param cycle when it was given up
 * @param reason one sentence, and what the console said last in lines of their own
 */
public record StepFailure(Step step, long cycle, String reason) {

    /**
     * {@return what to say of it: one sentence with its place, then what the console said last}
     *
     * @param scenario which it is a step of
     */
    public List<String> lines(Scenario scenario) {
        List<String> lines = new ArrayList<>(reason.lines().map(Printable::line).toList());
        lines.set(
                0,
                Printable.line(
                        Text.format("%s:%d: at cycle %,d, %s", scenario.name(), step.line(), cycle, lines.getFirst())));
        return lines;
    }
}
