package dev.semblance.harness.target;

import dev.semblance.gpu.device.DisplayControl;
import dev.semblance.gpu.device.ResourceUsage;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.UnusableTargetException;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.driver.GuestDriver;
import dev.semblance.machine.virtio.driver.GuestQueue;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A virtio-gpu device that is tested, as its guest has it. It is as after power-on when it is made; {@link GuestDriver#reset}
 * resets it as a driver does (VIRTIO 1.2, 2.4), and a device made anew is the way to power-on. One thread uses it.
 *
 * <p>Whoever has it made closes it: it may be a process, with a socket and shared memory.
 */
public interface DeviceUnderTest extends AutoCloseable {

    /** Makes devices under test. */
    @FunctionalInterface
    interface Factory {

        /**
         * Makes a device as after power-on, for the caller to close.
         *
         * @param config what it is to be like
         * @return a device as after power-on
         * @throws UnusableTargetException if there is a device, and it cannot be used
         */
        DeviceUnderTest make(TargetConfig config);

        /** {@return whether each device is a program of its own, which takes its time to start} */
        default boolean startsPrograms() {
            return false;
        }

        /**
         * {@return a factory of devices each of which is a program of its own}
         *
         * @param factory makes them
         */
        static Factory ofPrograms(Factory factory) {
            return new Programs(factory);
        }
    }

    /**
     * Makes devices that are programs.
     *
     * @param factory makes them
     */
    record Programs(Factory factory) implements Factory {
        @Override
        public DeviceUnderTest make(TargetConfig config) {
            return factory.make(config);
        }

        @Override
        public boolean startsPrograms() {
            return true;
        }
    }

    /** {@return the guest's side of its registers and queues} Queues are notified by {@link #notifyAndWait}. */
    GuestDriver driver();

    /** {@return guest memory, in which rings and buffers lie} */
    GuestMemory memory();

    /** {@return how many bytes of the host {@link #memory} takes so far} */
    long heldBytes();

    /** {@return what it offers to the driver from power-on: what was asked for, unless it does not let that be chosen} */
    DisplayConfig displays();

    /** {@return how its displays are changed, if it can be done} */
    default Optional<DisplayControl> displayControl() {
        return Optional.empty();
    }

    /** {@return how its pictures are had} */
    Pictures pictures();

    /** {@return what it holds for its driver, if it tells of that} */
    default Optional<ResourceUsage> resourceUsage() {
        return Optional.empty();
    }

    /** {@return what it can show of itself; what it cannot is not compared} */
    default Set<Capability> capabilities() {
        return EnumSet.allOf(Capability.class);
    }

    /**
     * {@return what it has done so far that no device may do, whatever it is told: died, hung, complained} From then on it
     * answers nothing: its chains are not used, and its pictures stay as they were. The first failure stays.
     */
    default Optional<TargetFailure> failure() {
        return Optional.empty();
    }

    /**
     * Ends the test in an orderly way, as a program is told to end, and tells how the device failed until then or by that.
     * It is closed afterwards; nothing else is asked of it.
     *
     * @return what it did that no device may do
     */
    default Optional<TargetFailure> finish() {
        return failure();
    }

    /** {@return when it is done with a notification} */
    Completion completion();

    /**
     * Ends the device and gives back what it holds of the host. Nothing else is asked of it afterwards. Closing twice does
     * nothing, and a device that has died is closed like any other: this never throws, since what the test found counts.
     */
    @Override
    void close();

    /**
     * Notifies the device of a queue as it lies in guest memory, and returns when the device is done.
     *
     * @param queue what is notified
     */
    default void notifyAndWait(GuestQueue queue) {
        driver().notifyQueue(queue.index());
        switch (completion()) {
            case Completion.Synchronous synchronous -> {}
            case Completion.Asynchronous later -> later.await(queue);
        }
    }
}
