package dev.semblance.junit;

import dev.semblance.harness.TraceFile;
import dev.semblance.harness.edit.lint.LintFinding;
import dev.semblance.harness.edit.lint.LintRule;
import dev.semblance.harness.edit.lint.LintRule.Severity;
import dev.semblance.harness.edit.lint.TraceLint;
import dev.semblance.harness.report.FailureType;
import dev.semblance.harness.report.TestCase;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.util.Suggestions;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** The test of what a trace's driver did. */
final class LintCase {

    /** How many findings a message has. */
    private static final int SHOWN = 20;

    private LintCase() {}

    /** Returns the rules that a test leaves out. */
    static Set<LintRule> disabled(ReplayTest test) {
        Set<LintRule> rules = EnumSet.noneOf(LintRule.class);
        for (String id : test.lintDisable()) {
            rules.add(LintRule.of(id)
                    .orElseThrow(() -> new ExtensionConfigurationException(Text.format(
                            "@ReplayTest: there is no rule \"%s\"%s",
                            id,
                            Suggestions.hintOrAll(
                                    id,
                                    Arrays.stream(LintRule.values())
                                            .map(LintRule::id)
                                            .toList(),
                                    "there are")))));
        }
        return rules;
    }

    /** Looks at a trace. */
    static TestCase.Result of(TraceFile trace, LintLevel level, Set<LintRule> disabled) {
        List<LintFinding> found;
        try (TraceReader reader = TraceReader.open(trace.path())) {
            found = TraceLint.read(reader, disabled).findings().stream()
                    .filter(finding -> level == LintLevel.ALL || finding.rule().severity() == Severity.ILLEGAL)
                    .toList();
        } catch (IOException e) {
            return new TestCase.Errored("lint", String.valueOf(e.getMessage()));
        }
        if (found.isEmpty()) {
            return new TestCase.Passed(List.of());
        }
        List<String> lines = new ArrayList<>();
        found.stream().limit(SHOWN).forEach(finding -> lines.add(finding.line()));
        if (found.size() > SHOWN) {
            lines.add(Text.format("and %,d more; semblance lint has them all", found.size() - SHOWN));
        }
        return new TestCase.Failed(FailureType.LINT, "lint has " + Text.count(found.size(), "finding"), lines);
    }
}
