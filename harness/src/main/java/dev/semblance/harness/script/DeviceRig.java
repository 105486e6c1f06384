package dev.semblance.harness.script;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.gpu.frame.FrameStore;
import dev.semblance.harness.record.Recorder;
import dev.semblance.harness.record.RecordingMemory;
import dev.semblance.harness.script.ScriptLine.Command;
import dev.semblance.harness.script.ScriptLine.MemoryWrite;
import dev.semblance.harness.script.ScriptLine.Queue;
import dev.semblance.harness.script.ScriptLine.RawDescriptor;
import dev.semblance.harness.script.ScriptLine.RawDescriptor.Place;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.SnapshotLabel;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.time.CycleTimeline;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.MmioRegisters;
import dev.semblance.machine.virtio.MmioTransport;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.VirtioDevice;
import dev.semblance.machine.virtio.driver.GuestArena;
import dev.semblance.machine.virtio.driver.GuestDriver;
import dev.semblance.machine.virtio.driver.GuestQueue;
import dev.semblance.machine.virtio.driver.UsedElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A virtio-gpu device on its transport, with guest memory and a driver, and no hart. Rings and buffers lie in the top
 * {@value #RESERVED_BYTES} bytes of RAM, which starts at 0; the rest is the script's.
 *
 * <p>Each submission and reset takes {@value #CYCLES_PER_STEP} cycles of the recording's time.
 */
public final class DeviceRig {

    /** Bytes at the top of RAM in which rings and buffers lie. */
    public static final int RESERVED_BYTES = 8 << 20;

    /** Entries of each queue. */
    public static final int QUEUE_SIZE = 64;

    private static final long CYCLES_PER_STEP = 1_000_000;
    private static final int RING_BYTES = 4096;
    private static final int QUEUES = 2;

    /** Makes the device under test. */
    @FunctionalInterface
    public interface DeviceMaker {

        /**
         * Makes a device as after power-on.
         *
         * @param memory what the backing of resources points to
         * @param displays what it offers to the driver
         * @param sink takes the pictures
         */
        VirtioDevice make(GuestMemory memory, DisplayConfig displays, FrameSink sink);
    }

    private final CycleTimeline timeline = new CycleTimeline();
    private final Ram ram;
    private final DisplayConfig displays;
    private final FrameStore frames;
    private final Optional<Recorder> recorder;
    private final GuestDriver driver;
    private final GuestArena buffers;
    private final List<GuestQueue> queues = new ArrayList<>();

    private DeviceRig(RigSettings settings, DeviceMaker maker, FrameSink next, Optional<EventSink> events) {
        ram = new Ram(settings.ramBytes());
        displays = settings.displays();
        frames = new FrameStore(displays.count(), next);
        recorder = events.map(sink -> new Recorder(timeline, sink));
        VirtioDevice device;
        if (recorder.isPresent()) {
            RecordingMemory memory = recorder.get().memory(RigSettings.GPU, ram);
            VirtioDevice made = maker.make(memory, displays, recorder.get().frames(frames));
            device = recorder.get().device(RigSettings.GPU, made, memory);
        } else {
            device = maker.make(ram, displays, frames);
        }
        long reserved = settings.ramBytes() - RESERVED_BYTES;
        buffers = new GuestArena(reserved + (long) QUEUES * 3 * RING_BYTES, settings.ramBytes());
        driver = new GuestDriver(new MmioTransport(device, ram, level -> {}), ram, buffers);
    }

    /** Makes a rig around a device that is not started yet. */
    public static DeviceRig of(RigSettings settings, DeviceMaker maker, FrameSink next) {
        return new DeviceRig(settings, maker, next, Optional.empty());
    }

    /** Makes a rig whose events go to a sink, such as a trace writer's with the manifest of the settings. */
    public static DeviceRig recorded(RigSettings settings, DeviceMaker maker, FrameSink next, EventSink events) {
        return new DeviceRig(settings, maker, next, Optional.of(events));
    }

    /** Returns the maker of the device that this project tests. */
    public static DeviceMaker ours() {
        return VirtioGpuDevice::new;
    }

    /** Returns guest memory. */
    public Ram memory() {
        return ram;
    }

    /** Returns what the scanouts show. */
    public FrameStore frames() {
        return frames;
    }

    /** Resets the device, agrees to all that it offers, sets both queues up and sets DRIVER_OK. */
    public void start() {
        step();
        driver.begin();
        queues.clear();
        long base = ram.size() - RESERVED_BYTES;
        for (int queue = 0; queue < QUEUES; queue++) {
            long rings = base + (long) queue * 3 * RING_BYTES;
            QueueLayout layout = new QueueLayout(QUEUE_SIZE, rings, rings + RING_BYTES, rings + 2 * RING_BYTES);
            queues.add(driver.enableQueue(queue, layout)
                    .orElseThrow(() -> new IllegalStateException("the device refused a queue")));
        }
        driver.driverOk();
    }

    /** Writes 0 to Status, and leaves it at that. */
    public void reset() {
        step();
        driver.reset();
    }

    /**
     * Puts bytes into guest memory.
     *
     * @throws ScriptException if they do not fit
     */
    public void poke(MemoryWrite write) {
        checkRange(write.address(), write.bytes().length);
        ram.write(write.address(), write.bytes(), 0, write.bytes().length);
    }

    /**
     * Returns bytes of guest memory.
     *
     * @throws ScriptException if RAM does not have them
     */
    public byte[] peek(long address, int length) {
        checkRange(address, length);
        byte[] bytes = new byte[length];
        ram.read(address, bytes, 0, length);
        return bytes;
    }

    private void checkRange(long address, int length) {
        if (!ram.contains(address, length)) {
            throw new ScriptException("%d bytes at 0x%x are outside RAM, which has 0x%x bytes from 0 on"
                    .formatted(length, address, ram.size()));
        }
    }

    /** Returns the device status. */
    public int status() {
        return driver.status();
    }

    /** Returns why the device interrupts; nothing here acknowledges it by itself. */
    public int interruptStatus() {
        return driver.read(MmioRegisters.INTERRUPT_STATUS);
    }

    /** Acknowledges all causes of interrupts. */
    public void acknowledgeInterrupts() {
        driver.takeInterrupts();
    }

    /** Returns the used index of a queue, as taken. */
    public int usedIndex(Queue queue) {
        return queues.isEmpty() ? 0 : queues.get(queue.number()).usedIndex();
    }

    /** Loads from the configuration space. */
    public int readConfig(int offset, int width) {
        return driver.readConfig(offset, width);
    }

    /** A command whose chain lies on a ring. */
    private record Placed(int head, long response, int room) {}

    /**
     * Puts commands on their queues together, notifies each queue once, in the order in which they appear first, and
     * returns what became of each.
     *
     * @throws ScriptException if they need more descriptors or memory than there are
     */
    public List<CommandAnswer> submit(List<Command> commands) {
        step();
        buffers.clear();
        int[] descriptors = new int[QUEUES];
        List<Placed> placed = new ArrayList<>(commands.size());
        List<Queue> notified = new ArrayList<>(1);
        for (Command command : commands) {
            command.memory().forEach(this::poke);
            placed.add(place(command, descriptors));
            if (!notified.contains(command.queue())) {
                notified.add(command.queue());
            }
        }
        List<List<UsedElement>> used = List.of(new ArrayList<>(), new ArrayList<>());
        for (Queue queue : notified) {
            GuestQueue ring = queues.get(queue.number());
            boolean quiet = commands.stream().anyMatch(c -> c.queue() == queue && c.noInterrupt());
            ring.setAvailableFlags(quiet ? 1 : 0);
            driver.kick(ring);
            used.get(queue.number()).addAll(ring.takeUsed());
        }
        List<CommandAnswer> answers = new ArrayList<>(commands.size());
        int status = driver.status();
        for (int i = 0; i < commands.size(); i++) {
            answers.add(answer(placed.get(i), used.get(commands.get(i).queue().number()), status));
        }
        return answers;
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
        long request = allocate(command.request().length);
        ram.write(request, command.request(), 0, command.request().length);
        long response = allocate(command.responseLength());
        fill(response, command.responseLength(), command.responseFill());
        int head = descriptors[number];
        int count = command.chain().isEmpty()
                ? cut(ring, head, command, request, response)
                : raw(ring, head, command, request, response);
        descriptors[number] += count;
        ring.offer(head);
        return new Placed(head, response, command.responseLength());
    }

    private long allocate(int length) {
        try {
            return buffers.allocate(length, 8);
        } catch (IllegalStateException e) {
            throw new ScriptException(
                    "the commands of one notification need more than the %d bytes of buffers".formatted(RESERVED_BYTES),
                    e);
        }
    }

    private void fill(long address, int length, byte[] pattern) {
        if (length > 0) {
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++) {
                bytes[i] = pattern[i % pattern.length];
            }
            ram.write(address, bytes, 0, length);
        }
    }

    private static int cut(GuestQueue ring, int head, Command command, long request, long response) {
        List<Descriptor> buffers = new ArrayList<>();
        cut(buffers, request, command.request().length, command.requestSplit(), 0);
        cut(buffers, response, command.responseLength(), command.responseSplit(), Descriptor.WRITE);
        if (buffers.isEmpty()) {
            buffers.add(new Descriptor(0, request, 0, 0));
        }
        checkCount(head, buffers.size());
        for (int i = 0; i < buffers.size(); i++) {
            Descriptor buffer = buffers.get(i);
            boolean last = i + 1 == buffers.size();
            int index = head + i;
            ring.writeDescriptor(
                    new Descriptor(
                            index, buffer.address(), buffer.length(), buffer.flags() | (last ? 0 : Descriptor.NEXT)),
                    last ? 0 : index + 1);
        }
        return buffers.size();
    }

    /** Cuts a stretch of memory; lengths beyond its end are cut short. */
    private static void cut(List<Descriptor> buffers, long address, int total, List<Integer> lengths, int flags) {
        int done = 0;
        for (int wanted : lengths) {
            int length = Math.clamp(wanted, 0, total - done);
            buffers.add(new Descriptor(0, address + done, length, flags));
            done += length;
        }
        if (done < total) {
            buffers.add(new Descriptor(0, address + done, total - done, flags));
        }
    }

    private static int raw(GuestQueue ring, int head, Command command, long request, long response) {
        List<RawDescriptor> chain = command.chain();
        checkCount(head, chain.size());
        for (int i = 0; i < chain.size(); i++) {
            RawDescriptor raw = chain.get(i);
            long address = switch (raw.place()) {
                case Place.Address at -> at.address();
                case Place.InRequest in -> request + in.offset();
                case Place.InResponse in -> response + in.offset();
            };
            ring.writeDescriptor(
                    new Descriptor(head + i, address, raw.length(), raw.flags()), (head + raw.next()) & 0xffff);
        }
        return chain.size();
    }

    private static void checkCount(int head, int count) {
        if (count > QUEUE_SIZE - head) {
            throw new ScriptException("the commands of one notification need %d descriptors, the queue has %d"
                    .formatted(head + count, QUEUE_SIZE));
        }
    }

    /**
     * Returns what a scanout shows: both planes composed.
     *
     * @param head the scanout
     */
    public Frame picture(int head) {
        return frames.picture(
                head, displays.display(head).width(), displays.display(head).height());
    }

    /** Records a snapshot of every scanout, if a recorder listens. */
    public void snapshot(String label) {
        recorder.ifPresent(to -> {
            for (int head = 0; head < displays.count(); head++) {
                Frame picture = picture(head);
                to.emit(new TraceEvent.Snapshot(
                        SnapshotLabel.of(label, head), head, picture.width(), picture.height(), picture.digest()));
            }
        });
    }

    /** Records the last snapshot and the end of the run, if a recorder listens. */
    public void end() {
        snapshot(TraceEvent.Snapshot.END);
        recorder.ifPresent(to -> to.emit(new TraceEvent.End(TraceEvent.End.Reason.SCRIPT, 0, new byte[0])));
    }

    private void step() {
        timeline.setNow(timeline.now() + CYCLES_PER_STEP);
    }
}
