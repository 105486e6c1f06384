package dev.semblance.harness.edit.lint;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.model.Gpu2d;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.gpu.protocol.ErrorCode;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.GpuResponse;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.harness.edit.lint.FindingList.Place;
import dev.semblance.harness.edit.lint.LintedImage.Left;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.text.GpuText;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.virtio.Descriptor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The rules on commands (VIRTIO 1.2, 5.7.6). What the GPU's state is after a command follows from its recorded answer: one
 * that was refused changes nothing.
 */
final class CommandRules {

    /** More ids are not remembered: a driver that is refused so often is told so anyway. */
    private static final int MAX_REFUSED = 4096;

    /** More fences are not under way at a time. */
    private static final int MAX_FENCES = 4096;

    /** What all images together may have, in pixels: more than a device gives, so that no trace takes our memory. */
    private static final long MAX_PIXELS = 2 * Gpu2d.MAX_IMAGE_BYTES / PixelFormat.BYTES_PER_PIXEL;

    private final FindingList findings;
    private final TransportRules transport;
    private final Scanout[] scanouts;
    private final TreeMap<Long, LintedImage> images = new TreeMap<>();
    private final TreeSet<Long> refused = new TreeSet<>();
    private final TreeSet<Long> fences = new TreeSet<>(Long::compareUnsigned);
    private Optional<Long> highestFence = Optional.empty();
    private long pixels;

    /** What a scanout shows. */
    private static final class Scanout {
        private Optional<LintedImage> image = Optional.empty();
        private Rect view = new Rect(0, 0, 0, 0);

        /** Where it was set to what it shows, until a flush lights it. */
        private Optional<Place> unlit = Optional.empty();

        private boolean unwrittenTold;

        boolean shows(LintedImage other) {
            return image.isPresent() && image.get().id() == other.id();
        }

        void disable() {
            image = Optional.empty();
            unlit = Optional.empty();
        }
    }

    CommandRules(int scanouts, FindingList findings, TransportRules transport) {
        this.findings = findings;
        this.transport = transport;
        this.scanouts = new Scanout[scanouts];
        Arrays.setAll(this.scanouts, number -> new Scanout());
    }

    /** The device is reset: what was not shown by now never is. */
    void reset(Place at) {
        for (int number = 0; number < scanouts.length; number++) {
            leave(number);
            scanouts[number].disable();
        }
        if (transport.isStarted() && !images.isEmpty()) {
            findings.add(
                    LintRule.RESOURCE_LEAKED,
                    at,
                    Text.format(
                            "the device is reset with %d resource%s, the first of them %d",
                            images.size(), images.size() == 1 ? "" : "s", images.firstKey()));
        }
        images.clear();
        refused.clear();
        fences.clear();
        highestFence = Optional.empty();
        pixels = 0;
    }

    /**
     * The trace is over.
     *
     * @param sure whether the driver has said all that it wanted to, at the time of a command
     */
    void end(Predicate<Place> sure) {
        for (int number = 0; number < scanouts.length; number++) {
            Scanout scanout = scanouts[number];
            scanout.unlit = scanout.unlit.filter(sure);
            boolean written = scanout.image
                    .flatMap(LintedImage::lastTransfer)
                    .filter(sure)
                    .isPresent();
            if (written || scanout.unlit.isPresent()) {
                leave(number);
            }
        }
    }

    /** The queue has been worked off: no command is under way. */
    void batchEnds() {
        fences.clear();
    }

    /**
     * Takes a command.
     *
     * @param response what the device wrote
     * @param command what the request says
     */
    void take(Command event, byte[] response, GpuCommand command, Place at) {
        Optional<CommandType> type = CommandCodec.typeOf(command);
        boolean cursorQueue = event.queue() == VirtioGpuDevice.CURSOR_QUEUE;
        if (type.isPresent() && type.get().isForCursorQueue() != cursorQueue) {
            findings.add(
                    LintRule.WRONG_QUEUE, at, Text.format("%s on %s", type.get(), TransportRules.queue(event.queue())));
        }
        negotiated(command, at);
        fence(command.header(), at);
        room(event, command, at);
        if (ResponseCodec.decode(response) instanceof GpuResponse.Refused answer) {
            refused(command, answer.code(), at);
        } else {
            execute(command, at);
        }
    }

