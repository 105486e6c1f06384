package dev.semblance.harness.replay;

import dev.semblance.harness.policy.Policy;
import dev.semblance.harness.policy.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Which rules decided nothing, so that a policy does not keep what nobody needs any more. */
public final class PolicyUse {

    private PolicyUse() {}

    /**
     * Returns a sentence for each rule that should have decided over a snapshot and did not: a trace that it is about was
     * replayed to its end, and none of its snapshots is the rule's.
     */
    public static List<String> unused(List<Policy> policies, List<TraceVerdict> verdicts) {
        List<String> sentences = new ArrayList<>();
        for (Policy policy : policies) {
            for (Rule rule : policy.rules()) {
                TreeSet<String> replayed = new TreeSet<>();
                boolean used = false;
                boolean reached = false;
                for (TraceVerdict verdict : verdicts) {
                    String name = Goldens.nameOf(verdict.trace());
                    if (rule.trace().matches(name) && verdict instanceof TraceVerdict.Replayed whole) {
                        if (whole.cause().isEmpty() && whole.torn().isEmpty()) {
                            replayed.add(name);
                        }
                        for (SnapshotVerdict snapshot : whole.snapshots()) {
                            reached |= rule.label().matches(snapshot.label());
                            used |= snapshot.decision()
                                            .rule()
                                            .filter(rule::equals)
                                            .isPresent()
                                    || snapshot.decision().expired().contains(rule);
                        }
                    }
                }
                if (!used && !replayed.isEmpty()) {
                    sentences.add(sentence(rule, reached, String.join(", ", replayed)));
                }
            }
        }
        return sentences;
    }

    private static String sentence(Rule rule, boolean reached, String traces) {
        return reached
                ? "warning: the rule %s decided nothing: an earlier rule is about the same snapshots of %s, or they have no goldens."
                        .formatted(rule.sentence(), traces)
                : "warning: the rule %s is about no snapshot: %s has none that is named \"%s\"."
                        .formatted(rule.sentence(), traces, rule.label());
    }
}
