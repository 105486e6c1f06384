package dev.semblance.harness.report;

import dev.semblance.harness.edit.lint.LintFinding;
import dev.semblance.harness.edit.lint.TraceLint;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.text.EventHistory;
import dev.semblance.harness.trace.text.EventHistory.Line;
import dev.semblance.harness.trace.text.EventText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What happened around places of a trace, read in one pass and with bounded memory. */
final class EventWindows {

    /** How many commands are shown before a place, and how many events after it. */
    private static final int BEFORE = 8;

    private static final int AFTER = 6;

    private final TreeMap<Long, List<Line>> bySequence = new TreeMap<>();
    private final TreeMap<String, Long> byLabel = new TreeMap<>();
    private List<LintFinding> findings = List.of();

    private EventWindows() {}

    /**
     * Reads the windows.
     *
     * @param sequences events to look around
     * @param labels snapshots to look around
     * @throws IOException if the trace cannot be read that far
     */
    static EventWindows read(Path trace, Collection<Long> sequences, Collection<String> labels) throws IOException {
        EventWindows windows = new EventWindows();
        TreeSet<Long> wanted = new TreeSet<>(sequences);
        TreeSet<String> missing = new TreeSet<>(labels);
        try (TraceReader reader = TraceReader.open(trace)) {
            EventHistory before = new EventHistory(reader.manifest(), BEFORE);
            List<Long> running = new ArrayList<>();
            EventText text = new EventText(reader.manifest());
            TraceLint lint = new TraceLint(reader.manifest(), Set.of());
            Optional<Stamped> next = reader.next();
            while (next.isPresent() && !(wanted.isEmpty() && missing.isEmpty() && running.isEmpty())) {
                Stamped event = next.get();
                lint.take(event);
                boolean isCentre = wanted.remove(event.sequence());
                if (event.event() instanceof TraceEvent.Snapshot snapshot && missing.remove(snapshot.label())) {
                    windows.byLabel.put(snapshot.label(), event.sequence());
                    isCentre = true;
                }
                if (isCentre) {
                    windows.bySequence.put(
                            event.sequence(), new ArrayList<>(EventHistory.lines(before.before(event), text::line)));
                    running.add(event.sequence());
                }
                if (!running.isEmpty() && (isCentre || tells(event.event()))) {
                    Line line = new Line(event.sequence(), text.line(event));
                    running.forEach(centre ->
                            windows.bySequence.getOrDefault(centre, List.of()).add(line));
                    running.removeIf(centre -> windows.isFull(centre));
                }
                before.add(event);
                next = reader.next();
            }
            windows.findings = lint.findings();
        }
        return windows;
    }

    private boolean isFull(long centre) {
        List<Line> lines = bySequence.getOrDefault(centre, List.of());
        return lines.stream().filter(line -> line.sequence() > centre).count() >= AFTER;
    }

    /** What comes in masses would push everything else out. */
    private static boolean tells(TraceEvent event) {
        return !EventHistory.isCounted(event);
    }

    /** {@return the lines around an event, it among them; empty if it was not found} */
    List<Line> around(long sequence) {
        return List.copyOf(bySequence.getOrDefault(sequence, List.of()));
    }

    /** {@return the last few findings of lint up to what is shown behind an event, the last first} */
    List<LintFinding> found(long sequence) {
        // A picture comes before the command that asks for it.
        long last = around(sequence).stream().mapToLong(Line::sequence).max().orElse(sequence);
        return findings.stream().filter(finding -> finding.sequence() <= last).toList().reversed().stream()
                .limit(BEFORE)
                .toList();
    }

    /** {@return where the snapshots that were looked for are} */
    Map<String, Long> snapshots() {
        return byLabel;
    }
}
