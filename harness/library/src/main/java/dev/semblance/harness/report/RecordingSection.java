package dev.semblance.harness.report;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.edit.lint.LintFinding;
import dev.semblance.harness.replay.Divergence;
import dev.semblance.harness.replay.ReplayOutcome;
import dev.semblance.harness.replay.SnapshotVerdict.Status;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.trace.text.EventHistory;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One recording in the report: what came of it, how to get that again, where it went wrong, and its snapshots. */
final class RecordingSection {

    private final HtmlWriter html;
    private final ReportImages pictures;
    private final Function<String, List<ReportLink>> links;
    private final String id;
    private final Commands commands;

    /**
     * Command lines that a person can paste.
     *
     * @param replay replays this recording
     * @param approve makes what it shows the goldens; empty where there is no place for these
     */
    record Commands(String replay, String approve) {}

    /**
     * Makes a section.
     *
     * @param links returns links to the pictures of a snapshot, by its label
     * @param id the name of its element
     * @param commands lines for this recording
     */
    RecordingSection(
            HtmlWriter html,
            ReportImages pictures,
            Function<String, List<ReportLink>> links,
            String id,
            Commands commands) {
        this.links = links;
        this.html = html;
        this.pictures = pictures;
        this.id = id;
        this.commands = commands;
    }

    void write(TraceVerdict verdict, Optional<ReplayTimes> times) throws IOException {
        html.open("section", "class", "recording " + verdict.standing().key(), "id", id, "aria-labelledby", id + "-h");
        html.open("h2", "id", id + "-h");
        html.element(
                "span",
                verdict.standing().title(),
                "class",
                "badge " + verdict.standing().key());
        html.text(" " + verdict.trace()).close("h2");
        command(commands.replay());
        if (times.isPresent()) {
            html.element("p", times.get().sentence(), "class", "time");
        }
        switch (verdict) {
            case TraceVerdict.Refused refused ->
                html.element("p", "It was not replayed: " + refused.reason(), "class", "finding");
            case TraceVerdict.TimedOut timedOut -> html.element("p", TextReport.timedOut(timedOut), "class", "finding");
            case TraceVerdict.Crashed crashed -> {
                html.element("p", TextReport.crashed(crashed), "class", "finding");
                html.element("pre", String.join("\n", crashed.places()));
            }
            case TraceVerdict.Replayed replayed -> replayed(replayed);
        }
        html.close("section").line();
    }

    private void command(String line) throws IOException {
        html.open("p", "class", "command");
        html.element("code", line).close("p").line();
    }

    static String outcome(Optional<ReplayOutcome> outcome) {
        return outcome.map(TextReport::agreement).orElse("not done");
    }

    private void replayed(TraceVerdict.Replayed verdict) throws IOException {
        if (verdict.torn().isPresent()) {
            TraceStatus.Torn torn = verdict.torn().get();
            html.element(
                    "p",
                    Text.format(
                            "The trace is torn at byte %d: %s. What comes before that was replayed.",
                            torn.offset(), torn.reason()),
                    "class",
                    "finding");
        }
        if (verdict.cause().isPresent()) {
            html.element("p", verdict.cause().get(), "class", "finding");
        }
        for (String sentence : TargetText.of(verdict.device())) {
            html.element("p", sentence, "class", "finding");
        }
        for (String sentence : TextReport.untested(verdict.scope())) {
            html.element("p", sentence, "class", "finding");
        }
        for (Path golden : verdict.unusedGoldens()) {
            html.element("p", TextReport.unused(golden, verdict.trace().names()), "class", "finding");
        }
        facts(verdict);
        approval(verdict);
        List<SnapshotView> views = verdict.snapshots().stream()
                .map(snapshot -> SnapshotView.of(snapshot, verdict.trace().names()))
                .toList();
        Optional<EventWindows> windows = windows(verdict, views);
        divergence("Device replay", verdict.manifest(), verdict.device(), windows);
        divergence("Machine replay", verdict.manifest(), verdict.machine(), windows);
        snapshots(verdict.goldens().trace(), views, windows);
    }

    /** What to do where the pictures alone are not as they were: a trace whose replay differs cannot be approved. */
    private void approval(TraceVerdict.Replayed verdict) throws IOException {
        boolean same = Stream.of(verdict.device(), verdict.machine())
                .flatMap(Optional::stream)
                .allMatch(outcome -> outcome.divergence().isEmpty());
        boolean differs = verdict.snapshots().stream().anyMatch(snapshot -> snapshot.status() == Status.FAIL);
        if (same && differs && !commands.approve().isEmpty()) {
            html.element("p", "If the pictures below are right, this makes them the goldens:", "class", "approve");
            command(commands.approve());
        }
    }

