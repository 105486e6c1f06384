package dev.semblance.bridge.qtest;

import dev.semblance.bridge.posix.Platform;
import dev.semblance.bridge.target.Link;
import dev.semblance.bridge.target.LinkFailedException;
import dev.semblance.bridge.target.RingObserver;
import dev.semblance.bridge.target.SharedRam;
import dev.semblance.gpu.device.DisplayControl;
import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.UnusableTargetException;
import dev.semblance.harness.files.TemporaryFolder;
import dev.semblance.harness.files.WholeFile;
import dev.semblance.harness.target.Capability;
import dev.semblance.harness.target.Pictures;
import dev.semblance.harness.target.TargetConfig;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.target.TargetFailure.Cause;
import dev.semblance.harness.target.TargetLaunch;
import dev.semblance.harness.target.TargetProcess;
import dev.semblance.machine.bus.MmioDevice;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.DeviceStatus;
import dev.semblance.machine.virtio.MmioRegisters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** A running QEMU, its two sockets, and the memory that it shares. */
final class QtestLink implements Link {

    /** Where RAM begins on the {@code virt} machine. */
    private static final long RAM_BASE = 0x8000_0000L;

    /** Where its virtio-mmio slots lie. */
    private static final long FIRST_SLOT = 0x1000_1000L;

    private static final int SLOT_BYTES = 0x1000;
    private static final int SLOTS = 8;

    /** How much longer than anything else its start may take: a program is loaded from disk, perhaps on a busy host. */
    private static final int START_FACTOR = 5;

    /**
     * How often it is asked for its status before a chain that did not come back is taken for one that never will. QEMU
     * works on queues in its main loop, which also answers the questions: the device had its turn with the second.
     */
    private static final int ROUNDS = 4;

    private final TargetProcess process;
    private final Resources resources;
    private final GuestMemory memory;
    private final Duration timeout;
    private final Monitors monitors;
    private final List<TimedChannel> channels;
    private final QmpPort qmp;
    private final QtestRegisters registers;
    private final AddressShift shift;
    private final ShownResources shown;
    private final TreeMap<Integer, Frame> last = new TreeMap<>();

    private QtestLink(
            TargetProcess process,
            Resources resources,
            TargetConfig config,
            Duration timeout,
            List<TimedChannel> channels)
            throws LinkFailedException {
        this.process = process;
        this.resources = resources;
        this.memory = resources.ram().memory();
        this.timeout = timeout;
        this.channels = channels;
        shift = new AddressShift(memory, RAM_BASE - config.memory().largest().base());
        shown = new ShownResources(memory, config.displays().count());
        qmp = new QmpPort(channels.get(1));
        QtestPort port = new QtestPort(channels.get(0));
        registers = new QtestRegisters(port, slot(port), shift, problem -> process.fail(problem.failure()));
        monitors = Monitors.open(
                config.displays(),
                resources.folder().path(),
                timeout,
                registers,
                problem -> process.fail(problem.failure()));
    }

    /** What there is before the program: a folder for files of both, and the memory that it maps. */
    private record Resources(TemporaryFolder folder, SharedRam ram) implements AutoCloseable {
        @Override
        public void close() {
            ram.close();
            folder.close();
        }
    }

    private static long slot(QtestPort port) throws LinkFailedException {
        for (int slot = 0; slot < SLOTS; slot++) {
            long base = FIRST_SLOT + (long) slot * SLOT_BYTES;
            if (port.load(base + MmioRegisters.MAGIC_VALUE, 4) == MmioRegisters.MAGIC
                    && port.load(base + MmioRegisters.VERSION, 4) == MmioRegisters.LAYOUT_VERSION
                    && port.load(base + MmioRegisters.DEVICE_ID, 4) == VirtioGpuDevice.DEVICE_ID) {
                return base;
            }
        }
        throw new LinkFailedException(
                new Cause.BrokeProtocol(
                        "has no virtio-gpu device in the slots of the virt machine of RISC-V: name a qemu-system-riscv32 or -riscv64"));
    }

    /**
     * Starts a QEMU.
     *
     * @param launch how the program is started and heard
     * @param config what the device is to be like
     * @throws UnusableTargetException if it does not start, or is not what it should be
     */
    static QtestLink start(TargetLaunch launch, TargetConfig config) {
        Platform.require("a qtest target");
        if (config.memory().regions().size() > 1) {
            throw new IncompatibleException(
                    "guest memory of several regions cannot be given to a qtest target: QEMU has RAM in one");
        }
        TemporaryFolder folder = TemporaryFolder.create();
        try {
            return start(launch, new Resources(folder, SharedRam.create(config.memory())), config);
        } catch (RuntimeException | Error e) {
            folder.close();
            throw e;
        }
    }

