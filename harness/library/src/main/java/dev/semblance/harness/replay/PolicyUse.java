package dev.semblance.harness.replay;

import dev.semblance.harness.golden.policy.Policy;
import dev.semblance.harness.golden.policy.Rule;
import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Which rules decided nothing, so that a policy does not keep what nobody needs any more. */
public final class PolicyUse {

    private final List<RuleUse> uses = new ArrayList<>();

    /** What is known of one rule. */
    private static final class RuleUse {
        private final Rule rule;
        private final TreeSet<String> replayed = new TreeSet<>();
        private boolean decided;
        private boolean reached;

        RuleUse(Rule rule) {
            this.rule = rule;
        }

        void add(String trace, TraceVerdict.Replayed verdict) {
            // Where a trace is torn or the replay left it, a snapshot may just not have come.
            if (verdict.cause().isEmpty() && verdict.torn().isEmpty()) {
                replayed.add(trace);
            }
            for (SnapshotVerdict snapshot : verdict.snapshots()) {
                reached |= rule.label().matches(snapshot.label());
                decided |= snapshot.decision().rule().filter(rule::equals).isPresent()
                        || snapshot.decision().expired().contains(rule);
            }
        }

        String sentence() {
            String traces = String.join(", ", replayed);
            return reached
                    ? Text.format(
                            "warning: the rule %s decided nothing: an earlier rule is about the same snapshots of %s, or they have no goldens.",
                            rule.sentence(), traces)
                    : Text.format(
                            "warning: the rule %s is about no snapshot: %s has none that is named \"%s\".",
                            rule.sentence(), traces, rule.label());
        }
    }

    /**
     * Begins, with the policies in use.
     *
     * @param policies those in force
     */
    public PolicyUse(List<Policy> policies) {
        for (Policy policy : policies) {
            policy.rules().forEach(rule -> uses.add(new RuleUse(rule)));
        }
    }

    /**
     * Takes a verdict; keeps no picture of it.
     *
     * @param verdict what came of a trace
     */
    public void add(TraceVerdict verdict) {
        if (verdict instanceof TraceVerdict.Replayed replayed) {
            String name = replayed.goldens().trace();
            for (RuleUse use : uses) {
                if (use.rule.trace().matchesTrace(name)) {
                    use.add(name, replayed);
                }
            }
        }
    }

    /**
     * {@return a sentence for each rule that should have decided over a snapshot and did not: a trace that it is about was
     * replayed to its end, and none of its snapshots is the rule's}
     */
    public List<String> unused() {
        return uses.stream()
                .filter(use -> !use.decided && !use.replayed.isEmpty())
                .map(RuleUse::sentence)
                .toList();
    }
}
