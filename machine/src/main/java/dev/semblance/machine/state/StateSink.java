package dev.semblance.machine.state;

/** Takes state as a sequence of values: a digest, or a list to compare. */
public interface StateSink {

    /**
     * Takes 32 bits.
     *
     * @param value a part of the state
     */
    void putInt(int value);

    /**
     * Takes 64 bits.
     *
     * @param value a part of the state
     */
    void putLong(long value);

    /**
     * Takes bytes; they are used before the call returns and not kept.
     *
     * @param bytes a part of the state
     * @param offset of the first byte
     * @param length in bytes
     */
    void putBytes(byte[] bytes, int offset, int length);

    /**
     * Takes a truth value, as the int 0 or 1.
     *
     * @param value a part of the state
     */
    default void putBoolean(boolean value) {
        putInt(value ? 1 : 0);
    }
}
