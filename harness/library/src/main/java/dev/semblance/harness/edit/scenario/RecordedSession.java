package dev.semblance.harness.edit.scenario;

import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.machine.profile.MachineModel;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a trace tells of a session: what was done, what the guest wrote and showed, and when. It is bounded, whatever the trace holds.
 *
 * @param manifest what the trace was made with
 * @param gpu the manifest's
 * @param model the machine
 * @param pointer its pointing devices
 * @param hands what was done, in order; the last one is the end
 * @param omitted what was done that no step can say, and how often
 * @param console what the guest wrote
 * @param pictures what the guest showed
 * @param snapshots the pictures that were taken
 * @param status how far the trace is whole
 */
public record RecordedSession(
        TraceManifest manifest,
        ReplayableGpu gpu,
        MachineModel model,
        Pointer pointer,
        List<HandEvent> hands,
        SortedMap<String, Integer> omitted,
        ConsoleLog console,
        PictureLog pictures,
        SnapshotLog snapshots,
        TraceStatus status) {

    /**
     * Reads a session.
     *
     * @throws IOException if the trace cannot be read, is corrupt, or has a GPU that none here can be
     * @throws IncompatibleException if it was made without a machine, or on one that is not here
     * @throws UnusableInputException if it is too long
     */
    public static RecordedSession read(TraceReader reader) throws IOException {
        SessionReader session = new SessionReader(reader.manifest());
        for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
            session.take(next.get().cycle(), next.get().event());
        }
        return session.session(reader.status());
    }

    /** {@return cycles in a second of guest time} */
    long clock() {
        return model.profile().cyclesPerSecond();
    }
}
