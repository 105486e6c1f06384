package dev.semblance.harness.fuzz.matrix;

/**
 * Something that a target did which no row tells of: it died, hung, complained, or has another configuration space.
 *
 * @param signature what it has in common with others of its kind
 * @param text what happened the first time, for people
 * @param first where
 * @param count how often
 */
public record TargetFinding(String signature, String text, Place first, long count) {

    /** {@return the same, seen once more} */
    TargetFinding again() {
        return new TargetFinding(signature, text, first, count + 1);
    }
}
