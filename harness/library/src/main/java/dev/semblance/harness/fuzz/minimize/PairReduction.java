package dev.semblance.harness.fuzz.minimize;

import dev.semblance.harness.rig.ScriptLine;
import java.util.List;

/**
 * Leaves out two lines at once in a short script: what makes an image and what destroys it, what binds and what unbinds.
 * Neither can go alone where every answer has to stay as it is.
 */
final class PairReduction {

    /** Above so many lines there are too many pairs. */
    private static final int MOST_LINES = 48;

    private final ReductionState trials;

    PairReduction(ReductionState trials) {
        this.trials = trials;
    }

    void run() {
        if (trials.script().size() > MOST_LINES) {
            return;
        }
        boolean removed = true;
        while (removed && !trials.exhausted()) {
            removed = removeOne();
        }
    }

    private boolean removeOne() {
        List<ScriptLine> script = trials.script();
        for (int later = script.size() - 1; later > 0; later--) {
            List<ScriptLine> withoutLater = ScriptEdits.without(script, later, later + 1);
            for (int earlier = later - 1; earlier >= 0; earlier--) {
                if (trials.attempt(ScriptEdits.without(withoutLater, earlier, earlier + 1))) {
                    return true;
                }
            }
        }
        return false;
    }
}
