package dev.semblance.harness.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.golden.FrameDiff;
import dev.semblance.harness.golden.KeptPicture;
import dev.semblance.harness.golden.policy.Alternatives;
import dev.semblance.harness.golden.policy.Decision;
import dev.semblance.harness.golden.policy.Glob;
import dev.semblance.harness.golden.policy.MaskedComparison;
import dev.semblance.harness.golden.policy.Rule;
import dev.semblance.harness.replay.SnapshotVerdict.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** docs/POLICIES.md and the table of exit codes: what each verdict counts as, and what there is to look at. */
class SnapshotVerdictTests {

    private static final Path GOLDEN = Path.of("a.png");
    private static final Path ALTERNATIVE = Path.of("a.alt-1.png");
    private static final KeptPicture ACTUAL = new KeptPicture.InMemory(Frame.solid(1, 1, 0xffffff));
    private static final FrameDiff ALL = new FrameDiff.SizeDiffers(1, 1, 2, 2);
    private static final FrameDiff UNMASKED = new FrameDiff.SizeDiffers(1, 1, 1, 2);
    private static final Rule RULE = new Rule(
            "p.toml",
            1,
            new Glob("*"),
            new Glob("*"),
            "so",
            Optional.empty(),
            List.of(),
            new Alternatives.Numbered(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    private static final Decision BY_RULE = new Decision(
            Optional.of(RULE),
            List.of(),
            List.of(
                    new MaskedComparison(GOLDEN, UNMASKED, 0),
                    new MaskedComparison(ALTERNATIVE, new FrameDiff.Same(), 0)));

    private static final SnapshotVerdict MATCH = new SnapshotVerdict.Match("a", GOLDEN, Decision.EXACT);
    private static final SnapshotVerdict ACCEPTED = new SnapshotVerdict.Accepted("a", GOLDEN, ACTUAL, BY_RULE);
    private static final SnapshotVerdict FAILED =
            new SnapshotVerdict.FailedAsExpected("a", GOLDEN, ACTUAL, ALL, BY_RULE);
    private static final SnapshotVerdict NONE = new SnapshotVerdict.NoGoldens("a", false);
    private static final SnapshotVerdict PASS = new SnapshotVerdict.UnexpectedPass("a", GOLDEN, BY_RULE);
    private static final SnapshotVerdict DIFFERS =
            new SnapshotVerdict.Differs("a", GOLDEN, ACTUAL, ALL, Decision.EXACT);
    private static final SnapshotVerdict MISSING = new SnapshotVerdict.Missing("a", GOLDEN, ACTUAL, Decision.EXACT);
    private static final SnapshotVerdict UNREADABLE =
            new SnapshotVerdict.Unreadable("a", Path.of("a.png"), "this is no picture", Decision.EXACT);
    private static final SnapshotVerdict BAD_RULE = new SnapshotVerdict.BadRule("a", RULE, "why", BY_RULE);

    private static void counts(SnapshotVerdict verdict, Status status, ExitCode code) {
        assertThat(verdict.status()).as(verdict.toString()).isEqualTo(status);
        assertThat(verdict.exitCode()).as(verdict.toString()).isEqualTo(code);
        assertThat(verdict.passes()).as(verdict.toString()).isEqualTo(code == ExitCode.PASS);
    }

    @Test
    void everyVerdictHasOneStatusAndOneExitCode() {
        counts(MATCH, Status.PASS, ExitCode.PASS);
        counts(ACCEPTED, Status.ALLOWED, ExitCode.PASS);
        counts(FAILED, Status.ALLOWED, ExitCode.PASS);
        counts(NONE, Status.NOT_COMPARED, ExitCode.PASS);
        counts(PASS, Status.FAIL, ExitCode.MISMATCH);
        counts(DIFFERS, Status.FAIL, ExitCode.MISMATCH);
        counts(UNREADABLE, Status.FAIL, ExitCode.MISMATCH);
        counts(MISSING, Status.FAIL, ExitCode.GOLDEN_MISSING);
        counts(BAD_RULE, Status.FAIL, ExitCode.USAGE);
    }

    private static void shows(
            SnapshotVerdict verdict,
            Optional<Path> expected,
            Optional<KeptPicture> actual,
            Optional<FrameDiff> difference) {
        assertThat(verdict.pictures())
                .as(verdict.toString())
                .isEqualTo(new SnapshotVerdict.Pictures(expected, actual, difference));
    }

    @Test
    void thePicturesAreThoseThatDecided() {
        Optional<KeptPicture> actual = Optional.of(ACTUAL);
        shows(MATCH, Optional.of(GOLDEN), Optional.empty(), Optional.empty());
        shows(PASS, Optional.of(ALTERNATIVE), Optional.empty(), Optional.empty());
        shows(ACCEPTED, Optional.of(ALTERNATIVE), actual, Optional.of(new FrameDiff.Same()));
        shows(FAILED, Optional.of(GOLDEN), actual, Optional.of(UNMASKED));
        shows(DIFFERS, Optional.of(GOLDEN), actual, Optional.of(ALL));
        shows(MISSING, Optional.empty(), actual, Optional.empty());
        for (SnapshotVerdict nothing : List.of(NONE, UNREADABLE, BAD_RULE)) {
            shows(nothing, Optional.empty(), Optional.empty(), Optional.empty());
        }
    }
}
