package dev.semblance.harness.report;

import dev.semblance.harness.replay.Divergence;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.text.EventHistory;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.List;

/** The first difference of a replay as lines: what was expected, what came, and what was before that. */
public final class DivergenceText {

    private DivergenceText() {}

    /**
     * {@return the lines for a difference}
     *
     * @param manifest what the trace was made with
     * @param divergence the difference
     */
    public static List<String> lines(TraceManifest manifest, Divergence divergence) {
        List<String> lines = new ArrayList<>();
        Stamped expected = divergence.expected();
        lines.add("  expected  " + EventText.describe(manifest, expected));
        lines.add("  actual    " + actual(manifest, divergence));
        if (!divergence.before().isEmpty()) {
            lines.add("  before that");
            EventHistory.lines(divergence.before(), event -> EventText.describe(manifest, event))
                    .forEach(line -> lines.add("            " + line.text()));
        }
        return lines;
    }

    /** {@return what happened in place of what was expected} */
    static String actual(TraceManifest manifest, Divergence divergence) {
        return switch (divergence) {
            case Divergence.Different different ->
                EventText.describe(
                        manifest, new Stamped(divergence.expected().sequence(), different.cycle(), different.actual()));
            case Divergence.Missing missing -> "nothing: " + missing.circumstances();
            case Divergence.UnknownMemory unknown ->
                Text.format(
                        "the device read %d bytes at 0x%x, which the trace does not have",
                        unknown.length(), unknown.address());
        };
    }
}
