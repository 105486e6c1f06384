package dev.semblance.harness.edit.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.gpu.protocol.GpuResponse;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.harness.edit.lint.LintRule.Severity;
import dev.semblance.harness.fuzz.ScriptGenerator;
import dev.semblance.harness.fuzz.reference.ReferenceDevice;
import dev.semblance.harness.replay.pixels.PixelSet;
import dev.semblance.harness.rig.CommandAnswer;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptAnswer;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptRunner;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.trace.IncompatibleTraceException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** docs/LINT.md. */
class LintProperties {

    private static final DeviceUnderTest.Factory REFERENCE = BuiltinDevice.of(ReferenceDevice::new);

    /** Nothing that the reference takes is called illegal, but for a cursor of another size, which it does not show. */
    @Property(tries = 1000)
    void nothingIllegalIsFoundInScriptsThatTheReferenceCallsValid(@ForAll long seed) throws IncompatibleTraceException {
        List<ScriptLine> valid = valid(ScriptGenerator.tame(seed, RigSettings.EXEC, 60));
        assertThat(valid).hasSizeGreaterThan(10);
        assertThat(LintScript.lint(valid, REFERENCE).findings())
                .filteredOn(finding -> finding.rule().severity() == Severity.ILLEGAL)
                .filteredOn(finding -> finding.rule() != LintRule.CURSOR_SIZE)
                .isEmpty();
    }

    @Property(tries = 300)
    void noScriptAtAllEndsTheLinter(@ForAll long seed) throws IncompatibleTraceException {
        LintScript.lint(ScriptGenerator.wild(seed, RigSettings.EXEC, 60), REFERENCE);
    }

    /** Returns a script without the commands that the reference refuses, and those that are refused without them. */
    private static List<ScriptLine> valid(List<ScriptLine> script) {
        List<ScriptLine> lines = new ArrayList<>(script);
        for (Optional<Integer> bad = firstBad(lines); bad.isPresent(); bad = firstBad(lines)) {
            lines.remove((int) bad.get());
        }
        return lines;
    }

    private static Optional<Integer> firstBad(List<ScriptLine> lines) {
        try (DeviceRig rig = DeviceRig.of(RigSettings.EXEC, REFERENCE, new NoFrames())) {
            ScriptRunner runner = new ScriptRunner(rig);
            for (int i = 0; i < lines.size(); i++) {
                if (runner.run(lines.get(i)) instanceof ScriptAnswer.Submitted submitted
                        && !submitted.commands().stream().allMatch(LintProperties::isGood)) {
                    return Optional.of(i);
                }
            }
            return Optional.empty();
        }
    }

    private static boolean isGood(CommandAnswer answer) {
        return answer.used() && !(ResponseCodec.decode(answer.response()) instanceof GpuResponse.Refused);
    }

    /** PixelSet beside a plain set of bits. */
    @Property(tries = 500)
    void aSetOfPixelsHasWhatWasAddedAndNotTakenOut(
            @ForAll @Size(max = 8) List<@IntRange(min = 0, max = Integer.MAX_VALUE) Integer> numbers,
            @ForAll @IntRange(min = 1, max = 200) int width,
            @ForAll @IntRange(min = 1, max = 6) int height,
            @ForAll @IntRange(min = 0, max = 9) int shape) {
        // Some are so high that they have several blocks.
        boolean high = shape == 0;
        check(numbers, high ? width % 3 + 1 : width, high ? 300_000 + height : height);
    }

    private static void check(List<Integer> numbers, int width, int height) {
        PixelSet pixels = new PixelSet(width, height);
        BitSet plain = new BitSet();
        for (int number : numbers) {
            Rect rect = rect(number, width, height);
            boolean add = number % 3 != 0;
            if (add) {
                pixels.add(rect);
            } else {
                pixels.remove(rect);
            }
            forEach(rect, width, at -> plain.set(at, add));
            Rect looked = rect(number / 7 + 3, width, height);
            assertThat(pixels.boundsIn(looked)).isEqualTo(bounds(looked, width, plain, true));
            assertThat(pixels.missingIn(looked)).isEqualTo(bounds(looked, width, plain, false));
        }
    }

    private static Rect rect(int number, int width, int height) {
        int x = number % width;
        int y = number / width % height;
        return new Rect(x, y, 1 + number / 5 % (width - x), 1 + number / 11 % (height - y));
    }

    private static void forEach(Rect rect, int width, IntConsumer each) {
        for (long y = rect.y(); y < rect.y() + rect.height(); y++) {
            for (long x = rect.x(); x < rect.x() + rect.width(); x++) {
                each.accept((int) (y * width + x));
            }
        }
    }

    private static Optional<Rect> bounds(Rect rect, int width, BitSet plain, boolean set) {
        BitSet found = new BitSet();
        forEach(rect, width, at -> found.set(at, plain.get(at) == set));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        int left = found.stream().map(at -> at % width).min().orElseThrow();
        int right = found.stream().map(at -> at % width).max().orElseThrow();
        int top = found.nextSetBit(0) / width;
        int bottom = (found.length() - 1) / width;
        return Optional.of(new Rect(left, top, right - left + 1L, bottom - top + 1L));
    }
}
