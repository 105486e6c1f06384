package dev.semblance.bridge.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A counter that one process raises and another waits for (eventfd(2)): how vhost-user kicks and calls. */
public final class EventFd extends Fd {

    private static final int CLOEXEC_NONBLOCK = 0x80800;
    private static final int BYTES = 8;

    private EventFd(int number) {
        super(number);
    }

    /**
     * {@return a new one, at 0, which never blocks}
     *
     * @throws PosixException if there are too many open files
     */
    public static EventFd create() throws PosixException {
        return new EventFd(Libc.eventfd(0, CLOEXEC_NONBLOCK));
    }

    /**
     * {@return a descriptor that came from a peer, as the eventfd that it should be}
     *
     * @param received taken over: it is closed with what is returned
     */
    public static EventFd of(Fd received) {
        return new EventFd(received.release());
    }

    /**
     * Wakes who waits. A peer that is gone, or one that gave something that cannot be written, is no error: nobody waits.
     * What would block waits already.
     */
    public void signal() {
        if (!Poller.isReady(this, Poller.WRITABLE)) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            Libc.write(number(), arena.allocateFrom(ValueLayout.JAVA_LONG, 1));
        } catch (PosixException nobodyWaits) {
            // As said above.
        }
    }

    /**
     * Takes the count back to 0.
     *
     * @return whether it was above 0, or at least something could be read; false also where the peer's end is closed
     */
    public boolean drain() {
        if (!Poller.isReady(this, Poller.READABLE)) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(BYTES, BYTES);
            return Libc.read(number(), count) == BYTES;
        } catch (PosixException nothing) {
            return false;
        }
    }
}
