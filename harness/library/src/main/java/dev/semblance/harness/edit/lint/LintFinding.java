package dev.semblance.harness.edit.lint;

/**
 * Something that a driver did.
 *
 * @param rule what it is against
 * @param sequence the number of the event that shows it, from 0
 * @param cycle when that was
 * @param message what happened, in words, without the place
 */
public record LintFinding(LintRule rule, long sequence, long cycle, String message) {}
