package dev.semblance.harness.fuzz.minimize;

import dev.semblance.harness.rig.ScriptException;
import dev.semblance.harness.rig.ScriptLine;
import java.util.IdentityHashMap;
import java.util.List;

/** The smallest script found so far, and tries at smaller ones. */
final class ReductionState {

    /** So many costs of lines are kept. */
    private static final int MAX_COSTS = 1 << 17;

    private FailureTest test;
    private final MinimizerLimits limits;
    private final long end;
    private final IdentityHashMap<ScriptLine, ScriptCost> costs = new IdentityHashMap<>();
    private List<ScriptLine> script;
    private ScriptCost cost;
    private int runs;

    /** Starts with a script that fails. */
    ReductionState(List<ScriptLine> script, FailureTest test, MinimizerLimits limits) {
        this.script = List.copyOf(script);
        this.test = test;
        this.limits = limits;
        this.end = System.nanoTime() + limits.time().map(time -> time.toNanos()).orElse(0L);
        this.cost = costOf(this.script);
    }

    /** Has another test tell from here on; the script found so far has to fail it. */
    void judgeBy(FailureTest other) {
        test = other;
    }

    List<ScriptLine> script() {
        return script;
    }

    ScriptCost cost() {
        return cost;
    }

    int runs() {
        return runs;
    }

    /** {@return whether nothing may be tried any more} */
    boolean exhausted() {
        return runs >= limits.runs() || limits.time().isPresent() && System.nanoTime() - end >= 0;
    }

    /** Takes a script in place of the smallest one if it costs less and fails alike; tells whether it did. */
    boolean attempt(List<ScriptLine> candidate) {
        if (exhausted()) {
            return false;
        }
        ScriptCost candidateCost = costOf(candidate);
        if (candidateCost.compareTo(cost) >= 0 || !fails(candidate)) {
            return false;
        }
        script = List.copyOf(candidate);
        cost = candidateCost;
        return true;
    }

    private boolean fails(List<ScriptLine> candidate) {
        runs++;
        try {
            return test.failsAlike(candidate);
        } catch (ScriptException e) {
            return false; // It asks for what no rig can do.
        }
    }

    private ScriptCost costOf(List<ScriptLine> lines) {
        if (costs.size() > MAX_COSTS) {
            costs.clear();
        }
        ScriptCost sum = ScriptCost.NOTHING;
        for (ScriptLine line : lines) {
            sum = sum.plus(costs.computeIfAbsent(line, ScriptCost::of));
        }
        return sum;
    }
}
