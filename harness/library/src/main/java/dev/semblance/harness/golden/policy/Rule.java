package dev.semblance.harness.golden.policy;

import dev.semblance.harness.PixelRect;
import dev.semblance.harness.util.Text;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One rule of a policy. The pictures of the snapshots that it is about are compared with its masks, its tolerance and its
 * alternatives; if it names a bug as {@code expectedFailure}, they must not match even so.
 *
 * @param alternatives files that may match instead of the golden
 * @param masks what is not compared
 * @param tolerance how much may differ outside the masks
 * @param file the policy's file, as the user knows it
 * @param line where in it the rule begins, from 1
 * @param trace names of traces
 * @param label labels of snapshots
 * @param reason why this is right, for whoever reads a report
 * @param expectedFailure the bug that makes the snapshots differ, a link
 * @param bug a bug that the rule has to do with, a link
 * @param expires the last day on which it applies
 */
public record Rule(
        String file,
        int line,
        Glob trace,
        Glob label,
        String reason,
        Optional<Tolerance> tolerance,
        List<PixelRect> masks,
        Alternatives alternatives,
        Optional<String> expectedFailure,
        Optional<String> bug,
        Optional<LocalDate> expires) {

    /** Copies the list. */
    public Rule {
        masks = List.copyOf(masks);
    }

    /**
     * {@return whether the rule is about a snapshot, expired or not}
     *
     * @param traceName the name of a trace
     * @param snapshotLabel the label of a snapshot
     */
    public boolean isAbout(String traceName, String snapshotLabel) {
        return trace.matchesTrace(traceName) && label.matches(snapshotLabel);
    }

    /**
     * {@return whether the rule no longer applies on a day}
     *
     * @param day today
     */
    public boolean isExpired(LocalDate day) {
        return expires.filter(day::isAfter).isPresent();
    }

    /** {@return where the rule stands: {@code FILE:LINE}} */
    public String where() {
        return file + ":" + line;
    }

    /** {@return what the rule allows, as part of a sentence} */
    public String allows() {
        List<String> parts = new ArrayList<>();
        tolerance.ifPresent(limits -> parts.add(limits.sentence()));
        if (!masks.isEmpty()) {
            parts.add(Text.count(masks.size(), "mask"));
        }
        switch (alternatives) {
            case Alternatives.None none -> {}
            case Alternatives.Numbered numbered -> parts.add("numbered alternatives");
            case Alternatives.Named named -> parts.add(Text.count(named.files().size(), "alternative"));
        }
        expectedFailure.ifPresent(link -> parts.add("expected failure " + link));
        return String.join(", ", parts);
    }

    /** {@return the rule's place and reason, as reports name it: {@code golden/policy.toml:3 (the reason)}} */
    public String sentence() {
        return Text.format("%s (%s)", where(), reason);
    }
}
