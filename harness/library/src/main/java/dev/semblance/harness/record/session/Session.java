package dev.semblance.harness.record.session;

import dev.semblance.gpu.device.DisplayControl;
import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.gpu.frame.FrameStore;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.guest.images.GuestImage;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.guest.scenario.Effect;
import dev.semblance.harness.guest.scenario.Effect.InputPort;
import dev.semblance.harness.record.HostPort;
import dev.semblance.harness.record.KnownMemory;
import dev.semblance.harness.record.Recorder;
import dev.semblance.harness.record.RecordingMemory;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.SnapshotLabel;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.Boot;
import dev.semblance.machine.Machine;
import dev.semblance.machine.MachineConfig;
import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.device.ConsoleSink;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.profile.Slot;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.SavedState;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import dev.semblance.machine.virtio.VirtioDevice;
import dev.semblance.machine.virtio.blk.CopyOnWriteDisk;
import dev.semblance.machine.virtio.blk.DiskImage;
import dev.semblance.machine.virtio.blk.VirtioBlk;
import dev.semblance.machine.virtio.input.InputEvent;
import dev.semblance.machine.virtio.input.InputProfile;
import dev.semblance.machine.virtio.input.VirtioInput;
import dev.semblance.machine.virtio.rng.VirtioRng;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A machine of the {@code semu} profile with a disk, an entropy source, keyboard, pointing devices and GPU, and the pictures
 * that the GPU last published. With an {@link EventSink} everything that passes is recorded; without one nothing stands between.
 */
public final class Session {

    private final Machine machine;
    private final FrameStore frames;
    private final VirtioGpuDevice gpu;
    private final Pointer pointer;
    private final SortedMap<Integer, VirtioInput> inputs = new TreeMap<>();
    private final HostPort port;
    private final Optional<Recorder> recorder;
    private final Optional<RecordingMemory> told;

    /** Of the disk's image, which is no part of a state: enough to tell it from others. */
    private final long disk;

    private ConsoleSink console;

    /** Who else looks on. */
    public interface Observer {

        /** Nobody. */
        Observer NONE = new Observer() {};

        /**
         * The guest wrote a byte to the console.
         *
         * @param value the byte, 0 to 255
         */
        default void consoleOutput(byte value) {}

        /**
         * What scanout {@code scanout} shows has changed, or was published again.
         *
         * @param scanout the number of the scanout, from 0
         */
        default void pictureShown(int scanout) {}

        /**
         * The guest flushed scanout {@code scanout}; {@link #pictureShown} has told of the picture.
         *
         * @param scanout the number of the scanout, from 0
         */
        default void flushed(int scanout) {}
    }

    /**
     * Builds the machine and loads what it is to run.
     *
     * @param config the guest, and its devices
     * @param recording takes the events, if there is to be a recording
     * @param observer told what goes on
     * @throws BadImageException if an image cannot be used
     */
    public Session(SessionConfig config, Optional<EventSink> recording, Observer observer) throws BadImageException {
        this(config, SessionStart.POWER_ON, recording, observer);
    }

    /**
     * Builds the machine and brings it to where it begins.
     *
     * @param config the guest, and its devices
     * @param start where it begins
     * @param recording takes the events from there on, if there is to be a recording
     * @param observer told what goes on from there on
     * @throws BadImageException if an image cannot be used
     * @throws IncompatibleException if it cannot begin in the state that it is to begin in
     */
    public Session(SessionConfig config, SessionStart start, Optional<EventSink> recording, Observer observer)
            throws BadImageException {
        // The recorder needs the machine's time, so the console is connected in two steps.
        this.console = observer::consoleOutput;
        this.machine = new Machine(
                new MachineConfig(config.model(), config.seed()), value -> console.put(value), config.translator());
        this.recorder = recording.map(sink -> new Recorder(machine.timeline(), sink));
        recorder.ifPresent(r -> console = r.console(observer::consoleOutput));
        this.frames = new FrameStore(config.displays().count(), notifying(observer));
        FrameSink sink = recorder.map(r -> r.frames(frames)).orElse(frames);

        long queues = config.queues().bits();
        attachDisk(config.disk(), queues);
        this.disk = config.disk()
                .map(image -> Long.parseUnsignedLong(image.sha256().substring(0, 16), 16))
                .orElse(0L);
        VirtioRng entropy = new VirtioRng(config.seed());
        machine.attach(Slot.ENTROPY, recorded(Devices.ENTROPY, entropy), entropy, queues);
        this.pointer = config.pointer();
        attachInput(Slot.KEYBOARD, InputPort.KEYBOARD, InputProfile.keyboard(), queues);
        if (pointer.hasMouse()) {
            attachInput(Slot.MOUSE, InputPort.MOUSE, InputProfile.mouse(), queues);
        }
        if (pointer.hasTablet()) {
            attachInput(Slot.TABLET, InputPort.TABLET, InputProfile.tablet(), queues);
        }
        this.told = recorder.map(r -> r.memory(Devices.GPU, machine.memory()));
        this.gpu = attachGpu(config, sink);
        HostPort direct = new DirectPort(machine, inputs, gpu);
        this.port = recorder.map(r -> r.port(direct)).orElse(direct);
        switch (start) {
            case SessionStart.PowerOn powerOn -> powerOn(config.boot());
            case SessionStart.Saved saved -> begin(saved);
        }
    }

