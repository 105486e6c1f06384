package dev.semblance.cli.benchmark;

import dev.semblance.harness.util.Text;
import dev.semblance.machine.boot.BadImageException;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** What recording adds to a boot and 60 page flips; runs with and without take turns. */
final class RecordingBenchmark {

    static final int FLIPS = 60;

    static final String STEPS =
            Guest.SHELL + Text.format("type \"kmsdraw %d\\n\"\nwait \"kmsdraw: frames\" within 20e9\n", FLIPS);

    private final Guest guest;
    private final int repeat;
    private final Consumer<String> progress;

    RecordingBenchmark(Guest guest, int repeat, Consumer<String> progress) {
        this.guest = guest;
        this.repeat = repeat;
        this.progress = progress;
    }

    List<Figure> run() throws IOException, BadImageException {
        double[] live = new double[repeat];
        double[] recorded = new double[repeat];
        double[] liveFlips = new double[repeat];
        double[] recordedFlips = new double[repeat];
        for (int i = -1; i < repeat; i++) {
            progress.accept(Text.format("recording: run %d of %d", i + 1, repeat));
            Guest.Run without = guest.live(Guest.QUIET, STEPS);
            Guest.Run with = guest.recorded(Guest.QUIET, STEPS, guest.file("flips.trace"));
            if (i >= 0) {
                live[i] = without.seconds();
                recorded[i] = with.seconds();
                liveFlips[i] = without.flipSeconds();
                recordedFlips[i] = with.flipSeconds();
            }
        }
        Spread whole = new Spread(recorded).over(new Spread(live));
        Spread flips = new Spread(recordedFlips).over(new Spread(liveFlips));
        return List.of(
                Figure.of(Text.format("boot and %d page flips, recorded over not recorded", FLIPS), whole.ratio())
                        .atMost(whole.median(), 1.10, "1.10"),
                Figure.of("the page flips alone", flips.ratio()).atMost(flips.median(), 1.03, "1.03"));
    }
}
