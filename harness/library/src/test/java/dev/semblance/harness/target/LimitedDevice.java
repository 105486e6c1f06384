package dev.semblance.harness.target;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameStore;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.machine.bus.MmioDevice;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.MmioRegisters;
import dev.semblance.machine.virtio.driver.GuestArena;
import dev.semblance.machine.virtio.driver.GuestDriver;
import dev.semblance.machine.virtio.driver.GuestQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A device as one of another process would be: it does nothing before it is waited for, gives a picture only when asked, and
 * has guest memory that is no {@code Ram}.
 */
public final class LimitedDevice implements DeviceUnderTest {

    private final FrameStore frames;
    private final DeviceUnderTest inside;
    private final GuestMemory memory;
    private final GuestDriver driver;
    private final boolean showsCursor;
    private final List<Integer> notified = new ArrayList<>();

    private LimitedDevice(DeviceMaker maker, TargetConfig config, boolean showsCursor) {
        this.showsCursor = showsCursor;
        this.frames = new FrameStore(config.displays().count(), new NoFrames());
        this.inside = BuiltinDevice.of((backing, displays, sink) -> maker.make(backing, displays, frames))
                .make(config);
        this.memory = new GuestMemory() {
            @Override
            public long base() {
                return inside.memory().base();
            }

            @Override
            public boolean contains(long address, long length) {
                return inside.memory().contains(address, length);
            }

            @Override
            public long size() {
                return inside.memory().size();
            }

            @Override
            public void read(long address, byte[] target, int offset, int length) {
                inside.memory().read(address, target, offset, length);
            }

            @Override
            public void write(long address, byte[] source, int offset, int length) {
                inside.memory().write(address, source, offset, length);
            }
        };
        this.driver = new GuestDriver(
                new MmioDevice() {
                    @Override
                    public int load(int offset, int width) {
                        return offset >= MmioRegisters.CONFIG
                                ? inside.driver().readConfig(offset - MmioRegisters.CONFIG, width)
                                : inside.driver().read(offset);
                    }

                    @Override
                    public void store(int offset, int width, int value) {
                        if (offset == MmioRegisters.QUEUE_NOTIFY) {
                            notified.add(value);
                        } else if (offset >= MmioRegisters.CONFIG) {
                            inside.driver().writeConfig(offset - MmioRegisters.CONFIG, width, value);
                        } else {
                            inside.driver().write(offset, value);
                        }
                    }
                },
                memory,
                new GuestArena(0, config.memory().span()));
    }

    /** Returns the factory of devices whose pictures have the cursor in them. */
    public static Factory withCursor() {
        return withCursor(VirtioGpuDevice::new);
    }

    /** Returns the factory of devices with another device inside. */
    public static Factory withCursor(DeviceMaker maker) {
        return config -> new LimitedDevice(maker, config, true);
    }

    /** Returns the factory of devices whose pictures lack the cursor. */
    public static Factory withoutCursor() {
        return config -> new LimitedDevice(VirtioGpuDevice::new, config, false);
    }

    /** Returns the factory of devices that have one display of 800x600, whatever is asked for. */
    public static Factory ofOneSize() {
        return config -> new LimitedDevice(
                VirtioGpuDevice::new,
                new TargetConfig(
                        config.memory(),
                        DisplayConfig.of(Display.of(800, 600)),
                        config.queues(),
                        config.backing(),
                        config.frames(),
                        config.recording()),
                true);
    }

    @Override
    public GuestDriver driver() {
        return driver;
    }

    @Override
    public GuestMemory memory() {
        return memory;
    }

    @Override
    public long heldBytes() {
        return inside.heldBytes();
    }

    @Override
    public DisplayConfig displays() {
        return inside.displays();
    }

    @Override
    public Pictures pictures() {
        return new Pictures.Screendump() {
            @Override
            public boolean showsCursor() {
                return showsCursor;
            }

            @Override
            public Optional<Frame> primary(int scanout) {
                Display display = displays().display(scanout);
                boolean cursor = showsCursor && frames.cursor(scanout).image().isPresent();
                return cursor
                        ? Optional.of(frames.picture(scanout, display.width(), display.height()))
                        : frames.primary(scanout);
            }
        };
    }

    @Override
    public Completion completion() {
        return new Completion.Asynchronous() {
            @Override
            public void await(GuestQueue queue) {
                notified.forEach(inside.driver()::notifyQueue);
                notified.clear();
            }
        };
    }

    @Override
    public void close() {
        inside.close();
    }
}
