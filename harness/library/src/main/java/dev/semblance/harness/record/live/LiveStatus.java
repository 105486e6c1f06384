package dev.semblance.harness.record.live;

import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import java.util.List;
import java.util.OptionalLong;

/**
 * How a run stands.
 *
 * @param phase what goes on
 * @param cycle on the guest's clock: the machine's, or for a guest of another program the recording's
 * @param flushes how often the guest has flushed a picture
 * @param events how many events are in the trace, where that is counted
 * @param snapshots how many snapshots were taken, but for those of a scenario
 * @param displays what each display offers, by number
 * @param held how many keys and buttons are down
 */
public record LiveStatus(
        Phase phase,
        long cycle,
        long flushes,
        OptionalLong events,
        int snapshots,
        List<DisplayMode> displays,
        int held) {

    /** What goes on. */
    public enum Phase {
        /** The scenario has its turn, and nobody else. */
        SCENARIO,
        /** The scenario's turn, with the guest's time standing still. */
        SCENARIO_PAUSED,
        /** The scenario is done, and the guest's time stands still where it ended. */
        SCENARIO_DONE,
        /** The program that runs the guest has not connected yet. */
        NOT_CONNECTED,
        /** It has, and no driver of the guest uses the GPU: none has started yet, or it has stopped, as that of a guest that is paused does. */
        NO_DRIVER,
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
