package dev.semblance.machine.device;

/** Takes what the guest writes to its console. */
@FunctionalInterface
public interface ConsoleSink {

    /**
     * Takes the next byte.
     *
     * @param value the byte, 0 to 255
     */
    void put(byte value);
}
