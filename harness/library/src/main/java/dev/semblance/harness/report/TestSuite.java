package dev.semblance.harness.report;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.FileNames;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.replay.Divergence;
import dev.semblance.harness.replay.ReplayOutcome;
import dev.semblance.harness.replay.ReplayScope;
import dev.semblance.harness.replay.ReplaySubject;
import dev.semblance.harness.replay.SnapshotVerdict;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.replay.TraceVerdict.Standing;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.harness.util.Text;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What came of one trace, as CI systems count it: a case for each replay and one for each snapshot. Holds no pictures.
 *
 * @param name the trace's path from the working folder, or its place below what the user named if it lies elsewhere, below
 *     the name of its pack if it is in one; without the ending
 * @param file the same with the ending
 * @param unchecked whether nothing failed, but no snapshot was compared with a golden
 */
public record TestSuite(String name, String file, List<TestCase> cases, boolean unchecked) {

    private static final ReplaySubject REPLAY = ReplaySubject.Whole.TRACE;

    /** Copies the list. */
    public TestSuite {
        cases = List.copyOf(cases);
    }

    /** {@return the suite for a verdict of which there are no pictures} */
    public static TestSuite of(TraceVerdict verdict, ReplayTimes times) {
        return of(verdict, times, List.of());
    }

    /** {@return the suite for a verdict, whose pictures are in files} */
    public static TestSuite of(TraceVerdict verdict, ReplayTimes times, List<ReportFolder.Written> pictures) {
        String file = nameOf(verdict.trace());
        String name =
                file.endsWith(InputFiles.TRACE) ? file.substring(0, file.length() - InputFiles.TRACE.length()) : file;
        return new TestSuite(
                name, file, shown(cases(verdict), times, pictures), verdict.standing() == Standing.UNCHECKED);
    }

    private static List<TestCase> shown(List<TestCase> cases, ReplayTimes times, List<ReportFolder.Written> pictures) {
        return cases.stream()
                .map(test -> new TestCase(
                        test.subject(),
                        test.result(),
                        times.of(test.subject()),
                        pictures.stream()
                                .filter(picture -> test.subject().equals(new ReplaySubject.Snapshot(picture.label())))
                                .map(ReportFolder.Written::file)
                                .toList()))
                .toList();
    }

    /** {@return whether nothing failed} */
    public boolean isGood() {
        return cases.stream().allMatch(TestCase::isGood);
    }

    /**
     * No name may depend on the machine, or a CI system takes the same test for another; nor on the traces beside it, or one
     * that is added renames them.
     */
    private static String nameOf(TraceFile trace) {
        Path here = Path.of("").toAbsolutePath();
        Path file = shown(trace).toAbsolutePath().normalize();
        if (file.startsWith(here)) {
            return FileNames.divided(here.relativize(file));
        }
        if (!trace.source().equals(trace.path())) {
            // Packs of different names may hold traces of the same name.
            Path pack = trace.source().toAbsolutePath().normalize();
            return FileNames.divided(pack.resolveSibling("").relativize(file));
        }
        return file.toString().endsWith(InputFiles.TRACE) ? trace.name() + InputFiles.TRACE : trace.name();
    }

    private static Path shown(TraceFile trace) {
        try {
            return Path.of(trace.shownAs());
        } catch (InvalidPathException e) {
            return trace.path(); // The locale lacks characters of a name that the file has nevertheless.
        }
    }

    private static List<TestCase> cases(TraceVerdict verdict) {
        return switch (verdict) {
            case TraceVerdict.Refused refused ->
                List.of(new TestCase(
                        REPLAY, new TestCase.Errored(refused.exitCode().name(), refused.reason())));
            case TraceVerdict.TimedOut timedOut ->
                List.of(new TestCase(
                        REPLAY, new TestCase.Failed(FailureType.TIMEOUT, TextReport.timedOut(timedOut), List.of())));
            case TraceVerdict.Crashed crashed ->
                List.of(new TestCase(
                        REPLAY, new TestCase.Failed(FailureType.CRASH, TextReport.crashed(crashed), crashed.places())));
            case TraceVerdict.Replayed replayed -> replayed(replayed);
        };
    }

    private static List<TestCase> replayed(TraceVerdict.Replayed verdict) {
        List<TestCase> cases = new ArrayList<>();
        verdict.device().ifPresent(outcome -> cases.add(replay(ReplaySubject.Whole.DEVICE_REPLAY, verdict, outcome)));
        verdict.machine().ifPresent(outcome -> cases.add(replay(ReplaySubject.Whole.MACHINE_REPLAY, verdict, outcome)));
        verdict.notDone()
                .ifPresent(reason ->
                        cases.add(new TestCase(ReplaySubject.Whole.MACHINE_REPLAY, new TestCase.Skipped(reason))));
        verdict.torn()
                .ifPresent(torn -> cases.add(new TestCase(
                        ReplaySubject.Whole.WHOLENESS,
                        new TestCase.Errored(
                                "TORN",
                                Text.format("The trace is torn at byte %d: %s.", torn.offset(), torn.reason())))));
        for (SnapshotVerdict snapshot : verdict.snapshots()) {
            cases.add(new TestCase(
                    new ReplaySubject.Snapshot(snapshot.label()),
                    result(snapshot, verdict.trace().names())));
        }
        for (Path golden : verdict.unusedGoldens()) {
            cases.add(new TestCase(
                    new ReplaySubject.UnusedGolden(golden),
                    new TestCase.Skipped(
                            TextReport.unused(golden, verdict.trace().names()))));
        }
        return cases;
    }

