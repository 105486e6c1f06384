package dev.semblance.bridge.serve;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.gpu.frame.FrameStore;
import dev.semblance.harness.record.Recorder;
import dev.semblance.harness.record.RecordingMemory;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.Pictures;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.SnapshotLabel;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.memory.MemoryMap;
import dev.semblance.machine.virtio.VirtioDevice;
import dev.semblance.machine.virtio.VirtioFeatures;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The GPU that is served and the recording of it, from the first start of a driver to the end. A thread of its own makes what is
 * written of what happens: the guest does not wait for that.
 */
final class ServedGpu implements AutoCloseable {

    /** What is offered to drivers. QEMU offers what queues can do whether or not a back-end does. */
    static final long FEATURES = VirtioFeatures.VERSION_1 | VirtioGpuDevice.FEATURE_EDID | VirtioFeatures.OF_QUEUES;

    private static final int GPU = 0;

    /** How long events may wait until there are enough of them to wake the thread that writes, in nanoseconds. */
    private static final long MOST_WAIT = 50_000_000;

    private final DisplayConfig displays;
    private final HostTime time;
    private final Recorder recorder;
    private final Recorder.Background writing;
    private final FrameStore frames;
    private final GuestView memory;
    private final VirtioDevice device;
    private final Optional<DeviceUnderTest> target;

    /** When the picture changed last, and whether a snapshot was taken since. */
    private long changedAt;

    private boolean changed;

    /** When the thread that writes was woken last. */
    private long handedOverAt;

    /**
     * Makes a GPU as after power-on.
     *
     * @param target starts the device that is served, with guest memory as it is to find it; empty for this project's
     */
    ServedGpu(
            DisplayConfig displays,
            GuestView memory,
            HostTime time,
            EventSink events,
            FrameSink shown,
            Optional<Function<GuestMemory, DeviceUnderTest>> target) {
        this.displays = displays;
        this.memory = memory;
        this.time = time;
        recorder = new Recorder(time.timeline(), events);
        frames = new FrameStore(displays.count(), new Watch(shown));
        RecordingMemory images = recorder.memory(GPU, memory);
        FrameSink recorded = recorder.frames(frames);
        this.target = target.map(start -> start.apply(images.told()));
        VirtioDevice inner = this.target.isPresent()
                ? new TargetGpu(this.target.get(), memory, images, displays, recorded)
                : new VirtioGpuDevice(images, displays, recorded);
        device = recorder.device(GPU, inner, images);
        writing = recorder.background();
    }

    /** {@return the manifest of a trace of such a GPU} */
    static TraceManifest manifest(String toolVersion, DisplayConfig displays, MemoryMap memory) {
        return TraceManifest.builder(TraceManifest.Kind.DEVICE_ONLY)
                .clock(Optional.of(TraceManifest.Clock.HOST))
                .timebaseHz(HostTime.SECOND)
                .toolVersion(toolVersion)
                .memory(memory)
                .devices(List.of(new TraceManifest.Device("gpu", VirtioGpuDevice.DEVICE_ID, FEATURES, 0, 0)))
                .displayModes(TraceManifest.DisplayMode.of(displays))
                .largerViews(displays.largerViews())
                .build();
    }

    VirtioDevice device() {
        return device;
    }

    GuestView memory() {
        return memory;
    }

    /**
     * Does one thing that a driver did, at a time of its own.
     *
     * @param step what is done; if it throws, the trace has nothing of it
     * @return what the step returns
     */
    <T> T step(Supplier<T> step) {
        time.step();
        T result = recorder.step(step);
        long now = time.timeline().now();
        if (now - handedOverAt > MOST_WAIT) {
            handedOverAt = now;
            recorder.handOver();
        }
        return result;
    }

    /** Waits until the recording has all that has happened. */
    void drain() {
        recorder.drain();
    }

    /**
     * Records what all scanouts show under a label, but for those that are off and dark.
     *
     * @param label a {@linkplain SnapshotLabel#isPlain plain} label that no other snapshot has
     */
    void snapshot(String label) {
        changed = false;
        step(() -> {
            for (int scanout = 0; scanout < displays.count(); scanout++) {
                Display display = displays.display(scanout);
                if (display.hasPicture(frames.primary(scanout).isPresent())) {
                    Frame picture = picture(scanout, display);
                    recorder.emit(new TraceEvent.Snapshot(
                            SnapshotLabel.of(label, scanout),
                            scanout,
                            picture.width(),
                            picture.height(),
                            picture.digest()));
                }
            }
            return label;
        });
    }

    /** {@return all that a scanout shows} Where the target has the cursor in its picture, that is the target's too. */
    private Frame picture(int scanout, Display display) {
        Optional<Pictures> own = target.map(DeviceUnderTest::pictures)
                .filter(pictures -> pictures instanceof Pictures.Screendump dump && dump.showsCursor());
        return own.map(pictures -> pictures.picture(scanout, display.width(), display.height()))
                .orElseGet(() -> frames.picture(scanout, display.width(), display.height()));
    }

    /** {@return how many bytes of this process's memory the target's take, which a guest can have grow} */
    long heldBytes() {
        return target.map(DeviceUnderTest::heldBytes).orElse(0L);
    }

    /** Has the target end in an orderly way, and returns what it has done that no device may do. */
    Optional<TargetFailure> finishTarget() {
        return target.flatMap(DeviceUnderTest::finish);
    }

    /** {@return how many nanoseconds are left until the picture has been still for some time; empty if it has not changed since} */
    Optional<Long> untilStill(long nanos) {
        return changed ? Optional.of(changedAt + nanos - time.elapsed()) : Optional.empty();
    }

    /** Records the end of the recording. */
    void end(TraceEvent.End.Reason reason) {
        step(() -> {
            recorder.emit(new TraceEvent.End(reason, 0, new byte[0]));
            return reason;
        });
    }

    /** Waits until the recording has all; nothing happens any more. */
    @Override
    public void close() {
        target.ifPresent(DeviceUnderTest::close);
        writing.close();
    }

    /** Sees whether what is shown changes, not whether it is shown again. */
    private final class Watch implements FrameSink {

        private final FrameSink next;
        private final long[] digests = new long[displays.count()];

        Watch(FrameSink next) {
            this.next = next;
        }

        private void note(int scanout, long digest) {
            if (digests[scanout] != digest) {
                digests[scanout] = digest;
                note();
            }
        }

        private void note() {
            changed = true;
            changedAt = time.elapsed();
        }

        @Override
        public void flushed(int scanout, Frame frame) {
            note(scanout, frame.digest());
            next.flushed(scanout, frame);
        }

        @Override
        public void disabled(int scanout) {
            note(scanout, 0);
            next.disabled(scanout);
        }

        @Override
        public void cursorChanged(int scanout, CursorPlane cursor) {
            note();
            next.cursorChanged(scanout, cursor);
        }
    }
}
