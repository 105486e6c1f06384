package dev.semblance.harness.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.golden.GoldenStore;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.golden.policy.Policy;
import dev.semblance.harness.golden.policy.PolicyFile;
import dev.semblance.harness.report.TextReport;
import dev.semblance.harness.rig.DisplayWorkload;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/POLICIES.md: the verdict and the exit code of each kind of rule, over a real trace. */
class PolicyReplayTests {

    private static final LocalDate TODAY = LocalDate.of(2027, 1, 31);
    private static final String RULE = "[[snapshot]]\ntrace = \"box\"\nlabel = \"end\"\nreason = \"why\"\n";
    private static final String BUG = "expected-failure = \"https://example.org/1\"\n";

    @TempDir
    private Path folder = Path.of("");

    private Path trace = Path.of("");
    private Frame shown = Frame.solid(1, 1, 0);
    private GoldenStore store = new GoldenStore(Path.of(""));

    @BeforeEach
    void makeTheTraceAndItsGolden() throws IOException {
        trace = folder.resolve("box.trace");
        DisplayWorkload.damage(trace, 2);
        store = new GoldenStore(folder.resolve("golden"));
        TraceVerdict.Replayed first = replay("");
        shown = ((SnapshotVerdict.Missing) first.snapshots().getFirst())
                .actual()
                .frame();
        store.write("box", "end", shown);
    }

    private TraceVerdict.Replayed replay(String policy) throws IOException {
        return replay(trace, policy);
    }

    private TraceVerdict.Replayed replay(Path path, String text) throws IOException {
        Path file = Files.createDirectories(folder.resolve("golden")).resolve(PolicyFile.NAME);
        Files.writeString(file, text);
        Policy policy = PolicyFile.read(file, TODAY);
        return (TraceVerdict.Replayed) new TraceReplay(Recordings.images(), List.of(), TraceReplay.Kind.DEVICE)
                .replay(path, new Goldens("box", Optional.of(store), policy), cycle -> {});
    }

    private static String text(TraceVerdict verdict) {
        return String.join("\n", TextReport.lines(verdict));
    }

    /** Makes the golden differ in the blue of some pixels of the first row. */
    private Frame changed(int pixels, int delta) {
        int[] argb = new int[shown.width() * shown.height()];
        for (int y = 0; y < shown.height(); y++) {
            shown.copyRow(y, argb, y * shown.width());
        }
        for (int x = 0; x < pixels; x++) {
            argb[x] ^= delta;
        }
        return Frame.ofPixels(shown.width(), shown.height(), argb);
    }

    private Path traceWith(UnaryOperator<TraceEvent> edit) {
        List<Stamped> edited = new ArrayList<>();
        for (Stamped event : Recordings.events(trace)) {
            edited.add(new Stamped(event.sequence(), event.cycle(), edit.apply(event.event())));
        }
        return Recordings.write(folder.resolve("edited.trace"), Recordings.manifest(trace), edited);
    }

    private Path traceWithOtherPictures() {
        return traceWith(event -> switch (event) {
            case TraceEvent.Flush flush ->
                new TraceEvent.Flush(flush.scanout(), flush.width(), flush.height(), flush.digest() ^ 1);
            case TraceEvent.Snapshot snapshot ->
                new TraceEvent.Snapshot(
                        snapshot.label(),
                        snapshot.scanout(),
                        snapshot.width(),
                        snapshot.height(),
                        snapshot.digest() ^ 1);
            default -> event;
        });
    }

    @Test
    void withoutARuleOnePixelFails() throws IOException {
        store.write("box", "end", changed(1, 1));
        TraceVerdict.Replayed verdict = replay("");
        assertThat(verdict.exitCode()).isEqualTo(ExitCode.MISMATCH);
        assertThat(text(verdict)).doesNotContain("rule");
    }