    private void facts(TraceVerdict.Replayed verdict) throws IOException {
        TraceManifest manifest = verdict.manifest();
        html.element(
                "p",
                Text.format(
                        "Device replay %s; %s.",
                        outcome(verdict.device()),
                        // Which says itself what was not done.
                        verdict.notDone().orElse("machine replay " + outcome(verdict.machine()))));
        if (verdict.exitCode() == ExitCode.PASS) {
            html.open("details", "class", "identity");
        } else {
            html.open("details", "class", "identity", "open", "open");
        }
        html.element("summary", "Identity, machine and images");
        html.open("dl", "class", "facts");
        fact("Recorded by", "semblance " + manifest.toolVersion());
        fact(
                "Identity",
                verdict.device()
                        .or(verdict::machine)
                        .flatMap(ReplayOutcome::status)
                        .map(status -> status.totals().identity())
                        .orElse("unknown: the replay ended before the trace did"));
        if (manifest.hasMachine()) {
            fact(
                    "Machine",
                    Text.format(
                            "%s, %s, %d MiB, seed %d",
                            manifest.profile(), manifest.isa(), manifest.ramBytes() >> 20, manifest.seed()));
        }
        for (TraceManifest.Image image : manifest.images()) {
            fact(
                    image.role().name().toLowerCase(Locale.ROOT),
                    Text.format("%s, SHA-256 %s", image.file(), image.sha256()));
        }
        html.close("dl").close("details").line();
    }

    private void fact(String what, String value) throws IOException {
        html.open("div").element("dt", what).element("dd", value).close("div");
    }

    // ---- timelines ----------------------------------------------------------------------------------------------

    /** Reads what is needed of the trace again, for failures alone. */
    private static Optional<EventWindows> windows(TraceVerdict.Replayed verdict, List<SnapshotView> views) {
        List<Long> sequences = new ArrayList<>();
        List.of(verdict.device(), verdict.machine())
                .forEach(outcome -> outcome.flatMap(ReplayOutcome::divergence)
                        .ifPresent(divergence ->
                                sequences.add(divergence.expected().sequence())));
        List<String> labels = views.stream()
                .filter(view -> view.status() == Status.FAIL)
                .map(SnapshotView::label)
                .toList();
        if (sequences.isEmpty() && labels.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(EventWindows.read(verdict.trace().path(), sequences, labels));
        } catch (IOException e) {
            // It was readable when it was replayed. The verdict has the events before a divergence, which will do.
            return Optional.empty();
        }
    }

    private void divergence(
            String replay, TraceManifest manifest, Optional<ReplayOutcome> outcome, Optional<EventWindows> windows)
            throws IOException {
        Optional<Divergence> found = outcome.flatMap(ReplayOutcome::divergence);
        if (found.isEmpty()) {
            return;
        }
        Divergence divergence = found.get();
        Stamped expected = divergence.expected();
        html.open("section", "class", "divergence");
        html.element("h3", Text.format("%s: first difference at event %d", replay, expected.sequence()));
        List<EventHistory.Line> around =
                windows.map(read -> read.around(expected.sequence())).orElse(List.of());
        html.open("ol", "class", "timeline");
        if (around.isEmpty()) {
            for (EventHistory.Line earlier :
                    EventHistory.lines(divergence.before(), event -> EventText.describe(manifest, event))) {
                line("before", earlier.text());
            }
        }
        for (EventHistory.Line line : around) {
            if (line.sequence() < expected.sequence()) {
                line("before", line.text());
            }
        }
        line("expected", EventText.describe(manifest, expected));
        line("actual", DivergenceText.actual(manifest, divergence));
        for (EventHistory.Line line : around) {
            if (line.sequence() > expected.sequence()) {
                line("after", line.text());
            }
        }
        html.close("ol").line();
        lint(windows.map(read -> read.found(expected.sequence())).orElse(List.of()));
        if (divergence instanceof Divergence.Different different) {
            fields(EventFields.compare(
                    manifest, expected, new Stamped(expected.sequence(), different.cycle(), different.actual())));
        }
        html.close("section").line();
    }

