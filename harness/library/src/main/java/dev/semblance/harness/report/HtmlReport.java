package dev.semblance.harness.report;

import dev.semblance.harness.TraceFile;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.replay.SnapshotVerdict;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.replay.TraceVerdict.Standing;
import dev.semblance.harness.util.ShellWords;
import dev.semblance.harness.util.Text;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A report for people in one HTML file that needs nothing else: no network, and no script but for comfort. The one in it
 * loads nothing; the page's own policy allows that one alone, by its digest (Content Security Policy Level 3). Recordings are written as they come,
 * so that no more pictures are held than the verdict at hand has; the file appears when it is complete. The same verdicts and
 * times give the same bytes.
 */
public final class HtmlReport implements Closeable {

    /**
     * What a report says of its own making.
     *
     * @param version the version of this tool
     * @param runtime the Java and the system that it ran on
     * @param command the words of the command line that replays a recording
     * @param approve the words of the one that makes what it shows the goldens; none where there is no place for these
     */
    public record Origin(
            String version,
            String runtime,
            Function<TraceFile, List<String>> command,
            Function<TraceFile, List<String>> approve) {}

    /** A recording's line in the table at the top. */
    private record Entry(String id, Standing standing, String name, Cells cells, Optional<Duration> time) {}

    /** What that line says of the replays and the snapshots. */
    private record Cells(String device, String machine, String snapshots) {}

    private final OutputFile file;
    private final OutputFile bodyFile;
    private final Origin origin;
    private final HtmlWriter body;
    private final ReportImages pictures;
    private final List<Entry> entries = new ArrayList<>();

    /** Begins a report. Makes its folder. */
    public HtmlReport(Path file, Origin origin) throws IOException {
        this(file, origin, ReportImages.Room.USUAL);
    }

    /** Begins a report with room for so many pictures. */
    HtmlReport(Path file, Origin origin, ReportImages.Room room) throws IOException {
        this.pictures = new ReportImages(room);
        this.file = OutputFile.createWithFolder(file);
        this.origin = origin;
        try {
            // What stands at the top sums up what comes below, which is written first, and never gets a name.
            bodyFile = OutputFile.create(file);
        } catch (IOException e) {
            this.file.close();
            throw e;
        }
        body = new HtmlWriter(bodyFile.stream());
    }

    /** Adds a recording. */
    public void add(TraceVerdict verdict) throws IOException {
        add(verdict, Optional.empty(), List.of());
    }

    /**
     * Adds a recording.
     *
     * @param times how long it took, if that is known
     * @param files its pictures as files, for those that there is no room for in the page
     */
    public void add(TraceVerdict verdict, Optional<ReplayTimes> times, List<ReportFolder.Written> files)
            throws IOException {
        Map<String, List<ReportLink>> links = new HashMap<>();
        files.forEach(written -> links.computeIfAbsent(written.label(), label -> new ArrayList<>())
                .add(ReportLink.of(file.file(), written.file())));
        String id = "r" + (entries.size() + 1);
        RecordingSection.Commands commands = new RecordingSection.Commands(
                ShellWords.join(origin.command().apply(verdict.trace())),
                ShellWords.join(origin.approve().apply(verdict.trace())));
        new RecordingSection(body, pictures, label -> links.getOrDefault(label, List.of()), id, commands)
                .write(verdict, times);
        Cells cells = switch (verdict) {
            case TraceVerdict.Refused refused -> new Cells("not replayed", "not replayed", refused.reason());
            case TraceVerdict.TimedOut timedOut ->
                new Cells("not finished", "not finished", TextReport.timedOut(timedOut));
            case TraceVerdict.Crashed crashed -> new Cells("not finished", "not finished", TextReport.crashed(crashed));
            case TraceVerdict.Replayed replayed ->
                new Cells(
                        RecordingSection.outcome(replayed.device()),
                        RecordingSection.outcome(replayed.machine()),
                        snapshots(replayed));
        };
        entries.add(new Entry(id, verdict.standing(), verdict.trace().name(), cells, times.map(ReplayTimes::whole)));
    }

    private static String snapshots(TraceVerdict.Replayed replayed) {
        List<SnapshotVerdict.Status> statuses =
                replayed.snapshots().stream().map(SnapshotVerdict::status).toList();
        List<String> parts = new ArrayList<>();
        for (SnapshotVerdict.Status status : SnapshotVerdict.Status.values()) {
            long count = statuses.stream().filter(each -> each == status).count();
            if (count > 0) {
                parts.add(count + " " + status.many());
            }
        }
        return parts.isEmpty() ? "none" : String.join(", ", parts);
    }

    /** Completes the report and moves it to its place. */
    public void finish() throws IOException {
        finish(0, Optional.empty());
    }

    /**
     * Completes the report, whose title tells how many more recordings there were than it has.
     *
     * @param notRun how many were not replayed
     * @param time how long all of it took, if that is known
     * @throws IOException if it cannot be written
     */
    public void finish(long notRun, Optional<Duration> time) throws IOException {
        body.finish();
        bodyFile.flush();
        HtmlWriter html = new HtmlWriter(file.stream());
        String title = title(notRun);
        html.doctype();
        html.open("html", "lang", "en");
        PageHead.write(html, title, true);
        html.open("body").line();
        top(html, title, time);
        html.open("main", "id", "recordings").line();
        // Before the recordings, so that style alone can act on it.
        html.empty("input", "type", "checkbox", "id", "only-failures", "class", "pick");
        html.element("label", "Failures only", "for", "only-failures", "class", "filter")
                .line();
        try (InputStream written = Files.newInputStream(bodyFile.part())) {
            written.transferTo(file.stream());
        }
        html.close("main").line();
        keys(html);
        html.close("body").close("html").line();
        html.finish();
        file.commit();
    }