    private void powerOn(SessionConfig.Start boot) throws BadImageException {
        machine.start(
                switch (boot) {
                    case SessionConfig.Start.Linux linux ->
                        new Boot.Linux(
                                linux.kernel().bytes(),
                                linux.initrd().map(image -> image.bytes()),
                                linux.deviceTree().map(image -> image.bytes()),
                                linux.bootargs());
                    case SessionConfig.Start.Bare bare ->
                        new Boot.Bare(bare.image().bytes());
                    case SessionConfig.Start.Nothing nothing ->
                        throw new IncompatibleException(
                                "the machine was to begin in a stored state, and that is gone; what it was booted from is not known");
                });
    }

    private void begin(SessionStart.Saved start) {
        try {
            load(start.state());
        } catch (BadStateException e) {
            throw new IncompatibleException("the state that it begins in cannot be used: " + e.getMessage(), e);
        }
        long cycle = machine.hart().cycle();
        if (cycle != start.cycle()) {
            throw new IncompatibleException(Text.format(
                    "the state that it begins in is of cycle %d, and the trace says %d", cycle, start.cycle()));
        }
    }

    private void attachInput(Slot slot, InputPort of, InputProfile profile, long queues) {
        int number = Devices.of(of, pointer);
        VirtioInput device = new VirtioInput(profile);
        machine.attach(slot, recorded(number, device), device, queues);
        inputs.put(number, device);
    }

    private void attachDisk(Optional<GuestImage> image, long queues) {
        CopyOnWriteDisk overlay =
                new CopyOnWriteDisk(image.<DiskImage>map(ImageDisk::new).orElseGet(DiskImage::none));
        VirtioBlk disk = new VirtioBlk(overlay, machine.timeline(), VirtioBlk.Options.semu());
        machine.attach(Slot.BLOCK, recorder.map(r -> r.disk(Devices.DISK, disk)).orElse(disk), disk, queues);
    }

    private VirtioGpuDevice attachGpu(SessionConfig config, FrameSink sink) {
        GuestMemory memory = told.<GuestMemory>map(watched -> watched).orElse(machine.memory());
        VirtioGpuDevice device = new VirtioGpuDevice(memory, config.displays(), sink);
        VirtioDevice attached = recorder.<VirtioDevice>map(r -> r.device(Devices.GPU, device, told.orElseThrow()))
                .orElse(device);
        machine.attach(Slot.GPU, attached, device, config.queues().bits());
        return device;
    }

    private VirtioDevice recorded(int number, VirtioDevice device) {
        return recorder.map(r -> r.device(number, device)).orElse(device);
    }

    private static FrameSink notifying(Observer observer) {
        return new FrameSink() {
            @Override
            public void flushed(int scanout, Frame frame) {
                observer.pictureShown(scanout);
                observer.flushed(scanout);
            }

            @Override
            public void disabled(int scanout) {
                observer.pictureShown(scanout);
            }

            @Override
            public void cursorChanged(int scanout, CursorPlane cursor) {
                observer.pictureShown(scanout);
            }
        };
    }

    /** Input straight to the devices. */
    private record DirectPort(Machine machine, SortedMap<Integer, VirtioInput> inputs, DisplayControl gpu)
            implements HostPort {

        @Override
        public void console(byte[] bytes) {
            machine.receiveConsole(bytes);
        }

        @Override
        public void input(TraceEvent.Input report) {
            List<InputEvent> events = report.items().stream()
                    .map(item -> new InputEvent(item.type(), item.code(), item.value()))
                    .toList();
            VirtioInput target = inputs.get(report.device());
            if (target == null) {
                throw new IllegalArgumentException("device " + report.device() + " takes no input");
            }
            target.report(events);
        }

        @Override
        public void display(TraceEvent.DisplayChange change) {
            gpu.changeDisplays(change.appliedTo(gpu.displays())
                    .orElseThrow(() -> new IllegalArgumentException("no such display: " + change)));
        }
    }

    /** {@return the machine} */
    public Machine machine() {
        return machine;
    }

    /** {@return the port for input; what is put in arrives now, and is recorded if anything is} */
    public HostPort port() {
        return port;
    }

    /** {@return the pointing devices} */
    public Pointer pointer() {
        return pointer;
    }

