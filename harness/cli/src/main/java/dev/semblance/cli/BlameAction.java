package dev.semblance.cli;

import dev.semblance.harness.playback.blame.Blame;
import dev.semblance.harness.playback.blame.PixelSearch;
import dev.semblance.harness.playback.blame.PixelSource;
import dev.semblance.harness.playback.blame.PixelSource.Layer;
import dev.semblance.harness.playback.blame.SymbolFiles;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Found;
import dev.semblance.harness.trace.position.PositionFinder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds out who made a pixel. */
final class BlameAction {

    private final PlaybackOptions playback;
    private final List<Path> images;
    private final CliEnvironment environment;

    /**
     * @param playback what was said of the machine
     * @param images more folders of images
     * @param environment whose terminal shows how far it is
     */
    BlameAction(PlaybackOptions playback, List<Path> images, CliEnvironment environment) {
        this.playback = playback;
        this.images = images;
        this.environment = environment;
    }

    /**
     * Returns who made a pixel.
     *
     * @throws IOException if the trace cannot be read
     */
    BlameCommand.Blamed blame(BlameCommand.Request request) throws IOException {
        TraceManifest manifest;
        Found.There place;
        try (TraceReader reader = TraceReader.open(request.trace())) {
            manifest = reader.manifest();
            place = PositionFinder.find(reader, List.of(request.at()))
                    .getFirst()
                    .require(request.trace());
        }
        ReplayableGpu gpu = ReplayableGpu.of(manifest);
        SymbolFiles symbols = playback.symbols(manifest, environment);
        PixelSource pixel =
                new PixelSearch(request.trace(), gpu, place.place()).find(request.scanout(), request.x(), request.y());
        Optional<Layer> written =
                pixel.foremost().filter(layer -> layer.written().isPresent());
        if (written.isEmpty()) {
            return new BlameCommand.Blamed(
                    request.trace(), place, pixel, List.of(), Optional.empty(), manifest, symbols);
        }
        Optional<String> older = BlameCommand.Blamed.older(manifest, written.get());
        if (older.isPresent()) {
            return new BlameCommand.Blamed(request.trace(), place, pixel, List.of(), older, manifest, symbols);
        }
        return switch (playback.open(request.trace(), gpu, environment, images)) {
            case PlaybackOptions.Opened.NotPlayable not ->
                new BlameCommand.Blamed(
                        request.trace(), place, pixel, List.of(), Optional.of(not.reason()), manifest, symbols);
            case PlaybackOptions.Opened.Playable playable -> {
                try (Progress line = Progress.start(
                                environment.terminal(), "playing", Progress.Unit.CYCLES, OptionalLong.empty());
                        Progress.Task task = line.begin("")) {
                    List<Blame.Hop> hops = new Blame(request.trace(), playable.playback(), symbols, task)
                            .follow(written.get(), request.follow());
                    yield new BlameCommand.Blamed(
                            request.trace(), place, pixel, hops, Optional.empty(), manifest, symbols);
                }
            }
        };
    }
}