    private String title(long notRun) {
        return notRun == 0 ? title() : Text.format("%s, %d more not run", title(), notRun);
    }

    private String title() {
        List<Standing> standings = entries.stream().map(Entry::standing).toList();
        long unchecked = TextReport.count(standings, Standing.UNCHECKED);
        long failed = entries.size() - unchecked - TextReport.count(standings, Standing.PASS);
        String recordings = Text.count(entries.size(), "recording");
        if (unchecked > 0) {
            long others = entries.size() - unchecked;
            if (others == 0) {
                return all(entries.size()) + " unchecked";
            }
            return Text.format(
                    "%d of %s unchecked, %s",
                    unchecked,
                    recordings,
                    failed > 0 ? failed + " failed" : others == 1 ? "the other passed" : "the others passed");
        }
        return failed == 0 ? all(entries.size()) + " passed" : Text.format("%d of %s failed", failed, recordings);
    }

    private static String all(int recordings) {
        return (recordings == 1 ? "" : "All ") + Text.count(recordings, "recording");
    }

    private void top(HtmlWriter html, String title, Optional<Duration> time) throws IOException {
        Standing gravest = entries.stream()
                .map(Entry::standing)
                .max(Comparator.naturalOrder())
                .orElse(Standing.PASS);
        String tone = gravest == Standing.TORN ? Standing.FAIL.key() : gravest.key();
        html.element("a", "Skip to the recordings", "class", "skip", "href", "#recordings");
        html.open("header", "class", "top " + tone);
        html.element("h1", title);
        html.open("p", "class", "origin");
        html.text(Text.format("Semblance replay report · semblance %s · %s", origin.version(), origin.runtime()));
        if (time.isPresent()) {
            html.text(Text.format(" · replayed in %s", ReplayTimes.text(time.get())));
        }
        html.close("p");
        if (pictures.left() > 0) {
            html.element(
                    "p",
                    Text.format(
                            "This page has at most %d MiB of pictures. Those of %s are not in it in full; those that fail have a small one, and links to their files.",
                            pictures.room().full() >> 20, Text.count(pictures.left(), "snapshot")),
                    "class",
                    "finding");
        }
        html.close("header").line();
        html.open("nav", "aria-label", "Recordings").open("table", "class", "overview");
        html.open("thead").open("tr");
        for (String name : List.of("Verdict", "Recording", "Device replay", "Machine replay", "Snapshots")) {
            html.element("th", name, "scope", "col");
        }
        boolean timed = entries.stream().anyMatch(entry -> entry.time().isPresent());
        if (timed) {
            html.element("th", "Time", "scope", "col");
        }
        html.close("tr").close("thead").open("tbody").line();
        for (Entry entry : entries) {
            html.open("tr", "class", entry.standing().key());
            html.open("td")
                    .element(
                            "span",
                            entry.standing().title(),
                            "class",
                            "badge " + entry.standing().key())
                    .close("td");
            html.open("th", "scope", "row")
                    .element("a", entry.name(), "href", "#" + entry.id())
                    .close("th");
            html.element("td", entry.cells().device());
            html.element("td", entry.cells().machine());
            html.element("td", entry.cells().snapshots());
            if (timed) {
                html.element("td", entry.time().map(ReplayTimes::text).orElse(""), "class", "time");
            }
            html.close("tr").line();
        }
        html.close("tbody").close("table").close("nav").line();
    }

    private static void keys(HtmlWriter html) throws IOException {
        html.open("footer").open("details", "id", "help", "class", "help");
        html.element("summary", "Keys");
        html.open("dl", "class", "keys");
        String[] keys = {
            "Tab, arrow keys, Space", "reach and work everything; arrows on the views flip between pictures",
            "j, k", "next and previous failure",
            "1 to 5", "side by side, expected, actual, difference, onion skin",
            "f", "flip between expected and actual",
            "m", "masks on and off",
            "+, -, 0", "larger, smaller, fit to the page",
            "on a picture: arrows", "move the pixel cursor, with Shift by ten",
            "on a picture: n, p", "to the next and the previous pixel that differs",
            "on a picture: drag", "a mask; the lines of a policy that leave it out of the comparison appear below",
            "?", "these keys"
        };
        for (int i = 0; i < keys.length; i += 2) {
            html.open("div").element("dt", keys[i]).element("dd", keys[i + 1]).close("div");
        }
        html.close("dl");
        html.element(
                "p",
                "Keys other than Tab, arrows and Space, the onion skin's slider and the pixel values need the script in this"
                        + " page. It loads nothing, and everything else works without it.");
        html.close("details").close("footer").line();
    }

    /** Closes the files; a report that was not finished is gone. */
    @Override
    public void close() throws IOException {
        pictures.close();
        bodyFile.close();
        file.close();
    }
}