    private void negotiated(GpuCommand command, Place at) {
        if (command instanceof GpuCommand.GetEdid && !transport.has(VirtioGpuDevice.FEATURE_EDID)) {
            findings.add(LintRule.FEATURE_NOT_NEGOTIATED, at, "GET_EDID, and VIRTIO_GPU_F_EDID was not negotiated");
        }
        if (command instanceof GpuCommand.Unknown unknown) {
            findings.add(
                    LintRule.FEATURE_NOT_NEGOTIATED,
                    at,
                    Text.format("command 0x%x, which no feature that was negotiated has", unknown.type()));
        }
        int flags = command.header().flags() & ~Header.FENCE;
        if (flags != 0) {
            findings.add(
                    LintRule.HEADER_FLAGS,
                    at,
                    Text.format("%s with flags 0x%x, of which a 2D device knows no one", name(command), flags));
        }
    }

    private void fence(Header header, Place at) {
        if (!header.isFenced()) {
            return;
        }
        String id = Long.toUnsignedString(header.fenceId());
        if (fences.contains(header.fenceId())) {
            findings.add(LintRule.FENCE_REUSED, at, "fence " + id + " is that of another command of the batch");
        } else if (highestFence.isPresent() && Long.compareUnsigned(header.fenceId(), highestFence.get()) < 0) {
            findings.add(
                    LintRule.FENCE_BACKWARDS,
                    at,
                    "fence " + id + " comes after fence " + Long.toUnsignedString(highestFence.get()));
        }
        if (fences.size() < MAX_FENCES) {
            fences.add(header.fenceId());
        }
        highestFence = Optional.of(highestFence
                .filter(last -> Long.compareUnsigned(last, header.fenceId()) > 0)
                .orElse(header.fenceId()));
    }

    private void room(Command event, GpuCommand command, Place at) {
        long room = event.descriptors().stream()
                .filter(descriptor -> descriptor.isWritable() && !descriptor.isIndirect())
                .mapToLong(Descriptor::length)
                .sum();
        int wanted = ResponseCodec.bytes(command);
        // Drivers want no response to cursors, and leave its buffer out.
        boolean unwanted = room == 0 && event.queue() == VirtioGpuDevice.CURSOR_QUEUE;
        if (room < wanted && !unwanted) {
            findings.add(
                    LintRule.RESPONSE_ROOM,
                    at,
                    Text.format("%s has %d bytes for a response of %d", name(command), room, wanted));
        }
    }

    private void refused(GpuCommand command, ErrorCode code, Place at) {
        Optional<Long> resource = resource(command);
        if (resource.isPresent() && refused.contains(resource.get())) {
            findings.add(
                    LintRule.ERROR_IGNORED,
                    at,
                    Text.format(
                            "%s of resource %d is refused with ERR_%s, as an earlier command for it was",
                            name(command), resource.get(), code));
            return;
        }
        findings.add(LintRule.COMMAND_REFUSED, at, Text.format("%s is refused with ERR_%s", name(command), code));
        // What was there before is sound.
        boolean lasting = switch (command) {
            case GpuCommand.ResourceCreate2d c -> image(c.resourceId()).isEmpty();
            case GpuCommand.ResourceAttachBacking c ->
                !image(c.resourceId()).map(LintedImage::isBacked).orElse(false);
            default -> false;
        };
        if (lasting && resource.isPresent() && refused.size() < MAX_REFUSED) {
            refused.add(resource.get());
        }
    }