    private static TestCase.Result result(SnapshotVerdict snapshot, FileNames names) {
        List<String> sentences = SnapshotText.sentences(snapshot, names);
        return switch (snapshot.status()) {
            case PASS, ALLOWED -> new TestCase.Passed(sentences);
            case NOT_COMPARED ->
                new TestCase.Skipped(
                        "It was compared with nothing: there is no golden. The recorded digests decide alone.");
            case FAIL ->
                // A rule that cannot be applied says nothing of the picture.
                snapshot.exitCode() == ExitCode.USAGE
                        ? new TestCase.Errored("POLICY", sentences.getFirst())
                        : new TestCase.Failed(FailureType.IMAGE, sentences.getFirst(), sentences);
        };
    }

    private static TestCase replay(ReplaySubject subject, TraceVerdict.Replayed verdict, ReplayOutcome outcome) {
        if (outcome.comparedNothing()) {
            return new TestCase(subject, new TestCase.Skipped(TextReport.NOTHING_COMPARED));
        }
        if (outcome.divergence().isEmpty()) {
            List<String> notes = new ArrayList<>();
            if (outcome.excused() > 0) {
                notes.add(Text.format("%s from the recording, as the policy allows.", TextReport.differing(outcome)));
            }
            notes.addAll(TargetText.of(Optional.of(outcome)));
            notes.addAll(TextReport.untested(verdict.scope()));
            if (verdict.snapshots().isEmpty()
                    && outcome.target().isEmpty()
                    && verdict.scope().equals(ReplayScope.ALL)) {
                notes.add("The trace has no snapshots: it was compared by its events alone.");
            }
            return new TestCase(subject, new TestCase.Passed(notes));
        }
        Divergence divergence = outcome.divergence().get();
        List<String> details = new ArrayList<>();
        verdict.cause().ifPresent(details::add);
        details.addAll(TextReport.untested(verdict.scope()));
        details.addAll(DivergenceText.lines(verdict.manifest(), divergence));
        details.addAll(TargetText.of(Optional.of(outcome)));
        return new TestCase(
                subject,
                new TestCase.Failed(
                        type(divergence),
                        Text.format(
                                "The %s differs first at %s",
                                subject.title(), EventText.describe(verdict.manifest(), divergence.expected())),
                        details));
    }

    private static FailureType type(Divergence divergence) {
        return switch (divergence) {
            case Divergence.UnknownMemory unknown -> FailureType.DIVERGENCE;
            case Divergence.Missing missing -> FailureType.DIVERGENCE;
            case Divergence.Different different -> type(different.expected().event(), different.actual());
        };
    }

    private static FailureType type(TraceEvent expected, TraceEvent actual) {
        return switch (expected) {
            case TraceEvent.Command command ->
                actual instanceof TraceEvent.Command other && isSameRequest(command, other)
                        ? FailureType.RESPONSE
                        : FailureType.DIVERGENCE;
            case TraceEvent.Flush flush ->
                actual instanceof TraceEvent.Flush ? FailureType.IMAGE : FailureType.DIVERGENCE;
            case TraceEvent.Snapshot snapshot ->
                actual instanceof TraceEvent.Snapshot ? FailureType.IMAGE : FailureType.DIVERGENCE;
            case TraceEvent.Cursor cursor ->
                actual instanceof TraceEvent.Cursor ? FailureType.IMAGE : FailureType.DIVERGENCE;
            default -> FailureType.DIVERGENCE;
        };
    }

    /** {@return whether the driver asked for the same, so that the device is what differs} */
    private static boolean isSameRequest(TraceEvent.Command one, TraceEvent.Command other) {
        boolean samePlace = one.device() == other.device()
                && one.queue() == other.queue()
                && one.head() == other.head()
                && one.descriptors().equals(other.descriptors());
        return samePlace
                && switch (one.payload()) {
                    case TraceEvent.Payload.Full full ->
                        other.payload() instanceof TraceEvent.Payload.Full of
                                && Arrays.equals(full.request(), of.request());
                    case TraceEvent.Payload.Disk disk ->
                        other.payload() instanceof TraceEvent.Payload.Disk of
                                && Arrays.equals(disk.header(), of.header());
                };
    }
}
