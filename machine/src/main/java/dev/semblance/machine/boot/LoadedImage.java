package dev.semblance.machine.boot;

/**
 * Where something lies in RAM.
 *
 * @param address of the first byte
 * @param size in bytes
 */
public record LoadedImage(long address, long size) {

    /** {@return the address after the last byte} */
    public long end() {
        return address + size;
    }
}
