package dev.semblance.harness.trace;

/**
 * What a whole trace comes to.
 *
 * @param events how many
 * @param chunks how many chunks of events
 * @param lastCycle the cycle of the last event, 0 where there is none
 * @param identity SHA-256 of the encoded events one after the other, 64 hexadecimal digits: the same for the same events,
 *     however they were cut and compressed
 */
public record TraceTotals(long events, long chunks, long lastCycle, String identity) {}
