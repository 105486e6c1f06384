package dev.semblance.harness.edit.scenario;

import dev.semblance.harness.edit.scenario.Act.Kind;
import dev.semblance.harness.edit.scenario.ScenarioWriter.Line;
import dev.semblance.harness.edit.scenario.ScenarioWriter.Written;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.text.EvdevCodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Follows a recording of a scenario and compares its snapshots with those of the session. {@link #isOver} may be asked by any thread;
 * everything else is for one at a time.
 */
final class ScenarioCheck implements EventSink {

    private final RecordedSession session;
    private final List<Line> lines;
    private final Set<String> tolerated;
    private final PictureLog pictures = new PictureLog();
    private final SnapshotLog snapshots = new SnapshotLog();
    private final List<Integer> different = new ArrayList<>();

    /** The place in {@link #lines} of what is done next, and how many of its events came. */
    private int next;

    private int came;
    private Optional<Line> parting = Optional.empty();
    private String label = "";
    private volatile boolean over;

    /**
     * Makes one of a run that has not begun.
     *
     * @param tolerated the labels of snapshots that may differ
     */
    ScenarioCheck(RecordedSession session, Written written, Set<String> tolerated) {
        this.session = session;
        this.lines = written.lines();
        this.tolerated = tolerated;
    }

    /** {@return whether a snapshot differs that may not: the rest of the run tells nothing} */
    boolean isOver() {
        return over;
    }

    /** {@return the places of the lines whose snapshots differ} */
    List<Integer> different() {
        return different;
    }

    /** {@return the step after which a picture that was still was another one for the first time} */
    Optional<Line> parting() {
        return parting;
    }

    @Override
    public void accept(long cycle, TraceEvent event) {
        switch (event) {
            case TraceEvent.Input input -> done(isMotion(input));
            case TraceEvent.ConsoleInput input -> done(false);
            case TraceEvent.DisplayChange change -> done(false);
            case TraceEvent.Snapshot snapshot -> taken(snapshot);
            case TraceEvent.End end -> finishShot();
            default -> pictures.take(cycle, event);
        }
    }

    private void done(boolean motion) {
        finishShot();
        step(motion);
    }

    private static boolean isMotion(TraceEvent.Input input) {
        return input.items().stream()
                .allMatch(item -> item.type() == EvdevCodes.EV_REL && item.code() != EvdevCodes.REL_WHEEL);
    }

    /** Something was done: an event of the line that is next. At the end, what is held is released, each with an event. */
    private void step(boolean motion) {
        // A line that points takes as many reports as it takes, and none where the cursor is already.
        while (next < lines.size()
                && lines.get(next).act().target().isPresent()
                && (!motion || lines.get(next).act().target().equals(pictures.cursor()))) {
            next++;
            came = 0;
        }
        if (next == lines.size()) {
            return;
        }
        Line line = lines.get(next);
        if (came == 0 && line.still() && parting.isEmpty() && next > 0) {
            long before = session.pictures().shownBefore(line.act().first());
            parting = before == pictures.now() ? Optional.empty() : Optional.of(lines.get(next - 1));
        }
        came++;
        if (came == line.act().events()
                && line.act().target().isEmpty()
                && line.act().kind() != Kind.END) {
            next++;
            came = 0;
        }
    }

    private void taken(TraceEvent.Snapshot snapshot) {
        int at = snapshot.label().indexOf('@');
        String plain = at < 0 ? snapshot.label() : snapshot.label().substring(0, at);
        if (!plain.equals(label)) {
            finishShot();
            label = plain;
        }
        snapshots.take(snapshot);
    }

    /** All pictures of a snapshot are there. */
    private void finishShot() {
        if (label.isEmpty()) {
            return;
        }
        step(false);
        if (!snapshots.pictures(label).equals(session.snapshots().pictures(label))) {
            boolean end = label.equals(TraceEvent.Snapshot.END);
            different.add(end ? lines.size() - 1 : next - 1);
            over |= !tolerated.contains(label);
        }
        label = "";
    }
}
