package dev.semblance.harness.rig;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.FrameStore;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.record.Recorder;
import dev.semblance.harness.record.RecordingMemory;
import dev.semblance.harness.record.session.Devices;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.profile.SemuPlatform;
import dev.semblance.machine.time.CycleTimeline;
import dev.semblance.machine.virtio.MmioTransport;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.driver.GuestArena;
import dev.semblance.machine.virtio.driver.GuestDriver;
import dev.semblance.machine.virtio.driver.GuestQueue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Traces of a driver that does nothing but show pictures on a scanout of 1024x768, made without a hart: a transfer and a
 * flush in one batch each frame, as Linux does it.
 */
public final class DisplayWorkload implements AutoCloseable {

    private static final int WIDTH = 1024;
    private static final int HEIGHT = 768;
    private static final int BOX = 64;
    private static final int FRAME_BYTES = WIDTH * HEIGHT * 4;
    private static final long RAM_BYTES = 64L << 20;
    private static final long BUFFER_BYTES = 1 << 16;
    private static final int QUEUE_SIZE = 64;
    private static final long CYCLES_PER_FRAME = 1_000_000;
    private static final Rect SCREEN = new Rect(0, 0, WIDTH, HEIGHT);

    private final CycleTimeline timeline = new CycleTimeline();
    private final Ram ram = new Ram(RAM_BYTES);
    private final TraceWriter writer;
    private final Recorder recorder;
    private final FrameStore frames = new FrameStore(1, new NoFrames());
    private final GuestDriver driver;

    /** Where requests and responses lie: in the same place in each batch, as a real driver's come to. */
    private final GuestArena buffers = new GuestArena(0, BUFFER_BYTES);

    private final GuestArena pictures = new GuestArena(BUFFER_BYTES, RAM_BYTES);
    private final GuestQueue control;
    private long frame;

    private DisplayWorkload(Path trace) throws IOException {
        writer = TraceWriter.create(trace, manifest());
        recorder = new Recorder(timeline, writer);
        RecordingMemory memory = recorder.memory(Devices.GPU, ram);
        VirtioGpuDevice gpu = new VirtioGpuDevice(memory, DisplayConfig.DEFAULT, recorder.frames(frames));
        MmioTransport transport = new MmioTransport(recorder.device(Devices.GPU, gpu, memory), ram, level -> {});
        driver = new GuestDriver(transport, ram, buffers);
        driver.begin();
        long rings = pictures.allocate(3 * 4096, 4096);
        control = driver.enableQueue(0, new QueueLayout(QUEUE_SIZE, rings, rings + 4096, rings + 8192))
                .orElseThrow();
        driver.driverOk();
    }

    private static TraceManifest manifest() {
        return TraceManifest.builder(TraceManifest.Kind.DEVICE_ONLY)
                .toolVersion("benchmark")
                .ramBytes(RAM_BYTES)
                .timebaseHz(SemuPlatform.TIMEBASE_FREQUENCY)
                .devices(IntStream.rangeClosed(0, Devices.GPU)
                        .mapToObj(i -> new TraceManifest.Device(
                                i == Devices.GPU ? "gpu" : "none", i == Devices.GPU ? 16 : 0, 0, 0, 0))
                        .toList())
                .displayModes(List.of(new TraceManifest.DisplayMode(WIDTH, HEIGHT)))
                .build();
    }

    /**
     * Writes a trace of flushes that each move a box of 64x64 pixels in new colours over a still picture.
     *
     * @param trace the file that is written
     * @param flushes how many
     * @throws IOException if it cannot be read or written
     */
    public static void damage(Path trace, int flushes) throws IOException {
        try (DisplayWorkload work = new DisplayWorkload(trace)) {
            long pixels = work.picture(1);
            for (int i = 0; i < flushes; i++) {
                int x = i * 5 % (WIDTH - BOX);
                int y = i * 3 % (HEIGHT - BOX);
                for (int row = 0; row < BOX; row++) {
                    work.fill(pixels + ((long) (y + row) * WIDTH + x) * 4, BOX, 0x00ff_8000 + i * 77);
                }
                work.show(1, new Rect(x, y, BOX, BOX), ((long) y * WIDTH + x) * 4);
            }
            work.finish();
        }
    }

