package dev.semblance.harness.fuzz.minimize;

import dev.semblance.harness.rig.ScriptException;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.target.ReusedDevices;
import java.util.List;
import java.util.Optional;

/**
 * Cuts a failing script down: fewest commands, then entries, pixels and bytes ({@link ScriptCost}). It leaves out lines in
 * stretches and images at a time, then makes what is left simpler, and begins again until nothing helps any more; then no
 * single line can go.
 *
 * <p>The same script and test give the same result, but for a limit of time. A test is asked about scripts with fewer
 * lines, mostly much fewer; each one taken costs less than the one before.
 */
public final class Minimizer {

    /** Above so many commands numbers are left alone: there are too many to try each. */
    private static final int MOST_FOR_NUMBERS = 400;

    private final FailureTest test;
    private final MinimizerLimits limits;
    private final Optional<CheapTest> cheap;

    /**
     * A test that is asked first, of devices that are used again.
     *
     * @param test says mostly what the test says that counts
     * @param devices its devices
     */
    private record CheapTest(FailureTest test, ReusedDevices devices) {}

    /**
     * Makes a minimizer for one failure.
     *
     * @param test tells whether a script still fails
     * @param limits when to stop
     */
    public Minimizer(FailureTest test, MinimizerLimits limits) {
        this(test, limits, Optional.empty());
    }

    private Minimizer(FailureTest test, MinimizerLimits limits, Optional<CheapTest> cheap) {
        this.test = test;
        this.limits = limits;
        this.cheap = cheap;
    }

    /**
     * {@return the same minimizer, which tries candidates on devices that are used again first} What fails there counts once it
     * fails the test that counts; what does not is passed over, but for a last round of single lines. The result fails as ever,
     * and may be larger than without.
     *
     * @param other the same test, on these devices
     * @param devices of the other test
     */
    public Minimizer trying(FailureTest other, ReusedDevices devices) {
        return new Minimizer(test, limits, Optional.of(new CheapTest(other, devices)));
    }

    /**
     * Cuts a script down.
     *
     * @param script a script that fails
     * @return what is left of it
     * @throws IllegalArgumentException if the script does not fail in the first place
     */
    public Minimized minimize(List<ScriptLine> script) {
        if (!test.failsAlike(script)) {
            throw new IllegalArgumentException("the script does not fail");
        }
        List<ScriptLine> apart = CommandNormalizer.memoryApart(script);
        boolean separable = test.failsAlike(apart);
        List<ScriptLine> begun = separable ? apart : script;
        ReductionState trials = new ReductionState(begun, test, limits);
        if (cheap.isPresent()) {
            FailureTest tried = some -> fails(cheap.get().test(), some);
            EconomicalTest economical =
                    new EconomicalTest(test, tried, cheap.get().devices()::forget, begun);
            economical.begin();
            trials.judgeBy(economical);
            run(trials);
            trials.judgeBy(test);
            new LineReduction(trials).again();
        } else {
            run(trials);
        }
        trials.attempt(CommandNormalizer.memoryTogether(trials.script()));
        ScriptCost before = ScriptCost.of(script);
        boolean smaller = trials.cost().compareTo(before) < 0;
        return new Minimized(
                smaller ? trials.script() : script,
                before,
                smaller ? trials.cost() : before,
                trials.runs() + 2,
                trials.exhausted());
    }

    /** A script that cannot be run there does not fail there. */
    private static boolean fails(FailureTest test, List<ScriptLine> script) {
        try {
            return test.failsAlike(script);
        } catch (ScriptException e) {
            return false;
        }
    }

    private static void run(ReductionState trials) {
        LineReduction lines = new LineReduction(trials);
        lines.first();
        ScriptCost last;
        do {
            last = trials.cost();
            new PairReduction(trials).run();
            new CommandNormalizer(trials).run();
            new BackingEntryReducer(trials).run();
            if (trials.cost().commands() <= MOST_FOR_NUMBERS) {
                new ResourceNumbers(trials).run();
                new ResourceShrinker(trials).run();
                new MemoryContents(trials).run();
                new WordReducer(trials).run();
            }
            lines.again();
        } while (trials.cost().compareTo(last) < 0 && !trials.exhausted());
    }
}
