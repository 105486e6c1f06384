package dev.semblance.harness.fuzz.minimize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptReader;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.LimitedDevice;
import dev.semblance.harness.target.ReusedDevices;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** docs/MINIMIZING.md: a program serves many candidates, and what it shows then counts once a new one shows it too. */
class EconomicalTestTests {

    private static final RigSettings SETTINGS = new RigSettings(16L << 20, DisplayConfig.single(8, 4));

    private static ScriptLine unref(int id) {
        return ScriptReader.parse("{\"command\":{\"type\":\"RESOURCE_UNREF\",\"resourceId\":" + id + "}}");
    }

    private static List<ScriptLine> script(int... ids) {
        List<ScriptLine> lines = new ArrayList<>();
        for (int id : ids) {
            lines.add(unref(id));
        }
        return lines;
    }

    /** It takes 3 and 5, in that order. */
    private static boolean fails(List<ScriptLine> script) {
        int first = script.indexOf(unref(3));
        return first >= 0 && script.subList(first, script.size()).contains(unref(5));
    }

    private static final int[] LONG = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

    private static Minimized minimized(FailureTest cheap, AtomicInteger dear) {
        try (ReusedDevices devices = new ReusedDevices(BuiltinDevice.ours())) {
            FailureTest counted = script -> {
                dear.incrementAndGet();
                return fails(script);
            };
            return new Minimizer(counted, MinimizerLimits.STANDARD)
                    .trying(cheap, devices)
                    .minimize(script(LONG));
        }
    }

    @Test
    void aCheapTestThatIsRightSparesTheDearOneAllThatDoesNotFail() {
        AtomicInteger alone = new AtomicInteger();
        Minimized exact = new Minimizer(
                        script -> {
                            alone.incrementAndGet();
                            return fails(script);
                        },
                        MinimizerLimits.STANDARD)
                .minimize(script(LONG));
        AtomicInteger dear = new AtomicInteger();
        assertThat(minimized(EconomicalTestTests::fails, dear).script()).isEqualTo(exact.script());
        assertThat(dear.get()).isLessThan(alone.get());
    }

    @Test
    void whatAUsedDeviceShowsAloneIsNotBelieved() {
        // As of resources that survive a reset: from the third run on all seems to fail, or nothing.
        for (boolean seems : new boolean[] {true, false}) {
            AtomicInteger asked = new AtomicInteger();
            AtomicInteger dear = new AtomicInteger();
            Minimized found = minimized(some -> asked.incrementAndGet() > 2 ? seems : fails(some), dear);
            assertThat(fails(found.script())).isTrue();
            assertThat(found.script()).hasSize(2);
        }
    }

    @Test
    void aCheapTestThatDoesNotKnowTheFailureAgainIsAskedNoMore() {
        AtomicInteger asked = new AtomicInteger();
        EconomicalTest test = new EconomicalTest(
                EconomicalTestTests::fails, some -> asked.incrementAndGet() == 1, () -> {}, script(LONG));
        test.begin();
        assertThat(test.failsAlike(script(3, 5))).isTrue();
        assertThat(test.failsAlike(script(5, 3))).isFalse();
        assertThat(asked.get()).isEqualTo(2);
    }

    @Test
    void oneThatForgetsTheFailureIsFoundOutAndBeginsOnANewDevice() {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger renewed = new AtomicInteger();
        EconomicalTest test = new EconomicalTest(
                EconomicalTestTests::fails,
                some -> asked.incrementAndGet() <= 2 && fails(some),
                () -> {
                    renewed.incrementAndGet();
                    asked.set(0);
                },
                script(LONG));
        test.begin();
        List<ScriptLine> failing = script(3, 5);
        List<Boolean> answers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            answers.add(test.failsAlike(failing));
        }
        assertThat(renewed.get()).isPositive();
        assertThat(answers).contains(true);
        assertThat(Collections.frequency(answers, true)).isGreaterThan(1);
    }

    @Test
    void aDeviceIsUsedAgainWithItsMemoryAsAtFirst() {
        try (ReusedDevices devices = new ReusedDevices(LimitedDevice.withCursor())) {
            for (int run = 0; run < 3; run++) {
                try (DeviceRig rig = DeviceRig.of(SETTINGS, devices, new NoFrames())) {
                    rig.start();
                    assertThat(rig.peek(0x1000, 4)).containsOnly(0);
                    rig.poke(new MemoryWrite(0x1000, new byte[] {1, 2, 3, 4}));
                }
            }
            assertThat(devices.made()).isEqualTo(1);
            devices.forget();
            try (DeviceRig rig = DeviceRig.of(SETTINGS, devices, new NoFrames())) {
                rig.start();
            }
            try (DeviceRig rig =
                    DeviceRig.of(new RigSettings(16L << 20, DisplayConfig.single(9, 4)), devices, new NoFrames())) {
                rig.start();
            }
            assertThat(devices.made()).isEqualTo(3);
        }
    }
}
