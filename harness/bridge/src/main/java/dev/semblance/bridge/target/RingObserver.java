package dev.semblance.bridge.target;

import dev.semblance.machine.virtio.driver.UsedElement;

/** Is told what passes over the rings between a driver here and a device elsewhere. */
public interface RingObserver {

    /**
     * A driver is about to notify the device of a chain.
     *
     * @param chain as it lies in memory
     */
    default void offered(SeenChain chain) {}

    /**
     * The device gave a chain back.
     *
     * @param chain as it was offered
     * @param used what the used ring says
     * @param asked whether the driver had asked for an interrupt for it (VIRTIO 1.2, 2.7.7)
     */
    default void used(SeenChain chain, UsedElement used, boolean asked) {}

    /** The device is done with a notification, as far as it ever will be; after {@link #used} for its chains. */
    default void settled() {}

    /** The driver has reset the device. */
    default void reset() {}
}
