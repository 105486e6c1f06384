package dev.semblance.harness.playback.blame;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.golden.FrameDiff;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.playback.Playback;
import dev.semblance.harness.playback.TraceIndex;
import dev.semblance.harness.playback.blame.PixelSource.Layer;
import dev.semblance.harness.playback.blame.PixelSource.Written;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.record.session.SessionImages;
import dev.semblance.harness.record.session.SessionStart;
import dev.semblance.harness.record.session.SessionStarts;
import dev.semblance.harness.record.session.StateCache;
import dev.semblance.harness.replay.SnapshotVerdict;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Place;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.translate.Translator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Adds to the verdict over a trace where the first pixel came from that differs from its golden: of the first snapshot that differs, and
 * the machine is asked only where the way there is not too long. Several threads may do so at once.
 */
public final class DifferenceOrigins {

    /** How far a machine is played for this, in cycles: some seconds. */
    private static final long MOST_CYCLES = 1_000_000_000;

    private final GuestImages images;
    private final List<Path> folders;
    private final Optional<Translator> translator;

    /**
     * Makes one.
     *
     * @param images finds the images that traces were made with
     * @param folders where to look besides
     * @param translator translates code that is executed often
     */
    public DifferenceOrigins(GuestImages images, List<Path> folders, Optional<Translator> translator) {
        this.images = images;
        this.folders = List.copyOf(folders);
        this.translator = translator;
    }

    /**
     * {@return the verdict, with the origin of the first pixel that differs, if there is one and its origin is found}
     *
     * @param verdict over a replay into the device of this project
     */
    public TraceVerdict addTo(TraceVerdict verdict) {
        if (!(verdict instanceof TraceVerdict.Replayed replayed)) {
            return verdict;
        }
        for (int i = 0; i < replayed.snapshots().size(); i++) {
            if (replayed.snapshots().get(i) instanceof SnapshotVerdict.Differs differs
                    && differs.diff() instanceof FrameDiff.PixelsDiffer pixels) {
                Optional<String> origin = origin(replayed, differs.label(), pixels);
                List<SnapshotVerdict> snapshots = new ArrayList<>(replayed.snapshots());
                if (origin.isPresent()) {
                    snapshots.set(i, differs.withOrigin(origin.get()));
                }
                return replayed.withSnapshots(snapshots);
            }
        }
        return verdict;
    }

    private Optional<String> origin(TraceVerdict.Replayed replayed, String label, FrameDiff.PixelsDiffer pixels) {
        Path trace = replayed.trace().path();
        try {
            ReplayableGpu gpu = ReplayableGpu.of(replayed.manifest());
            Optional<Snapshot> snapshot = snapshot(trace, label);
            if (snapshot.isEmpty()) {
                return Optional.empty();
            }
            PixelSource source = new PixelSearch(trace, gpu, snapshot.get().place())
                    .find(snapshot.get().scanout(), pixels.firstX(), pixels.firstY());
            return source.foremost()
                    .filter(layer -> layer.written().isPresent()
                            && layer.written().get().transfer().sequence()
                                    >= replayed.manifest().preambleEvents())
                    .map(layer -> sentences(replayed, gpu, layer, label, pixels));
        } catch (IOException | SemblanceException e) {
            // The verdict says what is wrong with the trace; this is beside it.
            return Optional.empty();
        }
    }

    private record Snapshot(int scanout, Place place) {}

    private static Optional<Snapshot> snapshot(Path trace, String label) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                if (next.get().event() instanceof TraceEvent.Snapshot snapshot
                        && snapshot.label().equals(label)) {
                    return Optional.of(new Snapshot(
                            snapshot.scanout(),
                            Place.after(next.get().sequence(), next.get().cycle())));
                }
            }
        }
        return Optional.empty();
    }

    private String sentences(
            TraceVerdict.Replayed replayed,
            ReplayableGpu gpu,
            Layer layer,
            String label,
            FrameDiff.PixelsDiffer pixels) {
        Written written = layer.written().orElseThrow();
        SymbolFiles symbols = symbols(replayed);
        String stored = stored(replayed, gpu, layer, symbols)
                .map(store -> Text.format(
                        ", where %s at 0x%x%s stored it @%,d",
                        store.instruction(),
                        store.store().pc(),
                        symbols.symbols(store.program()).words(store.store().pc()),
                        store.store().cycle()))
                .orElse("");
        return Text.format(
                "The pixel at (%d, %d) was copied by TRANSFER_TO_HOST_2D %s from guest memory at 0x%x%s;"
                        + " semblance blame --at snapshot:%s --pixel %d,%d tells more.",
                pixels.firstX(),
                pixels.firstY(),
                written.transfer().when(),
                written.parts().getFirst().address(),
                stored,
                label,
                pixels.firstX(),
                pixels.firstY());
    }

    private Optional<WriteSource.Stored> stored(
            TraceVerdict.Replayed replayed, ReplayableGpu gpu, Layer layer, SymbolFiles symbols) {
        if (replayed.machine().isEmpty()
                || layer.written().orElseThrow().transfer().cycle() > MOST_CYCLES) {
            return Optional.empty();
        }
        Path trace = replayed.trace().path();
        try (TraceReader reader = TraceReader.open(trace)) {
            Optional<SessionConfig> config = config(replayed, gpu);
            if (config.isEmpty()) {
                return Optional.empty();
            }
            SessionConfig machine = config.get().translatedBy(translator);
            SessionStart start = new SessionStarts(StateCache.in(images.cache().folder()))
                    .of(trace, replayed.manifest(), machine, cycle -> {});
            Playback playback = new Playback(TraceIndex.of(reader), machine, start);
            Blame blame = new Blame(trace, playback, symbols, cycle -> {});
            return blame.follow(layer, 0).getFirst().source() instanceof WriteSource.Stored found
                    ? Optional.of(found)
                    : Optional.empty();
        } catch (IOException | BadImageException | SemblanceException e) {
            // What the trace tells stands without it.
            return Optional.empty();
        }
    }

    /** {@return the symbols that ship with the images of a trace; none where they cannot be read, since this is beside the verdict} */
    private SymbolFiles symbols(TraceVerdict.Replayed replayed) {
        synchronized (images) {
            try {
                return SymbolFiles.shipped(images, replayed.manifest());
            } catch (SemblanceException e) {
                return SymbolFiles.NONE;
            }
        }
    }

    private Optional<SessionConfig> config(TraceVerdict.Replayed replayed, ReplayableGpu gpu) {
        // The finder remembers what it has looked at.
        synchronized (images) {
            return SessionImages.find(replayed.trace().path(), replayed.manifest(), gpu, images, folders)
                            instanceof SessionImages.Search.Found found
                    ? Optional.of(found.config())
                    : Optional.empty();
        }
    }
}
