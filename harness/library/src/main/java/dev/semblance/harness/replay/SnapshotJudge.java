package dev.semblance.harness.replay;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.PixelRect;
import dev.semblance.harness.UnwritableException;
import dev.semblance.harness.golden.FrameComparator;
import dev.semblance.harness.golden.FrameDiff;
import dev.semblance.harness.golden.GoldenStore;
import dev.semblance.harness.golden.ImageException;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.golden.KeptPicture;
import dev.semblance.harness.golden.policy.Alternatives;
import dev.semblance.harness.golden.policy.Decision;
import dev.semblance.harness.golden.policy.MaskedComparator;
import dev.semblance.harness.golden.policy.MaskedComparison;
import dev.semblance.harness.golden.policy.Policy;
import dev.semblance.harness.golden.policy.Rule;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares the snapshots of one trace with their goldens, each by the rule for it. */
final class SnapshotJudge {

    private final String trace;
    private final GoldenStore store;
    private final Policy policy;
    private final PictureKeeper keeper;

    SnapshotJudge(String trace, GoldenStore store, Policy policy, PictureKeeper keeper) {
        this.trace = trace;
        this.keeper = keeper;
        this.store = store;
        this.policy = policy;
    }

    /**
     * Compares a picture.
     *
     * @throws IOException if it cannot be kept
     */
    SnapshotVerdict judge(String label, Frame actual) throws IOException {
        Optional<Rule> rule = policy.ruleFor(trace, label);
        List<Rule> expired = policy.expiredFor(trace, label);
        Decision soFar = rule.isEmpty() && expired.isEmpty() ? Decision.EXACT : new Decision(rule, expired, List.of());
        Optional<Path> golden = store.find(trace, label);
        if (golden.isEmpty()) {
            return new SnapshotVerdict.Missing(
                    label, store.pngOf(trace, label), keeper.keep(label, true, actual), soFar);
        }
        try {
            Frame expected = ImageFiles.readOpaque(golden.get());
            return rule.isEmpty()
                    ? exact(label, golden.get(), expected, actual, soFar)
                    : new UnderRule(label, golden.get(), expected, actual, rule.get(), expired).judge();
        } catch (ImageException e) {
            return new SnapshotVerdict.Unreadable(label, e.file(), e.reason(), soFar);
        } catch (UnwritableException e) {
            throw e;
        } catch (IOException e) {
            return new SnapshotVerdict.Unreadable(label, golden.get(), String.valueOf(e.getMessage()), soFar);
        }
    }

    private SnapshotVerdict exact(String label, Path golden, Frame expected, Frame actual, Decision decision)
            throws IOException {
        FrameDiff diff = FrameComparator.compare(expected, actual);
        return diff instanceof FrameDiff.Same
                ? new SnapshotVerdict.Match(label, golden, decision)
                : new SnapshotVerdict.Differs(label, golden, keeper.keep(label, true, actual), diff, decision);
    }

    /** One snapshot under the rule that decides for it. */
    private final class UnderRule {
        private final String label;
        private final Path golden;
        private final Frame expected;
        private final Frame actual;
        private final Rule rule;
        private final List<Rule> expired;
        private final List<MaskedComparison> comparisons = new ArrayList<>();

        UnderRule(String label, Path golden, Frame expected, Frame actual, Rule rule, List<Rule> expired) {
            this.label = label;
            this.golden = golden;
            this.expected = expected;
            this.actual = actual;
            this.rule = rule;
            this.expired = expired;
        }

        SnapshotVerdict judge() throws IOException {
            Optional<String> problem = problem();
            if (problem.isPresent()) {
                return new SnapshotVerdict.BadRule(label, rule, problem.get(), decision());
            }
            FrameDiff diff = FrameComparator.compare(expected, actual);
            boolean matches = matches();
            if (rule.expectedFailure().isPresent()) {
                return matches
                        ? new SnapshotVerdict.UnexpectedPass(label, golden, decision())
                        : new SnapshotVerdict.FailedAsExpected(label, golden, kept(false), diff, decision());
            }
            if (!matches) {
                return new SnapshotVerdict.Differs(label, golden, kept(true), diff, decision());
            }
            return diff instanceof FrameDiff.Same
                    ? new SnapshotVerdict.Match(label, golden, decision())
                    : new SnapshotVerdict.Accepted(label, golden, kept(false), decision());
        }

        private KeptPicture kept(boolean fails) throws IOException {
            return keeper.keep(label, fails, actual);
        }

        private Decision decision() {
            return new Decision(Optional.of(rule), expired, comparisons);
        }

        /** {@return why the rule cannot be applied, also where the picture would have been right without it} */
        private Optional<String> problem() throws IOException {
            for (PixelRect mask : rule.masks()) {
                if (!mask.isWithin(actual.width(), actual.height())) {
                    return Optional.of(Text.format(
                            "its mask %s is not within the picture of %dx%d",
                            mask.sentence(), actual.width(), actual.height()));
                }
            }
            if (rule.alternatives() instanceof Alternatives.Numbered
                    && alternatives().isEmpty()) {
                return Optional.of(Text.format("there is no alternative %s.alt-NUMBER.png beside the golden", label));
            }
            return alternatives().stream()
                    .filter(file -> !Files.isRegularFile(file))
                    .findFirst()
                    .map(file -> Text.format("its alternative %s is not there", String.valueOf(file.getFileName())));
        }

        private List<Path> alternatives() throws IOException {
            return switch (rule.alternatives()) {
                case Alternatives.None none -> List.of();
                case Alternatives.Numbered numbered -> store.alternatives(trace, label);
                case Alternatives.Named named ->
                    named.files().stream()
                            .map(file -> store.beside(trace, file))
                            .toList();
            };
        }

        /** {@return whether the picture matches the golden or an alternative under the rule; what matched is compared last} */
        private boolean matches() throws IOException {
            if (compare(golden, expected)) {
                return true;
            }
            for (Path file : alternatives()) {
                if (compare(file, ImageFiles.readOpaque(file))) {
                    return true;
                }
            }
            return false;
        }

        private boolean compare(Path file, Frame wanted) {
            MaskedComparison comparison = MaskedComparator.compare(file, wanted, actual, rule.masks());
            comparisons.add(comparison);
            return comparison.isWithin(rule.tolerance());
        }
    }
}
