package dev.semblance.harness.replay;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameStore;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.record.Recorder;
import dev.semblance.harness.record.RecordingMemory;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.SnapshotLabel;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.time.CycleTimeline;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.MmioRegisters;
import dev.semblance.machine.virtio.MmioTransport;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.VirtioFeatures;
import dev.semblance.machine.virtio.driver.GuestArena;
import dev.semblance.machine.virtio.driver.GuestChain;
import dev.semblance.machine.virtio.driver.GuestDriver;
import dev.semblance.machine.virtio.driver.GuestQueue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A driver without a guest that does anything to a recorded GPU, sensible or not: requests, answers and image data lie
 * in one small stretch of memory and overlap as chance has it, buffers are cut anywhere, rings are broken, registers
 * misused. What it does follows from a seed.
 */
public final class SyntheticGuest {

    static final long RAM = 1 << 20;
    static final int GPU = 0;

    static final DisplayConfig DISPLAYS = DisplayConfig.of(Display.of(48, 40), Display.of(24, 16));

    /** Where everything but the rings lies, unless it lies over them. */
    private static final int DATA = 0x8000;

    private static final int RINGS = 0x1000;
    private static final int DATA_SIZE = 0x1800;

    /** Where tables of indirect descriptors lie. */
    private static final int TABLES = 0x1_0000;

    private final Random random;
    private final int data;
    private final long queueFeatures;
    private final VirtioGpuDevice gpu;
    private final Ram ram = new Ram(RAM);
    private final CycleTimeline timeline = new CycleTimeline();
    private final FrameStore frames = new FrameStore(DISPLAYS.count(), new NoFrames());
    private final Recorder recorder;
    private final MmioTransport transport;
    private final GuestDriver driver;
    private final TreeMap<Integer, GuestQueue> queues = new TreeMap<>();
    private int snapshots;

    SyntheticGuest(long seed, boolean overRings, EventSink sink) {
        this(seed, overRings, QueueFeatures.NONE, sink);
    }

    private SyntheticGuest(long seed, boolean overRings, QueueFeatures queueFeatures, EventSink sink) {
        random = new Random(seed);
        this.queueFeatures = queueFeatures.bits();
        data = overRings ? RINGS : DATA;
        recorder = new Recorder(timeline, sink);
        RecordingMemory memory = recorder.memory(GPU, ram);
        gpu = new VirtioGpuDevice(memory, DISPLAYS, recorder.frames(frames));
        transport = new MmioTransport(recorder.device(GPU, gpu, memory), ram, level -> {}, this.queueFeatures);
        driver = new GuestDriver(transport, ram, new GuestArena(0, RAM));
    }

    static TraceManifest manifest() {
        return manifest(QueueFeatures.NONE);
    }

    private static TraceManifest manifest(QueueFeatures queues) {
        return TraceManifest.builder(TraceManifest.Kind.DEVICE_ONLY)
                .toolVersion("test")
                .ramBytes(RAM)
                .devices(List.of(new TraceManifest.Device(
                        "gpu",
                        VirtioGpuDevice.DEVICE_ID,
                        VirtioFeatures.VERSION_1 | VirtioGpuDevice.FEATURE_EDID | queues.bits(),
                        0,
                        0)))
                .displayModes(TraceManifest.DisplayMode.of(DISPLAYS))
                .build();
    }

    /**
     * Records a session of so many steps.
     *
     * @param overRings whether requests, answers and images also lie over the rings
     */
    public static void record(Path trace, long seed, boolean overRings, int steps) {
        record(trace, seed, overRings, QueueFeatures.NONE, steps);
    }

    /**
     * Records a session of so many steps on queues with features.
     *
     * @param overRings whether requests, answers and images also lie over the rings
     */
    public static void record(Path trace, long seed, boolean overRings, QueueFeatures queues, int steps) {
        record(trace, seed, overRings, queues, false, steps);
    }

