package dev.semblance.harness.playback.blame;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.GpuCommand.ResourceAttachBacking;
import dev.semblance.gpu.protocol.GpuCommand.ResourceCreate2d;
import dev.semblance.gpu.protocol.GpuCommand.ResourceFlush;
import dev.semblance.gpu.protocol.GpuCommand.SetScanout;
import dev.semblance.gpu.protocol.GpuCommand.TransferToHost2d;
import dev.semblance.gpu.protocol.GpuCommand.UpdateCursor;
import dev.semblance.gpu.protocol.GpuResponse;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.RequestAssembler;
import dev.semblance.harness.trace.RequestAssembler.Request;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.text.DecodedCommand;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which command each plane of each scanout owes its picture to, without the pixels: made of a trace's events, by the recorded
 * answers.
 */
final class PlaneState {

    /** Told of each transfer that was done. */
    @FunctionalInterface
    interface TransferListener {
        void transferred(Image image, GpuStep<TransferToHost2d> transfer);
    }

    /** An image from its creation on; another one of the same number is another one. */
    static final class Image {
        private final GpuStep<ResourceCreate2d> created;
        private Optional<GpuStep<ResourceAttachBacking>> attached = Optional.empty();

        Image(GpuStep<ResourceCreate2d> created) {
            this.created = created;
        }

        GpuStep<ResourceCreate2d> created() {
            return created;
        }

        Optional<GpuStep<ResourceAttachBacking>> attached() {
            return attached;
        }

        boolean contains(Rect rect) {
            ResourceCreate2d size = created.command();
            return !rect.isEmpty()
                    && rect.x() + rect.width() <= size.width()
                    && rect.y() + rect.height() <= size.height();
        }

        boolean isCursor() {
            return created.command().width() == CursorPlane.SIZE
                    && created.command().height() == CursorPlane.SIZE;
        }
    }

    /** What is on the primary plane since a flush. */
    record Shown(Image image, GpuStep<SetScanout> bound, GpuStep<ResourceFlush> flush) {
        Rect view() {
            return bound.command().rect();
        }
    }

    /** What is on the cursor plane, and where. */
    record ShownCursor(Optional<CursorImage> image, CursorPosition position) {}

    /** The copy of an image. */
    record CursorImage(Image image, GpuStep<UpdateCursor> update) {}

    private static final class Scanout {
        private Optional<Bound> bound = Optional.empty();
        private Optional<Shown> shown = Optional.empty();
        private Optional<ShownCursor> cursor = Optional.empty();

        void disable() {
            bound = Optional.empty();
            shown = Optional.empty();
        }
    }

    private record Bound(Image image, GpuStep<SetScanout> by) {}

    private final int device;
    private final TransferListener listener;
    private final RequestAssembler requests;
    private final Scanout[] scanouts;
    private final TreeMap<Long, Image> images = new TreeMap<>();
    private DisplayConfig displays;

    PlaneState(ReplayableGpu gpu, TransferListener listener) {
        this.device = gpu.device();
        this.displays = gpu.displays();
        this.listener = listener;
        this.requests = new RequestAssembler(device, RequestAssembler.MAX_BYTES);
        this.scanouts = new Scanout[displays.count()];
        Arrays.setAll(scanouts, number -> new Scanout());
    }

    DisplayConfig displays() {
        return displays;
    }

    Optional<Shown> shown(int scanout) {
        return scanouts[scanout].shown;
    }

    Optional<ShownCursor> cursor(int scanout) {
        return scanouts[scanout].cursor;
    }

    /** Takes the next event of the trace. */
    void take(Stamped event) {
        if (!(event.event() instanceof TraceEvent.OfDevice ofDevice) || ofDevice.device() != device) {
            return;
        }
        Optional<Request> request = requests.take(ofDevice);
        switch (ofDevice) {
            case TraceEvent.Reset reset -> {
                images.clear();
                Arrays.setAll(scanouts, number -> new Scanout());
            }
            case TraceEvent.DisplayChange change ->
                displays = change.appliedTo(displays).orElse(displays);
            case TraceEvent.Command command -> {
                if (command.payload() instanceof Payload.Full full
                        && request.map(Request::isWhole).orElse(false)
                        && !(ResponseCodec.decode(full.response()) instanceof GpuResponse.Refused)) {
                    execute(event, DecodedCommand.of(request.orElseThrow().bytes()));
                }
            }
            default -> {
                // It says nothing of planes.
            }
        }
    }

