package dev.semblance.harness.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.fuzz.differential.DifferentialRun;
import dev.semblance.harness.fuzz.differential.DisplayEvent;
import dev.semblance.harness.fuzz.reference.ReferenceDevice;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.target.BuiltinDevice;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/** What holds of our device, and of the reference that it is held against, whatever a driver does. */
class FuzzProperties {

    private static final RigSettings RIG = new RigSettings(
            DeviceRig.RESERVED_BYTES + (1L << 16), DisplayConfig.of(Display.of(16, 12), new Display(9, 14, false)));
    private static final int COMMANDS = 40;

    @Provide
    Arbitrary<List<ScriptLine>> wild() {
        return Arbitraries.randomValue(random -> ScriptGenerator.wild(random.nextLong(), RIG, COMMANDS));
    }

    @Provide
    Arbitrary<List<ScriptLine>> tame() {
        return Arbitraries.randomValue(random -> ScriptGenerator.tame(random.nextLong(), RIG, COMMANDS));
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void answersPicturesAndMemoryAreThoseOfTheReference(@ForAll("wild") List<ScriptLine> script) {
        assertThat(new DifferentialRun(RIG, BuiltinDevice.ours(), BuiltinDevice.of(ReferenceDevice::new)).run(script))
                .isEmpty();
        boolean pictures = Outcome.of(script, RIG, BuiltinDevice.ours()).stream()
                .flatMap(outcome -> outcome.shown().stream())
                .anyMatch(shown -> shown instanceof DisplayEvent.Picture);
        Statistics.label("a script shows pictures")
                .collect(pictures)
                .coverage(coverage -> coverage.check(true).percentage(share -> share > 50));
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void changesThatMeanNothingChangeNothing(
            @ForAll("wild") List<ScriptLine> wild,
            @ForAll("tame") List<ScriptLine> tame,
            @ForAll MetamorphicTransform change,
            @ForAll long seed) {
        // What a wild script reads of a rig's own buffers, a reset does not bring back.
        List<ScriptLine> script = change == MetamorphicTransform.AFTER_RESET ? tame : wild;
        assertThat(change.check(script, seed, RIG, BuiltinDevice.ours())).isEmpty();
        assertThat(change.check(script, seed, RIG, BuiltinDevice.of(ReferenceDevice::new)))
                .isEmpty();
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void theSameSeedGivesTheSameScript(@ForAll long seed) {
        assertThat(ScriptGenerator.wild(seed, RIG, COMMANDS)).isEqualTo(ScriptGenerator.wild(seed, RIG, COMMANDS));
        assertThat(ScriptGenerator.wild(seed, RIG, COMMANDS))
                .isNotEqualTo(ScriptGenerator.wild(seed + 1, RIG, COMMANDS));
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void pixelsNeitherTransferredNorReboundStay(
            @ForAll("tame") List<ScriptLine> tame,
            @ForAll @IntRange(min = 0, max = 7) int x,
            @ForAll @IntRange(min = 0, max = 5) int y,
            @ForAll @IntRange(min = 1, max = 4) int width,
            @ForAll @IntRange(min = 1, max = 4) int height) {
        List<ScriptLine> script = new ArrayList<>(tame);
        script.add(Say.unref(99));
        script.add(Say.create(99, 67, 11, 9));
        script.add(Say.attach(99, 1, 0x100, 1000));
        script.add(Say.transfer(99, 0, 0, 0, 11, 9));
        script.add(Say.setScanout(0, 99, 1, 0, 10, 9));
        script.add(Say.flush(99, 0, 0, 11, 9));
        int before = script.size() - 1;
        script.add(Say.poke(0x100, new EntropySource(1).bytes(1000)));
        script.add(Say.transfer(99, 40, x, y, width, height));
        script.add(Say.flush(99, 0, 0, 11, 9));
        List<Outcome> outcomes = Outcome.of(script, RIG, BuiltinDevice.ours());
        Frame old = picture(outcomes.get(before));
        Frame now = picture(outcomes.getLast());
        int changed = 0;
        for (int row = 0; row < 9; row++) {
            for (int column = 0; column < 10; column++) {
                boolean inside = column + 1 >= x && column + 1 < x + width && row >= y && row < y + height;
                if (!inside) {
                    assertThat(now.argb(column, row)).isEqualTo(old.argb(column, row));
                } else if (now.argb(column, row) != old.argb(column, row)) {
                    changed++;
                }
            }
        }
        Statistics.label("pixels inside change")
                .collect(changed > 0)
                .coverage(coverage -> coverage.check(true).percentage(share -> share > 40));
    }

    private static Frame picture(Outcome outcome) {
        return ((DisplayEvent.Picture) outcome.shown().getFirst()).frame();
    }
}