    private static Optional<Long> resource(GpuCommand command) {
        return switch (command) {
            case GpuCommand.ResourceCreate2d c -> Optional.of(c.resourceId());
            case GpuCommand.ResourceUnref c -> Optional.of(c.resourceId());
            case GpuCommand.SetScanout c -> Optional.of(c.resourceId());
            case GpuCommand.ResourceFlush c -> Optional.of(c.resourceId());
            case GpuCommand.TransferToHost2d c -> Optional.of(c.resourceId());
            case GpuCommand.ResourceAttachBacking c -> Optional.of(c.resourceId());
            case GpuCommand.ResourceDetachBacking c -> Optional.of(c.resourceId());
            case GpuCommand.UpdateCursor c -> Optional.of(c.resourceId());
            default -> Optional.empty();
        };
    }

    /** Devices refuse such a rectangle; where one does not, the picture is anybody's guess. */
    private void outside(GpuCommand command, long id, Rect rect, Place at) {
        image(id)
                .filter(image -> !image.contains(rect))
                .ifPresent(image -> findings.add(
                        LintRule.RECTANGLE_OUTSIDE_RESOURCE,
                        at,
                        Text.format(
                                "%s of %s; resource %d has %dx%d",
                                name(command), GpuText.rect(rect), id, image.width(), image.height())));
    }

    private void execute(GpuCommand command, Place at) {
        switch (command) {
            case GpuCommand.SetScanout c -> outside(c, c.resourceId(), c.rect(), at);
            case GpuCommand.ResourceFlush c -> outside(c, c.resourceId(), c.rect(), at);
            case GpuCommand.TransferToHost2d c -> outside(c, c.resourceId(), c.rect(), at);
            default -> {
                // It has no rectangle.
            }
        }
        switch (command) {
            case GpuCommand.ResourceCreate2d c -> create(c);
            case GpuCommand.ResourceUnref c -> image(c.resourceId()).ifPresent(image -> unref(image, at));
            case GpuCommand.SetScanout c -> setScanout(c, at);
            case GpuCommand.ResourceFlush c -> image(c.resourceId()).ifPresent(image -> flush(image, c.rect(), at));
            case GpuCommand.TransferToHost2d c -> image(c.resourceId()).ifPresent(image -> transfer(image, c, at));
            case GpuCommand.ResourceAttachBacking c -> attach(c, at);
            case GpuCommand.ResourceDetachBacking c -> image(c.resourceId()).ifPresent(image -> detach(image, at));
            case GpuCommand.UpdateCursor c -> image(c.resourceId()).ifPresent(image -> cursor(image, c, at));
            case GpuCommand.MoveCursor c -> {}
            case GpuCommand.GetDisplayInfo c -> {}
            case GpuCommand.GetEdid c -> {}
            case GpuCommand.Unknown c -> {}
            case GpuCommand.Truncated c -> {}
            case GpuCommand.NoHeader c -> {}
        }
    }

    private Optional<LintedImage> image(long id) {
        return Optional.ofNullable(images.get(id));
    }

    // ---- resources --------------------------------------------------------------------------------------------------

    private void create(GpuCommand.ResourceCreate2d command) {
        refused.remove(command.resourceId());
        if (command.width() == 0
                || command.height() == 0
                || command.width() > (MAX_PIXELS - pixels) / command.height()
                || images.size() >= Gpu2d.MAX_RESOURCES
                || images.containsKey(command.resourceId())) {
            // No device here would have said that all is well; there is nothing to look at in it.
            return;
        }
        pixels += command.width() * command.height();
        images.put(command.resourceId(), new LintedImage(command));
    }

    private void unref(LintedImage image, Place at) {
        for (int number = 0; number < scanouts.length; number++) {
            if (scanouts[number].shows(image)) {
                findings.add(
                        LintRule.UNREF_WHILE_SHOWN,
                        at,
                        Text.format("resource %d is destroyed, and scanout %d shows it", image.id(), number));
                leave(number);
                scanouts[number].disable();
            }
        }
        pixels -= (long) image.width() * image.height();
        images.remove(image.id());
    }

