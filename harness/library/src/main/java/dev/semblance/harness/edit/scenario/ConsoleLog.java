package dev.semblance.harness.edit.scenario;

import java.io.ByteArrayOutputStream;

/** What the guest wrote to the console, and when. */
final class ConsoleLog {

    /** How many bytes are kept: far more than a person reads. */
    static final int LIMIT = 4 << 20;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final CycleList cycles = new CycleList();
    private byte[] bytes = {};

    /** Takes a byte; those beyond the limit are not kept. {@link #close} when all are in. */
    void add(long cycle, byte value) {
        if (cycles.size() < LIMIT) {
            written.write(value);
            cycles.add(cycle);
        }
    }

    void close() {
        bytes = written.toByteArray();
    }

    int size() {
        return bytes.length;
    }

    byte at(int index) {
        return bytes[index];
    }

    long cycle(int index) {
        return cycles.at(index);
    }

    /** {@return how many bytes were written before a cycle} */
    int before(long cycle) {
        return cycles.before(cycle);
    }

    /** {@return whether a line was ended from one cycle on and before another} */
    boolean hasLineEnd(long from, long to) {
        int end = before(to);
        for (int i = before(from); i < end; i++) {
            if (bytes[i] == '\n') {
                return true;
            }
        }
        return false;
    }

    /** {@return whether a text stands at a place} */
    boolean isAt(byte[] text, int place) {
        if (place < 0 || place + text.length > bytes.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (bytes[place + i] != text[i]) {
                return false;
            }
        }
        return true;
    }
}
