package dev.semblance.harness.rig;

import dev.semblance.gpu.device.DisplayControl;
import dev.semblance.gpu.device.ResourceUsage;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.harness.record.Recorder;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptLine.Queue;
import dev.semblance.harness.target.Capability;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.Pictures;
import dev.semblance.harness.target.TargetConfig;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.SnapshotLabel;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.memory.MemoryMap;
import dev.semblance.machine.time.CycleTimeline;
import dev.semblance.machine.virtio.MmioRegisters;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.VirtioFeatures;
import dev.semblance.machine.virtio.driver.GuestArena;
import dev.semblance.machine.virtio.driver.GuestDriver;
import dev.semblance.machine.virtio.driver.GuestQueue;
import dev.semblance.machine.virtio.driver.UsedElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A virtio-gpu device under test with a driver that does as it is told, and no hart. Rings and buffers lie in the top
 * {@value #RESERVED_BYTES} bytes of RAM, which starts at 0; the rest is the script's.
 *
 * <p>Closing a rig closes its device.
 *
 * <p>Each submission and reset takes {@value #CYCLES_PER_STEP} cycles of the recording's time.
 */
public final class DeviceRig implements AutoCloseable {

    /** Bytes at the top of RAM in which rings and buffers lie. */
    public static final int RESERVED_BYTES = 8 << 20;

    /** Bytes of that for the requests and responses of one notification. */
    public static final int BUFFER_BYTES = RESERVED_BYTES - 2 * 3 * 4096;

    /** Entries of each queue. */
    public static final int QUEUE_SIZE = 64;

    private static final long CYCLES_PER_STEP = 1_000_000;
    private static final int RING_BYTES = 4096;
    private static final int QUEUES = 2;

    private final CycleTimeline timeline = new CycleTimeline();
    private final DeviceUnderTest device;
    private final GuestMemory ram;
    private DisplayConfig displays;
    private final Optional<Recorder> recorder;
    private final GuestDriver driver;
    private final ChainLayout buffers;
    private final List<GuestQueue> queues = new ArrayList<>();
    private long agreed;

    private DeviceRig(
            RigSettings settings, DeviceUnderTest.Factory factory, FrameSink next, Optional<EventSink> events) {
        recorder = events.map(sink -> new Recorder(timeline, sink));
        device = factory.make(new TargetConfig(
                MemoryMap.of(0, settings.ramBytes()),
                settings.displays(),
                settings.queues(),
                Optional.empty(),
                next,
                recorder.map(to -> new TargetConfig.Recording(to, RigSettings.GPU))));
        try {
            displays = device.displays();
            ram = device.memory();
            driver = device.driver();
        } catch (RuntimeException | Error e) {
            device.close();
            throw e;
        }
        long reserved = settings.ramBytes() - RESERVED_BYTES;
        buffers = new ChainLayout(ram, new GuestArena(reserved + (long) QUEUES * 3 * RING_BYTES, settings.ramBytes()));
    }

    /**
     * Makes a rig around a device that is not started yet.
     *
     * @param settings what the rig is made of: RAM, displays, features
     * @param factory makes the device
     * @param next takes what scanouts show
     * @return a rig
     */
    public static DeviceRig of(RigSettings settings, DeviceUnderTest.Factory factory, FrameSink next) {
        return new DeviceRig(settings, factory, next, Optional.empty());
    }

    /**
     * Makes a rig whose events go to a sink, such as a trace writer's with the manifest of the settings.
     *
     * @param settings what the rig is made of: RAM, displays, features
     * @param factory makes the device
     * @param next takes what scanouts show
     * @param events takes what happens
     * @return a rig
     */
    public static DeviceRig recorded(
            RigSettings settings, DeviceUnderTest.Factory factory, FrameSink next, EventSink events) {
        return new DeviceRig(settings, factory, next, Optional.of(events));
    }

    @Override
    public void close() {
        device.close();
    }

    /** {@return guest memory} */
    public GuestMemory memory() {
        return ram;
    }

    /** Resets the device, agrees to all that it offers, sets both queues up and sets DRIVER_OK. */
    public void start() {
        start(OptionalLong.empty());
    }

    /**
     * Resets the device, agrees to some features, sets both queues up and sets DRIVER_OK.
     *
     * @param features what the driver accepts; empty for all that the device offers
     */
    public void start(OptionalLong features) {
        step();
        driver.reset();
        long accepted = features.orElseGet(driver::offeredFeatures);
        agreed = driver.negotiate(accepted) ? accepted : 0;
        queues.clear();
        for (int queue = 0; queue < QUEUES; queue++) {
            queues.add(enable(queue));
        }
        driver.driverOk();
    }

    private GuestQueue enable(int queue) {
        long rings = ram.size() - RESERVED_BYTES + (long) queue * 3 * RING_BYTES;
        QueueLayout layout = new QueueLayout(QUEUE_SIZE, rings, rings + RING_BYTES, rings + 2 * RING_BYTES);
        return driver.enableQueue(queue, layout)
                .orElseThrow(() -> new IllegalStateException("the device refused a queue"));
    }

    /**
     * Resets a queue by itself (VIRTIO 1.2, 2.6.1), and sets it up again where it was.
     *
     * @param queue the number of the virtqueue
     * @throws ScriptException if the device is not started, or has not agreed to VIRTIO_F_RING_RESET
     */
    public void resetQueue(Queue queue) {
        if (!resetsQueues()) {
            throw new ScriptException(
                    "VIRTIO_F_RING_RESET is not agreed upon; say \"ring-reset\" in \"virtqueue\" of the device");
        }
        step();
        driver.resetQueue(queue.number());
        queues.set(queue.number(), enable(queue.number()));
    }

    /** {@return whether a queue can be reset by itself: the device is started, and has agreed to VIRTIO_F_RING_RESET} */
    public boolean resetsQueues() {
        return !queues.isEmpty() && agreed(VirtioFeatures.RING_RESET);
    }

    /**
     * Does what a line says that puts no chain on a queue.
     *
     * @param act what is done
     * @throws ScriptException if it cannot be done; nothing has happened then
     */
    public void perform(ScriptLine.Act act) {
        switch (act) {
            case ScriptLine.Poke poke -> {
                poke.memory().forEach(this::check);
                poke.memory().forEach(this::poke);
            }
            case ScriptLine.Reset reset -> {
                if (reset.statusOnly()) {
                    reset();
                } else {
                    start(reset.features());
                }
            }
            case ScriptLine.QueueReset reset -> resetQueue(reset.queue());
            case ScriptLine.DisplayChange change -> changeDisplay(change.head(), change.mode());
            case ScriptLine.ConfigWrite write -> driver.writeConfig(write.offset(), write.width(), write.value());
        }
    }

    /** {@return whether the device's displays can be changed} */
    public boolean changesDisplays() {
        return device.displayControl().isPresent();
    }

    private void changeDisplay(int head, DisplayMode mode) {
        DisplayControl control = device.displayControl()
                .orElseThrow(() -> new ScriptException("the device has no way to change its displays"));
        TraceEvent.DisplayChange change = new TraceEvent.DisplayChange(RigSettings.GPU, head, mode);
        displays = change.appliedTo(displays)
                .orElseThrow(() -> new ScriptException(
                        Text.format("there is no head %d; the device has %d", head, displays.count())));
        step();
        recorder.ifPresent(r -> r.emit(change));
        control.changeDisplays(displays);
    }

    /** {@return whether a chain may be in a table of its own: the device has agreed to VIRTIO_F_INDIRECT_DESC} */
    boolean hasTables() {
        return agreed(VirtioFeatures.INDIRECT_DESC);
    }

    private boolean agreed(long feature) {
        return (agreed & feature) != 0;
    }

    /** Writes 0 to Status, and leaves it at that. */
    public void reset() {
        step();
        driver.reset();
        agreed = 0;
    }

    /**
     * Puts bytes into guest memory.
     *
     * @param write where, and what
     * @throws ScriptException if they do not fit
     */
    public void poke(MemoryWrite write) {
        check(write);
        ram.write(write.address(), write.bytes(), 0, write.bytes().length);
    }

    /**
     * {@return bytes of guest memory}
     *
     * @param address guest physical address
     * @param length in bytes
     * @throws ScriptException if RAM does not have them
     */
    public byte[] peek(long address, int length) {
        checkRange(address, length);
        byte[] bytes = new byte[length];
        ram.read(address, bytes, 0, length);
        return bytes;
    }

    private void check(MemoryWrite write) {
        checkRange(write.address(), write.bytes().length);
    }

    private void checkRange(long address, int length) {
        if (!ram.contains(address, length)) {
            throw new ScriptException(Text.format(
                    "%d bytes at 0x%x are outside RAM, which has 0x%x bytes from 0 on", length, address, ram.size()));
        }
    }

    /** {@return the device status} */
    public int status() {
        return driver.status();
    }

    /** {@return why the device interrupts; nothing here acknowledges it by itself} */
    public int interruptStatus() {
        return driver.read(MmioRegisters.INTERRUPT_STATUS);
    }

    /** Acknowledges all causes of interrupts. */
    public void acknowledgeInterrupts() {
        driver.takeInterrupts();
    }

    /**
     * {@return the used index of a queue, as taken}
     *
     * @param queue the number of the virtqueue
     */
    public int usedIndex(Queue queue) {
        return queues.isEmpty() ? 0 : queues.get(queue.number()).usedIndex();
    }

    /**
     * Loads from the configuration space.
     *
     * @param offset in the configuration space, in bytes
     * @param width 1, 2 or 4 bytes
     * @return the value, in the low bits
     */
    public int readConfig(int offset, int width) {
        return driver.readConfig(offset, width);
    }

    /** A command whose chain lies on a ring. */
    private record Placed(int head, long response, int room) {}

    /**
     * Puts commands on their queues together, notifies each queue once, in the order in which they appear first, and
     * returns what became of each.
     *
     * @param commands sent together, in their order
     * @return an answer for each
     * @throws ScriptException if they need more descriptors or memory than there are; the device does not learn of them then
     */
    public List<CommandAnswer> submit(List<Command> commands) {
        step();
        buffers.clear();
        int[] descriptors = new int[QUEUES];
        List<Placed> placed = new ArrayList<>(commands.size());
        List<Queue> notified = new ArrayList<>(1);
        for (Command command : commands) {
            for (MemoryWrite write : command.memory()) {
                check(write);
            }
        }
        for (Command command : commands) {
            for (MemoryWrite write : command.memory()) {
                poke(write);
            }
            placed.add(place(command, descriptors));
        }
        // All of them fit, so that none is left on a ring by itself.
        for (int i = 0; i < placed.size(); i++) {
            Queue queue = commands.get(i).queue();
            queues.get(queue.number()).offer(placed.get(i).head());
            if (!notified.contains(queue)) {
                notified.add(queue);
            }
        }
        List<UsedElement> control = List.of();
        List<UsedElement> cursor = List.of();
        for (Queue queue : notified) {
            GuestQueue ring = queues.get(queue.number());
            askForInterrupts(ring, commands, queue);
            ring.publish();
            device.notifyAndWait(ring);
            switch (queue) {
                case CONTROL -> control = ring.takeUsed();
                case CURSOR -> cursor = ring.takeUsed();
            }
        }
        List<CommandAnswer> answers = new ArrayList<>(commands.size());
        int status = driver.status();
        for (int i = 0; i < commands.size(); i++) {
            List<UsedElement> used = commands.get(i).queue() == Queue.CURSOR ? cursor : control;
            answers.add(answer(placed.get(i), used, status));
        }
        return answers;
    }

    /** With event indices one element of those to be used is asked about: the first that is not to be quiet (2.7.7). */
    private static void askForInterrupts(GuestQueue ring, List<Command> commands, Queue queue) {
        if (!ring.hasEventIndex()) {
            ring.setAvailableFlags(isQuiet(commands, queue) ? 1 : 0);
            return;
        }
        List<Command> own =
                commands.stream().filter(command -> command.queue() == queue).toList();
        int first = 0;
        while (first < own.size() && own.get(first).noInterrupt()) {
            first++;
        }
        ring.setUsedEvent(first < own.size() ? ring.usedIndex() + first : ring.usedIndex() - 1);
    }

    private static boolean isQuiet(List<Command> commands, Queue queue) {
        for (Command command : commands) {
            if (command.queue() == queue && command.noInterrupt()) {
                return true;
            }
        }
        return false;
    }

    private CommandAnswer answer(Placed placed, List<UsedElement> used, int status) {
        byte[] response = new byte[placed.room()];
        ram.read(placed.response(), response, 0, placed.room());
        for (UsedElement element : used) {
            if (element.head() == placed.head()) {
                return new CommandAnswer(true, element.length(), response, status);
            }
        }
        return new CommandAnswer(false, 0, response, status);
    }

    private Placed place(Command command, int[] descriptors) {
        if (queues.isEmpty()) {
            throw new ScriptException("there is no queue before the device is negotiated");
        }
        int number = command.queue().number();
        GuestQueue ring = queues.get(number);
        int head = descriptors[number];
        ChainLayout.Placed placed = buffers.place(command, ring, head, command.indirect() && hasTables());
        descriptors[number] += placed.descriptors();
        return new Placed(head, placed.response(), command.responseLength());
    }

    /**
     * {@return what a scanout shows: both planes composed}
     *
     * @param head the scanout
     */
    public Frame picture(int head) {
        return device.pictures()
                .picture(
                        head,
                        displays.display(head).width(),
                        displays.display(head).height());
    }

    /**
     * {@return what the primary plane of a scanout shows: black in the display's size while it is dark}
     *
     * @param head the scanout
     */
    public Frame primary(int head) {
        return device.pictures().primary(head).orElseGet(() -> black(head));
    }

    /** {@return black in the size of a scanout's display} */
    Frame black(int head) {
        return Frame.solid(
                displays.display(head).width(), displays.display(head).height(), Pictures.BLACK);
    }

    /** {@return what the device holds for its driver, if it tells of that} */
    public Optional<ResourceUsage> resourceUsage() {
        return device.resourceUsage();
    }

    /** {@return how the device's pictures are had} */
    public Pictures pictures() {
        return device.pictures();
    }

    /**
     * {@return whether a scanout is dark}
     *
     * @param head the number of the scanout, from 0
     */
    public boolean isDark(int head) {
        return device.pictures().primary(head).isEmpty();
    }

    /** {@return what the device can show of itself} */
    public Set<Capability> capabilities() {
        return device.capabilities();
    }

    /** {@return what the device has done so far that no device may do: died, hung, complained} */
    public Optional<TargetFailure> failure() {
        return device.failure();
    }

    /** {@return the same, once the device was told to end, after which only this rig's closing may follow} */
    public Optional<TargetFailure> finish() {
        return device.finish();
    }

    /** {@return how many scanouts there are} */
    public int heads() {
        return displays.count();
    }

    /**
     * Records a snapshot of every scanout, if a recorder listens, but for those that are off and dark.
     *
     * @param label the label of the snapshot
     */
    public void snapshot(String label) {
        for (int head = 0; head < displays.count(); head++) {
            if (displays.display(head).hasPicture(!isDark(head))) {
                snapshot(label, head);
            }
        }
    }

    /**
     * Records a snapshot of one scanout, if a recorder listens.
     *
     * @param label the label of the snapshot
     * @param head the number of the scanout, from 0
     */
    public void snapshot(String label, int head) {
        recorder.ifPresent(to -> {
            Frame picture = picture(head);
            to.emit(new TraceEvent.Snapshot(
                    SnapshotLabel.of(label, head), head, picture.width(), picture.height(), picture.digest()));
        });
    }

    /** Records the last snapshot and the end of the run, if a recorder listens. */
    public void end() {
        end(TraceEvent.End.Reason.SCRIPT);
    }

    /**
     * Takes a last snapshot and ends the recording for a reason, if there is one.
     *
     * @param reason why it ends
     */
    public void end(TraceEvent.End.Reason reason) {
        snapshot(TraceEvent.Snapshot.END);
        recorder.ifPresent(to -> to.emit(new TraceEvent.End(reason, 0, new byte[0])));
    }

    private void step() {
        timeline.setNow(timeline.now() + CYCLES_PER_STEP);
    }
}
