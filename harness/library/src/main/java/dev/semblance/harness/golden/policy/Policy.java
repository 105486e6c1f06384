package dev.semblance.harness.golden.policy;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * The rules for a folder of goldens. The first rule in the file that is about a snapshot and has not expired decides for
 * it; a snapshot that none is about must be exact.
 *
 * @param rules in the order of the file
 * @param today the day on which they are applied
 */
public record Policy(List<Rule> rules, LocalDate today) {

    /** No rules: every pixel counts. */
    public static final Policy EXACT = new Policy(List.of(), LocalDate.EPOCH);

    /** Copies the list. */
    public Policy {
        rules = List.copyOf(rules);
    }

    /**
     * {@return the rule that decides for a snapshot, if one does}
     *
     * @param trace the name of the trace
     * @param label the label of the snapshot
     */
    public Optional<Rule> ruleFor(String trace, String label) {
        return rules.stream()
                .filter(rule -> rule.isAbout(trace, label) && !rule.isExpired(today))
                .findFirst();
    }

    /**
     * {@return the rules about a snapshot that have expired and stand before the one that decides}
     *
     * @param trace the name of the trace
     * @param label the label of the snapshot
     */
    public List<Rule> expiredFor(String trace, String label) {
        return rules.stream()
                .takeWhile(rule -> !rule.isAbout(trace, label) || rule.isExpired(today))
                .filter(rule -> rule.isAbout(trace, label))
                .toList();
    }

    /**
     * {@return whether no rule that still applies is about any snapshot of a trace}
     *
     * @param trace the name of the trace
     */
    public boolean isExact(String trace) {
        return rules.stream().noneMatch(rule -> rule.trace().matchesTrace(trace) && !rule.isExpired(today));
    }
}
