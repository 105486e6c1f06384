package dev.semblance.cli;

import dev.semblance.harness.TraceFile;
import dev.semblance.harness.UnwritableException;
import dev.semblance.harness.golden.policy.PolicyFile;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.replay.TraceVerdict.Standing;
import dev.semblance.harness.report.HtmlReport;
import dev.semblance.harness.report.ReplayTimes;
import dev.semblance.harness.report.ReportFolder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The HTML report: as a file, in the folder of the report, or in both, where it was asked for; where it was not, in the usual
 * folder, once something fails.
 */
final class HtmlReports implements Closeable {

    /** A verdict that stands in no page yet. */
    private record Waiting(TraceVerdict verdict, ReplayTimes times, List<ReportFolder.Written> pictures) {}

    private final HtmlReport.Origin origin;
    private final ReportFolder folder;
    private final List<Page> pages = new ArrayList<>();
    private final List<Waiting> waiting = new ArrayList<>();

    /** A page on its way. */
    private record Page(Path file, HtmlReport report) {}

    private HtmlReports(HtmlReport.Origin origin, ReportFolder folder) {
        this.origin = origin;
        this.folder = folder;
    }

    /**
     * Begins the report, if one was asked for.
     *
     * @param replays as the user asked for them, packs not opened
     * @param folder the folder of the report
     */
    static HtmlReports of(ReplayCommand.Request replays, ReportFolder folder) throws IOException {
        HtmlReports reports = new HtmlReports(
                new HtmlReport.Origin(
                        VersionProvider.version(),
                        VersionProvider.runtime(),
                        trace -> command(replays, trace),
                        trace -> approval(replays, trace)),
                folder);
        try {
            Optional<Path> inFolder = replays.report().map(report -> report.resolve(ReportFolder.HTML));
            Optional<Path> apart =
                    replays.html().filter(file -> inFolder.isEmpty() || !isSamePlace(file, inFolder.get()));
            if (apart.isPresent()) {
                reports.begin(apart.get());
            }
            if (inFolder.isPresent()) {
                reports.begin(folder.page());
            }
            return reports;
        } catch (IOException e) {
            reports.close();
            throw e;
        }
    }

    private void begin(Path file) throws IOException {
        pages.add(new Page(file, new HtmlReport(file, origin)));
    }

    private static boolean isSamePlace(Path one, Path other) {
        return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }

    /**
     * Returns the words that replay one of the traces in the same way.
     *
     * @param replays as the user asked for them, packs not opened
     */
    static List<String> command(ReplayCommand.Request replays, TraceFile trace) {
        List<String> words = new ArrayList<>(List.of(Invocation.program(), "replay"));
        switch (replays.kind()) {
            case BOTH -> {}
            case MACHINE -> words.add("--machine");
            case DEVICE -> words.add("--device");
        }
        switch (replays.required()) {
            case EVERYWHERE -> words.add("--require-goldens");
            case WHERE_THERE_IS_A_PLACE -> {}
            case NOWHERE -> words.add("--no-require-goldens");
        }
        Subject subject = Subject.of(trace, replays.goldens());
        addGoldens(words, subject, replays.goldens());
        if (replays.choice().damage()) {
            words.add("--damage");
        }
        replays.choice().until().ifPresent(until -> words.addAll(List.of("--until", until.toString())));
        replays.choice().filter().alone(trace).forEach(glob -> words.addAll(List.of("--filter", glob.pattern())));
        words.add(subject.path().toString());
        return words;
    }

    /**
     * Returns the words that make what a trace shows its goldens; none where these have no place.
     *
     * @param replays as the user asked for them, packs not opened
     */
    static List<String> approval(ReplayCommand.Request replays, TraceFile trace) {
        Subject subject = Subject.of(trace, replays.goldens());
        if (replays.choice().damage()) {
            return List.of(); // What is shown is not what a golden should be.
        }
        boolean inPack = !trace.source().equals(trace.path());
        if (inPack || Goldens.place(trace, replays.goldens().golden()).isEmpty()) {
            return List.of();
        }
        List<String> words = new ArrayList<>(List.of(Invocation.program(), "approve"));
        addGoldens(words, subject, replays.goldens());
        words.add(subject.path().toString());
        return List.copyOf(words);
    }

    private static void addGoldens(List<String> words, Subject subject, GoldenOptions.Settings goldens) {
        subject.golden().ifPresent(folder -> words.addAll(List.of("--golden", folder.toString())));
        goldens.policy().ifPresent(file -> words.addAll(List.of("--policy", file.toString())));
        goldens.images().forEach(folder -> words.addAll(List.of("--images", folder.toString())));
    }

    /** What to name to have a trace replayed, and the folder of goldens that goes with it, if the user named one. */
    private record Subject(Path path, Optional<Path> golden) {

        /**
         * A trace that is named itself has its goldens in the folder itself, wherever it lay below what the user named: so the
         * folder is named that they are in. A policy has the name that the trace had there, so where one decides, what the user
         * named is named again, with all that is in it.
         */
        static Subject of(TraceFile trace, GoldenOptions.Settings goldens) {
            Optional<Path> folder = goldens.golden();
            int folders = trace.name().split("/", -1).length - 1;
            if (folder.isEmpty() || folders == 0) {
                return new Subject(trace.source(), folder);
            }
            if (goldens.policy().isPresent() || Files.exists(folder.get().resolve(PolicyFile.NAME))) {
                return new Subject(above(trace.path(), folders + 1), folder);
            }
            String inside = trace.name().substring(0, trace.name().lastIndexOf('/'));
            return new Subject(trace.source(), Optional.of(folder.get().resolve(inside)));
        }

        private static Path above(Path path, int folders) {
            Optional<Path> there = Optional.of(path);
            for (int i = 0; i < folders; i++) {
                there = there.flatMap(one -> Optional.ofNullable(one.getParent()));
            }
            return there.orElse(Path.of("."));
        }
    }

    /**
     * Adds a verdict.
     *
     * @param times how long it took
     * @param pictures its pictures in the folder of the report
     */
    void add(TraceVerdict verdict, ReplayTimes times, List<ReportFolder.Written> pictures) throws IOException {
        if (pages.isEmpty()) {
            waiting.add(new Waiting(verdict, times, pictures));
            if (verdict.standing() == Standing.PASS || verdict.standing() == Standing.UNCHECKED) {
                return;
            }
            begin(folder.page());
            for (Waiting each : waiting) {
                addToAll(each);
            }
            waiting.clear();
        } else {
            addToAll(new Waiting(verdict, times, pictures));
        }
    }

    private void addToAll(Waiting one) throws IOException {
        for (Page page : pages) {
            page.report().add(one.verdict(), Optional.of(one.times()), one.pictures());
        }
    }

    /**
     * Completes the report; returns where it is.
     *
     * @param notRun how many more traces there were, which were not replayed
     * @param time how long all of it took
     */
    List<Path> finish(long notRun, Duration time) throws IOException {
        for (Page page : pages) {
            page.report().finish(notRun, Optional.of(time));
        }
        return pages.stream().map(Page::file).toList();
    }

    @Override
    public void close() throws IOException {
        for (Page page : pages) {
            try {
                page.report().close();
            } catch (IOException e) {
                throw UnwritableException.of(page.file(), e);
            }
        }
    }
}
