package dev.semblance.harness.replay;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.replay.pixels.DamageView;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Hands on the moments of a replay with other pictures: what the flushes of the trace brought ({@link DamageView}). What the
 * device does is compared with the trace as ever. Changes between flushes are not told, since they have no place in the trace.
 */
public final class DamagedPictures implements FrameObserver {

    private final TraceReader reader;
    private final int device;
    private final DamageView view;
    private final FrameObserver next;
    private Optional<Stamped> ahead;

    /**
     * Makes one.
     *
     * @param reader the trace that is replayed, at its start: another reader than the replay's; it is not closed
     * @param gpu the GPU of its manifest
     * @param next takes the pictures
     * @throws IOException if the trace cannot be read
     */
    public DamagedPictures(TraceReader reader, ReplayableGpu gpu, FrameObserver next) throws IOException {
        this.reader = reader;
        this.device = gpu.device();
        this.view = new DamageView(gpu);
        this.next = next;
        this.ahead = reader.next();
    }

    @Override
    public void snapshot(TraceEvent.Snapshot recorded, Frame picture) {
        // Snapshots are told in their order, and none is left out before one that is told.
        while (ahead.isPresent() && !ahead.get().event().equals(recorded)) {
            take();
        }
        if (ahead.isPresent()) {
            take();
        }
        next.snapshot(recorded, view.picture(recorded.scanout()));
    }

    @Override
    public void shown(long sequence, int scanout, Supplier<Frame> picture) {
        next.shown(sequence, scanout, () -> {
            passUpTo(sequence + 1);
            return view.picture(scanout);
        });
    }

    @Override
    public void reached(long sequence, int scanouts, IntFunction<Optional<Frame>> picture) {
        next.reached(sequence, scanouts, scanout -> {
            passUpTo(sequence);
            return view.isSeen(scanout) ? Optional.of(view.picture(scanout)) : Optional.empty();
        });
    }

    /** Takes all events before this number, and the command that the last of them is the doing of. */
    private void passUpTo(long sequence) {
        boolean flushed = false;
        while (ahead.isPresent() && (ahead.get().sequence() < sequence || flushed)) {
            TraceEvent event = ahead.get().event();
            // A flush is told before the command that asks for it.
            flushed = event instanceof TraceEvent.Flush || flushed && !isCommand(event);
            take();
        }
    }

    private boolean isCommand(TraceEvent event) {
        return event instanceof TraceEvent.Command command && command.device() == device;
    }

    private void take() {
        view.take(ahead.orElseThrow().event());
        try {
            ahead = reader.next();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
