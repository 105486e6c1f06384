package dev.semblance.gpu.testing;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.ErrorCode;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.GpuResponse;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.virtio.VirtioFeatures;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** A device with its driver's side: commands go in as bytes through the queues, answers come out decoded. */
public final class Testbed {

    /** The answer to a command without a fence that went well. */
    public static final GpuResponse OK = new GpuResponse.OkNoData(Header.NONE);

    /** More room than any answer needs. */
    private static final int ROOM = 1100;

    private static final long FEATURES = VirtioFeatures.VERSION_1 | VirtioGpuDevice.FEATURE_EDID;

    private final Ram ram;
    private final RecordingSink sink = new RecordingSink();
    private final VirtioGpuDevice device;
    private FakeTransport transport;

    /** Makes a device with one display of 1024x768 and 16 MiB of memory. */
    public Testbed() {
        this(DisplayConfig.DEFAULT);
    }

    /** Makes a device with these displays and 16 MiB of memory. */
    public Testbed(DisplayConfig displays) {
        this(displays, 16 << 20, memory -> memory);
    }

    /** Makes a device that sees memory of this size through {@code view}. */
    public Testbed(DisplayConfig displays, int memorySize, UnaryOperator<GuestMemory> view) {
        ram = new Ram(memorySize);
        device = new VirtioGpuDevice(view.apply(ram), displays, sink);
        transport = new FakeTransport(device, FEATURES);
    }

    public Ram ram() {
        return ram;
    }

    public RecordingSink sink() {
        return sink;
    }

    public VirtioGpuDevice device() {
        return device;
    }

    public FakeTransport transport() {
        return transport;
    }

    /** Resets the device and starts it again with the same features. */
    public void reset() {
        restart(FEATURES);
    }

    /** Resets the device and starts it again. */
    public void restart(long features) {
        device.reset();
        transport = new FakeTransport(device, features);
    }

    /** Sends a command on the control queue. */
    public GpuResponse control(GpuCommand command) {
        return send(VirtioGpuDevice.CONTROL_QUEUE, CommandCodec.encode(command));
    }

    /** Sends a command on the cursor queue. */
    public GpuResponse cursor(GpuCommand command) {
        return send(VirtioGpuDevice.CURSOR_QUEUE, CommandCodec.encode(command));
    }

    /** Sends a request and decodes what the device says that it wrote. */
    public GpuResponse send(int queue, byte[] request) {
        FakeTransport.Used used = transport.exchange(queue, request, ROOM);
        return ResponseCodec.decode(Arrays.copyOf(used.writable(), (int) used.length()));
    }

    /** Sends a command that must go well. */
    public void ok(GpuCommand command) {
        GpuResponse response = control(command);
        if (!response.equals(OK)) {
            throw new AssertionError(command + " was answered " + response);
        }
    }

    /** Returns the answer that refuses a command without a fence. */
    public static GpuResponse refused(ErrorCode code) {
        return new GpuResponse.Refused(Header.NONE, code);
    }

    // Commands without a fence.

    public static GpuCommand create2d(long id, PixelFormat format, long width, long height) {
        return new GpuCommand.ResourceCreate2d(Header.NONE, id, format.number(), width, height);
    }

    public static GpuCommand unref(long id) {
        return new GpuCommand.ResourceUnref(Header.NONE, id);
    }

    public static GpuCommand attach(long id, MemoryEntry... entries) {
        return new GpuCommand.ResourceAttachBacking(Header.NONE, id, entries.length, List.of(entries));
    }

    public static GpuCommand detach(long id) {
        return new GpuCommand.ResourceDetachBacking(Header.NONE, id);
    }

    public static GpuCommand transfer(long id, Rect rect, long offset) {
        return new GpuCommand.TransferToHost2d(Header.NONE, rect, offset, id);
    }

    public static GpuCommand setScanout(long scanout, long id, Rect rect) {
        return new GpuCommand.SetScanout(Header.NONE, rect, scanout, id);
    }

    public static GpuCommand flush(long id, Rect rect) {
        return new GpuCommand.ResourceFlush(Header.NONE, rect, id);
    }

    public static GpuCommand updateCursor(long id, CursorPosition position, long hotX, long hotY) {
        return new GpuCommand.UpdateCursor(Header.NONE, position, id, hotX, hotY);
    }

    public static GpuCommand moveCursor(CursorPosition position) {
        return new GpuCommand.MoveCursor(Header.NONE, position, 0, 0, 0);
    }

    public static Rect rect(long x, long y, long width, long height) {
        return new Rect(x, y, width, height);
    }

    /** Makes a resource backed by memory at {@code address}, with as many bytes as it has. */
    public void backed(long id, PixelFormat format, int width, int height, long address) {
        ok(create2d(id, format, width, height));
        ok(attach(id, new MemoryEntry(address, 4L * width * height)));
    }

    /** Puts little-endian pixels into memory. */
    public void poke(long address, int... pixels) {
        for (int i = 0; i < pixels.length; i++) {
            ram.putInt(address + 4L * i, pixels[i]);
        }
    }

    /** Puts {@code count} pixels into memory, each with its own number plus {@code first}. */
    public void pokeCounting(long address, int first, int count) {
        for (int i = 0; i < count; i++) {
            ram.putInt(address + 4L * i, first + i);
        }
    }
}
