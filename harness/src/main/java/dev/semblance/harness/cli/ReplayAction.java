package dev.semblance.harness.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UserError;
import dev.semblance.harness.images.GuestImages;
import dev.semblance.harness.replay.PolicyUse;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.report.ReportFolder;
import dev.semblance.harness.report.TextReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Replays traces and says what came of it. */
final class ReplayAction {

    /** Where pictures of failures go if the user did not say. */
    static final Path USUAL_REPORT = Path.of("semblance-report");

    private final Terminal terminal;
    private final GuestImages images;
    private final LocalDate today;

    ReplayAction(Terminal terminal, GuestImages images, LocalDate today) {
        this.terminal = terminal;
        this.images = images;
        this.today = today;
    }

    ExitCode run(Actions.Replays replays) {
        TraceReplay replay = new TraceReplay(images, replays.images(), replays.kind());
        Policies policies = new Policies(replays.traces(), replays.golden(), replays.policy(), today);
        ReportFolder report = new ReportFolder(replays.report().orElse(USUAL_REPORT));
        List<String> lines = new ArrayList<>();
        List<ExitCode> codes = new ArrayList<>();
        List<TraceVerdict> verdicts = new ArrayList<>();
        boolean written = replays.report().isPresent();
        try {
            for (Path trace : replays.traces()) {
                TraceVerdict verdict = verdict(replay, trace, policies);
                List<Path> pictures = report.writePictures(verdict);
                written |= !pictures.isEmpty();
                List<String> text = new ArrayList<>(TextReport.lines(verdict));
                pictures.forEach(file -> text.add("    written: " + file));
                text.forEach(terminal.out()::println);
                terminal.out().flush();
                lines.addAll(text);
                codes.add(verdict.exitCode());
                verdicts.add(verdict);
            }
            for (String warning : PolicyUse.unused(policies.all(), verdicts)) {
                lines.add(warning);
                terminal.out().println(warning);
            }
            String summary = TextReport.summary(codes);
            lines.add(summary);
            terminal.out().println(summary);
            if (written) {
                terminal.out().println("report: " + report.writeSummary(lines));
            }
            terminal.out().flush();
        } catch (IOException e) {
            throw new UserError(ExitCode.USAGE, "the report cannot be written: " + e.getMessage(), e);
        }
        return ExitCode.gravest(codes);
    }

    private TraceVerdict verdict(TraceReplay replay, Path trace, Policies policies) {
        try (Progress progress =
                Progress.start(terminal, String.valueOf(trace.getFileName()), " Mcycles", 1_000_000, -1)) {
            return replay.replay(trace, policies.goldens(trace), progress::at);
        } catch (UserError e) {
            // The other traces have their turn all the same.
            return new TraceVerdict.Refused(trace, e.exitCode(), String.valueOf(e.getMessage()));
        }
    }
}