    private static <C extends GpuCommand> GpuStep<C> step(Stamped event, C command) {
        return new GpuStep<>(event.sequence(), event.cycle(), command);
    }

    private void execute(Stamped event, GpuCommand command) {
        switch (command) {
            case ResourceCreate2d c -> images.putIfAbsent(c.resourceId(), new Image(step(event, c)));
            case GpuCommand.ResourceUnref c -> unref(c.resourceId());
            case SetScanout c -> setScanout(step(event, c));
            case ResourceFlush c ->
                image(c.resourceId())
                        .filter(image -> image.contains(c.rect()))
                        .ifPresent(image -> flush(image, step(event, c)));
            case TransferToHost2d c ->
                image(c.resourceId())
                        .filter(image -> image.contains(c.rect()))
                        .ifPresent(image -> listener.transferred(image, step(event, c)));
            case ResourceAttachBacking c ->
                image(c.resourceId()).ifPresent(image -> image.attached = Optional.of(step(event, c)));
            case GpuCommand.ResourceDetachBacking c ->
                image(c.resourceId()).ifPresent(image -> image.attached = Optional.empty());
            case UpdateCursor c -> updateCursor(step(event, c));
            case GpuCommand.MoveCursor c ->
                scanout(c.position().scanoutId())
                        .ifPresent(scanout -> scanout.cursor =
                                scanout.cursor.map(cursor -> new ShownCursor(cursor.image(), c.position())));
            case GpuCommand.GetDisplayInfo c -> {}
            case GpuCommand.GetEdid c -> {}
            case GpuCommand.Unknown c -> {}
            case GpuCommand.Truncated c -> {}
            case GpuCommand.NoHeader c -> {}
        }
    }

    private Optional<Image> image(long id) {
        return Optional.ofNullable(images.get(id));
    }

    private Optional<Scanout> scanout(long number) {
        return number < scanouts.length ? Optional.of(scanouts[(int) number]) : Optional.empty();
    }

    private void unref(long id) {
        Optional<Image> gone = Optional.ofNullable(images.remove(id));
        for (Scanout scanout : scanouts) {
            if (scanout.bound.map(Bound::image).equals(gone)) {
                scanout.disable();
            }
            if (scanout.cursor
                    .flatMap(ShownCursor::image)
                    .map(CursorImage::image)
                    .equals(gone)) {
                scanout.cursor = scanout.cursor.map(cursor -> new ShownCursor(Optional.empty(), cursor.position()));
            }
        }
    }

    private void setScanout(GpuStep<SetScanout> step) {
        scanout(step.command().scanoutId()).ifPresent(scanout -> {
            Optional<Image> image = image(step.command().resourceId());
            if (step.command().resourceId() == 0) {
                scanout.disable();
            } else if (image.isPresent() && image.get().contains(step.command().rect())) {
                scanout.bound = Optional.of(new Bound(image.get(), step));
            }
        });
    }

    private void flush(Image image, GpuStep<ResourceFlush> step) {
        for (Scanout scanout : scanouts) {
            scanout.bound
                    .filter(bound -> bound.image().equals(image))
                    .ifPresent(bound -> scanout.shown = Optional.of(new Shown(image, bound.by(), step)));
        }
    }

    private void updateCursor(GpuStep<UpdateCursor> step) {
        scanout(step.command().position().scanoutId()).ifPresent(scanout -> {
            Optional<CursorImage> before = scanout.cursor.flatMap(ShownCursor::image);
            Optional<Image> image = image(step.command().resourceId());
            Optional<CursorImage> after = step.command().resourceId() == 0
                    ? Optional.empty()
                    : image.filter(Image::isCursor)
                            .map(copied -> new CursorImage(copied, step))
                            .or(() -> before);
            scanout.cursor = Optional.of(new ShownCursor(after, step.command().position()));
        });
    }
}
