package dev.semblance.machine.bus;

/**
 * A device that answers loads and stores in a window of the physical address space.
 *
 * <p>Accesses are 1, 2 or 4 bytes wide and naturally aligned; the bus answers everything else itself. A load may have
 * side effects only where the device's register description says so.
 */
public interface MmioDevice {

    /**
     * Loads from a register.
     *
     * @param offset in bytes from the start of the window
     * @param width 1, 2 or 4 bytes
     * @return the value, in its low {@code width} bytes; the rest is ignored
     */
    int load(int offset, int width);

    /**
     * Stores to a register.
     *
     * @param offset in bytes from the start of the window
     * @param width 1, 2 or 4 bytes
     * @param value in its low {@code width} bytes
     */
    void store(int offset, int width, int value);
}
