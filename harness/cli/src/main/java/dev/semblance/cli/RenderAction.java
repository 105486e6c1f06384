package dev.semblance.cli;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UnusableOutputException;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.replay.DamagedPictures;
import dev.semblance.harness.replay.DeviceReplayer;
import dev.semblance.harness.replay.FrameObserver;
import dev.semblance.harness.replay.ReplayOutcome;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.SnapshotLabel;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Found;
import dev.semblance.harness.trace.position.Place;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.position.PositionFinder;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** Replays the GPU of a trace and writes what it shows. */
final class RenderAction {

    private final Terminal terminal;

    RenderAction(Terminal terminal) {
        this.terminal = terminal;
    }

    ExitCode run(RenderCommand.Request rendering) {
        Path trace = rendering.trace();
        try {
            if (rendering.animation().isEmpty()) {
                return run(rendering, Optional.empty(), terminal);
            }
            RenderCommand.Animation wanted = rendering.animation().get();
            try (Outlet outlet = Outlet.of(wanted.file(), terminal, List.of(trace));
                    AnimationSink animation = AnimationSink.create(trace, wanted, outlet)) {
                ExitCode code = run(rendering, Optional.of(animation), outlet.terminal());
                outlet.deliver();
                return code;
            }
        } catch (IOException e) {
            throw TraceProblems.of(trace, e);
        }
    }

    private ExitCode run(RenderCommand.Request rendering, Optional<AnimationSink> animation, Terminal said)
            throws IOException {
        Path trace = rendering.trace();
        List<Found.There> at = find(trace, rendering.at());
        Optional<PngFolder> folder = rendering.folder().map(to -> new PngFolder(rendering, at, to));
        FrameObserver pictures = new Both(folder, animation);
        try (TraceReader reader = TraceProblems.open(trace);
                TraceReader again = TraceProblems.open(trace)) {
            TraceManifest manifest = reader.manifest();
            ReplayableGpu gpu = ReplayableGpu.of(manifest);
            FrameObserver observer = rendering.damage() ? new DamagedPictures(again, gpu, pictures) : pictures;
            DeviceReplayer replayer = new DeviceReplayer(reader, gpu, observer);
            ReplayOutcome outcome;
            try (Progress progress =
                            Progress.start(terminal, "rendering", Progress.Unit.CYCLES, Totals.cycles(reader));
                    Progress.Task task = progress.begin("")) {
                outcome = replayer.run(end(rendering, at), task);
            }
            String flushes = Text.count(outcome.flushes(), "flush", "flushes");
            folder.ifPresent(to -> said.out()
                    .println(Text.format(
                            "%s: %s; %s replayed",
                            trace,
                            to.count() == 0
                                    ? "nothing to make a picture of"
                                    : Text.count(to.count(), "picture") + " in " + to.folder,
                            flushes)));
            animation.ifPresent(
                    film -> said.out().println(Text.format("%s: %s; %s replayed", trace, film.finish(), flushes)));
            return verdict(trace, manifest, outcome);
        }
    }

    private static List<Found.There> find(Path trace, List<Position> positions) throws IOException {
        if (positions.isEmpty()) {
            return List.of();
        }
        try (TraceReader reader = TraceProblems.open(trace)) {
            return PositionFinder.find(reader, positions).stream()
                    .map(found -> found.require(trace))
                    .toList();
        }
    }

    /** Returns the place behind which there is nothing to make a picture of, if there is one. */
    private static Optional<Place> end(RenderCommand.Request rendering, List<Found.There> at) {
        return rendering.animation().isPresent()
                ? Optional.empty()
                : at.stream().map(Found.There::place).max(Comparator.comparingLong(Place::passed));
    }

    private ExitCode verdict(Path trace, TraceManifest manifest, ReplayOutcome outcome) {
        ExitCode ending = outcome.status()
                .map(status -> TraceProblems.ending(trace, status, terminal))
                .orElse(ExitCode.PASS);
        if (outcome.divergence().isEmpty()) {
            return ending;
        }
        terminal.out().flush();
        terminal.err()
                .println(Text.format(
                        "semblance: %s: the replay does not do what was recorded, first at %s; see: %s",
                        trace,
                        EventText.describe(manifest, outcome.divergence().get().expected()),
                        Invocation.line("replay", "--device", trace)));
        return ending.orGraver(ExitCode.MISMATCH);
    }

    /** Tells the folder, if there is one, and the animation, if there is one. */
    private record Both(Optional<PngFolder> folder, Optional<AnimationSink> animation) implements FrameObserver {
        @Override
        public void snapshot(TraceEvent.Snapshot recorded, Frame picture) {
            folder.ifPresent(to -> to.snapshot(recorded, picture));
        }

        @Override
        public void shown(long sequence, int scanout, Supplier<Frame> picture) {
            folder.ifPresent(to -> to.shown(sequence, scanout, picture));
        }

        @Override
        public void reached(long sequence, int scanouts, IntFunction<Optional<Frame>> picture) {
            folder.ifPresent(to -> to.reached(sequence, scanouts, picture));
        }

        @Override
        public void changed(long cycle, int scanout, Supplier<Frame> picture) {
            animation.ifPresent(to -> to.changed(cycle, scanout, picture));
        }
    }

    /** Writes pictures as they come. */
    private static final class PngFolder implements FrameObserver {

        private final RenderCommand.Request rendering;
        private final PositionPictures at;
        private final Path folder;
        private final String name;
        private long flushes;
        private long pictures;

        PngFolder(RenderCommand.Request rendering, List<Found.There> at, Path folder) {
            this.at = new PositionPictures(at, (file, picture) -> write(picture, fileOf(file)));
            this.rendering = rendering;
            this.folder = folder;
            this.name = nameOf(rendering.trace());
        }

        long count() {
            return pictures;
        }

        @Override
        public void snapshot(TraceEvent.Snapshot recorded, Frame picture) {
            if (!rendering.everyFlush() && rendering.at().isEmpty()) {
                write(picture, fileOf(recorded.label()));
            }
        }

        @Override
        public void reached(long sequence, int scanouts, IntFunction<Optional<Frame>> picture) {
            at.reached(sequence, scanouts, picture);
        }

        private String fileOf(String what) {
            return Text.format("%s-%s.png", name, what);
        }

        @Override
        public void shown(long sequence, int scanout, Supplier<Frame> picture) {
            flushes++;
            if (rendering.everyFlush()) {
                write(picture.get(), SnapshotLabel.of(Text.format("flush-%06d", flushes), scanout) + ".png");
            }
        }

        private void write(Frame picture, String file) {
            Path path = folder.resolve(file);
            try {
                ImageFiles.writePng(picture, path);
            } catch (IOException e) {
                throw UnusableOutputException.of(path, e);
            }
            pictures++;
        }
    }

    /** Returns a trace's name without what says that it is one. */
    static String nameOf(Path trace) {
        String name = String.valueOf(trace.getFileName());
        for (String suffix : List.of(".part", InputFiles.TRACE)) {
            if (name.endsWith(suffix) && name.length() > suffix.length()) {
                name = name.substring(0, name.length() - suffix.length());
            }
        }
        return name;
    }
}
