package dev.semblance.harness.replay;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What came of replaying one trace. */
public sealed interface TraceVerdict {

    /** Returns the trace. */
    Path trace();

    /** Returns how a command over this trace alone ends. */
    ExitCode exitCode();

    /**
     * The trace could not be replayed.
     *
     * @param reason one sentence
     */
    record Refused(Path trace, ExitCode exitCode, String reason) implements TraceVerdict {}

    /**
     * The replay took longer than it was allowed to, and was ended.
     *
     * @param limit how long it was allowed to take
     */
    record TimedOut(Path trace, Duration limit) implements TraceVerdict {
        @Override
        public ExitCode exitCode() {
            return ExitCode.MISMATCH;
        }
    }

    /**
     * The replay ended in a mistake of ours.
     *
     * @param problem what was thrown, as one sentence
     * @param places where, innermost first
     */
    record Crashed(Path trace, String problem, List<String> places) implements TraceVerdict {

        /** Copies the list. */
        public Crashed {
            places = List.copyOf(places);
        }

        @Override
        public ExitCode exitCode() {
            return ExitCode.INTERNAL;
        }
    }

    /**
     * The trace was replayed.
     *
     * @param device what came of the device replay, if it was done
     * @param machine what came of the machine replay, if it was done
     * @param notDone why one of the two was not done; empty if both were, or only one was asked for
     * @param snapshots the snapshots in their order, compared with the goldens
     */
    record Replayed(
            Path trace,
            TraceManifest manifest,
            Optional<ReplayOutcome> device,
            Optional<ReplayOutcome> machine,
            Optional<String> notDone,
            List<SnapshotVerdict> snapshots)
            implements TraceVerdict {

        /** Copies the list. */
        public Replayed {
            snapshots = List.copyOf(snapshots);
        }

        @Override
        public ExitCode exitCode() {
            ExitCode code = diverged(device) || diverged(machine) ? ExitCode.MISMATCH : ExitCode.PASS;
            for (SnapshotVerdict snapshot : snapshots) {
                code = code.orGraver(snapshot.exitCode());
            }
            // A torn trace only counts as such if what is left of it passed.
            return code == ExitCode.PASS && torn().isPresent() ? ExitCode.TORN : code;
        }

        /** Returns where and why the trace stops early, if it does. */
        public Optional<TraceStatus.Torn> torn() {
            return device.or(() -> machine).flatMap(ReplayOutcome::status).flatMap(status -> switch (status) {
                case TraceStatus.Torn torn -> Optional.of(torn);
                case TraceStatus.Complete complete -> Optional.empty();
            });
        }

        private static boolean diverged(Optional<ReplayOutcome> replay) {
            return replay.flatMap(ReplayOutcome::divergence).isPresent();
        }

        /** Returns what the two replays together say has changed, as a sentence; empty if neither diverged. */
        public Optional<String> cause() {
            if (!diverged(device) && !diverged(machine)) {
                return Optional.empty();
            }
            if (device.isPresent() && machine.isPresent()) {
                if (diverged(device) && diverged(machine)) {
                    return Optional.of("Both replays differ: the GPU has changed.");
                }
                return Optional.of(
                        diverged(machine)
                                ? "Only the machine replay differs: CPU, machine or guest images have changed, not the GPU."
                                : "Only the device replay differs: the recorder or the trace is at fault, not the machine.");
            }
            return Optional.of(
                    diverged(device)
                            ? "The device replay differs. There was no machine replay to tell the GPU from the trace."
                            : "The machine replay differs. There was no device replay to tell the GPU from the machine.");
        }
    }
}
