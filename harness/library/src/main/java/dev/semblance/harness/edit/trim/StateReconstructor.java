package dev.semblance.harness.edit.trim;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.harness.edit.trim.RecordedState.Picture;
import dev.semblance.harness.edit.trim.RecordedState.Scanout;
import dev.semblance.harness.fuzz.reference.ReferenceDevice;
import dev.semblance.harness.record.Recorder;
import dev.semblance.harness.record.RecordingMemory;
import dev.semblance.harness.replay.pixels.RecordedImage;
import dev.semblance.harness.trace.EventParts;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.memory.MemoryMap;
import dev.semblance.machine.memory.SparseRam;
import dev.semblance.machine.time.CycleTimeline;
import dev.semblance.machine.virtio.MmioTransport;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.driver.GuestArena;
import dev.semblance.machine.virtio.driver.GuestChain;
import dev.semblance.machine.virtio.driver.GuestDriver;
import dev.semblance.machine.virtio.driver.GuestQueue;
import dev.semblance.machine.virtio.driver.UsedElement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Brings a device into a recorded state with as few commands as can be, and records that. The device is the reference
 * model, so that no fault of the one under test gets into the trace.
 */
final class StateReconstructor {

    /** Cannot be done; the message says why, as the end of a sentence. */
    static final class ImpossibleException extends Exception {
        private static final long serialVersionUID = 1;

        ImpossibleException(String reason) {
            super(reason);
        }
    }

    private static final int DISPLAY_INFO = Header.SIZE + ResponseCodec.MAX_SCANOUTS * 24;

    // Types of responses (VIRTIO 1.2, 5.7.6.7).
    private static final int FIRST_OK = 0x1100;
    private static final int FIRST_ERROR = 0x1200;

    /** What requests may take, and what is left free around them. */
    private static final long REQUESTS = 4L << 20;

    /** What places are a multiple of, from the start of memory. */
    private static final long STEP = 1L << 16;

    private final int device;
    private final RecordedState state;
    private final List<MemoryEntry> backings;
    private final EventSink sink;
    private final MemoryMap map;
    private final GuestMemory images;
    private final GuestMemory rings;
    private final GuestDriver driver;
    private final ReferenceDevice gpu;
    private final Recorder recorder;
    private final long free;
    private final GuestArena requests;
    private final TreeMap<Integer, GuestQueue> queues = new TreeMap<>();
    private final TreeSet<Long> uploaded = new TreeSet<>();
    private List<TraceEvent> beforeCommand = List.of();
    private long unusedId = 0xffff_fff0L;

    private StateReconstructor(
            ReplayableGpu recorded, long cycle, RecordedState state, List<MemoryEntry> backings, EventSink sink)
            throws ImpossibleException {
        this.device = recorded.device();
        this.state = state;
        this.backings = backings;
        this.sink = sink;
        this.map = recorded.memory();
        this.images = SparseRam.of(map);
        this.rings = SparseRam.of(map);
        CycleTimeline timeline = new CycleTimeline();
        timeline.setNow(cycle);
        recorder = new Recorder(timeline, this::take);
        RecordingMemory memory = recorder.memory(device, images);
        gpu = new ReferenceDevice(memory, recorded.displays(), recorder.frames(new NoFrames()));
        MmioTransport transport = new MmioTransport(
                recorder.device(device, gpu, memory),
                rings,
                level -> {},
                recorded.queues().bits());
        free = free();
        requests = new GuestArena(free, free + REQUESTS);
        driver = new GuestDriver(transport, rings, requests);
    }

    /**
     * Records a way to a state.
     *
     * @param recorded the GPU of the manifest
     * @param cycle of all events
     * @param backings the memory whose content counts from now on
     * @throws ImpossibleException if commands cannot do it
     */
    static void record(
            ReplayableGpu recorded, long cycle, RecordedState state, List<MemoryEntry> backings, EventSink sink)
            throws ImpossibleException {
        if (state.isBroken()) {
            throw new ImpossibleException("the device needs a reset there, and no command leads to that");
        }
        new StateReconstructor(recorded, cycle, state, backings, sink).record();
    }

