package dev.semblance.cli;

import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.trace.diff.TraceDiff;
import dev.semblance.harness.trace.diff.TraceDiff.SnapshotPair;
import dev.semblance.harness.trace.diff.TraceDiff.State;
import dev.semblance.harness.trace.diff.TraceDifference;
import dev.semblance.harness.trace.position.PositionRange;
import dev.semblance.harness.trace.text.EventHistory;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.harness.util.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How two traces differ, in lines. */
final class DiffText {

    /** The traces compared, A and B. */
    record Sides(Path first, TraceManifest ofFirst, Path second, TraceManifest ofSecond) {}

    /** How many snapshots that differ are listed. */
    private static final int MAX_SNAPSHOTS = 50;

    private final Sides sides;
    private final TraceDiff diff;
    private final List<String> lines = new ArrayList<>();

    private DiffText(Sides sides, TraceDiff diff) {
        this.sides = sides;
        this.diff = diff;
    }

    static List<String> lines(Sides sides, TraceDiff diff) {
        DiffText text = new DiffText(sides, diff);
        text.line(Text.format("A  %s: %s", sides.first(), whole(diff.ofFirst())));
        text.line(Text.format("B  %s: %s", sides.second(), whole(diff.ofSecond())));
        text.scope();
        text.first();
        text.manifest();
        text.kinds();
        text.snapshots();
        text.flushes();
        return text.lines;
    }

    private static String whole(TraceStatus status) {
        String totals = Text.format(
                "%s, identity %s",
                Text.count(status.totals().events(), "event"), status.totals().identity());
        return switch (status) {
            case TraceStatus.Complete complete -> totals;
            case TraceStatus.Torn torn -> totals + Text.format(", torn at byte %d: %s", torn.offset(), torn.reason());
        };
    }

    private void scope() {
        if (diff.scope().isRange()) {
            line(Text.format(
                    "compared: %s of A, %s of B",
                    events(diff.scope().first()), events(diff.scope().second())));
        }
        if (diff.scope().ignoringTime()) {
            line("not compared: cycles, counts of instructions, checkpoints, and the state of the machine at the end");
        }
    }

    private static String events(PositionRange.Events events) {
        return Text.format(
                "events #%d to %s",
                events.first(), events.last() == Long.MAX_VALUE ? "the end" : Text.format("#%d", events.last()));
    }

    private void first() {
        if (diff.first().isEmpty()) {
            line(diff.scope().isRange() ? "these events are the same" : "events are the same");
            return;
        }
        TraceDiff.First first = diff.first().get();
        long sequence =
                first.inFirst().or(first::inSecond).map(Stamped::sequence).orElse(0L);
        line(Text.format("first difference: event %d", sequence));
        EventHistory.lines(first.before(), event -> EventText.describe(sides.ofFirst(), event))
                .forEach(line -> line(Text.format("     %s", line.text())));
        line(Text.format("  A  %s", event(sides.ofFirst(), first.inFirst())));
        line(Text.format("  B  %s", event(sides.ofSecond(), first.inSecond())));
        first.fields().forEach(this::difference);
    }

    private String event(TraceManifest manifest, Optional<Stamped> event) {
        return event.map(stamped -> EventText.describe(manifest, stamped))
                .orElse(diff.scope().isRange() ? "has no more events in the range" : "has ended");
    }

    private void difference(TraceDifference difference) {
        line(Text.format("     %s: %s / %s", difference.field(), difference.first(), difference.second()));
    }

    private void manifest() {
        line(Text.format("manifest%s", diff.manifest().isEmpty() ? " is the same" : ":"));
        diff.manifest().forEach(this::difference);
    }

    private void kinds() {
        line("events by kind:");
        diff.kinds()
                .forEach((kind, counts) -> line(Text.format(
                        "  %,12d %,12d %s%s",
                        counts.first(), counts.second(), kind, counts.first() == counts.second() ? "" : "  <-")));
    }

    private void snapshots() {
        line(Text.format(
                "snapshots: %d same, %d different, %d only in A, %d only in B%s",
                count(State.SAME),
                count(State.DIFFERENT),
                count(State.ONLY_FIRST),
                count(State.ONLY_SECOND),
                diff.moreSnapshots() ? ", and more that were not looked at" : ""));
        diff.snapshots().stream()
                .filter(pair -> pair.state() != State.SAME)
                .limit(MAX_SNAPSHOTS)
                .forEach(pair -> line(Text.format(
                        "  %-10s %s  %s / %s",
                        switch (pair.state()) {
                            case SAME -> "same";
                            case DIFFERENT -> "different";
                            case ONLY_FIRST -> "only in A";
                            case ONLY_SECOND -> "only in B";
                        },
                        pair.label(),
                        place(pair.first()),
                        place(pair.second()))));
    }

    private long count(State state) {
        return diff.snapshots().stream()
                .map(SnapshotPair::state)
                .filter(state::equals)
                .count();
    }

    private void flushes() {
        TraceDiff.Flushes flushes = diff.flushes();
        boolean allSame = flushes.first().isEmpty() && flushes.second().isEmpty();
        line(Text.format(
                "flushes: %,d in A, %,d in B, %s",
                flushes.counts().first(),
                flushes.counts().second(),
                allSame
                        ? "all the same"
                        : Text.format(
                                "the first %,d are the same; then %s / %s",
                                flushes.same(), place(flushes.first()), place(flushes.second()))));
    }

    private static String place(Optional<Stamped> event) {
        return event.map(stamped -> Text.format("#%d @%,d", stamped.sequence(), stamped.cycle()))
                .orElse("none");
    }

    private void line(String text) {
        lines.add(text);
    }
}
