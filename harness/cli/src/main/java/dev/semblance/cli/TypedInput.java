package dev.semblance.cli;

import dev.semblance.harness.record.session.Session;
import java.util.ArrayDeque;

/**
 * What was typed, until the guest takes it. A guest that is still starting would lose it: its driver clears the serial port
 * when it sets it up. Safe for the thread that reads keys beside the one that runs the machine.
 */
final class TypedInput {

    /** What goes in at once: as much as a 16550 takes, so that what is lost to a driver that clears it is little. */
    private static final int MOST_BYTES = 16;

    private final ArrayDeque<Byte> waiting = new ArrayDeque<>();

    /** Takes a byte that was typed. */
    synchronized void add(byte value) {
        waiting.add(value);
    }

    /** Gives the guest what it takes now, which may be nothing. When, follows from what it did alone. */
    void passTo(Session session) {
        if (!session.machine().takesConsole()) {
            return;
        }
        byte[] bytes = next();
        if (bytes.length > 0) {
            session.port().console(bytes);
        }
    }

    private synchronized byte[] next() {
        byte[] bytes = new byte[Math.min(waiting.size(), MOST_BYTES)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = waiting.remove();
        }
        return bytes;
    }
}
