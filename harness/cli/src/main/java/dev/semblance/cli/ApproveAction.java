package dev.semblance.cli;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Text;
import dev.semblance.harness.UserError;
import dev.semblance.harness.golden.GoldenStore;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.SnapshotVerdict;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.report.SnapshotText;
import dev.semblance.harness.report.TextReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes what a trace shows the golden, where a golden is missing or differs. A trace whose replay diverges is refused: its
 * pictures are nobody's; so is one that is torn, for its run has no end.
 */
final class ApproveAction {

    private final Terminal terminal;
    private final GuestImages images;
    private final LocalDate today;

    ApproveAction(Terminal terminal, GuestImages images, LocalDate today) {
        this.terminal = terminal;
        this.images = images;
        this.today = today;
    }

    ExitCode run(Actions.Approval approval) {
        TraceReplay replay = new TraceReplay(images, approval.images(), TraceReplay.Kind.BOTH);
        PolicySet policies = new PolicySet(approval.traces(), approval.golden(), approval.policy(), today);
        List<ExitCode> codes = new ArrayList<>();
        for (Path trace : approval.traces()) {
            Goldens goldens = policies.goldens(trace);
            GoldenStore store = goldens.store()
                    .orElseThrow(() -> new UserError(
                            ExitCode.USAGE,
                            Text.format(
                                    "%s lies in no folder named %s; say with --golden where its goldens go",
                                    trace, Goldens.RECORDINGS)));
            codes.add(approve(replay.replay(trace, goldens, cycle -> {}), goldens.trace(), store));
        }
        return ExitCode.gravest(codes);
    }

    private ExitCode approve(TraceVerdict verdict, String name, GoldenStore store) {
        boolean trusted = verdict instanceof TraceVerdict.Replayed replayed
                && replayed.cause().isEmpty()
                && replayed.torn().isEmpty();
        if (!trusted) {
            TextReport.lines(verdict).forEach(terminal.out()::println);
            terminal.out().println("not approved: " + verdict.trace());
            boolean tornAlone = verdict instanceof TraceVerdict.Replayed replayed
                    && replayed.cause().isEmpty();
            return tornAlone ? ExitCode.TORN : verdict.exitCode();
        }
        int kept = 0;
        ExitCode code = ExitCode.PASS;
        for (SnapshotVerdict snapshot : ((TraceVerdict.Replayed) verdict).snapshots()) {
            switch (snapshot) {
                case SnapshotVerdict.Differs differs -> write(store, name, differs.label(), differs.actual());
                case SnapshotVerdict.Missing missing -> write(store, name, missing.label(), missing.actual());
                case SnapshotVerdict.Unreadable unreadable -> {
                    // Perhaps somebody's work in a format that is not known here.
                    terminal.out().println("not approved: " + unreadable.reason() + "; remove the file first");
                    code = code.orGraver(ExitCode.USAGE);
                }
                case SnapshotVerdict.BadRule bad -> {
                    terminal.out().println("not approved: " + SnapshotText.badRule(bad));
                    code = code.orGraver(ExitCode.USAGE);
                }
                case SnapshotVerdict.UnexpectedPass pass -> {
                    // The golden is right; what is out of date is the rule.
                    terminal.out().println("kept: " + SnapshotText.unexpectedPass(pass));
                    kept++;
                }
                case SnapshotVerdict.Match match -> kept++;
                case SnapshotVerdict.Accepted accepted -> kept++;
                case SnapshotVerdict.FailedAsExpected failed -> kept++;
                case SnapshotVerdict.NoGoldens none -> throw new IllegalStateException("there is a store");
            }
        }
        terminal.out().println(Text.format("%s: %d goldens were right already", verdict.trace(), kept));
        terminal.out().flush();
        return code;
    }

    private void write(GoldenStore store, String trace, String label, Frame picture) {
        try {
            terminal.out().println("approved: " + store.write(trace, label, picture));
        } catch (IOException e) {
            throw UserError.unwritable(store.pngOf(trace, label), e);
        }
    }
}
