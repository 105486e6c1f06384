package dev.semblance.bridge.target;

import dev.semblance.gpu.device.DisplayControl;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.target.Capability;
import dev.semblance.harness.target.Pictures;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.machine.bus.MmioDevice;
import dev.semblance.machine.memory.GuestMemory;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The way to a device in a process of its own: its registers, the memory that it shares, and its pictures. Once the device has
 * failed, registers keep what is written to them and do nothing.
 */
public interface Link extends AutoCloseable {

    /** {@return the registers of virtio-mmio, version 2 (VIRTIO 1.2, 4.2.2), all 32 bits wide, and the configuration space} */
    MmioDevice registers();

    /** {@return guest memory, which the device shares} */
    GuestMemory memory();

    /** {@return what else has to be told of chains} */
    List<RingObserver> observers();

    /**
     * Waits until the device is done with a queue that it was notified of; for no longer than it has, and no longer than it
     * takes to see that it will do nothing.
     *
     * @param queue the number of the virtqueue
     * @param done whether all chains have come back
     */
    void await(int queue, BooleanSupplier done);

    /** {@return what it offers to the driver from power-on} */
    DisplayConfig displays();

    /** {@return how its displays are changed, if it can be done} */
    default Optional<DisplayControl> displayControl() {
        return Optional.empty();
    }

    /** {@return how its pictures are had} */
    Pictures pictures();

    /** {@return what it can show} */
    Set<Capability> capabilities();

    /** {@return how the device failed so far, if it did} */
    Optional<TargetFailure> failure();

    /** Has the program end in an orderly way; returns how it failed until then. */
    Optional<TargetFailure> finish();

    /** Ends the program, whatever it does, and gives back memory, sockets and files. Never throws. */
    @Override
    void close();
}
