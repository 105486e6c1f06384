package dev.semblance.bridge.target;

import dev.semblance.bridge.posix.Platform;
import dev.semblance.bridge.posix.PosixException;
import dev.semblance.bridge.posix.UnixSocket;
import dev.semblance.gpu.device.DisplayControl;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.UnusableTargetException;
import dev.semblance.harness.files.TemporaryFolder;
import dev.semblance.harness.target.Capability;
import dev.semblance.harness.target.Pictures;
import dev.semblance.harness.target.TargetConfig;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.target.TargetFailure.Cause;
import dev.semblance.harness.target.TargetLaunch;
import dev.semblance.harness.target.TargetProcess;
import dev.semblance.harness.target.TargetSpec;
import dev.semblance.machine.bus.MmioDevice;
import dev.semblance.machine.memory.GuestMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** A running back-end of vhost-user-gpu, and the memory that it shares. */
final class VhostLink implements Link {

    /** How much longer than anything else its start may take: a program is loaded from disk, perhaps on a busy host. */
    private static final int START_FACTOR = 5;

    private static final Duration LOOK = Duration.ofMillis(5);

    private final TargetProcess process;
    private final TemporaryFolder folder;
    private final SharedRam ram;
    private final Duration timeout;
    private final FrontEndDisplay display;
    private final FrontEnd frontEnd;
    private final VhostRegisters registers;

    private VhostLink(
            TargetProcess process,
            UnixSocket socket,
            TemporaryFolder folder,
            SharedRam ram,
            TargetConfig config,
            Duration timeout)
            throws LinkFailedException {
        this.process = process;
        this.folder = folder;
        this.ram = ram;
        this.timeout = timeout;
        display = new FrontEndDisplay(config.displays(), this::displaysChanged);
        frontEnd = new FrontEnd(socket, display, ram, config.memory(), timeout);
        registers = new VhostRegisters(
                frontEnd,
                ram.memory(),
                () -> display.displays().count(),
                display::clear,
                problem -> process.fail(problem.failure()));
    }

    private void displaysChanged() {
        registers.displaysChanged();
    }

    /**
     * Starts a back-end.
     *
     * @param launch how the program is started and heard
     * @param config what the device is to be like
     * @throws UnusableTargetException if it does not start, or does not begin as a back-end does
     */
    static VhostLink start(TargetLaunch launch, TargetConfig config) {
        Platform.require("a vhost-user target");
        TemporaryFolder folder = TemporaryFolder.create();
        try {
            SharedRam ram = SharedRam.create(config.memory());
            try {
                return start(launch, folder, ram, config);
            } catch (RuntimeException | Error e) {
                ram.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            folder.close();
            throw e;
        }
    }

    private static VhostLink start(TargetLaunch launch, TemporaryFolder folder, SharedRam ram, TargetConfig config) {
        Duration timeout = launch.timeout();
        String command = launch.command();
        Path path = folder.path().resolve("vhost");
        TargetProcess process =
                TargetProcess.start(launch.with(new TargetSpec(TargetSpec.Kind.VHOST_USER, command).commandWith(path)));
        try {
            process.discardOutput();
            UnixSocket socket = connect(path, process, timeout.multipliedBy(START_FACTOR));
            try {
                return new VhostLink(process, socket, folder, ram, config, timeout);
            } catch (LinkFailedException | RuntimeException | Error e) {
                socket.close();
                throw e;
            }
        } catch (LinkFailedException e) {
            TargetFailure failure = process.fail(e.failure());
            process.close();
            throw new UnusableTargetException(failure.text() + ", before the test began", failure.lastLines());
        } catch (RuntimeException | Error e) {
            process.close();
            throw e;
        }
    }

    /** It listens some time after it was started. */
    private static UnixSocket connect(Path path, TargetProcess process, Duration start) throws LinkFailedException {
        long began = System.nanoTime();
        while (true) {
            try {
                return UnixSocket.connect(path);
            } catch (PosixException e) {
                if (!process.isAlive()) {
                    throw new LinkFailedException(new Cause.BrokeProtocol("never listened on its socket"));
                }
                if (System.nanoTime() - began > start.toNanos()) {
                    throw new LinkFailedException(new Cause.Hung("its socket", start));
                }
                process.awaitExit(LOOK);
            }
        }
    }

    @Override
    public MmioDevice registers() {
        return registers;
    }

    @Override
    public GuestMemory memory() {
        return ram.memory();
    }

    @Override
    public List<RingObserver> observers() {
        return List.of();
    }

    @Override
    public void await(int queue, BooleanSupplier done) {
        registers.ask(back -> back.await(queue, done));
    }

    @Override
    public DisplayConfig displays() {
        return display.displays();
    }

    @Override
    public Optional<DisplayControl> displayControl() {
        return Optional.of(display);
    }

    @Override
    public Pictures pictures() {
        return display;
    }

    /** {@return what is the back-end's own: the rest is a front-end's, and ours} */
    @Override
    public Set<Capability> capabilities() {
        return EnumSet.of(Capability.PICTURES, Capability.CURSOR, Capability.QUEUES);
    }

    @Override
    public Optional<TargetFailure> failure() {
        return process.failure();
    }

    /** Closes its socket, at which a back-end ends. */
    @Override
    public Optional<TargetFailure> finish() {
        return process.finish(timeout, () -> {
            registers.ask(FrontEnd::stop);
            frontEnd.close();
        });
    }

    @Override
    public void close() {
        frontEnd.close();
        process.close();
        ram.close();
        folder.close();
    }
}
