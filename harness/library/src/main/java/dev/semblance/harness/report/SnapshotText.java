package dev.semblance.harness.report;

import dev.semblance.harness.FileNames;
import dev.semblance.harness.golden.policy.Decision;
import dev.semblance.harness.golden.policy.MaskedComparison;
import dev.semblance.harness.golden.policy.Rule;
import dev.semblance.harness.replay.SnapshotVerdict;
import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What came of a snapshot, as sentences that name the rule that decided. */
public final class SnapshotText {

    private SnapshotText() {}

    /** {@return the sentences for a snapshot; none if it simply equals its golden} */
    public static List<String> sentences(SnapshotVerdict verdict, FileNames names) {
        List<String> sentences = new ArrayList<>();
        verdictOf(verdict, names).ifPresent(sentences::add);
        if (verdict instanceof SnapshotVerdict.Differs differs) {
            differs.origin().ifPresent(sentences::add);
        }
        for (Rule rule : verdict.decision().expired()) {
            sentences.add(Text.format(
                    "Snapshot %s: the rule %s expired on %s and no longer applies; it allowed %s.",
                    verdict.label(),
                    rule.sentence(),
                    rule.expires().map(Object::toString).orElse("?"),
                    rule.allows()));
        }
        return sentences;
    }

    private static Optional<String> verdictOf(SnapshotVerdict verdict, FileNames names) {
        return switch (verdict) {
            case SnapshotVerdict.Match match -> Optional.empty();
            case SnapshotVerdict.NoGoldens none ->
                none.required()
                        ? Optional.of(Text.format(
                                "Snapshot %s was compared with nothing: there is no folder of goldens for this trace, and goldens are required.",
                                none.label()))
                        : Optional.empty();
            case SnapshotVerdict.Accepted accepted -> Optional.of(accepted(accepted, names));
            case SnapshotVerdict.FailedAsExpected failed -> Optional.of(failed(failed));
            case SnapshotVerdict.UnexpectedPass pass -> Optional.of(unexpectedPass(pass, names));
            case SnapshotVerdict.BadRule bad -> Optional.of(badRule(bad));
            case SnapshotVerdict.Differs differs -> Optional.of(differs(differs, names));
            case SnapshotVerdict.Missing missing ->
                Optional.of(Text.format(
                        "Snapshot %s has no golden: %s is not there. Look at the picture; approve it if it is right.",
                        missing.label(), names.of(missing.golden())));
            case SnapshotVerdict.Unreadable unreadable ->
                Optional.of(Text.format(
                        "Snapshot %s has a golden that cannot be read: %s",
                        unreadable.label(), unreadable(unreadable, names)));
        };
    }

    /** {@return which golden cannot be read and why} */
    public static String unreadable(SnapshotVerdict.Unreadable unreadable, FileNames names) {
        return names.of(unreadable.file()) + ": " + unreadable.reason();
    }

    private static String accepted(SnapshotVerdict.Accepted accepted, FileNames names) {
        Decision decision = accepted.decision();
        MaskedComparison matching = decision.comparisons().getLast();
        Rule rule = decision.rule().orElseThrow();
        String what = matching.file().equals(accepted.golden())
                ? "passes against " + names.of(matching.file())
                : "matches the alternative " + names.of(matching.file());
        return Text.format(
                "Snapshot %s %s by the rule %s: %s%s.",
                accepted.label(), what, rule.sentence(), matching.measured(rule.tolerance()), outsideMasks(rule));
    }

    private static String outsideMasks(Rule rule) {
        return switch (rule.masks().size()) {
            case 0 -> "";
            case 1 -> " outside the mask " + rule.masks().getFirst().sentence();
            default -> " outside the " + Text.count(rule.masks().size(), "mask");
        };
    }

    private static String failed(SnapshotVerdict.FailedAsExpected failed) {
        Rule rule = failed.decision().rule().orElseThrow();
        return Text.format(
                "Snapshot %s differs as expected by the rule %s, bug %s: %s",
                failed.label(),
                rule.sentence(),
                rule.expectedFailure().orElseThrow(),
                failed.diff().sentence());
    }

    /** {@return the sentence for a rule that is out of date} */
    public static String unexpectedPass(SnapshotVerdict.UnexpectedPass pass, FileNames names) {
        Rule rule = pass.decision().rule().orElseThrow();
        return Text.format(
                "Snapshot %s passes unexpectedly: it matches %s. Remove the rule %s if its bug %s is fixed.",
                pass.label(),
                names.of(pass.decision().comparisons().getLast().file()),
                rule.sentence(),
                rule.expectedFailure().orElseThrow());
    }

    /** {@return the sentence for a rule that cannot be applied} */
    public static String badRule(SnapshotVerdict.BadRule bad) {
        return Text.format(
                "Snapshot %s cannot be judged by the rule %s: %s.",
                bad.label(), bad.rule().sentence(), bad.reason());
    }

    private static String differs(SnapshotVerdict.Differs differs, FileNames names) {
        String sentence = Text.format(
                "Snapshot %s differs from %s: %s",
                differs.label(), names.of(differs.golden()), differs.diff().sentence());
        Optional<Rule> rule = differs.decision().rule();
        return rule.isEmpty() ? sentence : sentence + notAllowed(rule.get(), differs, names);
    }

    /** {@return which limit of the rule was passed, for every picture that it was compared with} */
    private static String notAllowed(Rule rule, SnapshotVerdict.Differs differs, FileNames names) {
        StringBuilder text = new StringBuilder(Text.format(" The rule %s allows %s.", rule.sentence(), rule.allows()));
        for (MaskedComparison comparison : differs.decision().comparisons()) {
            text.append(" Against ")
                    .append(names.of(comparison.file()))
                    .append(": ")
                    .append(comparison.measured(rule.tolerance()))
                    .append(outsideMasks(rule))
                    .append('.');
        }
        return text.toString();
    }
}
