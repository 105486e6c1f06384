package dev.semblance.bridge.vhost;

import java.util.List;

/**
 * What the front-end, the process that runs the guest, asks of the back-end, the process that is the device (vhost-user, "Front-end
 * message types"). Only what a device without live migration needs. File descriptors are beside the message.
 */
public sealed interface VhostRequest {

    /** Asks for the feature bits that the device offers. Replied with a u64. */
    record GetFeatures() implements VhostRequest {}

    /**
     * Tells the feature bits that the guest accepted.
     *
     * @param features the bits
     */
    record SetFeatures(long features) implements VhostRequest {}

    /** Begins the session. */
    record SetOwner() implements VhostRequest {}

    /** Ends it; no front-end of today sends it. */
    record ResetOwner() implements VhostRequest {}

    /**
     * Tells where guest memory is; a file descriptor for each region comes with it.
     *
     * @param regions as told, none of them checked but their number
     */
    record SetMemoryTable(List<MemoryRegion> regions) implements VhostRequest {}

    /**
     * Sets the size of a queue.
     *
     * @param queue its number
     * @param size how many descriptors
     */
    record SetQueueSize(int queue, int size) implements VhostRequest {}

    /**
     * Sets where a queue's rings are, in the front-end's own addresses.
     *
     * @param queue its number
     * @param flags bit 0: log what is written
     * @param descriptors the descriptor table
     * @param used the used ring
     * @param available the available ring
     * @param log where writes are logged
     */
    record SetQueueAddresses(int queue, int flags, long descriptors, long used, long available, long log)
            implements VhostRequest {}

    /**
     * Sets which chain of a queue is next.
     *
     * @param queue its number
     * @param base index of the next available chain
     */
    record SetQueueBase(int queue, int base) implements VhostRequest {}

    /**
     * Stops a queue and asks for the index of its next available chain. Replied with {@link Replies#queueState}.
     *
     * @param queue its number
     */
    record GetQueueBase(int queue) implements VhostRequest {}

    /**
     * Gives the eventfd that a queue is notified by.
     *
     * @param queue its number
     * @param fd whether a file descriptor comes with it
     */
    record SetQueueKick(int queue, boolean fd) implements VhostRequest {}

    /**
     * Gives the eventfd that interrupts the guest.
     *
     * @param queue its number
     * @param fd whether a file descriptor comes with it
     */
    record SetQueueCall(int queue, boolean fd) implements VhostRequest {}

    /**
     * Gives the eventfd that says that a queue is broken.
     *
     * @param queue its number
     * @param fd whether a file descriptor comes with it
     */
    record SetQueueError(int queue, boolean fd) implements VhostRequest {}

    /** Asks for the features of the protocol. Replied with a u64. */
    record GetProtocolFeatures() implements VhostRequest {}

    /**
     * Tells the features of the protocol that are used.
     *
     * @param features the bits
     */
    record SetProtocolFeatures(long features) implements VhostRequest {}

    /** Asks how many queues there are. Replied with a u64. */
    record GetQueueCount() implements VhostRequest {}

    /**
     * Lets a queue be served, or not.
     *
     * @param queue its number
     * @param enabled whether it is
     */
    record SetQueueEnabled(int queue, boolean enabled) implements VhostRequest {}

    /**
     * Asks for a part of the configuration space. Replied with the same, and the bytes.
     *
     * @param offset of the first byte
     * @param size how many
     * @param flags 0 by the guest
     */
    record GetConfig(int offset, int size, int flags) implements VhostRequest {}

    /**
     * Writes a part of the configuration space.
     *
     * @param offset of the first byte
     * @param flags 0 by the guest
     * @param bytes what is written
     */
    record SetConfig(int offset, int flags, byte[] bytes) implements VhostRequest {}

    /** Gives the socket of the display protocol; its file descriptor comes with it. */
    record SetDisplaySocket() implements VhostRequest {}

    /**
     * What is not known here.
     *
     * @param number of the request
     */
    record Unknown(int number) implements VhostRequest {}
}
