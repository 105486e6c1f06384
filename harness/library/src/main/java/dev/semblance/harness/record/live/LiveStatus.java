package dev.semblance.harness.record.live;

import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import java.util.List;

/**
 * How a run stands.
 *
 * @param phase what goes on
 * @param cycle on the machine's clock
 * @param flushes how often the guest has flushed a picture
 * @param snapshots how many snapshots the person has taken
 * @param displays what each display offers, by number
 * @param held how many keys and buttons are down
 */
public record LiveStatus(Phase phase, long cycle, long flushes, int snapshots, List<DisplayMode> displays, int held) {

    /** What goes on. */
    public enum Phase {
        /** The scenario has its turn, and nobody else. */
        SCENARIO,
        /** The scenario's turn, with the guest's time standing still. */
        SCENARIO_PAUSED,
        /** The scenario is done, and the guest's time stands still where it ended. */
        SCENARIO_DONE,
        /** The guest runs. */
        RUNNING,
        /** The guest's time stands still. */
        PAUSED,
        /** The run is over. */
        ENDED
    }

    /** Copies the list. */
    public LiveStatus {
        displays = List.copyOf(displays);
    }
}
