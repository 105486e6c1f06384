package dev.semblance.bridge.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.List;

/** Waits for several descriptors at once (poll(2)). */
public final class Poller {

    /** There is something to read, or the other end was closed. */
    public static final int READABLE = 1;

    /** Writing does not block. */
    public static final int WRITABLE = 4;

    private static final int BYTES = 8;
    private static final int EVENTS = 4;
    private static final int RESULTS = 6;

    /**
     * What is waited for.
     *
     * @param fd a descriptor
     * @param events {@link #READABLE}, {@link #WRITABLE} or both
     */
    public record Interest(Fd fd, int events) {}

    private Poller() {}

    /**
     * Waits until something can be done with one of some descriptors. One whose other end was closed, or which cannot be
     * waited for, is ready too: the next call on it says so.
     *
     * @param interests what is waited for
     * @param milliseconds how long at most; -1 for as long as it takes
     * @return the places in the list of those that are ready; none if the time is over
     * @throws PosixException if the system refuses
     */
    public static BitSet await(List<Interest> interests, int milliseconds) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment fds = arena.allocate((long) BYTES * Math.max(1, interests.size()), BYTES);
            for (int i = 0; i < interests.size(); i++) {
                fds.set(
                        ValueLayout.JAVA_INT,
                        (long) BYTES * i,
                        interests.get(i).fd().number());
                fds.set(ValueLayout.JAVA_SHORT, (long) BYTES * i + EVENTS, (short)
                        interests.get(i).events());
            }
            Libc.poll(fds, interests.size(), milliseconds);
            BitSet ready = new BitSet();
            for (int i = 0; i < interests.size(); i++) {
                ready.set(i, fds.get(ValueLayout.JAVA_SHORT, (long) BYTES * i + RESULTS) != 0);
            }
            return ready;
        }
    }

    /** {@return whether something can be done with a descriptor right now} */
    static boolean isReady(Fd fd, int events) {
        try {
            return !await(List.of(new Interest(fd, events)), 0).isEmpty();
        } catch (PosixException problem) {
            return false;
        }
    }
}