    @Test
    void aToleranceNeedsBothLimits() throws IOException {
        store.write("box", "end", changed(3, 2));
        String limits = "tolerance = { max-channel-delta = %d, max-pixels = %d }\n";
        TraceVerdict.Replayed within = replay(RULE + Text.format(limits, 2, 3));
        assertThat(within.exitCode()).isEqualTo(ExitCode.PASS);
        assertThat(within.snapshots().getFirst()).isInstanceOf(SnapshotVerdict.Accepted.class);
        assertThat(text(within))
                .contains(
                        "0 of 1 snapshot matches its golden, 1 more passes by the policy",
                        "golden/policy.toml:1 (why): 3 pixels differ (within 3), by up to 2 a channel (within 2).");
        TraceVerdict.Replayed tooMany = replay(RULE + Text.format(limits, 2, 2));
        assertThat(tooMany.exitCode()).isEqualTo(ExitCode.MISMATCH);
        assertThat(text(tooMany))
                .contains("allows at most 2 pixels by at most 2 a channel", "3 pixels differ (EXCEEDS 2)")
                .contains("by up to 2 a channel (within 2)");
        TraceVerdict.Replayed tooFar = replay(RULE + Text.format(limits, 1, 3));
        assertThat(tooFar.exitCode()).isEqualTo(ExitCode.MISMATCH);
        assertThat(text(tooFar)).contains("3 pixels differ (within 3), by up to 2 a channel (EXCEEDS 1)");
    }

    @Test
    void aMaskHidesWhatIsUnderItAndNothingElse() throws IOException {
        store.write("box", "end", changed(3, 2));
        String mask = "masks = [{ x = 0, y = 0, width = %d, height = 1 }]\n";
        TraceVerdict.Replayed hidden = replay(RULE + Text.format(mask, 3));
        assertThat(hidden.exitCode()).isEqualTo(ExitCode.PASS);
        assertThat(hidden.snapshots().getFirst().decision().masks()).hasSize(1);
        assertThat(text(hidden)).contains("no pixel differs outside the mask 3x1 at (0, 0).");
        TraceVerdict.Replayed seen = replay(RULE + Text.format(mask, 2));
        assertThat(seen.exitCode()).isEqualTo(ExitCode.MISMATCH);
        assertThat(text(seen)).contains("1 pixel differs, by up to 2 a channel outside the mask 2x1 at (0, 0).");
    }

