package dev.semblance.machine;

/**
 * What makes one machine of the {@code semu} profile differ from another before anything is loaded.
 *
 * @param seed from which everything random comes: {@code /chosen/rng-seed}, and the entropy device if it is given the same
 */
public record MachineConfig(long seed) {}
