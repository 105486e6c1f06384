package dev.semblance.harness.fuzz.differential;

import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.target.dialect.CommandName;
import dev.semblance.harness.target.dialect.Dialect;
import dev.semblance.harness.target.dialect.KnownFinding;
import java.util.List;
import java.util.Optional;

/** Tells what a program did that no device may do from what its dialect knows of it, for one run of a script. */
final class FailureJudge {

    private final Dialect dialect;
    private final ScriptCheck.Watcher watcher;
    private List<String> last = List.of();
    private boolean over;

    FailureJudge(Dialect dialect, ScriptCheck.Watcher watcher) {
        this.dialect = dialect;
        this.watcher = watcher;
    }

    /** Notes that a device is about to be sent commands together. */
    void send(List<Command> commands) {
        last = commands.stream()
                .map(command -> CommandName.of(command.request()))
                .toList();
    }

    /**
     * Returns the difference that a failure is, if there is one; a known one ends the script in its place.
     *
     * @param line the index of the script's line
     * @param failure of one of the devices that run the script
     */
    Optional<DeviceDifference> judge(int line, Optional<TargetFailure> failure) {
        if (failure.isEmpty()) {
            return Optional.empty();
        }
        Optional<KnownFinding> known = dialect.known(failure.get(), last);
        if (known.isEmpty()) {
            return Optional.of(DeviceDifference.failure(line, failure.get()));
        }
        if (!over) {
            watcher.known(line, known.get());
        }
        over = true;
        return Optional.empty();
    }

    /** Returns whether the script has ended in what is known: nothing that came of it since counts. */
    boolean isOver() {
        return over;
    }
}
