package dev.semblance.cli.benchmark;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.golden.FrameComparator;
import dev.semblance.harness.golden.GoldenStore;
import dev.semblance.harness.golden.KeptPicture;
import dev.semblance.harness.golden.policy.Decision;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.ReplayOutcome;
import dev.semblance.harness.replay.SnapshotVerdict;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.report.HtmlReport;
import dev.semblance.harness.rig.DisplayWorkload;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Writing the HTML report of 500 snapshots of 1024x768, no two alike, once their verdicts are there. */
final class ReportBenchmark {

    private static final int WIDTH = 1024;
    private static final int HEIGHT = 768;
    private static final int RECORDINGS = 50;
    private static final int SNAPSHOTS = 10;
    private static final double MIB = 1 << 20;

    private final Path folder;
    private final int repeat;
    private final Consumer<String> progress;

    ReportBenchmark(Path folder, int repeat, Consumer<String> progress) {
        this.folder = folder;
        this.repeat = repeat;
        this.progress = progress;
    }

    List<Figure> run() throws IOException {
        Path trace = folder.resolve("report.trace");
        DisplayWorkload.still(trace, 3);
        GoldenStore goldens = new GoldenStore(folder.resolve("golden"));
        progress.accept("report: making goldens");
        for (int i = 0; i < RECORDINGS * SNAPSHOTS; i++) {
            goldens.write("report", label(i), DesktopFrame.frame(WIDTH, HEIGHT, i));
        }
        List<Figure> figures = new ArrayList<>();
        measure("HTML report of 500 snapshots, all differ", trace, goldens, 1, figures);
        measure("HTML report of 500 snapshots, one in ten differs", trace, goldens, 10, figures);
        return figures;
    }

    private static String label(int number) {
        return "s" + number;
    }

    private void measure(String what, Path trace, GoldenStore goldens, int oneIn, List<Figure> figures)
            throws IOException {
        Path file = folder.resolve("report.html");
        double[] seconds = new double[repeat];
        double[] processorSeconds = new double[repeat];
        for (int i = -1; i < repeat; i++) {
            progress.accept(Text.format("report: %s, run %d of %d", what, i + 1, repeat));
            Taken taken = write(file, trace, goldens, oneIn);
            if (i >= 0) {
                seconds[i] = taken.seconds;
                processorSeconds[i] = taken.processorSeconds;
            }
        }
        double median = Stopwatch.median(seconds);
        figures.add(Figure.of(what, Text.format("%.2f s (%.0f MiB)", median, Files.size(file) / MIB))
                .atMost(median, 5, "5 s"));
        figures.add(Figure.of(
                "the same, processor time of all threads", Text.format("%.2f s", Stopwatch.median(processorSeconds))));
    }

    /** What writing took, without what making the verdicts took. */
    private static final class Taken {
        double seconds;
        double processorSeconds;

        void add(Stopwatch watch) {
            seconds += watch.seconds();
            processorSeconds += watch.processorSeconds();
        }
    }

    private static Taken write(Path file, Path trace, GoldenStore goldens, int oneIn) throws IOException {
        TraceManifest manifest;
        try (TraceReader reader = TraceReader.open(trace)) {
            manifest = reader.manifest();
        }
        Optional<ReplayOutcome> outcome = Optional.of(new ReplayOutcome(Optional.empty(), 1, 1, Optional.empty(), 0));
        HtmlReport.Origin origin = new HtmlReport.Origin(
                "benchmark",
                "Java",
                each -> List.of("./semblance", "replay", each.source().toString()),
                each -> List.of("./semblance", "approve", each.source().toString()));
        Taken taken = new Taken();
        Stopwatch begin = new Stopwatch();
        try (HtmlReport report = new HtmlReport(file, origin)) {
            taken.add(begin);
            for (int i = 0; i < RECORDINGS; i++) {
                List<SnapshotVerdict> snapshots = new ArrayList<>();
                for (int j = 0; j < SNAPSHOTS; j++) {
                    snapshots.add(verdict(goldens, i * SNAPSHOTS + j, oneIn));
                }
                TraceVerdict verdict = new TraceVerdict.Replayed(
                        TraceFile.of(trace),
                        manifest,
                        outcome,
                        Optional.empty(),
                        Optional.empty(),
                        new Goldens("report", Optional.of(goldens)),
                        snapshots,
                        List.of());
                Stopwatch watch = new Stopwatch();
                report.add(verdict);
                taken.add(watch);
            }
            Stopwatch end = new Stopwatch();
            report.finish();
            taken.add(end);
            return taken;
        }
    }

    private static SnapshotVerdict verdict(GoldenStore goldens, int number, int oneIn) {
        Path golden = goldens.pngOf("report", label(number));
        if (number % oneIn != 0) {
            return new SnapshotVerdict.Match(label(number), golden, Decision.EXACT);
        }
        int[] pixels = DesktopFrame.pixels(WIDTH, HEIGHT, number);
        Frame expected = Frame.ofPixels(WIDTH, HEIGHT, pixels);
        DesktopFrame.change(pixels, WIDTH, 300, 200);
        Frame actual = Frame.ofPixels(WIDTH, HEIGHT, pixels);
        return new SnapshotVerdict.Differs(
                label(number),
                golden,
                new KeptPicture.InMemory(actual),
                FrameComparator.compare(expected, actual),
                Decision.EXACT);
    }
}
