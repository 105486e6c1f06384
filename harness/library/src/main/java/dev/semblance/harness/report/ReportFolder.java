package dev.semblance.harness.report;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.golden.FrameComparator;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.replay.SnapshotVerdict;
import dev.semblance.harness.replay.TraceVerdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A folder with what somebody needs to judge a failure: {@code summary.txt}, and for each picture that is not as it should
 * be {@code NAME/LABEL.actual.png}, {@code NAME/LABEL.expected.png} and {@code NAME/LABEL.diff.png}.
 */
public final class ReportFolder {

    /** The name of the summary in the folder. */
    public static final String SUMMARY = "summary.txt";

    /** The name of the report as a page in the folder. */
    public static final String HTML = "index.html";

    private static final String EXPECTED = "expected";
    private static final String ACTUAL = "actual";
    private static final String DIFF = "diff";

    private final Path folder;

    /** Makes a report in a folder, which need not exist yet. */
    public ReportFolder(Path folder) {
        this.folder = folder;
    }

    /** Writes the pictures of one trace, and removes those of earlier runs that are out of date; returns the files. */
    public List<Path> writePictures(TraceVerdict verdict) throws IOException {
        List<Path> files = new ArrayList<>();
        if (verdict instanceof TraceVerdict.Replayed replayed) {
            Path ofTrace = folder.resolve(replayed.trace().name());
            for (SnapshotVerdict snapshot : replayed.snapshots()) {
                for (String what : List.of(EXPECTED, ACTUAL, DIFF)) {
                    Files.deleteIfExists(file(ofTrace, snapshot.label(), what));
                }
                if (!snapshot.passes()) {
                    files.addAll(write(ofTrace, snapshot.label(), snapshot.pictures()));
                }
            }
        }
        return files;
    }

    private static List<Path> write(Path folder, String label, SnapshotVerdict.Pictures pictures) throws IOException {
        List<Path> files = new ArrayList<>();
        Optional<Frame> expected = pictures.expected().flatMap(SnapshotVerdict.Picture::frame);
        Optional<Frame> actual = pictures.actual();
        if (expected.isPresent()) {
            files.add(write(folder, label, EXPECTED, expected.get()));
        }
        if (actual.isPresent()) {
            files.add(write(folder, label, ACTUAL, actual.get()));
        }
        if (expected.isPresent() && actual.isPresent()) {
            files.add(write(folder, label, DIFF, FrameComparator.diffImage(expected.get(), actual.get())));
        }
        return files;
    }

    private static Path write(Path folder, String label, String what, Frame frame) throws IOException {
        Path file = file(folder, label, what);
        ImageFiles.writePng(frame, file);
        return file;
    }

    private static Path file(Path folder, String label, String what) {
        return folder.resolve(label + "." + what + ".png");
    }

    /** Writes the summary; returns the file. */
    public Path writeSummary(List<String> lines) throws IOException {
        Path file = folder.resolve(SUMMARY);
        OutputFile.write(file, lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
        return file;
    }
}
