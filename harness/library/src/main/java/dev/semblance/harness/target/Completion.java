package dev.semblance.harness.target;

import dev.semblance.machine.virtio.driver.GuestQueue;

/** When a device under test is done with what a notification told it of. */
public sealed interface Completion {

    /** Before the notification returns. */
    record Synchronous() implements Completion {}

    /** Some time after it. */
    non-sealed interface Asynchronous extends Completion {

        /**
         * Waits until the device has given back all chains that it can of a queue that was notified. One that died, stopped
         * or took too long is not an error here: its chains are not among the used ones.
         *
         * @param queue what was notified
         */
        void await(GuestQueue queue);
    }
}
