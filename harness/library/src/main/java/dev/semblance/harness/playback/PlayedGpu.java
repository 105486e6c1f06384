package dev.semblance.harness.playback;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameStore;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.record.KnownMemory;
import dev.semblance.harness.replay.ReplayMemory;
import dev.semblance.harness.replay.ReplayMemoryLimit;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.RequestAssembler;
import dev.semblance.harness.trace.RequestAssembler.Request;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.OfDevice;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.memory.MemoryMap;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import java.util.List;
import java.util.Optional;

/**
 * The GPU of a trace and what it showed, as far as commands have it: no queues, no answers, and of guest memory what the trace told. It
 * is given the events one by one.
 */
final class PlayedGpu implements Stateful {

    /** What a command counts besides the bytes that it was told of, when work is measured in bytes. */
    private static final long COMMAND = 1 << 12;

    private final int number;
    private final MemoryMap map;
    private final KnownMemory known = new KnownMemory();
    private final ReplayMemoryLimit limit = ReplayMemoryLimit.ofProcess();
    private final FrameStore frames;
    private final VirtioGpuDevice device;
    private final RequestAssembler requests;
    private long features;
    private long work;

    PlayedGpu(ReplayableGpu gpu) {
        number = gpu.device();
        map = gpu.memory();
        frames = new FrameStore(gpu.displays().count(), new NoFrames());
        device = new VirtioGpuDevice(new ReplayMemory(map, known, (address, length) -> {}), gpu.displays(), frames);
        requests = new RequestAssembler(number, RequestAssembler.MAX_BYTES);
    }

    /** {@return how much was done since the last time that this was asked, in bytes} */
    long takeWork() {
        long done = work;
        work = 0;
        return done;
    }

    DisplayConfig displays() {
        return device.displays();
    }

    /** {@return what a scanout shows; empty where its display is off and nothing is shown} */
    Optional<Frame> picture(int scanout) {
        Display display = device.displays().display(scanout);
        return display.hasPicture(frames.primary(scanout).isPresent())
                ? Optional.of(frames.picture(scanout, display.width(), display.height()))
                : Optional.empty();
    }

    Optional<Frame> primary(int scanout) {
        return frames.primary(scanout);
    }

    CursorPlane cursor(int scanout) {
        return frames.cursor(scanout);
    }

    List<Long> resources() {
        return device.resources();
    }

    Optional<Frame> image(long resource) {
        return device.image(resource);
    }

    /**
     * Does what an event says.
     *
     * @throws TraceFormatException if no guest can have done that
     * @throws IncompatibleException if it takes too much memory
     */
    void take(TraceEvent event) throws TraceFormatException {
        if (!(event instanceof OfDevice ofDevice) || ofDevice.device() != number) {
            return;
        }
        Optional<Request> request = requests.take(ofDevice);
        switch (ofDevice) {
            case TraceEvent.Reset reset -> device.reset();
            case TraceEvent.Features accepted -> features = accepted.features();
            case TraceEvent.DisplayChange change ->
                change.appliedTo(device.displays()).ifPresent(device::changeDisplays);
            case TraceEvent.Memory told -> learn(told);
            case TraceEvent.Command command -> {
                work += COMMAND;
                if (request.isPresent() && request.get().isWhole()) {
                    device.execute(request.get().bytes(), command.queue(), features);
                }
            }
            default -> {
                // Of queues and registers, which no picture depends on.
            }
        }
    }

    private void learn(TraceEvent.Memory told) throws TraceFormatException {
        for (TraceEvent.Bytes run : told.runs()) {
            int length = run.bytes().length;
            if (!map.contains(run.address(), length)) {
                throw new TraceFormatException(
                        0, Text.format("it tells of %d bytes at 0x%x, which are outside RAM", length, run.address()));
            }
            known.learn(run.address(), run.bytes(), 0, length);
            limit.check(known.heldBytes());
            work += length;
        }
    }

    @Override
    public void state(StateExchange s) {
        s.part("PGPU", 1);
        if (s.isLoading()) {
            // Of a command that one has left.
            requests.clear();
        }
        features = s.saved(features);
        device.state(s);
        frames.state(s);
        known.state(s);
    }
}