    @Test
    void aMaskBeyondThePictureIsAMistakeInThePolicy() throws IOException {
        TraceVerdict.Replayed verdict = replay(RULE + "masks = [{ x = 1020, y = 0, width = 5, height = 1 }]\n");
        assertThat(verdict.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(text(verdict))
                .contains("policy.toml:1 (why): its mask 5x1 at (1020, 0) is not within the picture of 1024x768.");
    }

    @Test
    void anAlternativeIsAsGoodAsTheGolden() throws IOException {
        store.write("box", "end", changed(3, 2));
        TraceVerdict.Replayed none = replay(RULE + "alternatives = true\n");
        assertThat(none.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(text(none)).contains("there is no alternative end.alt-NUMBER.png beside the golden");
        ImageFiles.writePng(changed(2, 1), store.beside("box", "end.alt-2.png"));
        ImageFiles.writePng(shown, store.beside("box", "end.alt-10.png"));
        TraceVerdict.Replayed matched = replay(RULE + "alternatives = true\n");
        assertThat(matched.exitCode()).isEqualTo(ExitCode.PASS);
        SnapshotVerdict.Accepted accepted =
                (SnapshotVerdict.Accepted) matched.snapshots().getFirst();
        assertThat(accepted.pictures().expected()).hasValue(store.beside("box", "end.alt-10.png"));
        assertThat(accepted.actual().frame()).isEqualTo(shown);
        assertThat(accepted.decision().comparisons())
                .extracting(comparison -> comparison.file().getFileName().toString())
                .containsExactly("end.png", "end.alt-2.png", "end.alt-10.png");
        assertThat(text(matched)).contains("matches the alternative").contains("end.alt-10.png by the rule");
        assertThat(store.labels("box")).containsExactly("end");

        assertThat(text(replay(RULE + "alternatives = [\"end.alt-2.png\"]\n")))
                .contains("FAIL", "end.alt-2.png: 2 pixels differ, by up to 1 a channel.");
        assertThat(replay(RULE + "alternatives = [\"end.alt-10.png\", \"gone.png\"]\n")
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void anExpectedFailurePassesAndAnUnexpectedPassFails() throws IOException {
        store.write("box", "end", changed(1, 1));
        TraceVerdict.Replayed failing = replay(RULE + BUG);
        assertThat(failing.exitCode()).isEqualTo(ExitCode.PASS);
        assertThat(text(failing)).contains("differs as expected", "https://example.org/1", "1 of 786432 pixels");
        store.write("box", "end", shown);
        TraceVerdict.Replayed fixed = replay(RULE + BUG);
        assertThat(fixed.exitCode()).isEqualTo(ExitCode.MISMATCH);
        assertThat(text(fixed)).contains("passes unexpectedly").contains("Remove the rule");
    }

    @Test
    void anExpiredRuleDoesNotApplyAndIsTold() throws IOException {
        store.write("box", "end", changed(1, 1));
        TraceVerdict.Replayed verdict = replay(RULE + BUG + "expires = 2027-01-30\n");
        assertThat(verdict.exitCode()).isEqualTo(ExitCode.MISMATCH);
        assertThat(text(verdict)).contains("(why) expired on 2027-01-30 and no longer applies");
        assertThat(replay(RULE + BUG + "expires = 2027-01-31\n").exitCode()).isEqualTo(ExitCode.PASS);
    }

    @Test
    void aDigestAloneFailsWhereNoRuleLetsThePictureDiffer() throws IOException {
        Path edited = traceWithOtherPictures();
        assertThat(replay(edited, "").cause()).isPresent();
        String tolerance = "tolerance = { max-channel-delta = 1, max-pixels = 1 }\n";
        TraceVerdict.Replayed tolerant = replay(edited, RULE + tolerance);
        assertThat(tolerant.cause()).isEmpty();
        assertThat(tolerant.exitCode()).isEqualTo(ExitCode.PASS);
        assertThat(tolerant.device().orElseThrow().excused()).isEqualTo(4);
        assertThat(text(tolerant)).contains("(4 pictures differ, as the policy allows)");
        // A rule for another snapshot, or one that has expired, excuses nothing.
        TraceVerdict.Replayed other = replay(edited, RULE.replace("\"end\"", "\"start\"") + tolerance);
        assertThat(other.cause()).isPresent();
        assertThat(other.device()
                        .orElseThrow()
                        .divergence()
                        .orElseThrow()
                        .expected()
                        .event())
                .isInstanceOf(TraceEvent.Flush.class);
        assertThat(replay(edited, RULE + tolerance + "expires = 2020-01-01\n").cause())
                .isPresent();
    }

    @Test
    void whatIsMoreThanADigestFailsUnderAnyRule() throws IOException {
        Path edited = traceWith(event -> switch (event) {
            case TraceEvent.Flush flush -> new TraceEvent.Flush(flush.scanout(), 1023, flush.height(), flush.digest());
            default -> event;
        });
        assertThat(replay(edited, RULE + BUG).cause()).isPresent();
    }

    @Test
    void aRuleThatDecidesNothingIsTold() throws IOException {
        TraceVerdict.Replayed verdict = replay(RULE
                + BUG
                + RULE
                + BUG
                + RULE.replace("\"end\"", "\"nope\"")
                + BUG
                + RULE.replace("\"box\"", "\"other\"")
                + BUG);
        Policy policy = PolicyFile.read(folder.resolve("golden/policy.toml"), TODAY);
        PolicyUse use = new PolicyUse(List.of(policy));
        use.add(verdict);
        assertThat(use.unused())
                .satisfiesExactly(
                        shadowed -> assertThat(shadowed).contains("policy.toml:6 (why) decided nothing"),
                        absent ->
                                assertThat(absent).contains("policy.toml:11 (why) is about no snapshot: box has none"));
    }

    @Test
    void aMachineReplayGoesOnPastPicturesThatMayDifferAndStopsAtTheFirstThatMustNot() throws IOException {
        Path recorded = Recordings.cursor();
        List<Stamped> edited = new ArrayList<>();
        for (Stamped event : Recordings.events(recorded)) {
            TraceEvent other = switch (event.event()) {
                case TraceEvent.Flush flush ->
                    new TraceEvent.Flush(flush.scanout(), flush.width(), flush.height(), flush.digest() ^ 1);
                case TraceEvent.Cursor cursor ->
                    new TraceEvent.Cursor(
                            cursor.scanout(),
                            cursor.image().isEmpty()
                                    ? cursor.image()
                                    : OptionalLong.of(cursor.image().getAsLong() ^ 1),
                            cursor.x(),
                            cursor.y(),
                            cursor.hotX(),
                            cursor.hotY());
                case TraceEvent.Checkpoint checkpoint -> new TraceEvent.Checkpoint(checkpoint.instret(), new byte[32]);
                case TraceEvent.End end -> new TraceEvent.End(end.reason(), end.instret(), new byte[32]);
                default -> event.event();
            };
            edited.add(new Stamped(event.sequence(), event.cycle(), other));
        }
        Path path = Recordings.write(folder.resolve("edited.trace"), Recordings.manifest(recorded), edited);
        String rule = "[[snapshot]]\ntrace = \"box\"\nlabel = \"%s\"\nreason = \"why\"\n" + BUG;
        assertThat(machine(path, Text.format(rule, "*")).divergence()).isEmpty();
        assertThat(machine(path, Text.format(rule, "*")).excused()).isPositive();
        // The snapshot "start" alone is under a rule: what leads to the next one must be right.
        ReplayOutcome partly = machine(path, Text.format(rule, "start"));
        assertThat(partly.excused()).isPositive();
        assertThat(partly.divergence().orElseThrow().expected().event()).isInstanceOf(TraceEvent.Cursor.class);
        assertThat(machine(path, "").divergence().orElseThrow().expected().event())
                .isInstanceOfAny(TraceEvent.Flush.class, TraceEvent.Checkpoint.class);
    }

    /** Where a replay stops before the snapshot that a picture belongs to, the snapshot decides all the same. */
    @Test
    void aPictureBeforeThePositionIsJudgedByTheSnapshotBehindIt() throws IOException {
        Path recorded = Recordings.cursor();
        List<Stamped> edited = new ArrayList<>();
        for (Stamped event : Recordings.events(recorded)) {
            TraceEvent other = event.event() instanceof TraceEvent.Flush flush
                    ? new TraceEvent.Flush(flush.scanout(), flush.width(), flush.height(), flush.digest() ^ 1)
                    : event.event();
            edited.add(new Stamped(event.sequence(), event.cycle(), other));
        }
        Path path = Recordings.write(folder.resolve("edited.trace"), Recordings.manifest(recorded), edited);
        String rule = "[[snapshot]]\ntrace = \"box\"\nlabel = \"%s\"\nreason = \"why\"\n" + BUG;
        for (TraceReplay.Kind kind : List.of(TraceReplay.Kind.MACHINE, TraceReplay.Kind.DEVICE)) {
            ReplayOutcome allowed = upToFirstFlush(path, kind, Text.format(rule, "start"));
            assertThat(allowed.divergence()).isEmpty();
            assertThat(allowed.excused()).isPositive();
            assertThat(allowed.flushes()).isOne();
            ReplayOutcome exact = upToFirstFlush(path, kind, Text.format(rule, "end"));
            assertThat(exact.divergence().orElseThrow().expected().event()).isInstanceOf(TraceEvent.Flush.class);
        }
    }

    private ReplayOutcome upToFirstFlush(Path path, TraceReplay.Kind kind, String text) throws IOException {
        Path file = Files.writeString(folder.resolve("golden").resolve(PolicyFile.NAME), text);
        TraceVerdict.Replayed verdict = (TraceVerdict.Replayed) new TraceReplay(Recordings.images(), List.of(), kind)
                .until(new Position.OfFlush(0))
                .replay(path, new Goldens("box", Optional.of(store), PolicyFile.read(file, TODAY)), cycle -> {});
        return verdict.machine().or(verdict::device).orElseThrow();
    }

    private ReplayOutcome machine(Path path, String text) throws IOException {
        Path file = Files.writeString(folder.resolve("golden").resolve(PolicyFile.NAME), text);
        Policy policy = PolicyFile.read(file, TODAY);
        TraceVerdict verdict = new TraceReplay(Recordings.images(), List.of(), TraceReplay.Kind.MACHINE)
                .replay(path, new Goldens("box", Optional.of(store), policy), cycle -> {});
        return ((TraceVerdict.Replayed) verdict).machine().orElseThrow();
    }

    @Test
    void aStateDigestAloneIsExcusedOnlyWherePicturesWere() {
        Divergence state = new Divergence.Missing(
                new Stamped(1, 1, new TraceEvent.Checkpoint(5, new byte[32])), "it did not", List.of());
        Divergence picture =
                new Divergence.Missing(new Stamped(2, 1, new TraceEvent.Flush(0, 1, 1, 1)), "it did not", List.of());
        TraceEvent.Snapshot end = new TraceEvent.Snapshot("end", 0, 1, 1, 1);
        FrameDifferences alone = new FrameDifferences(label -> false);
        alone.add(state);
        assertThat(alone.passed(end)).isEmpty();
        assertThat(alone.rest()).contains(state);
        FrameDifferences both = new FrameDifferences(label -> false);
        both.add(state);
        both.add(picture);
        assertThat(both.rest()).contains(picture);
        assertThat(both.passed(end)).isEmpty();
        assertThat(both.rest()).isEmpty();
        FrameDifferences exact = new FrameDifferences(label -> true);
        exact.add(picture);
        assertThat(exact.passed(new TraceEvent.Snapshot("end@1", 1, 1, 1, 1))).isEmpty();
        assertThat(exact.passed(end)).contains(picture);
    }
}
