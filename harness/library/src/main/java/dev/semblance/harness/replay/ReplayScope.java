package dev.semblance.harness.replay;

import dev.semblance.harness.trace.position.Found;
import java.util.Optional;

/**
 * How much of a trace was replayed and judged.
 *
 * @param until where the replays stopped; empty where they were to go to the end
 * @param unjudged how many snapshots were passed and compared with no golden, because only others were asked for
 */
public record ReplayScope(Optional<Found.There> until, long unjudged) {

    /** All of a trace. */
    public static final ReplayScope ALL = new ReplayScope(Optional.empty(), 0);

    /** Checks the number. */
    public ReplayScope {
        if (unjudged < 0) {
            throw new IllegalArgumentException("a negative number of snapshots");
        }
    }
}
