package dev.semblance.cli.benchmark;

import dev.semblance.harness.playback.Moment;
import dev.semblance.harness.playback.Playback;
import dev.semblance.harness.playback.TraceIndex;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.record.session.SessionStart;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.SavedState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Going back and forth in a recorded boot with page flips: what a state costs, what keeping one every 50 million cycles costs against
 * keeping none (the two take turns), any position after the first pass, and steps back; and the same of a GPU without a machine.
 */
final class PlaybackBenchmark {

    private static final int SEEKS = 30;
    private static final int STEPS = 60;
    private static final long BUDGET = 512L << 20;
    private static final long NONE = 1L << 60;

    private final Guest guest;
    private final int repeat;
    private final Consumer<String> progress;

    PlaybackBenchmark(Guest guest, int repeat, Consumer<String> progress) {
        this.guest = guest;
        this.repeat = repeat;
        this.progress = progress;
    }

    List<Figure> run() throws IOException, BadImageException {
        Path trace = guest.file("played.trace");
        guest.recorded(Guest.QUIET, RecordingBenchmark.STEPS, trace);
        TraceIndex index;
        try (TraceReader reader = TraceReader.open(trace)) {
            index = TraceIndex.of(reader);
        }
        SessionConfig config = guest.config(Guest.QUIET);
        double[] with = new double[repeat];
        double[] without = new double[repeat];
        for (int i = -1; i < repeat; i++) {
            progress.accept(Text.format("playback: run %d of %d", i + 1, repeat));
            double kept = played(index, config, Playback.SPACING);
            double plain = played(index, config, NONE);
            if (i >= 0) {
                with[i] = kept;
                without[i] = plain;
            }
        }
        progress.accept("playback: seeks and steps");
        Playback playback = new Playback(index, config, BUDGET);
        playback.seek(index.end());
        Spread saves = saves(playback);
        Spread loads = loads(playback);
        Spread seeks = seeks(playback);
        Spread steps = steps(playback);
        Spread cost = new Spread(with).over(new Spread(without));
        List<Figure> figures = new ArrayList<>(List.of(
                Figure.of("a state of the booted guest, taken", milliseconds(saves))
                        .atMost(saves.median() * 1000, 20, "20 ms"),
                Figure.of("the same, loaded", milliseconds(loads)).atMost(loads.median() * 1000, 20, "20 ms"),
                Figure.of("first pass with a state every 50 M cycles over one without, processor time", cost.ratio())
                        .atMost(cost.median(), 1.03, "1.03"),
                Figure.of(
                                Text.format(
                                        "any position of %,d M cycles",
                                        index.end().cycle() / 1_000_000),
                                seeks.seconds())
                        .atMost(seeks.median(), 1, "1 s"),
                Figure.of("a step back", milliseconds(steps)).atMost(steps.median() * 1000, 50, "50 ms")));
        figures.addAll(new DevicePlaybackBenchmark(guest.file("flushes.trace"), progress).run());
        return figures;
    }

    private static String milliseconds(Spread seconds) {
        return Text.format("%.1f ms", seconds.median() * 1000);
    }

    private static double played(TraceIndex index, SessionConfig config, long spacing) throws BadImageException {
        Playback playback = new Playback(index, config, SessionStart.POWER_ON, BUDGET, spacing);
        Stopwatch watch = new Stopwatch();
        playback.seek(index.end());
        return watch.processorSeconds();
    }

    private Spread saves(Playback playback) {
        double[] seconds = new double[STEPS];
        for (int i = 0; i < STEPS; i++) {
            Stopwatch watch = new Stopwatch();
            playback.machine().save();
            seconds[i] = watch.seconds();
        }
        return new Spread(seconds);
    }

    private static Spread loads(Playback playback) {
        SavedState state = playback.machine().save();
        double[] seconds = new double[STEPS];
        for (int i = 0; i < STEPS; i++) {
            Stopwatch watch = new Stopwatch();
            try {
                playback.machine().load(state);
            } catch (BadStateException e) {
                throw new IllegalStateException("a state of the same machine was refused", e);
            }
            seconds[i] = watch.seconds();
        }
        return new Spread(seconds);
    }

    private static Spread seeks(Playback playback) {
        Random random = new Random(1);
        double[] seconds = new double[SEEKS];
        for (int i = 0; i < SEEKS; i++) {
            Moment target = playback.index()
                    .before(random.nextLong(playback.index().end().cycle()));
            Stopwatch watch = new Stopwatch();
            playback.seek(target);
            seconds[i] = watch.seconds();
        }
        return new Spread(seconds);
    }

    private static Spread steps(Playback playback) {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
            Stopwatch watch = new Stopwatch();
            playback.stepBack(cycle -> {});
            seconds.add(watch.seconds());
        }
        return new Spread(seconds.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