    /**
     * Writes a trace of page flips between two pictures of colour bars that move.
     *
     * @param trace the file that is written
     * @param flushes how many
     * @throws IOException if it cannot be read or written
     */
    public static void flips(Path trace, int flushes) throws IOException {
        try (DisplayWorkload work = new DisplayWorkload(trace)) {
            long[] pixels = {work.picture(1), work.picture(2)};
            for (int i = 0; i < flushes; i++) {
                int back = i & 1;
                for (int y = 0; y < HEIGHT; y++) {
                    for (int bar = 0; bar < 8; bar++) {
                        work.fill(
                                pixels[back] + ((long) y * WIDTH + (long) bar * (WIDTH / 8)) * 4,
                                WIDTH / 8,
                                0x20_2020 * (bar + 1) + i);
                    }
                }
                work.offer(new GpuCommand.SetScanout(Header.NONE, SCREEN, 0, back + 1));
                work.show(back + 1, SCREEN, 0);
            }
            work.finish();
        }
    }

    /**
     * Writes a trace of transfers and flushes of a whole picture that does not change.
     *
     * @param trace the file that is written
     * @param flushes how many
     * @throws IOException if it cannot be read or written
     */
    public static void still(Path trace, int flushes) throws IOException {
        try (DisplayWorkload work = new DisplayWorkload(trace)) {
            work.picture(1);
            for (int i = 0; i < flushes; i++) {
                work.show(1, SCREEN, 0);
            }
            work.finish();
        }
    }

    /**
     * Writes a trace of snapshots {@code s-1}, {@code s-2}, ... which have no row in common.
     *
     * @param trace the file that is written
     * @param count how many
     * @param grain how many pixels in a row are of one colour: 1 is noise, which nothing compresses
     * @throws IOException if it cannot be read or written
     */
    public static void snapshots(Path trace, int count, int grain) throws IOException {
        try (DisplayWorkload work = new DisplayWorkload(trace)) {
            long pixels = work.picture(1);
            int colour = 1;
            for (int i = 1; i <= count; i++) {
                for (int x = 0; x < WIDTH * HEIGHT; x += grain) {
                    colour = colour * 1_664_525 + 1_013_904_223;
                    work.fill(pixels + 4L * x, grain, colour >>> 8);
                }
                work.show(1, SCREEN, 0);
                work.snapshot("s-" + i);
            }
            work.finish();
        }
    }

    /**
     * {@return the last cycle of a trace of so many flushes, or close to it}
     *
     * @param flushes how many
     */
    public static long lastCycle(int flushes) {
        return flushes * CYCLES_PER_FRAME;
    }

    /** Makes a resource with backing, of a picture with something in every row, shows it, and returns where its pixels are. */
    private long picture(int resource) {
        long pixels = pictures.allocate(FRAME_BYTES, 4096);
        for (int y = 0; y < HEIGHT; y++) {
            fill(pixels + (long) y * WIDTH * 4, WIDTH, 0x01_0203 * y);
        }
        offer(new GpuCommand.ResourceCreate2d(Header.NONE, resource, PixelFormat.B8G8R8X8.number(), WIDTH, HEIGHT));
        offer(new GpuCommand.ResourceAttachBacking(
                Header.NONE, resource, 1, List.of(new MemoryEntry(pixels, FRAME_BYTES))));
        offer(new GpuCommand.SetScanout(Header.NONE, SCREEN, 0, resource));
        kick();
        show(resource, SCREEN, 0);
        return pixels;
    }

    private void fill(long address, int pixels, int colour) {
        for (int i = 0; i < pixels; i++) {
            ram.putInt(address + 4L * i, colour);
        }
    }

    /** Brings a rectangle from memory to the screen. */
    private void show(int resource, Rect rect, long offset) {
        frame++;
        timeline.setNow(frame * CYCLES_PER_FRAME);
        offer(new GpuCommand.TransferToHost2d(Header.NONE, rect, offset, resource));
        offer(new GpuCommand.ResourceFlush(Header.fenced(frame), rect, resource));
        kick();
    }

    private void offer(GpuCommand command) {
        control.chain()
                .readable(CommandCodec.encode(command))
                .writable(Header.SIZE)
                .offer();
    }

    private void kick() {
        driver.kick(control);
        control.takeUsed();
        driver.takeInterrupts();
        buffers.clear();
    }

    private void snapshot(String label) {
        recorder.emit(new TraceEvent.Snapshot(
                label, 0, WIDTH, HEIGHT, frames.picture(0, WIDTH, HEIGHT).digest()));
    }

    private void finish() throws IOException {
        snapshot(TraceEvent.Snapshot.END);
        recorder.emit(new TraceEvent.End(TraceEvent.End.Reason.SCRIPT, 0, new byte[0]));
        writer.complete();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
