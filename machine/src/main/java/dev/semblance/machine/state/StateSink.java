package dev.semblance.machine.state;

/** Takes state as a sequence of values: a digest, or a list to compare. */
public interface StateSink {

    /** Takes 32 bits. */
    void putInt(int value);

    /** Takes 64 bits. */
    void putLong(long value);

    /** Takes bytes; they are used before the call returns and not kept. */
    void putBytes(byte[] bytes, int offset, int length);

    /** Takes a truth value, as the int 0 or 1. */
    default void putBoolean(boolean value) {
        putInt(value ? 1 : 0);
    }
}
