package dev.semblance.bridge.target;

import dev.semblance.gpu.device.DisplayControl;
import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.target.Capability;
import dev.semblance.harness.target.Completion;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.Pictures;
import dev.semblance.harness.target.TargetConfig;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.memory.MemoryMap;
import dev.semblance.machine.virtio.VirtioFeatures;
import dev.semblance.machine.virtio.driver.GuestArena;
import dev.semblance.machine.virtio.driver.GuestDriver;
import dev.semblance.machine.virtio.driver.GuestQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A device under test in a process of its own. The driver's rings lie in the memory that is shared with it, so that whatever a
 * script puts there, raw chains and all, is what the other side's code for rings reads.
 */
public final class ForeignDevice implements DeviceUnderTest {

    private final Link link;
    private final RingWatch rings;
    private final WatchedRegisters registers;
    private final GuestDriver driver;
    private boolean closed;

    /**
     * Makes a device of a program that was started.
     *
     * @param link the way to it; closed with this
     * @param config what it was made for
     */
    public ForeignDevice(Link link, TargetConfig config) {
        this.link = link;
        GuestMemory memory = link.memory();
        List<RingObserver> observers = new ArrayList<>();
        // In this order: an event has the request as the driver wrote it.
        config.recording().ifPresent(to -> observers.add(new CommandEvents(memory, to)));
        config.backing().ifPresent(backing -> observers.add(new BackingCopy(backing, memory)));
        observers.addAll(link.observers());
        rings = new RingWatch(memory, observers);
        long features = VirtioFeatures.VERSION_1
                | VirtioGpuDevice.FEATURE_EDID
                | config.queues().bits();
        registers = new WatchedRegisters(link.registers(), features, rings, config.recording());
        MemoryMap.Region room = config.memory().largest();
        driver = new GuestDriver(registers, memory, new GuestArena(room.base(), room.end()));
    }

    @Override
    public GuestDriver driver() {
        return driver;
    }

    @Override
    public GuestMemory memory() {
        return link.memory();
    }

    /** {@return 0: the memory is the system's, and not of this process's heap} */
    @Override
    public long heldBytes() {
        return 0;
    }

    @Override
    public DisplayConfig displays() {
        return link.displays();
    }

    @Override
    public Optional<DisplayControl> displayControl() {
        return link.displayControl();
    }

    @Override
    public Pictures pictures() {
        return link.pictures();
    }

    @Override
    public Set<Capability> capabilities() {
        return link.capabilities();
    }

    @Override
    public Optional<TargetFailure> failure() {
        return link.failure();
    }

    @Override
    public Optional<TargetFailure> finish() {
        return link.finish();
    }

    @Override
    public Completion completion() {
        return new Completion.Asynchronous() {
            @Override
            public void await(GuestQueue queue) {
                int number = queue.index();
                link.await(number, () -> rings.isAllUsed(number));
                rings.settle(number);
                registers.settled();
            }
        };
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            link.close();
        }
    }
}
