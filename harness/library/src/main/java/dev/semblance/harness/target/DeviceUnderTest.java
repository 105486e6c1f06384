package dev.semblance.harness.target;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.driver.GuestDriver;
import dev.semblance.machine.virtio.driver.GuestQueue;

/**
 * A virtio-gpu device that is tested, as its guest has it. It is as after power-on when it is made; {@link GuestDriver#reset}
 * resets it as a driver does (VIRTIO 1.2, 2.4), and a device made anew is the way to power-on. One thread uses it.
 */
public interface DeviceUnderTest {

    /** Makes devices under test. */
    @FunctionalInterface
    interface Factory {

        /** Makes a device as after power-on. */
        DeviceUnderTest make(TargetConfig config);
    }

    /** Returns the guest's side of its registers and queues. Queues are notified by {@link #notifyAndWait}. */
    GuestDriver driver();

    /** Returns guest memory, in which rings and buffers lie. */
    GuestMemory memory();

    /** Returns how many bytes of the host {@link #memory} takes so far. */
    long heldBytes();

    /** Returns what it offers to the driver: the displays that were asked for, unless it does not let them be chosen. */
    DisplayConfig displays();

    /** Returns how its pictures are had. */
    Pictures pictures();

    /** Returns when it is done with a notification. */
    Completion completion();

    /** Notifies the device of a queue as it lies in guest memory, and returns when the device is done. */
    default void notifyAndWait(GuestQueue queue) {
        driver().notifyQueue(queue.index());
        switch (completion()) {
            case Completion.Synchronous synchronous -> {}
            case Completion.Asynchronous later -> later.await(queue);
        }
    }
}
