package dev.semblance.harness.edit.scenario;

import dev.semblance.harness.trace.TraceEvent;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/** The snapshots of a run, by label, in order. */
final class SnapshotLog {

    private final SequencedMap<String, TraceEvent.Snapshot> byLabel = new LinkedHashMap<>();

    /** Takes notice of an event, if it is a snapshot. Of two with one label, the first one counts. */
    void take(TraceEvent event) {
        if (event instanceof TraceEvent.Snapshot snapshot) {
            byLabel.putIfAbsent(snapshot.label(), snapshot);
        }
    }

    int size() {
        return byLabel.size();
    }

    /** {@return what it has under a label} */
    Optional<TraceEvent.Snapshot> of(String label) {
        return Optional.ofNullable(byLabel.get(label));
    }

    /** {@return the pictures of a snapshot, each of a scanout} */
    SequencedMap<String, TraceEvent.Snapshot> pictures(String plain) {
        SequencedMap<String, TraceEvent.Snapshot> pictures = new LinkedHashMap<>();
        byLabel.forEach((label, snapshot) -> {
            if (label.equals(plain) || label.startsWith(plain + "@")) {
                pictures.put(label, snapshot);
            }
        });
        return pictures;
    }
}