    /**
     * {@return whether a device is an input device, which takes what is put into the port}
     *
     * @param device its number
     */
    public boolean takesInput(int device) {
        return inputs.containsKey(device);
    }

    /**
     * {@return how many reports of an input device wait for the guest}
     *
     * @param port the device, which the machine has
     */
    public int waitingReports(Effect.InputPort port) {
        return Optional.ofNullable(inputs.get(Devices.of(port, pointer())))
                .map(VirtioInput::waitingReports)
                .orElse(0);
    }

    /** {@return the planes as last published} */
    public FrameStore frames() {
        return frames;
    }

    /** {@return the displays that the GPU offers now} */
    public DisplayConfig displays() {
        return gpu.displays();
    }

    /** {@return how many scanouts there are} */
    public int scanouts() {
        return gpu.displays().count();
    }

    /**
     * {@return what a scanout shows: its planes as last published, composed; black at the offered size without any}
     *
     * @param scanout the number of the scanout, from 0
     */
    public Frame picture(int scanout) {
        Display display = gpu.displays().display(scanout);
        return frames.picture(scanout, display.width(), display.height());
    }

    /**
     * {@return whether there is something to look at: a display that is off may still show what the driver leaves there}
     *
     * @param scanout the number of the scanout, from 0
     */
    public boolean isSeen(int scanout) {
        return gpu.displays()
                .display(scanout)
                .hasPicture(frames.primary(scanout).isPresent());
    }

    /**
     * Records snapshots of all scanouts under a name, but for those that are off and dark.
     *
     * @param label the label of the snapshot
     */
    public void recordSnapshot(String label) {
        recorder.ifPresent(r -> {
            for (int scanout = 0; scanout < scanouts(); scanout++) {
                if (!isSeen(scanout)) {
                    continue;
                }
                Frame picture = picture(scanout);
                r.emit(new TraceEvent.Snapshot(
                        SnapshotLabel.of(label, scanout),
                        scanout,
                        picture.width(),
                        picture.height(),
                        picture.digest()));
            }
        });
    }

    /** Records a digest of hart and devices. */
    public void recordCheckpoint() {
        recorder.ifPresent(
                r -> r.emit(new TraceEvent.Checkpoint(machine.hart().instret(), machine.deviceStateDigest())));
    }

    /**
     * Records the end of the run.
     *
     * @param reason why it stopped, as the rest of a sentence
     */
    public void recordEnd(TraceEvent.End.Reason reason) {
        recorder.ifPresent(r -> r.emit(new TraceEvent.End(reason, machine.hart().instret(), machine.stateDigest())));
    }

    /**
     * Does work while another thread gives what it records to the sink, if this is recorded: {@link Recorder#inBackground}.
     *
     * @param work runs the machine, or records something
     */
    void recordInBackground(Runnable work) {
        recorder.ifPresentOrElse(r -> r.inBackground(work), work);
    }

    /** Lets the sink have soon what was recorded up to here: {@link Recorder#handOver}. */
    void handOver() {
        recorder.ifPresent(Recorder::handOver);
    }

    /**
     * {@return the state of the machine, of the pictures, and of what is known of memory if this is recorded} To be asked for
     * between runs of the machine: {@link Machine#save}. Where the events go to is no part of it, but
     * it has all up to here.
     *
     * @param beside what lives beside the session and is to be in the same state, in this order
     */
    public SavedState save(Stateful... beside) {
        recorder.ifPresent(Recorder::drain);
        return machine.save(withSession(beside));
    }

    /**
     * Takes the session to a saved state, earlier or later, between runs of the machine: {@link Machine#load}. Nothing is
     * recorded of that, and the observer is told nothing. A recording that goes on from a session that was not recorded tells of all
     * of memory anew.
     *
     * @param state where it goes on: of a session with the same config
     * @param beside what was saved with the session, in the same order
     * @throws BadStateException if the state is damaged or of another session; this one must be thrown away then
     */
    public void load(SavedState state, Stateful... beside) throws BadStateException {
        recorder.ifPresent(Recorder::drain);
        machine.load(state, withSession(beside));
    }

    private Stateful[] withSession(Stateful... beside) {
        return Stream.concat(Stream.<Stateful>of(this::exchange), Stream.of(beside))
                .toArray(Stateful[]::new);
    }

    private void exchange(StateExchange s) {
        s.part("SESS", 1);
        s.savedConstant(disk, "disk image");
        frames.state(s);
        boolean toldBefore = s.saved(told.isPresent());
        if (toldBefore) {
            // Whoever does not record has no use for what a recorder had told.
            told.<Stateful>map(memory -> memory).orElseGet(KnownMemory::new).state(s);
        } else {
            told.ifPresent(RecordingMemory::forget);
        }
    }
}
