package dev.semblance.gpu.model;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.display.Edid;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.ErrorCode;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.GpuCommand.GetDisplayInfo;
import dev.semblance.gpu.protocol.GpuCommand.GetEdid;
import dev.semblance.gpu.protocol.GpuCommand.MoveCursor;
import dev.semblance.gpu.protocol.GpuCommand.NoHeader;
import dev.semblance.gpu.protocol.GpuCommand.ResourceAttachBacking;
import dev.semblance.gpu.protocol.GpuCommand.ResourceCreate2d;
import dev.semblance.gpu.protocol.GpuCommand.ResourceDetachBacking;
import dev.semblance.gpu.protocol.GpuCommand.ResourceFlush;
import dev.semblance.gpu.protocol.GpuCommand.ResourceUnref;
import dev.semblance.gpu.protocol.GpuCommand.SetScanout;
import dev.semblance.gpu.protocol.GpuCommand.TransferToHost2d;
import dev.semblance.gpu.protocol.GpuCommand.Truncated;
import dev.semblance.gpu.protocol.GpuCommand.Unknown;
import dev.semblance.gpu.protocol.GpuCommand.UpdateCursor;
import dev.semblance.gpu.protocol.GpuResponse;
import dev.semblance.gpu.protocol.GpuResponse.DisplayInfo;
import dev.semblance.gpu.protocol.GpuResponse.OkDisplayInfo;
import dev.semblance.gpu.protocol.GpuResponse.OkEdid;
import dev.semblance.gpu.protocol.GpuResponse.OkNoData;
import dev.semblance.gpu.protocol.GpuResponse.Refused;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The 2D device without its queues: takes commands one by one and answers each (VIRTIO 1.2, 5.7.6.8 to 5.7.6.10).
 *
 * <p>A guest's mistake is an error answer and changes nothing; nothing a guest says makes this class throw. Only
 * TRANSFER_TO_HOST_2D reads guest memory, and of it exactly the bytes that it copies, each once. Only RESOURCE_FLUSH
 * publishes a picture, always the whole view of each scanout that shows the resource.
 *
 * <p>Where the specification is silent on which of several errors is answered, they are tested in the order in which the
 * code reads, which is that of other implementations.
 */
public final class Gpu2d implements Stateful {

    /** What all images together may take, in bytes. */
    public static final long MAX_IMAGE_BYTES = 256L << 20;

    /** How many images there may be, however small: each costs the host more than its pixels. */
    public static final int MAX_RESOURCES = 1 << 18;

    /** How many stretches of guest memory all images together may be backed by: 64 MiB for the host. */
    public static final int MAX_BACKING_STRETCHES = 1 << 22;

    /** How much of a row a transfer copies in one go, in bytes. */
    private static final int TRANSFER_STEP = 1 << 16;

    private final GuestMemory memory;
    private final FrameSink sink;
    private final Scanout[] scanouts;
    private final TreeMap<Long, Resource2d> resources = new TreeMap<>();
    private final PublishedRows publishedRows = new PublishedRows();
    private byte[] transferBuffer = new byte[0];
    private DisplayConfig displays;
    private long imageBytes;
    private int backingStretches;

    /**
     * Makes a device as after power-on.
     *
     * @param memory what backing entries point to
     * @param sink what takes the pictures; called before the command that changed them is answered
     */
    public Gpu2d(GuestMemory memory, DisplayConfig displays, FrameSink sink) {
        this.memory = memory;
        this.displays = displays;
        this.sink = sink;
        this.scanouts = new Scanout[displays.count()];
        for (int i = 0; i < scanouts.length; i++) {
            scanouts[i] = new Scanout();
        }
    }

    /** {@return the displays that are offered} */
    public DisplayConfig displays() {
        return displays;
    }

    /** Changes the displays, but not how many there are. What is shown stays until the driver changes it. */
    public void setDisplays(DisplayConfig newDisplays) {
        if (newDisplays.count() != scanouts.length) {
            throw new IllegalArgumentException(newDisplays.count() + " displays for " + scanouts.length + " scanouts");
        }
        displays = newDisplays;
    }

    /**
     * {@return the largest number of entries that a backing may have: one for each 4 KiB page of memory, and one more for
     * a start within a page}
     */
    public long maxBackingEntries() {
        return memory.size() / Ram.PAGE_SIZE + 1;
    }

    /** Goes back to the state after power-on: no resources, all scanouts dark, no cursors. The displays stay. */
    public void reset() {
        forgetResources();
        for (int i = 0; i < scanouts.length; i++) {
            disable(i);
            if (scanouts[i].cursor().reset()) {
                sink.cursorChanged(i, CursorPlane.HIDDEN);
            }
        }
    }

