package dev.semblance.machine.device;

/** Takes what the guest writes to its console. */
@FunctionalInterface
public interface ConsoleSink {

    /** Takes the next byte. */
    void put(byte value);
}
