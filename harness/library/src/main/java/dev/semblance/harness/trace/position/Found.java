package dev.semblance.harness.trace.position;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.util.Text;
import java.util.List;
import java.util.stream.Collectors;

/** What came of looking for a position in a trace. */
public sealed interface Found {

    /** {@return what was looked for} */
    Position position();

    /**
     * It is there.
     *
     * @param position what was looked for
     * @param place where it is
     */
    record There(Position position, Place place) implements Found {

        /** {@return the position and the place, such as {@code flush:12 (#720 @85,736,705)}} */
        @Override
        public String toString() {
            return Text.format("%s (%s)", position, place);
        }
    }

    /**
     * It is not there.
     *
     * @param position what was looked for
     * @param nearest what is there and comes nearest to it, two at most
     */
    record NotThere(Position position, List<There> nearest) implements Found {

        /** Copies the list. */
        public NotThere {
            nearest = List.copyOf(nearest);
        }
    }

    /**
     * {@return where it is}
     *
     * @param trace what the trace is called
     * @throws UnusableInputException if it is not there; it names the nearest that are
     */
    default There require(Object trace) {
        return switch (this) {
            case There there -> there;
            case NotThere missing -> throw new UnusableInputException(missing(trace, missing));
        };
    }

    private static String missing(Object trace, NotThere missing) {
        String nearest = missing.nearest().stream().map(There::toString).collect(Collectors.joining(" and "));
        return Text.format("%s has no %s", trace, missing.position())
                + switch (missing.nearest().size()) {
                    case 0 -> " and nothing like it";
                    case 1 -> "; the nearest is " + nearest;
                    default -> "; the nearest are " + nearest;
                };
    }
}
