package dev.semblance.harness.fuzz.minimize;

import dev.semblance.harness.rig.ScriptLine;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A test that asks a cheap one first, and believes it only where it says no. The cheap one runs scripts on a device that has run
 * others, and may be wrong either way: of a bug such as resources that survive a reset it shows too much or too little. What it
 * says fails is tried on a new device, and only that counts; whether it still knows the failure at all is looked at now and
 * then, and where it does not, it is not asked any more.
 */
final class EconomicalTest implements FailureTest {

    /** After so many candidates in a row that do not fail, the cheap test is asked about one that does. */
    private static final int CHECK_EVERY = 24;

    /** So many mistakes and it is not worth its price. */
    private static final int MOST_MISTAKES = 8;

    private final FailureTest dear;
    private final FailureTest cheap;
    private final Runnable renew;
    private List<ScriptLine> failing;
    private int refused;
    private int mistakes;
    private boolean trusted;

    /**
     * Makes a test.
     *
     * @param dear the test that counts
     * @param cheap says the same, mostly
     * @param renew makes the cheap test begin on a new device
     * @param failing a script that fails
     */
    EconomicalTest(FailureTest dear, FailureTest cheap, Runnable renew, List<ScriptLine> failing) {
        this.dear = dear;
        this.cheap = cheap;
        this.renew = renew;
        this.failing = failing;
    }

    /** Finds out whether the cheap test is of any use: it has to know the failure, and to know it again. */
    void begin() {
        trusted = IntStream.range(0, 2).allMatch(time -> cheap.failsAlike(failing));
    }

    @Override
    public boolean failsAlike(List<ScriptLine> script) {
        if (!trusted) {
            return dear.failsAlike(script);
        }
        if (cheap.failsAlike(script)) {
            refused = 0;
            if (dear.failsAlike(script)) {
                failing = script;
                return true;
            }
            mistake();
            return false;
        }
        if (++refused % CHECK_EVERY == 0 && !cheap.failsAlike(failing)) {
            mistake();
            return dear.failsAlike(script);
        }
        return false;
    }

    private void mistake() {
        renew.run();
        mistakes++;
        trusted = mistakes < MOST_MISTAKES && cheap.failsAlike(failing);
    }
}