    private void attach(GpuCommand.ResourceAttachBacking command, Place at) {
        refused.remove(command.resourceId());
        image(command.resourceId()).ifPresent(image -> image.back(true));
        long bytes = command.entries().stream().mapToLong(MemoryEntry::length).sum();
        image(command.resourceId())
                .filter(image -> bytes < image.bytes())
                .ifPresent(image -> findings.add(
                        LintRule.BACKING_SHORT,
                        at,
                        Text.format(
                                "%,d bytes behind resource %d, whose pixels take %,d",
                                bytes, image.id(), image.bytes())));
        LintedImage.overlap(command.entries())
                .ifPresent(address -> findings.add(
                        LintRule.BACKING_OVERLAPS,
                        at,
                        Text.format("the memory at 0x%x is behind resource %d twice", address, command.resourceId())));
    }

    private void detach(LintedImage image, Place at) {
        image.back(false);
        for (int number = 0; number < scanouts.length; number++) {
            if (scanouts[number].shows(image)) {
                findings.add(
                        LintRule.BACKING_DETACHED_WHILE_SHOWN,
                        at,
                        Text.format(
                                "the memory behind resource %d is taken away, and scanout %d shows it",
                                image.id(), number));
            }
        }
    }

    private void transfer(LintedImage image, GpuCommand.TransferToHost2d command, Place at) {
        for (Scanout scanout : scanouts) {
            if (scanout.shows(image) && image.isFlushedSinceTransfer()) {
                tell(image, scanout.view);
            }
        }
        image.transfer(command, at);
        Rect rect = command.rect();
        long place = (rect.y() * image.width() + rect.x()) * PixelFormat.BYTES_PER_PIXEL;
        if (image.contains(rect) && command.offset() != place) {
            findings.add(
                    LintRule.TRANSFER_OFFSET,
                    at,
                    Text.format(
                            "the rectangle %s of resource %d, %d pixels wide, is taken from byte %s; its place is %d",
                            GpuText.rect(rect),
                            image.id(),
                            image.width(),
                            Long.toUnsignedString(command.offset()),
                            place));
        }
    }

    // ---- what is shown ----------------------------------------------------------------------------------------------

    private void setScanout(GpuCommand.SetScanout command, Place at) {
        if (command.scanoutId() >= scanouts.length) {
            return;
        }
        int number = (int) command.scanoutId();
        Scanout scanout = scanouts[number];
        Optional<LintedImage> image = image(command.resourceId());
        if (image.filter(scanout::shows).isEmpty()) {
            // Set to what it shows already, it loses nothing: drivers do that between a transfer and its flush.
            leave(number);
        }
        scanout.disable();
        if (image.isPresent() && image.get().contains(command.rect())) {
            scanout.image = image;
            scanout.view = command.rect();
            scanout.unlit = Optional.of(at);
            scanout.unwrittenTold = false;
        }
    }

    /** Tells what a scanout has not shown, and does not any more. */
    private void leave(int number) {
        Scanout scanout = scanouts[number];
        if (scanout.unlit.isPresent()) {
            notLit(number);
        } else {
            scanout.image.ifPresent(image -> tell(image, scanout.view));
        }
    }

    private void notLit(int number) {
        findings.add(
                LintRule.SCANOUT_NOT_FLUSHED,
                scanouts[number].unlit.orElseThrow(),
                Text.format(
                        "scanout %d is set to resource %d, and no flush shows it",
                        number, scanouts[number].image.map(LintedImage::id).orElse(0L)));
    }

    private void tell(LintedImage image, Rect view) {
        Optional<Left> found = image.takeUnflushed(view);
        if (found.isPresent()) {
            Left left = found.get();
            findings.add(
                    left.flushed() ? LintRule.TRANSFER_WIDER_THAN_FLUSH : LintRule.CHANGES_UNFLUSHED,
                    left.place(),
                    Text.format(
                            left.flushed()
                                    ? "the flush of resource %d leaves out %s, which was written before it"
                                    : "of resource %d, %s is written and never flushed",
                            image.id(),
                            GpuText.rect(left.bounds())));
        }
    }

    private void flush(LintedImage image, Rect rect, Place at) {
        if (!image.contains(rect)) {
            return;
        }
        List<Scanout> showing =
                Arrays.stream(scanouts).filter(scanout -> scanout.shows(image)).toList();
        if (showing.isEmpty()) {
            findings.add(
                    LintRule.FLUSH_NOT_SHOWN,
                    at,
                    Text.format("resource %d is flushed, and no scanout shows it", image.id()));
        } else {
            flushShown(image, rect, showing, at);
        }
        image.flush(rect, at);
    }

