package dev.semblance.bridge.serve;

import dev.semblance.bridge.posix.EventFd;
import dev.semblance.bridge.vhost.MemoryRegion;
import dev.semblance.bridge.vhost.ProtocolException;
import dev.semblance.bridge.vhost.VhostRequest.SetQueueAddresses;
import dev.semblance.machine.virtio.QueueLayout;
import java.util.List;
import java.util.Optional;

/** What the front-end has told of a queue. */
final class VhostQueue implements AutoCloseable {

    /** As VirtioDevice has it, and as a replay lays it out. */
    private static final int MAX_SIZE = 1024;

    private final int number;
    private int size;
    private int base;
    private Optional<SetQueueAddresses> addresses = Optional.empty();
    private Optional<EventFd> kick = Optional.empty();
    private Optional<EventFd> call = Optional.empty();
    private Optional<EventFd> error = Optional.empty();
    private boolean enabled;

    VhostQueue(int number) {
        this.number = number;
    }

    void setSize(int entries) throws ProtocolException {
        if (entries < 1 || entries > MAX_SIZE) {
            throw new ProtocolException("queue " + number + " is to have " + Integer.toUnsignedLong(entries)
                    + " entries, and 1 to " + MAX_SIZE + " are taken");
        }
        size = entries;
    }

    void setBase(int index) throws ProtocolException {
        if (index < 0 || index > 0xffff) {
            throw new ProtocolException("queue " + number + " is to begin at " + Integer.toUnsignedLong(index)
                    + ", and an index has 16 bits");
        }
        base = index;
    }

    void setAddresses(SetQueueAddresses told) {
        addresses = Optional.of(told);
    }

    void setKick(Optional<EventFd> fd) {
        kick.ifPresent(EventFd::close);
        kick = fd;
    }

    void setCall(Optional<EventFd> fd) {
        call.ifPresent(EventFd::close);
        call = fd;
    }

    void setError(Optional<EventFd> fd) {
        error.ifPresent(EventFd::close);
        error = fd;
    }

    void setEnabled(boolean whether) {
        enabled = whether;
    }

    boolean isEnabled() {
        return enabled;
    }

    Optional<EventFd> kick() {
        return kick;
    }

    void call() {
        call.ifPresent(EventFd::signal);
    }

    void signalError() {
        error.ifPresent(EventFd::signal);
    }

    /** The driver is gone, or pauses: what it told of its rings is told anew. */
    void stop() {
        enabled = false;
        setKick(Optional.empty());
    }

    /**
     * {@return the rings in guest addresses, and where to begin in them; empty if the driver has not set the queue up}
     *
     * @param regions guest memory, by the front-end's own addresses
     * @throws ProtocolException if a ring is not in guest memory
     */
    Optional<VhostTransport.Ring> ring(List<MemoryRegion> regions) throws ProtocolException {
        if (addresses.isEmpty()
                || kick.isEmpty()
                || size == 0
                || addresses.get().descriptors() == 0) {
            return Optional.empty();
        }
        SetQueueAddresses told = addresses.get();
        return Optional.of(new VhostTransport.Ring(
                new QueueLayout(
                        size,
                        guestAddress(told.descriptors(), regions),
                        guestAddress(told.available(), regions),
                        guestAddress(told.used(), regions)),
                base));
    }

    private long guestAddress(long user, List<MemoryRegion> regions) throws ProtocolException {
        for (MemoryRegion region : regions) {
            long offset = user - region.userAddress();
            if (user >= region.userAddress() && offset < region.size()) {
                return region.guestAddress() + offset;
            }
        }
        throw new ProtocolException("a ring of queue " + number + " is not in guest memory");
    }

    @Override
    public void close() {
        setKick(Optional.empty());
        setCall(Optional.empty());
        setError(Optional.empty());
    }
}
