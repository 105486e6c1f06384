package dev.semblance.harness.fuzz.matrix;

import dev.semblance.gpu.device.DisplayControl;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.Capability;
import dev.semblance.harness.target.Completion;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.Pictures;
import dev.semblance.harness.target.TargetConfig;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.driver.GuestDriver;
import dev.semblance.machine.virtio.driver.GuestQueue;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Our device, as a program that fails at its N-th notification, or shows less of itself. */
final class BrittleDevice implements DeviceUnderTest {

    private final DeviceUnderTest device;
    private final TargetFailure.Cause cause;
    private final Set<Capability> shows;
    private int left;
    private Optional<TargetFailure> failure = Optional.empty();

    private BrittleDevice(TargetConfig config, int notifications, TargetFailure.Cause cause, Set<Capability> shows) {
        this.device = BuiltinDevice.ours().make(config);
        this.left = notifications;
        this.cause = cause;
        this.shows = shows;
    }

    static Factory failing(int notifications, TargetFailure.Cause cause) {
        return config -> new BrittleDevice(config, notifications, cause, EnumSet.allOf(Capability.class));
    }

    static Factory showing(Set<Capability> shows) {
        return config -> new BrittleDevice(config, Integer.MAX_VALUE, new TargetFailure.Cause.Complained(), shows);
    }

    @Override
    public void notifyAndWait(GuestQueue queue) {
        if (left == 0) {
            failure = Optional.of(new TargetFailure(cause, List.of("last words")));
        } else {
            left--;
            device.notifyAndWait(queue);
        }
    }

    @Override
    public Optional<TargetFailure> failure() {
        return failure;
    }

    @Override
    public Set<Capability> capabilities() {
        return shows;
    }

    @Override
    public GuestDriver driver() {
        return device.driver();
    }

    @Override
    public GuestMemory memory() {
        return device.memory();
    }

    @Override
    public long heldBytes() {
        return device.heldBytes();
    }

    @Override
    public DisplayConfig displays() {
        return device.displays();
    }

    @Override
    public Optional<DisplayControl> displayControl() {
        return device.displayControl();
    }

    @Override
    public Pictures pictures() {
        return device.pictures();
    }

    @Override
    public Completion completion() {
        return device.completion();
    }

    @Override
    public void close() {
        device.close();
    }
}
