package dev.semblance.bridge.serve;

import dev.semblance.harness.trace.SnapshotLabel;
import dev.semblance.harness.trace.TraceEvent;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;

/** The snapshots of a recording. Each label is given once. The thread that serves takes them; any may claim a label, or count. */
final class Snapshots {

    private final Notices notices;
    private final Set<String> labels = new ConcurrentSkipListSet<>();
    private final AtomicInteger taken = new AtomicInteger();
    private int still;

    /**
     * @param notices takes what is worth telling
     */
    Snapshots(Notices notices) {
        this.notices = notices;
    }

    /** {@return whether a snapshot may have this label, which nobody else can claim from now on} The last one's is kept for that. */
    boolean claim(String label) {
        return !label.equals(TraceEvent.Snapshot.END) && labels.add(label);
    }

    /** {@return how many were taken} */
    int count() {
        return taken.get();
    }

    /** Takes one under a label that was claimed for it, and says so. */
    void take(ServedGpu gpu, String label) {
        record(gpu, label);
        notices.say("snapshot " + label + " taken");
    }

    /** Takes one if there is something to show and the label can be had; says what came of it. */
    void takeIfPossible(Optional<ServedGpu> gpu, String label) {
        if (!SnapshotLabel.isPlain(label)) {
            notices.say("\"" + label + "\" is no label: " + SnapshotLabel.RULE);
        } else if (gpu.isEmpty()) {
            notices.say("there is no picture for " + label + " yet: no driver has started");
        } else if (!claim(label)) {
            notices.say("there is a snapshot " + label + " already, or it is the last one's label");
        } else {
            take(gpu.get(), label);
        }
    }

    /** Takes one of a picture that is still. */
    void takeStill(ServedGpu gpu) {
        String label;
        do {
            still++;
            label = "still-" + still;
        } while (!claim(label));
        record(gpu, label);
    }

    /** Takes the last one. */
    void takeEnd(ServedGpu gpu) {
        record(gpu, TraceEvent.Snapshot.END);
    }

    private void record(ServedGpu gpu, String label) {
        gpu.snapshot(label);
        taken.incrementAndGet();
    }
}
