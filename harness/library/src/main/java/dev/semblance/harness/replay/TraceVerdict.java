package dev.semblance.harness.replay;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What came of replaying one trace. */
public sealed interface TraceVerdict {

    /** What a trace counts as, with the words that reports have for it. */
    enum Standing {
        /** All is as it should be. */
        PASS("pass", "Pass", "pass"),
        /**
         * Nothing differs from what was recorded, but no snapshot was compared with a golden, or not even an event; or a
         * target ended in a finding that is known, before all was compared.
         */
        UNCHECKED("unchecked", "Unchecked", "unchecked"),
        /** It was cut off, and what is left of it is as it should be. */
        TORN("torn", "Torn", "TORN"),
        /** Something is not as it should be. */
        FAIL("fail", "Fail", "FAIL");

        private final String key;
        private final String title;
        private final String word;

        Standing(String key, String title, String word) {
            this.key = key;
            this.title = title;
            this.word = word;
        }

        /** {@return the name that programs and style sheets know it by} */
        public String key() {
            return key;
        }

        /** {@return what a page says} */
        public String title() {
            return title;
        }

        /** {@return what the line of a trace begins with} */
        public String word() {
            return word;
        }
    }

    /** {@return the trace} */
    TraceFile trace();

    /** {@return what the trace counts as} */
    default Standing standing() {
        return switch (exitCode()) {
            case PASS ->
                this instanceof Replayed replayed && replayed.isUnchecked() ? Standing.UNCHECKED : Standing.PASS;
            case TORN -> Standing.TORN;
            default -> Standing.FAIL;
        };
    }

    /** {@return how a command over this trace alone ends} */
    ExitCode exitCode();

    /**
     * The trace could not be replayed.
     *
     * @param trace the file of the trace
     * @param exitCode what a command over this trace alone ends with
     * @param reason one sentence, and lines that show the place, with nothing hidden in them: {@link SemblanceException}
     * @param memoryLacked whether there was too little memory, so that it may be replayed where nothing else is at the same time
     */
    record Refused(TraceFile trace, ExitCode exitCode, String reason, boolean memoryLacked) implements TraceVerdict {

        /**
         * Refuses a trace for what has nothing to do with memory.
         *
         * @param trace the file of the trace
         * @param exitCode what a command over this trace alone ends with
         * @param reason one sentence, and lines that show the place
         */
        public Refused(TraceFile trace, ExitCode exitCode, String reason) {
            this(trace, exitCode, reason, false);
        }
    }

    /**
     * The replay took longer than it was allowed to, and was ended.
     *
     * @param trace the file of the trace
     * @param limit how long it was allowed to take
     */
    record TimedOut(TraceFile trace, Duration limit) implements TraceVerdict {
        @Override
        public ExitCode exitCode() {
            return ExitCode.MISMATCH;
        }
    }

    /**
     * The replay ended in a mistake of ours.
     *
     * @param trace the file of the trace
     * @param problem what was thrown, as one sentence
     * @param places where, innermost first
     */
    record Crashed(TraceFile trace, String problem, List<String> places) implements TraceVerdict {

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
     * @param trace the file of the trace
     * @param manifest what the trace was made with
     * @param device what came of the device replay, if it was done
     * @param machine what came of the machine replay, if it was done
     * @param notDone why one of the two was not done; empty if both were, or only one was asked for
     * @param goldens what the snapshots were to be compared with
     * @param snapshots the snapshots in their order, compared with the goldens
     * @param unusedGoldens goldens of the trace that are of none of its snapshots; empty where its end was not reached
     * @param scope how much of the trace that is about
     */
    record Replayed(
            TraceFile trace,
            TraceManifest manifest,
            Optional<ReplayOutcome> device,
            Optional<ReplayOutcome> machine,
            Optional<String> notDone,
            Goldens goldens,
            List<SnapshotVerdict> snapshots,
            List<Path> unusedGoldens,
            ReplayScope scope)
            implements TraceVerdict {

        /**
         * Makes a verdict about all of a trace.
         *
         * @param trace the file of the trace
         * @param manifest what the trace was made with
         * @param device what came of the device replay, if it was done
         * @param machine what came of the machine replay, if it was done
         * @param notDone why one of the two was not done; empty if both were, or only one was asked for
         * @param goldens what the snapshots were to be compared with
         * @param snapshots the snapshots in their order, compared with the goldens
         * @param unusedGoldens goldens of the trace that are of none of its snapshots; empty where its end was not reached
         */
        public Replayed(
                TraceFile trace,
                TraceManifest manifest,
                Optional<ReplayOutcome> device,
                Optional<ReplayOutcome> machine,
                Optional<String> notDone,
                Goldens goldens,
                List<SnapshotVerdict> snapshots,
                List<Path> unusedGoldens) {
            this(trace, manifest, device, machine, notDone, goldens, snapshots, unusedGoldens, ReplayScope.ALL);
        }

        /** Copies the lists. */
        public Replayed {
            snapshots = List.copyOf(snapshots);
            unusedGoldens = List.copyOf(unusedGoldens);
        }

        /**
         * {@return the same verdict with more said about its snapshots}
         *
         * @param others the snapshots in their order
         */
        public Replayed withSnapshots(List<SnapshotVerdict> others) {
            return new Replayed(trace, manifest, device, machine, notDone, goldens, others, unusedGoldens, scope);
        }

        /**
         * {@return whether there are snapshots, and none was compared with a golden; or nothing at all was compared, or no
         * picture, since a target shows none; or not all, since a target ended as it is known to}
         */
        public boolean isUnchecked() {
            if (endedAsKnown()) {
                return true;
            }
            return snapshots.isEmpty()
                    ? comparedNothing()
                            || device.flatMap(ReplayOutcome::target)
                                    .filter(target -> !target.comparedPictures())
                                    .isPresent()
                    : snapshots.stream().allMatch(snapshot -> snapshot instanceof SnapshotVerdict.NoGoldens);
        }

        /** {@return whether a target ended in a finding that is known, before the end of the trace} */
        public boolean endedAsKnown() {
            return device.filter(outcome -> outcome.status().isEmpty())
                    .flatMap(ReplayOutcome::target)
                    .flatMap(TargetOutcome::known)
                    .isPresent();
        }

        /** {@return whether no replay got to an event, as where they were to stop before the first} */
        public boolean comparedNothing() {
            return Stream.of(device, machine).flatMap(Optional::stream).allMatch(ReplayOutcome::comparedNothing);
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

        /** {@return where and why the trace stops early, if it does} */
        public Optional<TraceStatus.Torn> torn() {
            return device.or(() -> machine).flatMap(ReplayOutcome::status).flatMap(status -> switch (status) {
                case TraceStatus.Torn torn -> Optional.of(torn);
                case TraceStatus.Complete complete -> Optional.empty();
            });
        }

        private static boolean diverged(Optional<ReplayOutcome> replay) {
            return replay.flatMap(ReplayOutcome::divergence).isPresent();
        }

        /** {@return what the two replays together say has changed, as a sentence; empty if neither diverged} */
        public Optional<String> cause() {
            if (!diverged(device) && !diverged(machine)) {
                return Optional.empty();
            }
            if (device.flatMap(ReplayOutcome::target).isPresent()) {
                return Optional.of("The target does otherwise than it should.");
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