    /** Finds memory for requests, which no ring takes. */
    private long free() throws ImpossibleException {
        return gap(REQUESTS, ringMemory())
                .orElseThrow(() -> new ImpossibleException("RAM has no room for more commands beside the rings"));
    }

    /**
     * Finds memory for the pixels of an image. A device that has one memory would read requests and rings in their place; and what is put
     * where guest memory counts, if that can be helped, would count too.
     */
    private long room(long id, long length) throws ImpossibleException {
        List<MemoryEntry> taken = ringMemory();
        taken.add(new MemoryEntry(free, REQUESTS));
        List<MemoryEntry> counted = new ArrayList<>(taken);
        counted.addAll(backings);
        OptionalLong found = gap(length, counted);
        return (found.isPresent() ? found : gap(length, taken))
                .orElseThrow(() -> new ImpossibleException(Text.format("RAM has no room for image %d", id)));
    }

    private List<MemoryEntry> ringMemory() {
        List<MemoryEntry> taken = new ArrayList<>();
        for (TraceEvent event : state.life()) {
            if (event instanceof TraceEvent.QueueEnabled enabled) {
                QueueLayout layout = enabled.layout();
                taken.add(new MemoryEntry(layout.descriptorTable(), 16L * layout.size()));
                taken.add(new MemoryEntry(layout.availableRing(), 8L + 2L * layout.size()));
                taken.add(new MemoryEntry(layout.usedRing(), 8L + 8L * layout.size()));
            }
        }
        return taken;
    }

    /** Returns the first place in the largest region that is long enough and behind or before all that is taken. */
    private OptionalLong gap(long length, List<MemoryEntry> taken) {
        MemoryMap.Region region = map.largest();
        long address = region.base();
        for (MemoryEntry entry : taken.stream()
                .sorted(Comparator.comparingLong(MemoryEntry::address))
                .toList()) {
            if (address + length <= entry.address()) {
                break;
            }
            if (address < entry.address() + entry.length()) {
                long behind = entry.address() + entry.length() - region.base() + STEP - 1;
                address = region.base() + behind / STEP * STEP;
            }
        }
        return region.end() - address >= length ? OptionalLong.of(address) : OptionalLong.empty();
    }

    private void take(long cycle, TraceEvent event) {
        if (event instanceof TraceEvent.Command) {
            beforeCommand.forEach(before -> sink.accept(cycle, before));
            beforeCommand = List.of();
        }
        sink.accept(cycle, event);
    }

    private void record() throws ImpossibleException {
        changeDisplays();
        for (TraceEvent event : state.life()) {
            drive(event);
        }
        if (!state.isStarted()) {
            return;
        }
        List<Scanout> scanouts = state.scanouts();
        for (RecordedImage image : state.images()) {
            submit(new GpuCommand.ResourceCreate2d(
                    Header.NONE, image.id(), image.format(), image.width(), image.height()));
        }
        cursors(scanouts);
        for (RecordedImage image : state.images()) {
            upload(image.id(), image.width(), image.height(), image.bytes());
            if (image.backing().isPresent()) {
                submit(new GpuCommand.ResourceAttachBacking(
                        Header.NONE,
                        image.id(),
                        image.backing().get().entryCount(),
                        image.backing().get().entries()));
            }
        }
        planes(scanouts);
        memory();
    }

    /** The host may have changed displays before the reset that the driver's life begins with. */
    private void changeDisplays() {
        List<TraceManifest.DisplayMode> modes = TraceManifest.DisplayMode.of(state.displaysAtReset());
        for (int scanout = 0; scanout < modes.size(); scanout++) {
            if (!gpu.displays().display(scanout).equals(state.displaysAtReset().display(scanout))) {
                TraceEvent.DisplayChange change = new TraceEvent.DisplayChange(device, scanout, modes.get(scanout));
                recorder.emit(change);
                change.appliedTo(gpu.displays()).ifPresent(gpu::changeDisplays);
            }
        }
    }

