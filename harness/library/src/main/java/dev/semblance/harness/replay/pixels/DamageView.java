package dev.semblance.harness.replay.pixels;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.Composition;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.model.Gpu2d;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.GpuResponse;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.harness.record.KnownMemory;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.RequestAssembler;
import dev.semblance.harness.trace.RequestAssembler.Request;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.text.DecodedCommand;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What scanouts would show if a flush brought its rectangle and nothing else (VIRTIO 1.2, 5.7.6.8, RESOURCE_FLUSH). Devices
 * may show the whole screen at every flush, and most do: so a driver that flushes the wrong rectangle looks right. Here it
 * does not. Pixels that no flush has brought, or that nothing was ever written to, are {@linkplain #UNKNOWN magenta}.
 *
 * <p>Made of a trace's events alone, by the recorded answers. One thread at a time.
 */
public final class DamageView {

    /** The colour of pixels that nothing brought: magenta, as in every picture of a difference. */
    public static final int UNKNOWN = 0xffff_00ff;

    /** An image, and which of its pixels were written. */
    private record Image(RecordedImage recorded, PixelSet written) {}

    /** What a scanout shows. */
    private static final class Scanout {
        private Optional<Image> image = Optional.empty();
        private Rect view = new Rect(0, 0, 0, 0);
        private Optional<Picture> shown = Optional.empty();
        private Optional<Image> cursorImage = Optional.empty();
        private CursorPlane cursor = CursorPlane.HIDDEN;

        void disable() {
            image = Optional.empty();
            shown = Optional.empty();
        }

        boolean shows(long resource) {
            return image.isPresent() && image.get().recorded().id() == resource;
        }
    }

    /** Pixels on the screen: opaque ARGB, row by row. */
    private record Picture(int width, int height, int[] pixels) {
        static Picture unknown(Rect view) {
            int[] pixels = new int[(int) (view.width() * view.height())];
            Arrays.fill(pixels, UNKNOWN);
            return new Picture((int) view.width(), (int) view.height(), pixels);
        }

        boolean fits(Rect view) {
            return width == view.width() && height == view.height();
        }
    }

    private final int device;
    private DisplayConfig displays;
    private final Scanout[] scanouts;
    private final TreeMap<Long, Image> images = new TreeMap<>();
    private final KnownMemory memory = new KnownMemory();
    private final RequestAssembler requests;
    private long imageBytes;

    /**
     * Makes the view after power-on: all scanouts are dark.
     *
     * @param gpu the GPU that the events are of
     */
    public DamageView(ReplayableGpu gpu) {
        this(gpu.device(), gpu.displays());
    }

    /**
     * Makes the view after power-on: all scanouts are dark.
     *
     * @param device its place in the manifest's device list
     * @param displays what it offers
     */
    public DamageView(int device, DisplayConfig displays) {
        this.device = device;
        this.displays = displays;
        this.scanouts = new Scanout[displays.count()];
        Arrays.setAll(scanouts, number -> new Scanout());
        this.requests = new RequestAssembler(device, RequestAssembler.MAX_BYTES);
    }

    /**
     * {@return what a scanout shows, with its cursor; black in the display's size while it is dark}
     *
     * @param scanout the number of the scanout, from 0
     */
    public Frame picture(int scanout) {
        Display display = displays.display(scanout);
        return Composition.compose(primary(scanout), scanouts[scanout].cursor, display.width(), display.height());
    }

    /**
     * {@return whether there is something to look at: a display, or what the driver leaves where one was}
     *
     * @param scanout the number of the scanout, from 0
     */
    public boolean isSeen(int scanout) {
        return displays.display(scanout).hasPicture(scanouts[scanout].shown.isPresent());
    }

    /**
     * {@return what a scanout shows without its cursor; empty while it is dark}
     *
     * @param scanout the number of the scanout, from 0
     */
    public Optional<Frame> primary(int scanout) {
        return scanouts[scanout].shown.map(shown ->
                Frame.ofPixels(shown.width(), shown.height(), shown.pixels().clone()));
    }

    /**
     * Takes the next event of the trace.
     *
     * @param event what happened
     */
    public void take(TraceEvent event) {
        if (!(event instanceof TraceEvent.OfDevice ofDevice) || ofDevice.device() != device) {
            return;
        }
        Optional<Request> request = requests.take(ofDevice);
        switch (ofDevice) {
            case TraceEvent.Reset reset -> reset();
            case TraceEvent.DisplayChange change ->
                displays = change.appliedTo(displays).orElse(displays);
            case TraceEvent.Memory told ->
                told.runs().forEach(run -> memory.learn(run.address(), run.bytes(), 0, run.bytes().length));
            case TraceEvent.Command command -> {
                if (command.payload() instanceof Payload.Full full
                        && request.map(Request::isWhole).orElse(false)
                        && !(ResponseCodec.decode(full.response()) instanceof GpuResponse.Refused)) {
                    execute(DecodedCommand.of(request.orElseThrow().bytes()));
                }
            }
            default -> {
                // It changes no pixel.
            }
        }
    }

    private void reset() {
        images.clear();
        imageBytes = 0;
        Arrays.setAll(scanouts, number -> new Scanout());
    }

    private void execute(GpuCommand command) {
        switch (command) {
            case GpuCommand.ResourceCreate2d c -> create(c);
            case GpuCommand.ResourceUnref c -> unref(c.resourceId());
            case GpuCommand.SetScanout c -> setScanout(c);
            case GpuCommand.ResourceFlush c -> image(c.resourceId()).ifPresent(image -> flush(image, c.rect()));
            case GpuCommand.TransferToHost2d c ->
                image(c.resourceId()).filter(image -> contains(image, c.rect())).ifPresent(image -> {
                    image.recorded().transfer(c.rect(), c.offset(), memory);
                    image.written().add(c.rect());
                });
            case GpuCommand.ResourceAttachBacking c ->
                image(c.resourceId()).ifPresent(image -> image.recorded().attach(c));
            case GpuCommand.ResourceDetachBacking c ->
                image(c.resourceId()).ifPresent(image -> image.recorded().detach());
            case GpuCommand.UpdateCursor c -> updateCursor(c);
            case GpuCommand.MoveCursor c ->
                scanout(c.position().scanoutId())
                        .ifPresent(scanout -> scanout.cursor =
                                placed(scanout.cursor, c.position(), scanout.cursor.hotX(), scanout.cursor.hotY()));
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

    private static boolean contains(Image image, Rect rect) {
        return !rect.isEmpty()
                && rect.fitsIn(image.recorded().width(), image.recorded().height());
    }

    private void create(GpuCommand.ResourceCreate2d command) {
        if (!RecordedImage.isPossible(command, imageBytes)
                || images.size() >= Gpu2d.MAX_RESOURCES
                || images.containsKey(command.resourceId())) {
            return; // No device here would have said that all is well.
        }
        Image image =
                new Image(new RecordedImage(command), new PixelSet((int) command.width(), (int) command.height()));
        imageBytes += image.recorded().bytes().length;
        images.put(command.resourceId(), image);
    }

    private void unref(long id) {
        Optional<Image> gone = Optional.ofNullable(images.remove(id));
        if (gone.isEmpty()) {
            return;
        }
        imageBytes -= gone.get().recorded().bytes().length;
        for (Scanout scanout : scanouts) {
            if (scanout.shows(id)) {
                scanout.disable();
            }
            if (scanout.cursorImage.isPresent()
                    && scanout.cursorImage.get().recorded().id() == id) {
                scanout.cursorImage = Optional.empty();
                CursorPlane old = scanout.cursor;
                scanout.cursor = new CursorPlane(Optional.empty(), old.x(), old.y(), old.hotX(), old.hotY());
            }
        }
    }

    private void setScanout(GpuCommand.SetScanout command) {
        scanout(command.scanoutId()).ifPresent(scanout -> {
            Optional<Image> image = image(command.resourceId());
            if (command.resourceId() == 0) {
                scanout.disable();
            } else if (image.isPresent() && contains(image.get(), command.rect())) {
                // What is on the screen stays there until a flush brings something else.
                scanout.image = image;
                scanout.view = command.rect();
            }
        });
    }

    private void flush(Image image, Rect rect) {
        if (!contains(image, rect)) {
            return;
        }
        for (Scanout scanout : scanouts) {
            if (scanout.shows(image.recorded().id())) {
                Picture picture = scanout.shown
                        .filter(shown -> shown.fits(scanout.view))
                        .orElseGet(() -> Picture.unknown(scanout.view));
                bring(image, rect, scanout.view, picture);
                scanout.shown = Optional.of(picture);
            }
        }
    }

    private static void bring(Image image, Rect rect, Rect view, Picture picture) {
        int left = (int) Math.max(rect.x(), view.x());
        int right = (int) Math.min(rect.x() + rect.width(), view.x() + view.width());
        int top = (int) Math.max(rect.y(), view.y());
        int bottom = (int) Math.min(rect.y() + rect.height(), view.y() + view.height());
        for (int y = top; y < bottom && left < right; y++) {
            int[] row = pixels(image, left, y, right - left, true);
            int to = (int) ((y - view.y()) * view.width() + left - view.x());
            System.arraycopy(row, 0, picture.pixels(), to, row.length);
        }
    }

    /** {@return pixels of a row as ARGB} */
    private static int[] pixels(Image image, int left, int y, int count, boolean opaque) {
        RecordedImage recorded = image.recorded();
        int[] row = new int[count];
        ByteBuffer.wrap(recorded.bytes())
                .order(ByteOrder.LITTLE_ENDIAN)
                .position((y * recorded.width() + left) * PixelFormat.BYTES_PER_PIXEL)
                .asIntBuffer()
                .get(row);
        PixelFormat format = PixelFormat.of(recorded.format()).orElseThrow();
        if (opaque) {
            format.toOpaque(row);
        } else {
            format.toArgb(row);
        }
        for (int x = 0; x < count; x++) {
            if (!image.written().contains(left + x, y)) {
                row[x] = UNKNOWN;
            }
        }
        return row;
    }

    private void updateCursor(GpuCommand.UpdateCursor command) {
        scanout(command.position().scanoutId()).ifPresent(scanout -> {
            Optional<Image> image = image(command.resourceId());
            if (image.isEmpty() && command.resourceId() != 0) {
                return;
            }
            Optional<Frame> plane = scanout.cursor.image();
            if (image.isEmpty()) {
                scanout.cursorImage = image;
                plane = Optional.empty();
            } else if (contains(image.get(), new Rect(0, 0, CursorPlane.SIZE, CursorPlane.SIZE))
                    && image.get().recorded().width() == CursorPlane.SIZE
                    && image.get().recorded().height() == CursorPlane.SIZE) {
                scanout.cursorImage = image;
                plane = Optional.of(cursor(image.get()));
            }
            CursorPlane next = new CursorPlane(plane, 0, 0, 0, 0);
            scanout.cursor = placed(next, command.position(), (int) command.hotX(), (int) command.hotY());
        });
    }

    private static Frame cursor(Image image) {
        int[] pixels = new int[CursorPlane.SIZE * CursorPlane.SIZE];
        for (int y = 0; y < CursorPlane.SIZE; y++) {
            int[] row = pixels(image, 0, y, CursorPlane.SIZE, false);
            System.arraycopy(row, 0, pixels, y * CursorPlane.SIZE, CursorPlane.SIZE);
        }
        return Frame.ofPixels(CursorPlane.SIZE, CursorPlane.SIZE, pixels);
    }

    private static CursorPlane placed(CursorPlane cursor, CursorPosition position, int hotX, int hotY) {
        return new CursorPlane(cursor.image(), position.x(), position.y(), hotX, hotY);
    }
}
