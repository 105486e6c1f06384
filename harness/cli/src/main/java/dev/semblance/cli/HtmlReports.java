package dev.semblance.cli;

import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.report.HtmlReport;
import dev.semblance.harness.report.ReportFolder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The HTML report where it was asked for: as a file, in the folder of the report, in both places, or nowhere. */
final class HtmlReports implements Closeable {

    private final List<Path> files;
    private final Optional<HtmlReport> report;
    private HtmlReports(List<Path> files, Optional<HtmlReport> report) {
        this.files = files;
        this.report = report;
    }

    /**
     * Begins the report, if one was asked for.
     *
     * @param replays as the user asked for them, packs not opened
     */
    static HtmlReports of(ReplayCommand.Request replays) throws IOException {
        List<Path> files = new ArrayList<>();
        replays.html().ifPresent(files::add);
        replays.report()
                .map(folder -> folder.resolve(ReportFolder.HTML))
                .filter(page -> files.stream().noneMatch(file -> isSamePlace(file, page)))
                .ifPresent(files::add);
        return files.isEmpty()
                ? new HtmlReports(files, Optional.empty())
                : new HtmlReports(
                        files,
                        Optional.of(new HtmlReport(
                                files.getLast(),
                                new HtmlReport.Origin(
                                        VersionProvider.version(), VersionProvider.runtime(), command(replays)))));
    }

    private static boolean isSamePlace(Path one, Path other) {
        return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }

    /** Returns the words that replay one of the traces in the same way. */
    static List<String> command(ReplayCommand.Request replays) {
        List<String> words = new ArrayList<>(List.of("./semblance", "replay"));
        switch (replays.kind()) {
            case BOTH -> {}
            case MACHINE -> words.add("--machine");
            case DEVICE -> words.add("--device");
        }
        replays.goldens().golden().ifPresent(folder -> words.addAll(List.of("--golden", folder.toString())));
        replays.goldens().policy().ifPresent(file -> words.addAll(List.of("--policy", file.toString())));
        replays.goldens().images().forEach(folder -> words.addAll(List.of("--images", folder.toString())));
        return words;
    }

    void add(TraceVerdict verdict) throws IOException {
        if (report.isPresent()) {
            report.get().add(verdict);
        }
    }

    /** Completes the report; returns where it is. */
    List<Path> finish() throws IOException {
        if (report.isPresent()) {
            report.get().finish();
            // The last is in the folder of the report: a regular file, which can be read again.
            for (Path copy : files.subList(0, files.size() - 1)) {
                try (OutputFile out = OutputFile.createWithFolder(copy)) {
                    Files.copy(files.getLast(), out.stream());
                    out.commit();
                }
            }
        }
        return files;
    }

    @Override
    public void close() throws IOException {
        if (report.isPresent()) {
            report.get().close();
        }
    }
}