    /** What the driver did there that is illegal or suspicious (docs/LINT.md). */
    private void lint(List<LintFinding> findings) throws IOException {
        if (findings.isEmpty()) {
            return;
        }
        html.element("p", "What lint finds in the driver up to these events, the last first:", "class", "lint");
        html.open("ul", "class", "lint");
        for (LintFinding finding : findings) {
            html.open("li").element("code", finding.line()).close("li");
        }
        html.close("ul").line();
    }

    private void line(String kind, String text) throws IOException {
        html.open("li", "class", kind);
        switch (kind) {
            case "expected" -> html.element("span", "expected", "class", "who").text(" ");
            case "actual" -> html.element("span", "actual", "class", "who").text(" ");
            case "here" -> html.element("span", "snapshot", "class", "who").text(" ");
            default -> {}
        }
        html.element("code", text).close("li");
    }

    private void fields(List<EventFields.Field> fields) throws IOException {
        Map<Boolean, List<EventFields.Field>> byImportance =
                fields.stream().collect(Collectors.partitioningBy(EventFields.Field::matters));
        table("The event field by field; what differs is marked", byImportance.getOrDefault(true, List.of()));
        List<EventFields.Field> others = byImportance.getOrDefault(false, List.of());
        if (!others.isEmpty()) {
            html.open("details", "class", "leading");
            html.element("summary", "The fields that are the same: " + others.size());
            table("Fields that are the same", others);
            html.close("details").line();
        }
    }

    private void table(String caption, List<EventFields.Field> fields) throws IOException {
        // It may be wider than the window; the keyboard scrolls it as the mouse does.
        html.open("div", "class", "scroll", "role", "group", "aria-label", caption, "tabindex", "0");
        html.open("table", "class", "fields");
        html.element("caption", caption);
        html.open("thead").open("tr");
        for (String head : List.of("Field", "Expected", "Actual")) {
            html.element("th", head, "scope", "col");
        }
        html.close("tr").close("thead").open("tbody");
        boolean found = false;
        for (EventFields.Field field : fields) {
            boolean first = field.differs() && !found;
            found |= field.differs();
            html.open("tr", "class", first ? "differs first" : field.differs() ? "differs" : "same");
            html.open("th", "scope", "row").text(field.name());
            if (first) {
                html.text(" ").element("span", "first difference", "class", "who");
            }
            html.close("th");
            html.open("td").element("code", field.expected()).close("td");
            html.open("td").element("code", field.actual()).close("td");
            html.close("tr");
        }
        html.close("tbody").close("table").close("div").line();
    }

    // ---- snapshots ----------------------------------------------------------------------------------------------

    private void snapshots(String trace, List<SnapshotView> views, Optional<EventWindows> windows) throws IOException {
        if (views.isEmpty()) {
            html.element("p", "It has no snapshots: it was compared by its events alone.");
            return;
        }
        html.element("h3", Text.count(views.size(), "snapshot"));
        // Those that somebody has to look at come first.
        List<SnapshotView> inOrder = Stream.concat(
                        views.stream().filter(SnapshotView::isLarge),
                        views.stream().filter(view -> !view.isLarge()))
                .toList();
        SnapshotEncoder.Pictures encoded = pictures.encode(inOrder);
        for (int i = 0; i < views.size(); i++) {
            if (views.get(i).isLarge()) {
                snapshot(trace, views.get(i), encoded.next(), i);
                leadingTo(views.get(i), windows);
            }
        }
        html.open("div", "class", "gallery");
        for (int i = 0; i < views.size(); i++) {
            if (!views.get(i).isLarge()) {
                snapshot(trace, views.get(i), encoded.next(), i);
            }
        }
        html.close("div").line();
    }

    private void snapshot(String trace, SnapshotView view, EncodedSnapshot encoded, int index) throws IOException {
        new SnapshotSection(
                        html,
                        pictures,
                        view,
                        encoded,
                        links.apply(view.label()),
                        Text.format("%s-s%d", id, index + 1),
                        trace)
                .write();
    }

    private void leadingTo(SnapshotView view, Optional<EventWindows> windows) throws IOException {
        if (windows.isEmpty() || !windows.get().snapshots().containsKey(view.label())) {
            return;
        }
        long at = windows.get().snapshots().getOrDefault(view.label(), 0L);
        html.open("details", "class", "leading");
        html.element("summary", "What led to snapshot " + view.label());
        html.open("ol", "class", "timeline");
        for (EventHistory.Line line : windows.get().around(at)) {
            line(line.sequence() == at ? "here" : line.sequence() < at ? "before" : "after", line.text());
        }
        html.close("ol");
        lint(windows.get().found(at));
        html.close("details").line();
    }
}