    /**
     * Records a session of so many steps, in which displays may change.
     *
     * @param overRings whether requests, answers and images also lie over the rings
     * @param changing whether displays are plugged, unplugged and resized
     */
    public static void record(
            Path trace, long seed, boolean overRings, QueueFeatures queues, boolean changing, int steps) {
        try (TraceWriter writer = TraceWriter.create(trace, manifest(queues))) {
            SyntheticGuest guest = new SyntheticGuest(seed, overRings, queues, writer);
            guest.setUp();
            for (int step = 0; step < steps; step++) {
                if (changing && guest.oneIn(8)) {
                    guest.changeDisplay();
                }
                guest.step();
            }
            guest.end();
            writer.complete();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- what it does -------------------------------------------------------------------------------------------

    private GuestQueue queue(int number) {
        return Optional.ofNullable(queues.get(number)).orElseThrow();
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    /** Resets and starts the device as a driver does, with images that a scanout shows. */
    void setUp() {
        driver.begin();
        enable(0);
        enable(1);
        driver.driverOk();
        for (long id = 1; id <= 3; id++) {
            send(0, new GpuCommand.ResourceCreate2d(Header.NONE, id, id == 3 ? 121 : 2, 8 + id * 4, 8));
            send(
                    0,
                    new GpuCommand.ResourceAttachBacking(
                            Header.NONE, id, 1, List.of(new MemoryEntry(DATA + id * 100, 800))));
        }
        send(0, new GpuCommand.SetScanout(Header.NONE, new Rect(0, 0, 12, 8), 0, 1));
        send(0, new GpuCommand.SetScanout(Header.NONE, new Rect(1, 1, 8, 6), 1, 2));
    }

    private void send(int queue, GpuCommand command) {
        GuestQueue q = queue(queue);
        byte[] request = CommandCodec.encode(command);
        ram.write(DATA, request, 0, request.length);
        GuestChain chain = new GuestChain(List.of(
                new Descriptor(0, DATA, request.length, Descriptor.NEXT),
                new Descriptor(1, DATA + 0x1000, 1100, Descriptor.WRITE)));
        q.place(chain);
        q.offer(0);
        driver.kick(q);
        q.takeUsed();
    }

    private void enable(int queue) {
        int size = 4 << random.nextInt(3);
        long base = RINGS + queue * 0x2000L + random.nextInt(8) * 0x100L;
        driver.enableQueue(queue, new QueueLayout(size, base, base + 0x400, base + 0x800))
                .ifPresent(q -> queues.put(queue, q));
    }

    void step() {
        if (!oneIn(4)) {
            timeline.setNow(timeline.now() + random.nextInt(1000));
        }
        switch (random.nextInt(40)) {
            case 0 -> reset();
            case 1 -> brokenRing();
            case 2 -> misuseRegisters();
            case 3 -> {
                int queue = random.nextInt(2);
                if (offers(VirtioFeatures.RING_RESET) && !oneIn(3)) {
                    driver.resetQueue(queue);
                } else {
                    driver.disableQueue(queue);
                }
                enable(queue);
            }
            case 4 -> driver.readConfig(4 * random.nextInt(4), 4);
            case 5 -> driver.writeConfig(4, 4, random.nextInt());
            case 6 -> driver.notifyQueue(random.nextInt(3));
            case 7, 8, 9 -> snapshot();
            default -> {
                for (int pokes = random.nextInt(3); pokes > 0; pokes--) {
                    poke();
                }
                batch(oneIn(6) ? 1 : 0);
            }
        }
    }

    private void changeDisplay() {
        int scanout = random.nextInt(DISPLAYS.count());
        TraceManifest.DisplayMode mode = oneIn(3)
                ? TraceManifest.DisplayMode.OFF
                : new TraceManifest.DisplayMode(1 + random.nextInt(40), 1 + random.nextInt(40));
        TraceEvent.DisplayChange change = new TraceEvent.DisplayChange(GPU, scanout, mode);
        recorder.emit(change);
        gpu.changeDisplays(change.appliedTo(gpu.displays()).orElseThrow());
    }

    private void reset() {
        switch (random.nextInt(4)) {
            case 0 -> {
                // Refused features, then good ones.
                driver.reset();
                driver.negotiate(VirtioFeatures.VERSION_1 | 1L << 41);
                driver.negotiate(driver.offeredFeatures());
                enable(0);
                enable(1);
                driver.driverOk();
            }
            case 1 -> {
                // A feature bit beyond the 64 that there are.
                driver.reset();
                driver.write(MmioRegisters.DRIVER_FEATURES_SEL, 2);
                driver.write(MmioRegisters.DRIVER_FEATURES, 4);
                driver.negotiate(driver.offeredFeatures());
                driver.negotiate(driver.offeredFeatures());
            }
            case 2 -> {
                driver.reset();
                driver.negotiate(VirtioFeatures.VERSION_1);
                // Buffers wait before DRIVER_OK.
                enable(1);
                enable(0);
                offer(0);
                queue(0).publish();
                driver.driverOk();
            }
            default -> {}
        }
        setUp();
    }

    private void misuseRegisters() {
        driver.write(MmioRegisters.QUEUE_SEL, random.nextInt(2));
        driver.write(MmioRegisters.QUEUE_NUM, 4);
        if (oneIn(2)) {
            batch(0);
        }
        if (!oneIn(4)) {
            reset();
        }
    }

    private void brokenRing() {
        GuestQueue q = queue(0);
        int size = q.layout().size();
        for (int good = random.nextInt(3); good > 0; good--) {
            offer(0);
        }
        if (oneIn(2)) {
            q.setAvailableFlags(random.nextInt(2));
        }
        switch (random.nextInt(6)) {
            case 0 -> {
                q.setAvailableIndex(q.availableIndex() + size + 1 + random.nextInt(9));
                driver.notifyQueue(0);
            }
            case 1 -> {
                q.offer(size + random.nextInt(100));
                driver.kick(q);
            }
            case 2 -> broken(q, new Descriptor(size - 1, data, 4, Descriptor.NEXT), size - 1);
            case 3 -> broken(q, new Descriptor(size - 1, RAM - 3, 4, 0), 0);
            case 4 ->
                broken(
                        q,
                        new Descriptor(
                                size - 1, data, offers(VirtioFeatures.INDIRECT_DESC) ? 32 : 4, Descriptor.INDIRECT),
                        0);
            default -> {
                q.writeDescriptor(new Descriptor(size - 1, data, 8, Descriptor.WRITE | Descriptor.NEXT), size - 2);
                broken(q, new Descriptor(size - 2, data, 8, 0), 0);
                q.offer(size - 1);
                driver.kick(q);
            }
        }
        if (!oneIn(3)) {
            reset();
        }
    }

    private void broken(GuestQueue q, Descriptor descriptor, int next) {
        q.writeDescriptor(descriptor, next);
        q.offer(descriptor.index());
        driver.kick(q);
    }

    private void poke() {
        byte[] bytes = new byte[1 + random.nextInt(200)];
        random.nextBytes(bytes);
        ram.write(place(bytes.length), bytes, 0, bytes.length);
    }

    private void snapshot() {
        String label = "s" + snapshots++;
        for (int scanout = 0; scanout < DISPLAYS.count(); scanout++) {
            Display display = gpu.displays().display(scanout);
            if (!display.hasPicture(frames.primary(scanout).isPresent())) {
                continue;
            }
            Frame picture = frames.picture(scanout, display.width(), display.height());
            recorder.emit(new TraceEvent.Snapshot(
                    SnapshotLabel.of(label, scanout), scanout, picture.width(), picture.height(), picture.digest()));
        }
    }

    void end() {
        recorder.emit(new TraceEvent.End(TraceEvent.End.Reason.SCRIPT, 0, new byte[0]));
    }

    // ---- chains -------------------------------------------------------------------------------------------------

    private void batch(int number) {
        int chains = 1 + random.nextInt(4);
        for (int i = 0; i < chains; i++) {
            offer(number);
        }
        GuestQueue q = queue(number);
        if (q.hasEventIndex()) {
            q.setUsedEvent(q.usedIndex() + random.nextInt(chains + 2) - 1);
        } else {
            q.setAvailableFlags(oneIn(3) ? 1 : 0);
        }
        driver.kick(q);
        q.takeUsed();
    }

    /** Offers one chain, whose descriptors may be those of another one that waits. */
    private void offer(int number) {
        GuestQueue q = queue(number);
        if (oneIn(12) && q.availableIndex() != q.usedIndex()) {
            // The same chain once more; what it holds is rewritten by now, or not.
            q.offer(0);
            return;
        }
        byte[] request = request(number == 1 ^ oneIn(30));
        List<Descriptor> buffers = new ArrayList<>();
        int parts = 1 + random.nextInt(2);
        int done = 0;
        for (int part = 0; part < parts; part++) {
            int length = part == parts - 1 ? request.length - done : random.nextInt(request.length - done + 1);
            long address = place(length);
            ram.write(address, request, done, length);
            buffers.add(new Descriptor(0, address, length, 0));
            done += length;
        }
        int room = oneIn(5) ? random.nextInt(1100) : 24 + random.nextInt(30);
        int first = random.nextInt(room + 1);
        buffers.add(new Descriptor(0, place(first), first, Descriptor.WRITE));
        if (oneIn(2)) {
            buffers.add(new Descriptor(0, place(room - first), room - first, Descriptor.WRITE));
        }
        int size = q.layout().size();
        int from = random.nextInt(2) == 0 ? 0 : random.nextInt(size);
        List<Descriptor> chain = new ArrayList<>();
        for (int i = 0; i < Math.min(buffers.size(), size); i++) {
            Descriptor buffer = buffers.get(i);
            int flags = buffer.flags() | (i + 1 < Math.min(buffers.size(), size) ? Descriptor.NEXT : 0);
            chain.add(new Descriptor((from + i) % size, buffer.address(), buffer.length(), flags));
        }
        boolean table = offers(VirtioFeatures.INDIRECT_DESC) && oneIn(2);
        q.place(new GuestChain(table ? withTable(q, chain, random.nextInt(2)) : chain));
        q.offer(from);
    }

    private boolean offers(long feature) {
        return (queueFeatures & feature) != 0;
    }

    /** Leaves some descriptors of a chain where they are, and puts the others into a table. */
    private List<Descriptor> withTable(GuestQueue q, List<Descriptor> chain, int direct) {
        List<Descriptor> mixed = new ArrayList<>(chain.subList(0, Math.min(direct, chain.size() - 1)));
        List<Descriptor> others = chain.subList(mixed.size(), chain.size());
        long table = TABLES + (q.index() * 64L + q.availableIndex() % 64) * 0x80 + random.nextInt(8);
        mixed.add(new Descriptor(
                others.getFirst().index(),
                table,
                (others.size() + random.nextInt(2)) * (long) Descriptor.SIZE,
                Descriptor.INDIRECT | (oneIn(4) ? Descriptor.WRITE : 0)));
        for (int i = 0; i < others.size(); i++) {
            Descriptor other = others.get(i);
            mixed.add(new Descriptor(i, other.address(), other.length(), other.flags()));
        }
        return mixed;
    }

    private long place(int length) {
        return (long) data + random.nextInt(Math.max(1, DATA_SIZE - length));
    }

    private byte[] request(boolean cursor) {
        byte[] request = CommandCodec.encode(cursor ? cursorCommand() : command());
        if (oneIn(25)) {
            request[random.nextInt(request.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return oneIn(40) ? Arrays.copyOf(request, random.nextInt(request.length)) : request;
    }

    private GpuCommand cursorCommand() {
        CursorPosition position = new CursorPosition(random.nextInt(2), random.nextInt(80) - 20, random.nextInt(50));
        return oneIn(2)
                ? new GpuCommand.MoveCursor(header(), position, 0, 0, 0)
                : new GpuCommand.UpdateCursor(header(), position, random.nextInt(4), 1, 2);
    }

    private Header header() {
        return oneIn(3) ? new Header(1, random.nextLong(), 0, 0) : Header.NONE;
    }

    private Rect rect() {
        return new Rect(random.nextInt(4), random.nextInt(4), 1 + random.nextInt(8), 1 + random.nextInt(5));
    }

    private GpuCommand command() {
        long id = 1L + random.nextInt(3);
        return switch (random.nextInt(16)) {
            case 0 -> {
                boolean cursor = oneIn(3);
                yield new GpuCommand.ResourceCreate2d(
                        header(),
                        id,
                        oneIn(2) ? 2 : 68,
                        cursor ? 64 : 1 + random.nextInt(20),
                        cursor ? 64 : 1 + random.nextInt(10));
            }
            case 1 -> oneIn(4) ? new GpuCommand.ResourceUnref(header(), id) : new GpuCommand.GetDisplayInfo(header());
            case 2 -> new GpuCommand.GetEdid(header(), random.nextInt(3));
            case 3, 4 -> new GpuCommand.SetScanout(header(), rect(), random.nextInt(2), oneIn(5) ? 0 : id);
            case 5 -> {
                List<MemoryEntry> entries = new ArrayList<>();
                for (int i = random.nextInt(4); i >= 0; i--) {
                    entries.add(new MemoryEntry(place(400), random.nextInt(400)));
                }
                yield new GpuCommand.ResourceAttachBacking(header(), id, entries.size(), entries);
            }
            case 6 -> new GpuCommand.ResourceDetachBacking(header(), id);
            case 7, 8, 9, 10 -> new GpuCommand.ResourceFlush(header(), rect(), id);
            default -> new GpuCommand.TransferToHost2d(header(), rect(), random.nextInt(60), id);
        };
    }
}