    private void forgetResources() {
        resources.clear();
        publishedRows.clear();
        imageBytes = 0;
        backingStretches = 0;
    }

    /** {@return the bytes of all images, as counted} */
    public long imageBytes() {
        return imageBytes;
    }

    /** {@return how many resources there are} */
    public int resourceCount() {
        return resources.size();
    }

    /** {@return the numbers of the resources, in order} */
    public List<Long> resources() {
        return List.copyOf(resources.keySet());
    }

    /**
     * {@return the image of a resource as it is on the host, with its alpha; nothing, if there is no such resource}
     *
     * @param resourceId its number
     */
    public Optional<Frame> image(long resourceId) {
        return find(resourceId).map(Resource2d::toFrame);
    }

    /** {@return how many stretches of guest memory back all resources, as counted} */
    public int backingStretches() {
        return backingStretches;
    }

    /** {@return what is kept of pictures only for speed, in bytes: see {@link PublishedRows#keptBytes}} */
    long keptBytes() {
        return publishedRows.keptBytes();
    }

    /** Executes a command and returns the answer to it. */
    public GpuResponse execute(GpuCommand command) {
        return switch (command) {
            case GetDisplayInfo c -> displayInfo(c);
            case ResourceCreate2d c -> create(c);
            case ResourceUnref c -> unref(c);
            case SetScanout c -> setScanout(c);
            case ResourceFlush c -> flush(c);
            case TransferToHost2d c -> transfer(c);
            case ResourceAttachBacking c -> attach(c);
            case ResourceDetachBacking c -> detach(c);
            case GetEdid c -> edid(c);
            case UpdateCursor c -> updateCursor(c);
            case MoveCursor c -> moveCursor(c);
            case Truncated c -> error(c, ErrorCode.INVALID_PARAMETER);
            case Unknown c -> error(c, ErrorCode.UNSPEC);
            case NoHeader c -> error(c, ErrorCode.UNSPEC);
        };
    }

    /** {@return the answer that refuses a command} */
    public static GpuResponse error(GpuCommand command, ErrorCode code) {
        return new Refused(command.header().answer(), code);
    }

    private static GpuResponse ok(GpuCommand command) {
        return new OkNoData(command.header().answer());
    }

    // ---- displays -----------------------------------------------------------------------------------------------

    /** Displays stand side by side, in order of their scanouts. */
    private GpuResponse displayInfo(GetDisplayInfo command) {
        List<DisplayInfo> infos = new ArrayList<>();
        long x = 0;
        for (Display display : displays.displays()) {
            if (display.enabled()) {
                infos.add(new DisplayInfo(new Rect(x, 0, display.width(), display.height()), 1, 0));
                x += display.width();
            } else {
                infos.add(DisplayInfo.NONE);
            }
        }
        return new OkDisplayInfo(command.header().answer(), infos);
    }

    private GpuResponse edid(GetEdid command) {
        if (command.scanoutId() >= scanouts.length) {
            return error(command, ErrorCode.INVALID_SCANOUT_ID);
        }
        Display display = displays.display((int) command.scanoutId());
        return new OkEdid(command.header().answer(), Edid.of(display));
    }

    // ---- resources ----------------------------------------------------------------------------------------------

    private Optional<Resource2d> find(long resourceId) {
        return Optional.ofNullable(resources.get(resourceId));
    }

    private GpuResponse create(ResourceCreate2d command) {
        long id = command.resourceId();
        if (id == 0 || resources.containsKey(id)) {
            return error(command, ErrorCode.INVALID_RESOURCE_ID);
        }
        Optional<PixelFormat> format = PixelFormat.of(command.format());
        if (format.isEmpty() || command.width() == 0 || command.height() == 0) {
            return error(command, ErrorCode.INVALID_PARAMETER);
        }
        // Divided, since the product of two 32-bit numbers and the pixel size does not fit in 63 bits.
        long pixelsLeft = (MAX_IMAGE_BYTES - imageBytes) / PixelFormat.BYTES_PER_PIXEL;
        if (command.width() > pixelsLeft / command.height() || resources.size() >= MAX_RESOURCES) {
            return error(command, ErrorCode.OUT_OF_MEMORY);
        }
        Resource2d resource = new Resource2d(id, format.get(), (int) command.width(), (int) command.height());
        resources.put(id, resource);
        imageBytes += resource.byteSize();
        return ok(command);
    }

    private GpuResponse unref(ResourceUnref command) {
        Optional<Resource2d> found = find(command.resourceId());
        if (found.isEmpty()) {
            return error(command, ErrorCode.INVALID_RESOURCE_ID);
        }
        Resource2d resource = found.get();
        for (int i = 0; i < scanouts.length; i++) {
            if (scanouts[i].shows(resource)) {
                disable(i);
            }
            if (scanouts[i].cursor().forget(resource)) {
                sink.cursorChanged(i, scanouts[i].cursor().plane());
            }
        }
        resource.backing().ifPresent(backing -> detach(resource, backing));
        publishedRows.forget(resource);
        imageBytes -= resource.byteSize();
        resources.remove(resource.id());
        return ok(command);
    }

