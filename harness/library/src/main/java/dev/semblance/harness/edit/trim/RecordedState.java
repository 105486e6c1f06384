package dev.semblance.harness.edit.trim;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.record.KnownMemory;
import dev.semblance.harness.replay.pixels.RecordedImage;
import dev.semblance.harness.trace.RequestAssembler;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.text.DecodedCommand;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What state a GPU was in, as its trace tells: which commands there were and what they were answered. No device is asked,
 * so that a fault of the present one does not get into the state.
 *
 * <p>Nor is the reference model: the state follows the recorded answers, also where the rules say otherwise. A device that
 * took an empty rectangle, a detach without a backing or a view larger than its display is one whose trace is worth cutting;
 * the reference would refuse the command, and the trace could not be cut. What is recorded again also needs what no model
 * of the rules keeps: a backing's entries as they were attached, and the format and bytes of a picture that is shown after
 * its image has changed.
 */
public final class RecordedState {

    /** A response's type (VIRTIO 1.2, 5.7.6.7) from here on is an error. */
    private static final int FIRST_ERROR = 0x1200;

    /** The most that a driver does outside of its queues between two resets: far more than any does. */
    private static final int MAX_LIFE = 1 << 16;

    private static final Rect NOTHING = new Rect(0, 0, 0, 0);

    /**
     * Pixels that were shown, apart from the image that they came from.
     *
     * @param bytes as they lie in guest memory, row by row; not to be changed
     */
    public record Picture(long format, int width, int height, byte[] bytes) {

        /** {@return the picture as a scanout shows it, or a cursor} */
        public Frame toFrame(boolean opaque) {
            int[] pixels = new int[width * height];
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(pixels);
            PixelFormat known = PixelFormat.of(format).orElseThrow();
            if (opaque) {
                known.toOpaque(pixels);
            } else {
                known.toArgb(pixels);
            }
            return Frame.ofPixels(width, height, pixels);
        }