    private void drive(TraceEvent event) throws ImpossibleException {
        switch (event) {
            case TraceEvent.Reset reset -> driver.reset();
            case TraceEvent.Features features -> driver.negotiate(features.features());
            case TraceEvent.QueueEnabled enabled -> {
                QueueLayout layout = enabled.layout();
                GuestQueue queue = driver.enableQueue(enabled.queue(), layout)
                        .orElseThrow(() ->
                                new ImpossibleException(Text.format("queue %d cannot be set up", enabled.queue())));
                queues.put(enabled.queue(), queue);
            }
            case TraceEvent.QueueDisabled disabled -> {
                driver.disableQueue(disabled.queue());
                queues.remove(disabled.queue());
            }
            case TraceEvent.QueueReset reset -> {
                driver.resetQueue(reset.queue());
                queues.remove(reset.queue());
            }
            case TraceEvent.ConfigWrite write -> driver.writeConfig(write.offset(), write.width(), write.value());
            case TraceEvent.DisplayChange change -> {
                recorder.emit(change);
                change.appliedTo(gpu.displays()).ifPresent(gpu::changeDisplays);
            }
            case TraceEvent.DriverOk ok -> driver.driverOk();
            default -> {}
        }
    }

    /** Gives cursors the images that they had, before those get the pixels that they have. */
    private void cursors(List<Scanout> scanouts) throws ImpossibleException {
        for (int number = 0; number < scanouts.size(); number++) {
            Scanout scanout = scanouts.get(number);
            boolean never = scanout.cursor().isEmpty()
                    && scanout.hotX() == 0
                    && scanout.hotY() == 0
                    && scanout.position(number).x() == 0
                    && scanout.position(number).y() == 0;
            if (never) {
                continue;
            }
            if (scanout.cursor().isPresent()) {
                Picture picture = scanout.cursor().get();
                upload(scanout.cursorResource(), picture.width(), picture.height(), picture.bytes());
            }
            submit(new GpuCommand.UpdateCursor(
                    Header.NONE, scanout.position(number), scanout.cursorResource(), scanout.hotX(), scanout.hotY()));
        }
    }

    /** Fills an image from memory that is behind it for that alone. */
    private void upload(long id, int width, int height, byte[] bytes) throws ImpossibleException {
        if (RecordedImage.isBlank(bytes) && !uploaded.contains(id)) {
            return;
        }
        long address = room(id, bytes.length);
        uploaded.add(id);
        images.write(address, bytes, 0, bytes.length);
        submit(new GpuCommand.ResourceAttachBacking(
                Header.NONE, id, 1, List.of(new MemoryEntry(address, bytes.length))));
        submit(new GpuCommand.TransferToHost2d(Header.NONE, new Rect(0, 0, width, height), 0, id));
        submit(new GpuCommand.ResourceDetachBacking(Header.NONE, id));
    }

