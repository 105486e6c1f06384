package dev.semblance.cli.benchmark;

import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Runs of this program and of another, each in a process of its own, in turns: how long they take, and how much of the processor. */
final class ColdRuns {

    /**
     * What is compared with.
     *
     * @param name the program and its options
     * @param missing why there is no ratio where it does not run
     * @param target how much of its time ours may take
     * @param processorTarget how much of its processor time
     */
    record Rival(String name, String missing, double target, OptionalDouble processorTarget) {}

    private final int repeat;
    private final Consumer<String> progress;

    ColdRuns(int repeat, Consumer<String> progress) {
        this.repeat = repeat;
        this.progress = progress;
    }

    /** Runs a command of this program; a run that failed is none. */
    static Optional<TimedProcess.Ran> recorded(List<String> command) {
        try {
            return Optional.of(TimedProcess.toEnd(command, List.of())).filter(ran -> ran.ended() && ran.code() == 0);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Runs both in turns, once before the first that count; either is empty where a run failed. */
    List<Figure> compare(
            String what,
            Rival rival,
            Supplier<Optional<TimedProcess.Ran>> ours,
            Supplier<Optional<TimedProcess.Ran>> theirs) {
        Both our = new Both(repeat);
        Both their = new Both(repeat);
        for (int i = -1; i < repeat; i++) {
            progress.accept(Text.format("%d of %d", i + 1, repeat));
            Optional<TimedProcess.Ran> ran = ours.get();
            Optional<TimedProcess.Ran> peer = theirs.get();
            if (i >= 0) {
                ran.ifPresent(our::add);
                peer.ifPresent(their::add);
            }
        }
        Optional<Spread> time = our.seconds.all();
        Optional<Spread> used = our.processor.all();
        if (time.isEmpty() || used.isEmpty()) {
            return List.of(Figure.of(what, "not measured: the run fails"));
        }
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.of(what, time.get().seconds()));
        figures.add(Figure.of("the same, processor time", used.get().seconds()));
        Optional<Spread> theirTime = their.seconds.all();
        Optional<Spread> theirUse = their.processor.all();
        if (theirTime.isEmpty() || theirUse.isEmpty()) {
            figures.add(Figure.of("time over " + rival.name(), "not measured: " + rival.missing()));
            return figures;
        }
        Spread ratio = time.get().over(theirTime.get());
        Spread useRatio = used.get().over(theirUse.get());
        figures.add(Figure.of("the same in " + rival.name(), theirTime.get().seconds()));
        figures.add(Figure.of("the same, processor time", theirUse.get().seconds()));
        figures.add(Figure.of("time over that", ratio.ratio())
                .atMost(ratio.median(), rival.target(), Text.format("%.1f", rival.target())));
        Figure processor = Figure.of("processor time over that", useRatio.ratio());
        OptionalDouble most = rival.processorTarget();
        figures.add(
                most.isPresent()
                        ? processor.atMost(
                                useRatio.median(), most.getAsDouble(), Text.format("%.1f", most.getAsDouble()))
                        : processor);
        return figures;
    }

    /** What runs took. */
    private static final class Both {
        private final Turns seconds;
        private final Turns processor;

        Both(int turns) {
            seconds = new Turns(turns);
            processor = new Turns(turns);
        }

        void add(TimedProcess.Ran ran) {
            seconds.add(OptionalDouble.of(ran.seconds()));
            processor.add(OptionalDouble.of(ran.processorSeconds()));
        }
    }
}