    private static QtestLink start(TargetLaunch launch, Resources resources, TargetConfig config) {
        Path files = resources.folder().path();
        try (TimedServer qtest = TimedServer.listen(files.resolve(QemuOptions.QTEST));
                TimedServer qmp = TimedServer.listen(files.resolve(QemuOptions.QMP))) {
            TargetProcess process = TargetProcess.start(launch.with(QemuOptions.complete(
                    launch.command(),
                    config.memory().largest(),
                    config.displays(),
                    resources.ram().files().getFirst().path(),
                    files)));
            return connected(process, resources, config, launch.timeout(), qtest, qmp);
        } catch (RuntimeException | Error e) {
            resources.close();
            throw e;
        } catch (IOException e) {
            resources.close();
            throw new UnusableTargetException(
                    "no socket for the target can be made in " + files + ": " + e.getMessage(), e);
        }
    }

    private static QtestLink connected(
            TargetProcess process,
            Resources resources,
            TargetConfig config,
            Duration timeout,
            TimedServer qtest,
            TimedServer qmp)
            throws IOException {
        List<TimedChannel> channels = new ArrayList<>();
        try {
            process.discardOutput();
            Duration start = timeout.multipliedBy(START_FACTOR);
            channels.add(qtest.accept("qtest", process, QtestPort.LONGEST_LINE, start, timeout));
            channels.add(qmp.accept("QMP", process, QmpPort.LONGEST_LINE, start, timeout));
            return new QtestLink(process, resources, config, timeout, channels);
        } catch (LinkFailedException e) {
            TargetFailure failure = process.fail(e.failure());
            close(channels, process);
            throw new UnusableTargetException(failure.text() + ", before the test began", failure.lastLines());
        } catch (IOException | RuntimeException | Error e) {
            close(channels, process);
            throw e;
        }
    }

    private static void close(List<TimedChannel> channels, TargetProcess process) {
        channels.forEach(TimedChannel::close);
        process.close();
    }

    @Override
    public MmioDevice registers() {
        return registers;
    }

    @Override
    public GuestMemory memory() {
        return memory;
    }

    @Override
    public List<RingObserver> observers() {
        return List.of(shift, shown);
    }

    @Override
    public void await(int queue, BooleanSupplier done) {
        for (int round = 0; round < ROUNDS && !done.getAsBoolean(); round++) {
            int status = registers.load(MmioRegisters.STATUS, 4);
            if (registers.isDead() || (status & DeviceStatus.DEVICE_NEEDS_RESET) != 0) {
                return;
            }
        }
    }

    @Override
    public DisplayConfig displays() {
        return monitors.displays();
    }

    @Override
    public Optional<DisplayControl> displayControl() {
        return Optional.of(monitors);
    }

    @Override
    public Pictures pictures() {
        return new Pictures.Screendump() {
            @Override
            public boolean showsCursor() {
                return false;
            }

            @Override
            public Optional<Frame> primary(int scanout) {
                if (!registers.isDead() && shown.isDark(scanout)) {
                    last.remove(scanout);
                } else if (!registers.isDead()) {
                    screendump(scanout).ifPresent(frame -> last.put(scanout, frame));
                }
                return Optional.ofNullable(last.get(scanout));
            }
        };
    }

    private Optional<Frame> screendump(int scanout) {
        Path file = resources.folder().path().resolve("screen.ppm");
        try {
            qmp.execute(
                    "screendump", Map.of("filename", file.toString(), "device", QemuOptions.DEVICE, "head", scanout));
            Optional<Frame> frame = PortablePixmap.decode(WholeFile.bytes(file, PortablePixmap.MOST_BYTES));
            Files.deleteIfExists(file);
            if (frame.isEmpty()) {
                process.fail(new Cause.BrokeProtocol("made a screendump that is no PPM picture"));
            }
            return frame;
        } catch (LinkFailedException e) {
            process.fail(e.failure());
        } catch (IOException e) {
            process.fail(new Cause.BrokeProtocol("made a screendump that cannot be read: " + e.getMessage()));
        }
        return Optional.empty();
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.of(
                Capability.PICTURES,
                Capability.DISPLAY_ANSWERS,
                Capability.CONFIGURATION,
                Capability.STATUS,
                Capability.QUEUES);
    }

    @Override
    public Optional<TargetFailure> failure() {
        return process.failure();
    }

    @Override
    public Optional<TargetFailure> finish() {
        return process.finish(timeout, () -> {
            try {
                qmp.execute("quit", Map.of());
            } catch (LinkFailedException e) {
                // Whether it ends all the same, its end tells.
            }
        });
    }

    @Override
    public void close() {
        monitors.close();
        close(channels, process);
        resources.close();
    }
}