        @Override
        public boolean equals(Object object) {
            return object instanceof Picture other
                    && format == other.format
                    && width == other.width
                    && height == other.height
                    && Arrays.equals(bytes, other.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    /** A scanout: what is bound to it, what it shows, and its cursor. */
    public static final class Scanout {
        private long resource;
        private Rect view = NOTHING;
        private Optional<Picture> shown = Optional.empty();
        private long cursorResource;
        private Optional<Picture> cursor = Optional.empty();
        private int cursorX;
        private int cursorY;
        private long hotX;
        private long hotY;

        long resource() {
            return resource;
        }

        Rect view() {
            return view;
        }

        /** {@return what it shows; empty if it is dark} */
        public Optional<Picture> shown() {
            return shown;
        }

        long cursorResource() {
            return cursorResource;
        }

        /** {@return the cursor's image; empty if it is hidden} */
        public Optional<Picture> cursor() {
            return cursor;
        }

        CursorPosition position(int number) {
            return new CursorPosition(number, cursorX, cursorY);
        }

        long hotX() {
            return hotX;
        }

        long hotY() {
            return hotY;
        }

        private void disable() {
            resource = 0;
            view = NOTHING;
            shown = Optional.empty();
        }
    }

    private final int device;
    private final Scanout[] scanouts;
    private final List<TraceEvent> life = new ArrayList<>();
    private final TreeMap<Long, RecordedImage> images = new TreeMap<>();
    private final KnownMemory memory = new KnownMemory();
    private final RequestAssembler requests;
    private long imageBytes;
    private DisplayConfig displays;
    private DisplayConfig displaysAtReset;
    private boolean started;
    private boolean broken;

    /**
     * Makes the state after power-on.
     *
     * @param device its place in the manifest's device list
     * @param displays what it offers from power-on
     */
    public RecordedState(int device, DisplayConfig displays) {
        this.device = device;
        this.displays = displays;
        this.displaysAtReset = displays;
        this.requests = new RequestAssembler(device, RequestAssembler.MAX_BYTES);
        this.scanouts = new Scanout[displays.count()];
        Arrays.setAll(this.scanouts, number -> new Scanout());
    }

    /** {@return what the device offers now} */
    public DisplayConfig displays() {
        return displays;
    }

    /** {@return what it offered at the last reset: with what is in {@link #life} it comes to what it offers now} */
    DisplayConfig displaysAtReset() {
        return displaysAtReset;
    }

    /** {@return what the driver did to the device outside of its queues since the last reset, and the host to its displays} */
    List<TraceEvent> life() {
        return life;
    }

    /** {@return whether DRIVER_OK is set} */
    boolean isStarted() {
        return started;
    }

    /** {@return whether something happened that cannot be told in commands} */
    boolean isBroken() {
        return broken;
    }

    /** {@return the scanouts by their numbers} */
    public List<Scanout> scanouts() {
        return List.of(scanouts);
    }

    /** {@return the images in the order of their numbers} */
    List<RecordedImage> images() {
        return List.copyOf(images.values());
    }

    Optional<RecordedImage> image(long id) {
        return Optional.ofNullable(images.get(id));
    }

    KnownMemory memory() {
        return memory;
    }

    /** Takes the next event. */
    public void take(TraceEvent event) {
        if (!(event instanceof TraceEvent.OfDevice ofDevice) || ofDevice.device() != device) {
            return;
        }
        Optional<RequestAssembler.Request> request = requests.take(ofDevice);
        switch (ofDevice) {
            case TraceEvent.Reset reset -> reset(reset);
            case TraceEvent.Features features -> live(features);
            case TraceEvent.QueueEnabled enabled -> live(enabled);
            case TraceEvent.QueueDisabled disabled -> live(disabled);
            case TraceEvent.QueueReset queueReset -> live(queueReset);
            case TraceEvent.ConfigWrite write -> live(write);
            case TraceEvent.DisplayChange change -> {
                displays = change.appliedTo(displays).orElse(displays);
                live(change);
            }
            case TraceEvent.DriverOk ok -> {
                live(ok);
                started = true;
            }
            case TraceEvent.NeedsReset needed -> broken = true;
            case TraceEvent.Fault fault -> broken = true;
            case TraceEvent.Memory told ->
                told.runs().forEach(run -> memory.learn(run.address(), run.bytes(), 0, run.bytes().length));
            case TraceEvent.RequestPart part -> {}
            case TraceEvent.Command command -> command(command, request);
            case TraceEvent.ConfigRead read -> {}
            case TraceEvent.Notify notify -> {}
            case TraceEvent.Input input -> {}
        }
    }

    private void live(TraceEvent event) {
        if (life.size() < MAX_LIFE) {
            life.add(event);
        } else {
            broken = true;
        }
    }

    private void reset(TraceEvent.Reset reset) {
        displaysAtReset = displays;
        life.clear();
        life.add(reset);
        images.clear();
        imageBytes = 0;
        started = false;
        broken = false;
        Arrays.setAll(scanouts, number -> new Scanout());
    }

    private void command(TraceEvent.Command command, Optional<RequestAssembler.Request> request) {
        if (!(command.payload() instanceof TraceEvent.Payload.Full full)
                || !request.map(RequestAssembler.Request::isWhole).orElse(false)) {
            broken = true; // No device here would have taken it.
            return;
        }
        // A command may have no room for a response: then it is not told how it went, and it is taken to be good.
        if (full.response().length >= Short.BYTES && type(full.response()) >= FIRST_ERROR) {
            return;
        }
        execute(DecodedCommand.of(request.get().bytes()));
    }

    /** {@return the type of a response: also of one that is cut off behind the two bytes which tell good from bad} */
    private static int type(byte[] response) {
        return ByteBuffer.wrap(Arrays.copyOf(response, Integer.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
    }

    private void execute(GpuCommand command) {
        switch (command) {
            case GpuCommand.ResourceCreate2d c -> create(c);
            case GpuCommand.ResourceUnref c -> unref(c.resourceId());
            case GpuCommand.SetScanout c -> setScanout(c);
            case GpuCommand.ResourceFlush c -> flush(c.resourceId());
            case GpuCommand.TransferToHost2d c ->
                image(c.resourceId()).ifPresent(image -> image.transfer(c.rect(), c.offset(), memory));
            case GpuCommand.ResourceAttachBacking c -> image(c.resourceId()).ifPresent(image -> image.attach(c));
            case GpuCommand.ResourceDetachBacking c -> image(c.resourceId()).ifPresent(RecordedImage::detach);
            case GpuCommand.UpdateCursor c -> updateCursor(c);
            case GpuCommand.MoveCursor c -> scanout(c.position().scanoutId()).ifPresent(s -> place(s, c.position()));
            case GpuCommand.GetDisplayInfo c -> {}
            case GpuCommand.GetEdid c -> {}
            case GpuCommand.Unknown c -> {}
            case GpuCommand.Truncated c -> {}
            case GpuCommand.NoHeader c -> {}
        }
    }

    private void create(GpuCommand.ResourceCreate2d command) {
        if (!RecordedImage.isPossible(command, imageBytes) || images.containsKey(command.resourceId())) {
            broken = true; // No device here would have said that all is well.
            return;
        }
        RecordedImage image = new RecordedImage(command);
        imageBytes += image.bytes().length;
        images.put(image.id(), image);
    }

    private void unref(long id) {
        RecordedImage image = images.remove(id);
        if (image == null) {
            return;
        }
        imageBytes -= image.bytes().length;
        for (Scanout scanout : scanouts) {
            if (scanout.resource == id) {
                scanout.disable();
            }
            if (scanout.cursorResource == id) {
                scanout.cursorResource = 0;
                scanout.cursor = Optional.empty();
            }
        }
    }

    private void setScanout(GpuCommand.SetScanout command) {
        scanout(command.scanoutId()).ifPresent(scanout -> {
            Optional<RecordedImage> image = image(command.resourceId());
            if (command.resourceId() == 0) {
                scanout.disable();
            } else if (image.isPresent()
                    && !command.rect().isEmpty()
                    && command.rect().fitsIn(image.get().width(), image.get().height())) {
                scanout.resource = command.resourceId();
                scanout.view = command.rect();
            }
        });
    }

    private void flush(long id) {
        Optional<RecordedImage> image = image(id);
        if (image.isEmpty()) {
            return;
        }
        for (Scanout scanout : scanouts) {
            if (scanout.resource == id) {
                Rect view = scanout.view;
                scanout.shown = Optional.of(new Picture(
                        image.get().format(),
                        (int) view.width(),
                        (int) view.height(),
                        RecordedImage.part(image.get(), view)));
            }
        }
    }

    private void updateCursor(GpuCommand.UpdateCursor command) {
        scanout(command.position().scanoutId()).ifPresent(scanout -> {
            Optional<RecordedImage> image = image(command.resourceId());
            if (image.isEmpty() && command.resourceId() != 0) {
                return;
            }
            place(scanout, command.position());
            scanout.hotX = command.hotX();
            scanout.hotY = command.hotY();
            if (image.isPresent()
                    && (image.get().width() != CursorPlane.SIZE || image.get().height() != CursorPlane.SIZE)) {
                return;
            }
            scanout.cursorResource = command.resourceId();
            scanout.cursor = image.map(of ->
                    new Picture(of.format(), of.width(), of.height(), of.bytes().clone()));
        });
    }

    private static void place(Scanout scanout, CursorPosition position) {
        scanout.cursorX = position.x();
        scanout.cursorY = position.y();
    }

    private Optional<Scanout> scanout(long number) {
        return number < scanouts.length ? Optional.of(scanouts[(int) number]) : Optional.empty();
    }
}
