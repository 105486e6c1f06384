package dev.semblance.harness.target;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.driver.GuestDriver;
import java.util.Optional;

/** Makes devices of another kind, and counts how many there are and how many of them are not closed. */
public final class CountedDevices implements DeviceUnderTest.Factory {

    private final DeviceUnderTest.Factory inside;
    private final Optional<DisplayConfig> displays;
    private int made;
    private int open;

    /** Counts devices of this kind. */
    public CountedDevices(DeviceUnderTest.Factory inside) {
        this(inside, Optional.empty());
    }

    /**
     * Counts devices of this kind.
     *
     * @param displays what they say that they offer
     */
    public CountedDevices(DeviceUnderTest.Factory inside, Optional<DisplayConfig> displays) {
        this.inside = inside;
        this.displays = displays;
    }

    /** Returns how many were made. */
    public int made() {
        return made;
    }

    /** Returns how many were made and not closed. */
    public int open() {
        return open;
    }

    @Override
    public DeviceUnderTest make(TargetConfig config) {
        DeviceUnderTest device = inside.make(config);
        made++;
        open++;
        return new Counted(device);
    }

    private final class Counted implements DeviceUnderTest {
        private final DeviceUnderTest device;
        private boolean closed;

        Counted(DeviceUnderTest device) {
            this.device = device;
        }

        /** Nothing is asked of a device that is closed. */
        private DeviceUnderTest device() {
            if (closed) {
                throw new IllegalStateException("the device is closed");
            }
            return device;
        }

        @Override
        public GuestDriver driver() {
            return device().driver();
        }

        @Override
        public GuestMemory memory() {
            return device().memory();
        }

        @Override
        public long heldBytes() {
            return device().heldBytes();
        }

        @Override
        public DisplayConfig displays() {
            return displays.orElseGet(device()::displays);
        }

        @Override
        public Pictures pictures() {
            return device().pictures();
        }

        @Override
        public Completion completion() {
            return device().completion();
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                open--;
                device.close();
            }
        }
    }
}
