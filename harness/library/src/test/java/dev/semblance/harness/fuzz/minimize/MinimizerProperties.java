package dev.semblance.harness.fuzz.minimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.semblance.harness.rig.ScriptLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What {@link Minimizer} promises, whatever makes a script fail. */
class MinimizerProperties {

    @Property(tries = 200)
    void whatAFailureNeedsIsWhatIsLeft(@ForAll @Size(min = 1, max = 6) List<@IntRange(max = 59) Integer> needed) {
        List<ScriptLine> script = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            script.add(new ScriptLine.ConfigRead(Optional.empty(), i, 1));
        }
        List<ScriptLine> all = new TreeSet<>(needed).stream().map(script::get).toList();
        Minimized result = new Minimizer(lines -> lines.containsAll(all), MinimizerLimits.STANDARD).minimize(script);
        assertEquals(all, result.script());
        assertFalse(result.limited());
    }

    @Property(tries = 30)
    void noLineCanGoAndNothingGetsLarger(@ForAll @IntRange(max = 100_000) int seed) {
        List<ScriptLine> script = Sessions.session(seed, 60);
        FailureTest test = MinimizerProperties::showsThirdRow;
        if (!test.failsAlike(script)) {
            return;
        }
        Minimized result = new Minimizer(test, MinimizerLimits.STANDARD).minimize(script);
        assertTrue(test.failsAlike(result.script()));
        assertTrue(result.after().compareTo(result.before()) <= 0);
        assertEquals(ScriptCost.of(result.script()), result.after());
        for (int line = 0; line < result.script().size(); line++) {
            List<ScriptLine> fewer = ScriptEdits.without(result.script(), line, line + 1);
            assertFalse(test.failsAlike(fewer), "line " + line + " could go");
        }
        assertEquals(5, result.after().commands(), result::toString);
        assertEquals(result, new Minimizer(test, MinimizerLimits.STANDARD).minimize(script), "the same again");
    }

    /** Tells whether a picture was ever shown whose third row is not all black. */
    private static boolean showsThirdRow(List<ScriptLine> lines) {
        boolean[] seen = new boolean[1];
        Sessions.run(lines, Pictures.of(frame -> {
            if (frame.height() > 2) {
                for (int x = 0; x < frame.width(); x++) {
                    seen[0] |= frame.argb(x, 2) != 0xff00_0000;
                }
            }
        }));
        return seen[0];
    }
}
