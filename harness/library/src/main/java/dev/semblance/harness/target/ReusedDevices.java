package dev.semblance.harness.target;

import dev.semblance.gpu.device.DisplayControl;
import dev.semblance.gpu.device.ResourceUsage;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.driver.GuestDriver;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;

/**
 * Devices that are used again: what is closed is kept, and handed out anew with its guest memory as it was first. Whoever gets
 * one resets it, as every driver does. So a program is started once for many tests, at a price: what survives a reset, in a
 * device at fault, is there for the next test, and what shows at the program's end alone is never seen. A result that counts has
 * to come from a device that was made for it.
 *
 * <p>One thread uses them.
 */
public final class ReusedDevices implements DeviceUnderTest.Factory, AutoCloseable {

    /** So many devices are kept: scripts run on one, or on two at a time. */
    private static final int MOST_KEPT = 2;

    /** A device of which more was written is not kept. */
    private static final long MOST_WRITTEN = 64 << 20;

    private static final int MOST_WRITES = 4096;

    private final DeviceUnderTest.Factory factory;
    private final ArrayDeque<Lent> kept = new ArrayDeque<>();
    private long made;

    /**
     * Makes a store, with nothing in it.
     *
     * @param factory makes the devices
     */
    public ReusedDevices(DeviceUnderTest.Factory factory) {
        this.factory = factory;
    }

    @Override
    public DeviceUnderTest make(TargetConfig config) {
        for (Iterator<Lent> each = kept.iterator(); each.hasNext(); ) {
            Lent device = each.next();
            if (device.isAsked(config)) {
                each.remove();
                return device;
            }
        }
        made++;
        return new Lent(config, factory.make(config));
    }

    /** {@return how many devices were made so far} */
    public long made() {
        return made;
    }

    /** Closes what is kept, so that the next device is a new one. */
    public void forget() {
        kept.forEach(device -> device.inside.close());
        kept.clear();
    }

    @Override
    public void close() {
        forget();
    }

    private void takeBack(Lent device) {
        if (kept.size() < MOST_KEPT && device.restore()) {
            kept.add(device);
        } else {
            device.inside.close();
        }
    }

    private final class Lent implements DeviceUnderTest {
        private final TargetConfig config;
        private final DeviceUnderTest inside;
        private final WrittenMemory memory;

        Lent(TargetConfig config, DeviceUnderTest inside) {
            this.config = config;
            this.inside = inside;
            this.memory = new WrittenMemory(inside.memory());
        }

        /** Tells whether it is what is asked for. Whoever asks it for its pictures is told of none. */
        boolean isAsked(TargetConfig other) {
            return config.memory().equals(other.memory())
                    && config.displays().equals(other.displays())
                    && config.queues().equals(other.queues())
                    && other.backing().isEmpty()
                    && other.recording().isEmpty();
        }

        /** Tells whether it is one that can be used again: it is asked for its pictures, and tells nobody else of anything. */
        boolean isReusable() {
            return inside.pictures() instanceof Pictures.Screendump
                    && config.backing().isEmpty()
                    && config.recording().isEmpty();
        }

        /** Puts memory back; tells whether the device can be used again. */
        boolean restore() {
            try {
                return isReusable() && inside.failure().isEmpty() && memory.restore();
            } catch (RuntimeException e) {
                return false; // It is a device at fault.
            }
        }

        @Override
        public void close() {
            takeBack(this);
        }

        @Override
        public GuestDriver driver() {
            return inside.driver();
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
        public Optional<DisplayControl> displayControl() {
            return inside.displayControl();
        }

        @Override
        public Pictures pictures() {
            return inside.pictures();
        }

        @Override
        public Optional<ResourceUsage> resourceUsage() {
            return inside.resourceUsage();
        }

        @Override
        public Set<Capability> capabilities() {
            return inside.capabilities();
        }

        @Override
        public Optional<TargetFailure> failure() {
            return inside.failure();
        }

        @Override
        public Completion completion() {
            return inside.completion();
        }
    }

    /** Guest memory that knows what the driver wrote, to make it zero again. */
    private static final class WrittenMemory implements GuestMemory {
        private final GuestMemory inside;
        private final ArrayDeque<long[]> writes = new ArrayDeque<>();
        private long written;

        WrittenMemory(GuestMemory inside) {
            this.inside = inside;
        }

        boolean restore() {
            if (written > MOST_WRITTEN || writes.size() > MOST_WRITES) {
                return false;
            }
            for (long[] write : writes) {
                inside.write(write[0], new byte[(int) write[1]], 0, (int) write[1]);
            }
            writes.clear();
            written = 0;
            return true;
        }

        @Override
        public long size() {
            return inside.size();
        }

        @Override
        public long base() {
            return inside.base();
        }

        @Override
        public boolean contains(long address, long length) {
            return inside.contains(address, length);
        }

        @Override
        public void read(long address, byte[] target, int offset, int length) {
            inside.read(address, target, offset, length);
        }

        @Override
        public void write(long address, byte[] source, int offset, int length) {
            inside.write(address, source, offset, length);
            written += length;
            // One write more than there may be tells that there were too many.
            if (writes.size() <= MOST_WRITES) {
                writes.add(new long[] {address, length});
            }
        }
    }
}