    /** Shows what scanouts show: from the image bound, or, if that has changed since, from one made for it. */
    private void planes(List<Scanout> scanouts) throws ImpossibleException {
        for (int number = 0; number < scanouts.size(); number++) {
            Scanout scanout = scanouts.get(number);
            if (scanout.shown().isEmpty() || showsImage(scanouts, scanout)) {
                continue;
            }
            Picture picture = scanout.shown().get();
            long id = unusedId();
            Rect all = new Rect(0, 0, picture.width(), picture.height());
            submit(new GpuCommand.ResourceCreate2d(
                    Header.NONE, id, picture.format(), picture.width(), picture.height()));
            upload(id, picture.width(), picture.height(), picture.bytes());
            submit(new GpuCommand.SetScanout(Header.NONE, all, number, id));
            submit(new GpuCommand.ResourceFlush(Header.NONE, all, id));
            bind(number, scanout);
            submit(new GpuCommand.ResourceUnref(Header.NONE, id));
        }
        for (int number = 0; number < scanouts.size(); number++) {
            Scanout scanout = scanouts.get(number);
            if (scanout.shown().isEmpty() && scanout.resource() != 0) {
                bind(number, scanout);
            } else if (scanout.shown().isPresent() && showsImage(scanouts, scanout)) {
                bind(number, scanout);
                RecordedImage image = state.image(scanout.resource()).orElseThrow();
                submit(new GpuCommand.ResourceFlush(
                        Header.NONE, new Rect(0, 0, image.width(), image.height()), image.id()));
            }
        }
    }

    private void bind(int number, Scanout scanout) throws ImpossibleException {
        submit(new GpuCommand.SetScanout(Header.NONE, scanout.view(), number, scanout.resource()));
    }

    private long unusedId() {
        while (state.image(unusedId).isPresent()) {
            unusedId--;
        }
        return unusedId;
    }

    /** {@return whether flushing the image that is bound shows what is shown, there and nowhere else} */
    private boolean showsImage(List<Scanout> scanouts, Scanout scanout) {
        Picture picture = scanout.shown().orElseThrow();
        long bound = scanouts.stream()
                .filter(other -> other.resource() == scanout.resource())
                .count();
        return bound == 1
                && state.image(scanout.resource())
                        .filter(image -> image.format() == picture.format()
                                && scanout.view().width() == picture.width()
                                && scanout.view().height() == picture.height()
                                && Arrays.equals(RecordedImage.part(image, scanout.view()), picture.bytes()))
                        .isPresent();
    }

    /** Tells what is known of the memory that images lie in, or may come to lie in: later commands tell only what is new. */
    private void memory() throws ImpossibleException {
        KnownPageRuns known = new KnownPageRuns(state.memory(), map);
        for (MemoryEntry entry : backings) {
            known.add(entry.address(), entry.length());
        }
        if (!known.runs().isEmpty()) {
            beforeCommand = EventParts.split(new TraceEvent.Memory(device, known.runs()));
            submit(new GpuCommand.GetDisplayInfo(Header.NONE));
        }
    }

    private void submit(GpuCommand command) throws ImpossibleException {
        boolean cursor = CommandCodec.typeOf(command)
                .filter(CommandType::isForCursorQueue)
                .isPresent();
        int number = cursor ? VirtioGpuDevice.CURSOR_QUEUE : VirtioGpuDevice.CONTROL_QUEUE;
        GuestQueue queue = queues.get(number);
        if (queue == null) {
            throw new ImpossibleException(Text.format("queue %d is not set up there", number));
        }
        requests.clear();
        byte[] request = CommandCodec.encode(command);
        if (request.length > REQUESTS / 2) {
            throw new ImpossibleException(Text.format("a request takes %d bytes", request.length));
        }
        if (cursor) {
            // As drivers do, without room for a response: some devices never write one there.
            queue.chain().readable(request).offer();
            driver.kick(queue);
            if (queue.takeUsed().isEmpty()) {
                throw new ImpossibleException(Text.format("%s is not taken", command));
            }
            return;
        }
        GuestChain chain = queue.chain()
                .readable(request)
                .writable(command instanceof GpuCommand.GetDisplayInfo ? DISPLAY_INFO : Header.SIZE)
                .offer();
        driver.kick(queue);
        List<UsedElement> used = queue.takeUsed();
        int type =
                used.isEmpty() ? 0 : rings.getInt(chain.descriptors().getLast().address());
        if (type < FIRST_OK || type >= FIRST_ERROR) {
            throw new ImpossibleException(Text.format("%s is answered with 0x%x", command, type));
        }
    }
}
