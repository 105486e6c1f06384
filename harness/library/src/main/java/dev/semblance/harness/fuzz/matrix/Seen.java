package dev.semblance.harness.fuzz.matrix;

import dev.semblance.harness.target.dialect.Deviation;
import dev.semblance.harness.target.dialect.Deviation.Aspect;
import java.util.Optional;

/**
 * One way in which a target did in the cases of a row.
 *
 * @param outcome the name of its response; of a picture, {@link RowKey#PICTURE}
 * @param differs in what it differs from the reference; empty if in nothing
 * @param allowedBy what allows that; empty where nothing differs, too
 * @param count in how many cases
 * @param first the first of them
 * @param detail where it differs in that one, for people; empty where the outcome says it all
 */
public record Seen(
        String outcome,
        Optional<Aspect> differs,
        Optional<Deviation> allowedBy,
        long count,
        Place first,
        String detail) {

    /** {@return the same in so many more cases} */
    Seen more(long cases) {
        return new Seen(outcome, differs, allowedBy, count + cases, first, detail);
    }

    /** What a way counts as. */
    public enum Standing {
        /** It is the reference's. */
        SAME,
        /** It is not, and the dialect allows it. */
        ALLOWED,
        /** It is not. */
        DIFFERS
    }

    /** {@return what it counts as} */
    public Standing standing() {
        return differs.isEmpty() ? Standing.SAME : allowedBy.isPresent() ? Standing.ALLOWED : Standing.DIFFERS;
    }

    /** {@return what the target did, for people: {@code OK_EDID with other bytes}} */
    public String text() {
        if (outcome.equals(RowKey.PICTURE)) {
            return differs.isEmpty() ? "same" : "differs";
        }
        if (differs.isEmpty()) {
            return outcome;
        }
        return switch (differs.get()) {
            case ANSWER, PICTURE -> outcome;
            case CONTENT -> outcome + " with other bytes";
            case LENGTH -> outcome + " with another length";
            case STATUS -> outcome + " with another device status";
        };
    }
}
