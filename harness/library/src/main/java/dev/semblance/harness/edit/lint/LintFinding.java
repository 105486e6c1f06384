package dev.semblance.harness.edit.lint;

import dev.semblance.harness.util.Text;

/**
 * Something that a driver did.
 *
 * @param rule what it is against
 * @param sequence the number of the event that shows it, from 0
 * @param cycle when that was
 * @param message what happened, in words, without the place
 */
public record LintFinding(LintRule rule, long sequence, long cycle, String message) {

    /** {@return the finding in a line, with its place, its rule and the section} */
    public String line() {
        return Text.format(
                "#%,d @%,d  %s %s: %s (VIRTIO 1.2, %s)",
                sequence, cycle, rule.severity().word(), rule.id(), message, rule.section());
    }
}
