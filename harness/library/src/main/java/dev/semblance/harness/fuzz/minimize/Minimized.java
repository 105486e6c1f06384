package dev.semblance.harness.fuzz.minimize;

import dev.semblance.harness.rig.ScriptLine;
import java.util.List;

/**
 * What came of cutting a script down.
 *
 * @param script the smallest one found that still fails alike
 * @param before what the first one cost
 * @param after what this one costs
 * @param runs how often the test was asked
 * @param limited whether a limit stopped it; if not, it is 1-minimal
 */
public record Minimized(List<ScriptLine> script, ScriptCost before, ScriptCost after, int runs, boolean limited) {

    /** Copies the list. */
    public Minimized {
        script = List.copyOf(script);
    }
}