    private void flushShown(LintedImage image, Rect rect, List<Scanout> showing, Place at) {
        List<Rect> views = new ArrayList<>();
        showing.forEach(scanout -> views.add(scanout.view));
        if (!isWithin(rect, views)) {
            findings.add(
                    LintRule.FLUSH_OUTSIDE_SCANOUT,
                    at,
                    Text.format(
                            "%s of resource %d is flushed; %s of it is shown",
                            GpuText.rect(rect),
                            image.id(),
                            String.join(
                                    " and ", views.stream().map(GpuText::rect).toList())));
        }
        boolean first = showing.stream().anyMatch(scanout -> scanout.unlit.isPresent());
        if (!first && !image.hasChangesIn(rect)) {
            findings.add(
                    LintRule.FLUSH_UNCHANGED,
                    at,
                    Text.format(
                            "%s of resource %d is flushed, and nothing was written to it since it was before",
                            GpuText.rect(rect), image.id()));
        }
        for (Scanout scanout : showing) {
            scanout.unlit = Optional.empty();
            Optional<Rect> unwritten = scanout.unwrittenTold ? Optional.empty() : image.unwrittenIn(scanout.view);
            if (unwritten.isPresent()) {
                scanout.unwrittenTold = true;
                findings.add(
                        LintRule.UNWRITTEN_PIXELS_SHOWN,
                        at,
                        Text.format(
                                "of resource %d, pixels in %s are shown, and nothing was ever written to them",
                                image.id(), GpuText.rect(unwritten.get())));
            }
        }
    }

    /** {@return whether every pixel of a rectangle is in one of others, as far as their corners tell} */
    private static boolean isWithin(Rect rect, List<Rect> others) {
        long left = others.stream().mapToLong(Rect::x).min().orElse(0);
        long top = others.stream().mapToLong(Rect::y).min().orElse(0);
        long right = others.stream()
                .mapToLong(other -> other.x() + other.width())
                .max()
                .orElse(0);
        long bottom = others.stream()
                .mapToLong(other -> other.y() + other.height())
                .max()
                .orElse(0);
        return rect.x() >= left
                && rect.y() >= top
                && rect.x() + rect.width() <= right
                && rect.y() + rect.height() <= bottom;
    }

    // ---- cursors ----------------------------------------------------------------------------------------------------

    private void cursor(LintedImage image, GpuCommand.UpdateCursor command, Place at) {
        if (image.width() != CursorPlane.SIZE || image.height() != CursorPlane.SIZE) {
            findings.add(
                    LintRule.CURSOR_SIZE,
                    at,
                    Text.format(
                            "the cursor is resource %d of %dx%d; cursors are %dx%d",
                            image.id(), image.width(), image.height(), CursorPlane.SIZE, CursorPlane.SIZE));
            return;
        }
        Optional<Rect> unwritten = image.unwrittenIn(image.all());
        if (unwritten.isPresent()) {
            findings.add(
                    LintRule.CURSOR_UNWRITTEN,
                    at,
                    Text.format(
                            "of the cursor, resource %d, nothing was ever written to pixels in %s",
                            image.id(), GpuText.rect(unwritten.get())));
        } else if (!image.isLastTransferFenced()) {
            findings.add(
                    LintRule.CURSOR_NOT_FENCED,
                    at,
                    Text.format("the last transfer to the cursor, resource %d, had no fence", image.id()));
        }
        if (command.hotX() >= CursorPlane.SIZE || command.hotY() >= CursorPlane.SIZE) {
            findings.add(
                    LintRule.CURSOR_HOT_SPOT,
                    at,
                    Text.format("the hot spot %d,%d is not in the image", command.hotX(), command.hotY()));
        }
    }

    private static String name(GpuCommand command) {
        return GpuText.name(command);
    }
}
