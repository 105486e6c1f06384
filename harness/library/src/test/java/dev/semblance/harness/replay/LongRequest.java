package dev.semblance.harness.replay;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.harness.record.Recorder;
import dev.semblance.harness.record.RecordingMemory;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.time.CycleTimeline;
import dev.semblance.machine.virtio.MmioTransport;
import dev.semblance.machine.virtio.driver.GuestArena;
import dev.semblance.machine.virtio.driver.GuestDriver;
import dev.semblance.machine.virtio.driver.GuestQueue;

/** A driver with much memory, for a request that is as long. */
final class LongRequest {

    private static final long RAM = 256L << 20;

    private LongRequest() {}

    static TraceManifest manifest() {
        TraceManifest small = SyntheticGuest.manifest();
        return small.with().ramBytes(RAM).build();
    }

    /** Records image 1, then a command. */
    static void record(EventSink sink, GpuCommand command) {
        Ram ram = new Ram(RAM);
        Recorder recorder = new Recorder(new CycleTimeline(), sink);
        RecordingMemory memory = recorder.memory(0, ram);
        VirtioGpuDevice gpu = new VirtioGpuDevice(memory, SyntheticGuest.DISPLAYS, recorder.frames(new NoFrames()));
        MmioTransport transport = new MmioTransport(recorder.device(0, gpu, memory), ram, level -> {});
        GuestDriver driver = new GuestDriver(transport, ram, new GuestArena(0x1_0000, RAM));
        driver.begin();
        GuestQueue queue = driver.enableQueue(0, 8).orElseThrow();
        driver.driverOk();
        for (GpuCommand next : new GpuCommand[] {new GpuCommand.ResourceCreate2d(Header.NONE, 1, 2, 8, 8), command}) {
            queue.chain().readable(CommandCodec.encode(next), 30).writable(24).offer();
            driver.kick(queue);
            queue.takeUsed();
        }
        recorder.emit(new TraceEvent.End(TraceEvent.End.Reason.SCRIPT, 0, new byte[0]));
    }
}
