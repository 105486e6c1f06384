package dev.semblance.harness.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.golden.KeptPicture;
import dev.semblance.harness.golden.policy.Decision;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.trace.TraceTotals;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** docs/ARCHITECTURE.md, "Backwards": what two replays say together. */
class TraceVerdictTests {

    private static final TraceTotals TOTALS = new TraceTotals(0, 0, 0, "");
    private static final Optional<ReplayOutcome> AGREES =
            Optional.of(new ReplayOutcome(Optional.empty(), 9, 1, Optional.of(new TraceStatus.Complete(TOTALS)), 0));
    private static final Optional<ReplayOutcome> TORN = Optional.of(
            new ReplayOutcome(Optional.empty(), 9, 1, Optional.of(new TraceStatus.Torn(TOTALS, 5, "it ends")), 0));
    private static final Optional<ReplayOutcome> DIFFERS = Optional.of(new ReplayOutcome(
            Optional.of(new Divergence.Missing(
                    new TraceEvent.Stamped(3, 4, new TraceEvent.Reset(0)), "nothing was done", List.of())),
            9,
            1,
            Optional.of(new TraceStatus.Torn(TOTALS, 5, "it ends")),
            0));

    private static TraceVerdict.Replayed verdict(
            Optional<ReplayOutcome> device, Optional<ReplayOutcome> machine, SnapshotVerdict... snapshots) {
        return new TraceVerdict.Replayed(
                TraceFile.of(Path.of("t.trace")),
                SyntheticGuest.manifest(),
                device,
                machine,
                Optional.empty(),
                new Goldens("t", Optional.empty()),
                List.of(snapshots),
                List.of());
    }

    @Test
    void whichOfTheTwoDiffersTellsWhatHasChanged() {
        assertThat(verdict(AGREES, AGREES).cause()).isEmpty();
        assertThat(verdict(DIFFERS, DIFFERS).cause()).hasValue("Both replays differ: the GPU has changed.");
        assertThat(verdict(AGREES, DIFFERS).cause().orElseThrow()).startsWith("Only the machine replay differs: CPU");
        assertThat(verdict(DIFFERS, AGREES).cause().orElseThrow())
                .isEqualTo("Only the device replay differs: the recorder or the trace is at fault, not the machine.");
        assertThat(verdict(DIFFERS, Optional.empty()).cause().orElseThrow()).contains("no machine replay");
        assertThat(verdict(Optional.empty(), DIFFERS).cause().orElseThrow()).contains("no device replay");
    }

    @Test
    void theExitCodeIsThatOfTheGravestFindingAndTornOnlyCountsWhereAllElsePassed() {
        Frame picture = Frame.solid(1, 1, 0);
        SnapshotVerdict match = new SnapshotVerdict.Match("a", Path.of("a.png"), Decision.EXACT);
        SnapshotVerdict missing =
                new SnapshotVerdict.Missing("a", Path.of("a.png"), new KeptPicture.InMemory(picture), Decision.EXACT);
        SnapshotVerdict unreadable =
                new SnapshotVerdict.Unreadable("a", Path.of("a.png"), "this is no picture", Decision.EXACT);
        assertThat(verdict(AGREES, AGREES, match).exitCode()).isEqualTo(ExitCode.PASS);
        assertThat(verdict(AGREES, Optional.empty(), new SnapshotVerdict.NoGoldens("a", false))
                        .exitCode())
                .isEqualTo(ExitCode.PASS);
        assertThat(verdict(AGREES, AGREES, missing).exitCode()).isEqualTo(ExitCode.GOLDEN_MISSING);
        assertThat(verdict(AGREES, AGREES, missing, unreadable).exitCode()).isEqualTo(ExitCode.MISMATCH);
        assertThat(verdict(AGREES, DIFFERS, missing).exitCode()).isEqualTo(ExitCode.MISMATCH);
        assertThat(verdict(TORN, TORN, match).exitCode()).isEqualTo(ExitCode.TORN);
        assertThat(verdict(Optional.empty(), TORN, match).exitCode()).isEqualTo(ExitCode.TORN);
        assertThat(verdict(TORN, TORN, missing).exitCode()).isEqualTo(ExitCode.GOLDEN_MISSING);
        assertThat(verdict(DIFFERS, TORN, match).exitCode()).isEqualTo(ExitCode.MISMATCH);
    }
}
