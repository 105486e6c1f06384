package dev.semblance.harness.trace.diff;

/**
 * A place at which two things of the same kind differ.
 *
 * @param field where, such as {@code request.rect.x}
 * @param first what is there in the first
 * @param second what is there in the second
 */
public record TraceDifference(String field, String first, String second) {}
