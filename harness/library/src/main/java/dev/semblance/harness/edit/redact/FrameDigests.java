package dev.semblance.harness.edit.redact;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.Composition;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.edit.trim.RecordedState;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Gives pictures the digests that they have with other pixels, as the recorded commands and answers lead to them. In a
 * trace a picture comes before the command that showed it; so events wait for that.
 */
final class FrameDigests {

    /** So many events wait at most; no command shows more. */
    private static final int MAX_HELD = 4096;

    /** What waits has no more bytes than this: the longest request, and the memory that a command reads besides. */
    private static final long MAX_HELD_BYTES = 16 << 20;

    private final int gpu;
    private final RecordedState state;
    private final EventSink sink;
    private final List<Stamped> held = new ArrayList<>();
    private long heldBytes;
    private final List<Optional<Frame>> primaries = new ArrayList<>();
    private final CursorPlane[] cursors;

    FrameDigests(int gpu, DisplayConfig displays, EventSink sink) {
        this.gpu = gpu;
        this.state = new RecordedState(gpu, displays);
        this.sink = sink;
        for (int i = 0; i < displays.count(); i++) {
            primaries.add(Optional.empty());
        }
        this.cursors = new CursorPlane[displays.count()];
        Arrays.fill(cursors, CursorPlane.HIDDEN);
    }

    void take(Stamped event) {
        boolean done = event.event() instanceof TraceEvent.OfDevice ofDevice
                && ofDevice.device() == gpu
                && !(event.event() instanceof TraceEvent.Memory)
                && !(event.event() instanceof TraceEvent.RequestPart);
        state.take(event.event());
        boolean waits = event.event() instanceof TraceEvent.Flush || event.event() instanceof TraceEvent.Cursor;
        if (!waits && held.isEmpty()) {
            pass(event);
            return;
        }
        held.add(event);
        heldBytes += bytes(event.event());
        if (done
                || event.event() instanceof TraceEvent.Snapshot
                || held.size() > MAX_HELD
                || heldBytes > MAX_HELD_BYTES) {
            passHeld();
        }
    }

    private static long bytes(TraceEvent event) {
        return switch (event) {
            case TraceEvent.Memory memory ->
                memory.runs().stream().mapToLong(run -> run.bytes().length).sum();
            case TraceEvent.RequestPart part -> part.bytes().length;
            case TraceEvent.ConsoleInput input -> input.bytes().length;
            case TraceEvent.Command command ->
                command.payload() instanceof TraceEvent.Payload.Full full
                        ? (long) full.request().length + full.response().length
                        : 0;
            default -> 0;
        };
    }

    void end() {
        passHeld();
    }

    private void passHeld() {
        held.forEach(this::pass);
        held.clear();
        heldBytes = 0;
    }

    private void pass(Stamped stamped) {
        sink.accept(
                stamped.cycle(),
                switch (stamped.event()) {
                    case TraceEvent.Flush flush -> flush(flush);
                    case TraceEvent.Cursor cursor -> cursor(cursor);
                    case TraceEvent.Snapshot snapshot -> snapshot(snapshot);
                    case TraceEvent.ScanoutDisabled disabled -> {
                        if (disabled.scanout() < primaries.size()) {
                            primaries.set(disabled.scanout(), Optional.empty());
                        }
                        yield disabled;
                    }
                    case TraceEvent other -> other;
                });
    }

    private Optional<RecordedState.Scanout> scanout(int number) {
        return number < cursors.length ? Optional.of(state.scanouts().get(number)) : Optional.empty();
    }

    private TraceEvent flush(TraceEvent.Flush flush) {
        Optional<Frame> frame = scanout(flush.scanout())
                .flatMap(RecordedState.Scanout::shown)
                .filter(picture -> picture.width() == flush.width() && picture.height() == flush.height())
                .map(picture -> picture.toFrame(true));
        frame.ifPresent(shown -> primaries.set(flush.scanout(), frame));
        return new TraceEvent.Flush(
                flush.scanout(),
                flush.width(),
                flush.height(),
                frame.map(Frame::digest).orElse(0L));
    }

    private TraceEvent cursor(TraceEvent.Cursor cursor) {
        Optional<Frame> image = cursor.image().isEmpty()
                ? Optional.empty()
                : scanout(cursor.scanout())
                        .flatMap(RecordedState.Scanout::cursor)
                        .map(picture -> picture.toFrame(false));
        if (cursor.scanout() < cursors.length) {
            cursors[cursor.scanout()] = new CursorPlane(image, cursor.x(), cursor.y(), cursor.hotX(), cursor.hotY());
        }
        OptionalLong digest = cursor.image().isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(image.map(Frame::digest).orElse(0L));
        return new TraceEvent.Cursor(cursor.scanout(), digest, cursor.x(), cursor.y(), cursor.hotX(), cursor.hotY());
    }

    private TraceEvent snapshot(TraceEvent.Snapshot snapshot) {
        if (snapshot.scanout() >= cursors.length) {
            return new TraceEvent.Snapshot(
                    snapshot.label(), snapshot.scanout(), snapshot.width(), snapshot.height(), 0);
        }
        int number = snapshot.scanout();
        Frame picture = Composition.compose(
                primaries.get(number),
                cursors[number],
                state.displays().display(number).width(),
                state.displays().display(number).height());
        long digest =
                picture.width() == snapshot.width() && picture.height() == snapshot.height() ? picture.digest() : 0;
        return new TraceEvent.Snapshot(snapshot.label(), number, snapshot.width(), snapshot.height(), digest);
    }
}
