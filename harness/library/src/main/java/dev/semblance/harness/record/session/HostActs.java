package dev.semblance.harness.record.session;

import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.Machine;
import dev.semblance.machine.RunResult;
import dev.semblance.machine.cpu.Pause;
import dev.semblance.machine.time.Timeline.Lane;
import java.util.Arrays;
import java.util.Optional;

/**
 * Does to a session what a trace has of its host: input at its cycles. Where the host looked (checkpoints, snapshots, the
 * end), the machine must be as it was.
 */
public final class HostActs {

    private final Session session;
    private final Machine machine;

    /**
     * Makes them for a session.
     *
     * @param session what they are done to
     */
    public HostActs(Session session) {
        this.session = session;
        this.machine = session.machine();
    }

    /**
     * {@return whether an event is what the host did, or looked at, between two instructions}
     *
     * @param event any
     */
    public static boolean isAct(TraceEvent event) {
        return switch (event) {
            case TraceEvent.Input input -> true;
            case TraceEvent.ConsoleInput input -> true;
            case TraceEvent.DisplayChange change -> true;
            case TraceEvent.Checkpoint checkpoint -> true;
            case TraceEvent.Snapshot snapshot -> true;
            case TraceEvent.End end -> !end.equals(TraceEvent.End.UNKNOWN);
            default -> false;
        };
    }

    /**
     * Runs to the cycle of the next act, or to where the machine pauses since it is watched.
     *
     * @param cycle where to stop
     * @return why it paused; empty at the cycle
     * @throws IncompatibleException if the machine does not come there
     */
    public Optional<Pause> runTo(long cycle) {
        RunResult result = machine.run(cycle);
        if (result instanceof RunResult.Idle) {
            // While recording, the host was going to do something, and time went on to that.
            machine.timeline().schedule(cycle, Lane.OBSERVER, () -> {});
            result = machine.run(cycle);
        }
        if (result instanceof RunResult.Paused paused) {
            return Optional.of(paused.reason());
        }
        if (machine.hart().cycle() != cycle) {
            throw notAsRecorded(Text.format(
                    "at cycle %,d it had %s", cycle, result instanceof RunResult.Halted ? "been off" : "been stuck"));
        }
        return Optional.empty();
    }

    /**
     * Does what the host did, or compares with what it saw. The machine is at the cycle of it.
     *
     * @param act what {@link #isAct}
     * @param compare whether to compare; what was compared once need not be again
     * @throws IncompatibleException if the machine is not as it was
     */
    public void perform(Stamped act, boolean compare) {
        switch (act.event()) {
            case TraceEvent.Input input -> {
                if (!session.takesInput(input.device())) {
                    throw notAsRecorded(Text.format("device %d takes no input (#%d)", input.device(), act.sequence()));
                }
                session.port().input(input);
            }
            case TraceEvent.ConsoleInput input -> session.port().console(input.bytes());
            case TraceEvent.DisplayChange change -> {
                if (change.device() != Devices.GPU
                        || change.appliedTo(session.displays()).isEmpty()) {
                    throw notAsRecorded(Text.format("there is no such display (#%d)", act.sequence()));
                }
                session.port().display(change);
            }
            case TraceEvent.Checkpoint checkpoint ->
                require(!compare || Arrays.equals(checkpoint.stateDigest(), machine.deviceStateDigest()), act);
            case TraceEvent.Snapshot snapshot ->
                require(
                        !compare
                                || snapshot.scanout() < session.scanouts()
                                        && snapshot.digest()
                                                == session.picture(snapshot.scanout())
                                                        .digest(),
                        act);
            case TraceEvent.End end ->
                require(!compare || Arrays.equals(end.stateDigest(), machine.stateDigest()), act);
            default -> throw new IllegalStateException("no act: " + act);
        }
    }

    private static void require(boolean same, Stamped act) {
        if (!same) {
            throw notAsRecorded(Text.format("its state differs at #%d @%,d", act.sequence(), act.cycle()));
        }
    }

    private static IncompatibleException notAsRecorded(String what) {
        return new IncompatibleException(
                "the machine does not do what was recorded: " + what + "; replay --machine tells where it begins");
    }
}
