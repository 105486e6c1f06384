package dev.semblance.harness.edit.lint;

import dev.semblance.harness.trace.TraceEvent.Stamped;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Findings in their order. A trace can have any number of them: of each rule the first ones are kept, the others counted. */
final class FindingList {

    /** How many of each rule are kept. */
    static final int MOST = 1000;

    /** Where something happened. */
    record Place(long sequence, long cycle) {
        static Place of(Stamped event) {
            return new Place(event.sequence(), event.cycle());
        }
    }

    private final Set<LintRule> disabled;
    private final long preamble;
    private final List<LintFinding> kept = new ArrayList<>();
    private final Map<LintRule, Long> counts = new EnumMap<>(LintRule.class);

    /**
     * Makes an empty list.
     *
     * @param disabled rules that are left out
     * @param preamble how many events at the start of the trace are no driver's doing: of them nothing is said
     */
    FindingList(Set<LintRule> disabled, long preamble) {
        this.preamble = preamble;
        this.disabled = Set.copyOf(disabled);
    }

    void add(LintRule rule, Place place, String message) {
        if (disabled.contains(rule) || place.sequence() < preamble) {
            return;
        }
        if (counts.merge(rule, 1L, Long::sum) <= MOST) {
            kept.add(new LintFinding(rule, place.sequence(), place.cycle(), message));
        }
    }

    /** {@return the findings that are kept, by their places} */
    List<LintFinding> kept() {
        return kept.stream()
                .sorted((one, other) -> Long.compare(one.sequence(), other.sequence()))
                .toList();
    }

    /** {@return how many there are of each rule that found something} */
    Map<LintRule, Long> counts() {
        return Collections.unmodifiableMap(new EnumMap<>(counts));
    }
}
