package dev.semblance.cli.benchmark;

import dev.semblance.harness.replay.FrameObserver;
import dev.semblance.harness.replay.MachineReplayer;
import dev.semblance.harness.replay.ReplayOutcome;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.boot.BadImageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** A machine replay of a boot with page flips against the live, recorded run; the two take turns. */
final class MachineBenchmark {

    private final Guest guest;
    private final int repeat;
    private final Consumer<String> progress;

    MachineBenchmark(Guest guest, int repeat, Consumer<String> progress) {
        this.guest = guest;
        this.repeat = repeat;
        this.progress = progress;
    }

    List<Figure> run() throws IOException, BadImageException {
        Path trace = guest.file("replayed.trace");
        double[] live = new double[repeat];
        double[] replayed = new double[repeat];
        for (int i = -1; i < repeat; i++) {
            progress.accept(Text.format("machine: run %d of %d", i + 1, repeat));
            double recording =
                    guest.recorded(Guest.QUIET, RecordingBenchmark.STEPS, trace).seconds();
            double replaying = replay(trace);
            if (i >= 0) {
                live[i] = recording;
                replayed[i] = replaying;
            }
        }
        Spread recordings = new Spread(live);
        Spread replays = new Spread(replayed);
        Spread speed = recordings.over(replays);
        return List.of(
                Figure.of("boot and page flips, recorded", recordings.seconds()),
                Figure.of("the same, replayed on the machine", replays.seconds()),
                Figure.of("machine replay over recording, speed", speed.ratio()).atLeast(speed.median(), 1.3, "1.3"));
    }

    private double replay(Path trace) throws IOException, BadImageException {
        Stopwatch watch = new Stopwatch();
        try (TraceReader reader = TraceReader.open(trace)) {
            ReplayOutcome outcome =
                    new MachineReplayer(reader, guest.config(Guest.QUIET), FrameObserver.NONE).run(cycle -> {});
            if (outcome.divergence().isPresent()) {
                throw new IllegalStateException("the replay diverges: " + outcome.divergence());
            }
        }
        return watch.seconds();
    }
}