    private GpuResponse attach(ResourceAttachBacking command) {
        Optional<Resource2d> found = find(command.resourceId());
        if (found.isEmpty()) {
            return error(command, ErrorCode.INVALID_RESOURCE_ID);
        }
        Resource2d resource = found.get();
        if (resource.backing().isPresent()) {
            return error(command, ErrorCode.UNSPEC);
        }
        long count = command.entryCount();
        if (count == 0 || count > maxBackingEntries() || command.entries().size() < count) {
            return error(command, ErrorCode.INVALID_PARAMETER);
        }
        Optional<Backing> backing = Backing.of(memory, command.entries().subList(0, (int) count));
        if (backing.isEmpty()) {
            return error(command, ErrorCode.INVALID_PARAMETER);
        }
        if (backing.get().stretches() > MAX_BACKING_STRETCHES - backingStretches) {
            return error(command, ErrorCode.OUT_OF_MEMORY);
        }
        resource.attach(backing.get());
        backingStretches += backing.get().stretches();
        return ok(command);
    }

    private GpuResponse detach(ResourceDetachBacking command) {
        Optional<Resource2d> found = find(command.resourceId());
        if (found.isEmpty()) {
            return error(command, ErrorCode.INVALID_RESOURCE_ID);
        }
        Optional<Backing> backing = found.get().backing();
        if (backing.isEmpty()) {
            return error(command, ErrorCode.UNSPEC);
        }
        detach(found.get(), backing.get());
        return ok(command);
    }

    private void detach(Resource2d resource, Backing backing) {
        resource.detach();
        backingStretches -= backing.stretches();
    }

    private GpuResponse transfer(TransferToHost2d command) {
        Optional<Resource2d> found = find(command.resourceId());
        if (found.isEmpty()) {
            return error(command, ErrorCode.INVALID_RESOURCE_ID);
        }
        Resource2d resource = found.get();
        Optional<Backing> backing = resource.backing();
        if (backing.isEmpty()) {
            return error(command, ErrorCode.UNSPEC);
        }
        Rect rect = command.rect();
        if (rect.isEmpty() || !rect.fitsIn(resource.width(), resource.height())) {
            return error(command, ErrorCode.INVALID_PARAMETER);
        }
        long size = backing.get().size();
        long needed = (rect.height() - 1) * resource.rowBytes() + rect.width() * PixelFormat.BYTES_PER_PIXEL;
        if (Long.compareUnsigned(command.offset(), size) > 0 || needed > size - command.offset()) {
            return error(command, ErrorCode.INVALID_PARAMETER);
        }
        copy(backing.get(), command.offset(), resource, rect);
        return ok(command);
    }

    /**
     * Copies pixels. The offset is that of the first pixel in the backing, wherever the rectangle lies, and rows are as
     * far apart there as in the image. A row that comes out the same as before counts as unchanged.
     */
    private void copy(Backing backing, long offset, Resource2d resource, Rect rect) {
        int rowBytes = resource.rowBytes();
        int length = (int) rect.width() * PixelFormat.BYTES_PER_PIXEL;
        int left = (int) rect.x() * PixelFormat.BYTES_PER_PIXEL;
        if (transferBuffer.length < Math.min(TRANSFER_STEP, length)) {
            transferBuffer = new byte[Math.min(TRANSFER_STEP, length)];
        }
        for (int row = 0; row < rect.height(); row++) {
            int y = (int) rect.y() + row;
            long source = offset + (long) row * rowBytes;
            boolean changed = false;
            for (int done = 0; done < length; done += TRANSFER_STEP) {
                int count = Math.min(TRANSFER_STEP, length - done);
                backing.read(memory, source + done, transferBuffer, count);
                changed |= resource.write(y, left + done, transferBuffer, count);
            }
            if (changed) {
                publishedRows.rowChanged(resource, y, (int) rect.x(), (int) rect.width());
            }
        }
    }

    // ---- scanouts -----------------------------------------------------------------------------------------------

