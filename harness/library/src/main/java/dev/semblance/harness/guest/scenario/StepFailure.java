package dev.semblance.harness.guest.scenario;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Text;
import dev.semblance.harness.UserError;
import java.util.List;

/**
 * A step that did not come true.
 *
 * @param step which
 * @param cycle when it was given up
 * @param reason one sentence, and what the console said last in lines of their own
 */
public record StepFailure(Step step, long cycle, String reason) {

    /** Returns the error that ends the command: {@link ExitCode#SCENARIO_FAILED}. */
    public UserError toError(Scenario scenario) {
        List<String> lines = reason.lines().toList();
        return new UserError(
                ExitCode.SCENARIO_FAILED,
                Text.format("%s:%d: at cycle %,d, %s", scenario.name(), step.line(), cycle, lines.getFirst()),
                lines.subList(1, lines.size()));
    }
}
