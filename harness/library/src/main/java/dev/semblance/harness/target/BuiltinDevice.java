package dev.semblance.harness.target;

import dev.semblance.gpu.device.DisplayControl;
import dev.semblance.gpu.device.ResourceUsage;
import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.gpu.frame.FrameStore;
import dev.semblance.harness.record.Recorder;
import dev.semblance.harness.record.RecordingMemory;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.memory.MemoryMap;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.memory.SparseRam;
import dev.semblance.machine.virtio.MmioTransport;
import dev.semblance.machine.virtio.VirtioDevice;
import dev.semblance.machine.virtio.driver.GuestArena;
import dev.semblance.machine.virtio.driver.GuestDriver;
import java.util.Optional;

/** A {@link VirtioDevice} of this process on the transport and the queues of the machine, with RAM of its own and no hart. */
public final class BuiltinDevice implements DeviceUnderTest {

    private static final Completion SYNCHRONOUS = new Completion.Synchronous();

    private final GuestMemory ram;
    private final DisplayConfig displays;
    private final Pictures pictures;
    private final Optional<ResourceUsage.Meter> meter;
    private final Optional<DisplayControl> control;
    private final GuestDriver driver;

    private BuiltinDevice(DeviceMaker maker, TargetConfig config) {
        ram = SparseRam.of(config.memory());
        displays = config.displays();
        FrameStore frames = new FrameStore(displays.count(), config.frames());
        pictures = new Pictures.Published(frames);
        Made made = device(maker, config, ram, frames);
        meter = made.inner() instanceof ResourceUsage.Meter counting ? Optional.of(counting) : Optional.empty();
        control = made.inner() instanceof DisplayControl changing ? Optional.of(changing) : Optional.empty();
        MmioTransport transport = new MmioTransport(
                made.outer(), ram, level -> {}, config.queues().bits());
        MemoryMap.Region room = config.memory().largest();
        driver = new GuestDriver(transport, ram, new GuestArena(room.base(), room.end()));
    }

    /** What was made, and what the transport is given: the same, unless it is recorded. */
    private record Made(VirtioDevice inner, VirtioDevice outer) {}

    private static Made device(DeviceMaker maker, TargetConfig config, GuestMemory ram, FrameSink frames) {
        Optional<TargetConfig.Recording> recording = config.recording();
        if (recording.isEmpty()) {
            VirtioDevice device = maker.make(config.backing().orElse(ram), config.displays(), frames);
            return new Made(device, device);
        }
        Recorder recorder = recording.get().recorder();
        int number = recording.get().device();
        FrameSink recorded = recorder.frames(frames);
        if (config.backing().isPresent()) {
            VirtioDevice device = maker.make(config.backing().get(), config.displays(), recorded);
            return new Made(device, recorder.device(number, device));
        }
        RecordingMemory memory = recorder.memory(number, ram);
        VirtioDevice device = maker.make(memory, config.displays(), recorded);
        return new Made(device, recorder.device(number, device, memory));
    }

    /** {@return the factory of the device that this project tests} */
    public static Factory ours() {
        return of(VirtioGpuDevice::new);
    }

    /**
     * {@return the factory of any other device: a model, or one with a fault planted}
     *
     * @param maker makes the device behind the queues
     */
    public static Factory of(DeviceMaker maker) {
        return config -> new BuiltinDevice(maker, config);
    }

    @Override
    public GuestDriver driver() {
        return driver;
    }

    @Override
    public GuestMemory memory() {
        return ram;
    }

    @Override
    public long heldBytes() {
        return switch (ram) {
            case Ram plain -> (long) plain.materializedPages() * Ram.PAGE_SIZE;
            case SparseRam sparse -> sparse.heldBytes();
            default -> throw new IllegalStateException("guest memory of another kind");
        };
    }

    @Override
    public DisplayConfig displays() {
        return displays;
    }

    @Override
    public Pictures pictures() {
        return pictures;
    }

    @Override
    public Optional<ResourceUsage> resourceUsage() {
        return meter.map(ResourceUsage.Meter::resourceUsage);
    }

    @Override
    public Optional<DisplayControl> displayControl() {
        return control;
    }

    @Override
    public Completion completion() {
        return SYNCHRONOUS;
    }

    @Override
    public void close() {
        // Memory of this process alone: it goes with the last reference.
    }
}