    private GpuResponse setScanout(SetScanout command) {
        if (command.scanoutId() >= scanouts.length) {
            return error(command, ErrorCode.INVALID_SCANOUT_ID);
        }
        int scanout = (int) command.scanoutId();
        if (command.resourceId() == 0) {
            disable(scanout);
            return ok(command);
        }
        Optional<Resource2d> found = find(command.resourceId());
        if (found.isEmpty()) {
            return error(command, ErrorCode.INVALID_RESOURCE_ID);
        }
        Resource2d resource = found.get();
        Rect rect = command.rect();
        if (rect.isEmpty() || !rect.fitsIn(resource.width(), resource.height()) || isTooLarge(rect, scanout)) {
            return error(command, ErrorCode.INVALID_PARAMETER);
        }
        scanouts[scanout].bind(resource, rect);
        return ok(command);
    }

    private boolean isTooLarge(Rect view, int scanout) {
        Display display = displays.display(scanout);
        return !displays.largerViews() && (view.width() > display.width() || view.height() > display.height());
    }

    private void disable(int scanout) {
        if (scanouts[scanout].disable()) {
            sink.disabled(scanout);
        }
    }

    /**
     * The rectangle is checked, but the whole view is shown: after a mode change drivers flush less than that. What is shown
     * are the pixels on the host, whether there is memory behind them or not.
     */
    private GpuResponse flush(ResourceFlush command) {
        Optional<Resource2d> found = find(command.resourceId());
        if (found.isEmpty()) {
            return error(command, ErrorCode.INVALID_RESOURCE_ID);
        }
        Resource2d resource = found.get();
        Rect rect = command.rect();
        if (rect.isEmpty() || !rect.fitsIn(resource.width(), resource.height())) {
            return error(command, ErrorCode.INVALID_PARAMETER);
        }
        for (int i = 0; i < scanouts.length; i++) {
            if (scanouts[i].shows(resource)) {
                scanouts[i].light();
                sink.flushed(i, publishedRows.publish(resource, scanouts[i].view()));
            }
        }
        return ok(command);
    }

    // ---- cursors ------------------------------------------------------------------------------------------------

    private GpuResponse updateCursor(UpdateCursor command) {
        CursorPosition position = command.position();
        if (position.scanoutId() >= scanouts.length) {
            return error(command, ErrorCode.INVALID_SCANOUT_ID);
        }
        int scanout = (int) position.scanoutId();
        Cursor cursor = scanouts[scanout].cursor();
        int hotX = (int) command.hotX();
        int hotY = (int) command.hotY();
        if (command.resourceId() == 0) {
            cursor.hide(position, hotX, hotY);
        } else {
            Optional<Resource2d> found = find(command.resourceId());
            if (found.isEmpty()) {
                return error(command, ErrorCode.INVALID_RESOURCE_ID);
            }
            cursor.show(found.get(), position, hotX, hotY);
        }
        sink.cursorChanged(scanout, cursor.plane());
        return ok(command);
    }

    private GpuResponse moveCursor(MoveCursor command) {
        CursorPosition position = command.position();
        if (position.scanoutId() >= scanouts.length) {
            return error(command, ErrorCode.INVALID_SCANOUT_ID);
        }
        int scanout = (int) position.scanoutId();
        scanouts[scanout].cursor().move(position);
        sink.cursorChanged(scanout, scanouts[scanout].cursor().plane());
        return ok(command);
    }

    // ---- state --------------------------------------------------------------------------------------------------

    /** Rows that were published are kept for speed alone: they are made again. The pictures themselves are the sink's. */
    @Override
    public void state(StateExchange s) {
        s.part("GPU ", 1);
        boolean largerViews = s.digested(displays.largerViews());
        s.digestedConstant(scanouts.length, "number of scanouts");
        List<Display> offered = new ArrayList<>();
        for (int i = 0; i < scanouts.length; i++) {
            Display display = displays.display(i);
            offered.add(new Display(
                    s.digested(display.width(), 1, Display.MAX_SIZE),
                    s.digested(display.height(), 1, Display.MAX_SIZE),
                    s.digested(display.enabled())));
            scanouts[i].state(s, this::find);
        }
        displays = new DisplayConfig(offered, largerViews);
        if (s.isLoading()) {
            forgetResources();
        }
        List<Optional<Resource2d>> all =
                new ArrayList<>(resources.values().stream().map(Optional::of).toList());
        s.items(all, s.digestedCount(all.size(), MAX_RESOURCES), Optional.empty(), resource -> exchange(s, resource));
    }

    private Optional<Resource2d> exchange(StateExchange s, Optional<Resource2d> resource) {
        Resource2d result = Resource2d.exchanged(
                s, resource, MAX_IMAGE_BYTES - imageBytes, memory, MAX_BACKING_STRETCHES - backingStretches);
        if (s.isLoading()) {
            s.require(resources.isEmpty() || result.id() > resources.lastKey(), "its resources have no order");
            resources.put(result.id(), result);
            imageBytes += result.byteSize();
            backingStretches += result.backing().map(Backing::stretches).orElse(0);
        }
        return Optional.of(result);
    }
}
