package dev.semblance.harness.target.pipe;

import dev.semblance.gpu.device.DisplayControl;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.UnusableTargetException;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.Capability;
import dev.semblance.harness.target.Completion;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.Pictures;
import dev.semblance.harness.target.TargetConfig;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.target.TargetLaunch;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.driver.GuestDriver;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A program at the end of a pipe as a device under test: {@code --target pipe:COMMAND}. Rings, registers and guest memory are
 * those of this process, so nothing is learnt of the program's queues; what it answers and shows is its own.
 */
public final class PipeDevice implements DeviceUnderTest {

    /** The program answers {@code screendump}. */
    static final String SCREENDUMP = "screendump";

    /** The cursor is in its pictures. */
    static final String CURSOR = "cursor";

    /** The program has the configuration space. */
    static final String CONFIG = "config";

    /** The program takes {@code display}. */
    static final String DISPLAY = "display";

    private final PipeConnection program;
    private final DeviceUnderTest inner;
    private final PipePictures pictures;

    private PipeDevice(PipeConnection program, TargetConfig config) {
        this.program = program;
        // Both are made with the device, which has the memory.
        Made made = new Made(program, config.backing().isEmpty());
        this.inner = BuiltinDevice.of((memory, displays, sink) -> made.make(memory, displays))
                .make(config);
        this.pictures = made.pictures.orElseThrow();
    }

    private static final class Made {
        private final PipeConnection program;
        private final boolean writable;
        private Optional<PipePictures> pictures = Optional.empty();

        Made(PipeConnection program, boolean writable) {
            this.program = program;
            this.writable = writable;
        }

        PipeGpu make(GuestMemory guest, DisplayConfig displays) {
            PipeMemory memory = new PipeMemory(guest, writable);
            PipePictures shown = new PipePictures(program, memory);
            pictures = Optional.of(shown);
            return new PipeGpu(program, memory, displays, shown::changed);
        }
    }

    /**
     * {@return the factory of a program's devices: each is a process of its own}
     *
     * @param command for the shell
     * @param timeout how long the program may take for its first line, for each answer, and for its end
     */
    public static Factory of(String command, Duration timeout) {
        return of(TargetLaunch.of(command, timeout));
    }

    /**
     * {@return the factory of devices each of which is a program that speaks protocol 1}
     *
     * @param launch how the program is started and heard
     */
    public static Factory of(TargetLaunch launch) {
        return Factory.ofPrograms(config -> open(launch, config));
    }

    private static DeviceUnderTest open(TargetLaunch launch, TargetConfig config) throws UnusableTargetException {
        PipeConnection program = PipeConnection.open(launch);
        try {
            return new PipeDevice(program, config);
        } catch (RuntimeException | Error e) {
            program.close();
            throw e;
        }
    }

    @Override
    public GuestDriver driver() {
        return inner.driver();
    }

    @Override
    public GuestMemory memory() {
        return inner.memory();
    }

    @Override
    public long heldBytes() {
        return inner.heldBytes();
    }

    @Override
    public DisplayConfig displays() {
        return inner.displays();
    }

    @Override
    public Optional<DisplayControl> displayControl() {
        return program.can(DISPLAY) ? inner.displayControl() : Optional.empty();
    }

    @Override
    public Pictures pictures() {
        return pictures;
    }

    @Override
    public Completion completion() {
        return inner.completion();
    }

    @Override
    public Set<Capability> capabilities() {
        Set<Capability> all = EnumSet.of(Capability.DISPLAY_ANSWERS, Capability.STATUS, Capability.NOTIFICATIONS);
        if (program.can(SCREENDUMP)) {
            all.add(Capability.PICTURES);
        }
        if (program.can(CURSOR)) {
            all.add(Capability.CURSOR);
        }
        if (program.can(CONFIG)) {
            all.add(Capability.CONFIGURATION);
        }
        return all;
    }

    @Override
    public Optional<TargetFailure> failure() {
        return program.failure();
    }

    @Override
    public Optional<TargetFailure> finish() {
        return program.finish();
    }

    @Override
    public void close() {
        program.close();
        inner.close();
    }
}
