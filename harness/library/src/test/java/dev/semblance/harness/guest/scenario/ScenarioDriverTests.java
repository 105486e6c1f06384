package dev.semblance.harness.guest.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.trace.text.ByteText;
import dev.semblance.machine.time.CycleTimeline;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The scripted user against a guest made of a timeline: it prompts, echoes, and draws. */
class ScenarioDriverTests {

    private static final String SCRIPT = """
            wait "login:" within 1e6
            type "root\\n"
            wait "# "
            keys "hi"
            settle 1000 within 1e7
            snapshot typed
            type "halt\\n"
            wait "halted"
            """;

    /** What was wanted, each with its cycle, and when the guest stopped. */
    private static final class FakeGuest {
        private final CycleTimeline timeline = new CycleTimeline();
        private final List<String> log = new ArrayList<>();
        private final ScenarioDriver driver;
        private boolean stopped;
        private long digest;

        FakeGuest(Scenario scenario) {
            driver = new ScenarioDriver(scenario, Pointer.MOUSE, DisplayConfig.DEFAULT, timeline, this::carryOut);
            driver.start();
            timeline.schedule(500, () -> write("booting\nlogin: "));
        }

        List<String> run() {
            int rounds = 0;
            while (!driver.isOver() && !stopped && timeline.nextDeadline() != CycleTimeline.NEVER) {
                assertThat(rounds++).as("a user that is due for ever").isLessThan(1000);
                timeline.setNow(timeline.nextDeadline());
                timeline.runDue();
            }
            return log;
        }

        private void write(String text) {
            for (byte value : text.getBytes(StandardCharsets.US_ASCII)) {
                driver.consoleOutput(value);
            }
        }

        private void carryOut(Effect effect) {
            log.add(timeline.now() + " " + effect);
            switch (effect) {
                case Effect.ConsoleInput input -> timeline.schedule(timeline.now() + 40, () -> answer(input.text()));
                case Effect.Report unused -> timeline.schedule(timeline.now() + 300, this::draw);
                case Effect.ChangeDisplay change -> log.add("display " + change.number() + " " + change.mode());
                case Effect.TakeSnapshot unused -> log.add("shows " + digest);
                case Effect.Finish unused -> stopped = true;
                case Effect.Fail unused -> stopped = true;
            }
        }

        private void draw() {
            digest++;
            driver.pictureShown(digest);
        }

        private void answer(ByteText text) {
            if (text.equals(ByteText.of("halt\n"))) {
                write("halted");
                stopped = true;
                driver.machineStopped("the guest powered off");
            } else {
                write(text.asString() + "# ");
            }
        }
    }

    @Test
    void theUserReactsAtExactCycles() {
        Scenario scenario = ScenarioParser.parse("s", Path.of("."), SCRIPT);
        long typing = 542;
        long gap = ScenarioStepper.REPORT_GAP;
        assertThat(new FakeGuest(scenario).run())
                .containsExactly(
                        "501 ConsoleInput[text=\"root\\n\"]",
                        typing + " Report[port=KEYBOARD, items=[InputItem[type=1, code=35, value=1]]]",
                        typing + gap + " Report[port=KEYBOARD, items=[InputItem[type=1, code=35, value=0]]]",
                        typing + 2 * gap + " Report[port=KEYBOARD, items=[InputItem[type=1, code=23, value=1]]]",
                        typing + 3 * gap + " Report[port=KEYBOARD, items=[InputItem[type=1, code=23, value=0]]]",
                        typing + 4 * gap + 1000 + " TakeSnapshot[label=typed]",
                        "shows 4",
                        typing + 4 * gap + 1000 + " ConsoleInput[text=\"halt\\n\"]",
                        typing + 4 * gap + 1040 + " Finish[]");
    }

    @Test
    void theSameRunGivesTheSameInput() {
        Scenario scenario = ScenarioParser.parse("s", Path.of("."), SCRIPT);
        assertThat(new FakeGuest(scenario).run())
                .isEqualTo(new FakeGuest(scenario).run())
                .isNotEmpty();
    }

    /** A deadline that nobody waits for any more would still wake a guest that idles: docs/ARCHITECTURE.md, corner 1. */
    @Test
    void nothingIsLeftOnTheTimelineButWhatIsDueNext() {
        CycleTimeline timeline = new CycleTimeline();
        Scenario scenario = ScenarioParser.parse("s", Path.of("."), "wait \"x\" within 1000\nsleep 5\n");
        ScenarioDriver driver =
                new ScenarioDriver(scenario, Pointer.MOUSE, DisplayConfig.DEFAULT, timeline, effect -> {});
        driver.start();
        assertThat(timeline.nextDeadline()).isZero();
        timeline.runDue();
        assertThat(timeline.nextDeadline()).isEqualTo(1000);
        timeline.setNow(10);
        driver.consoleOutput((byte) 'x');
        assertThat(timeline.nextDeadline()).isEqualTo(11);
        timeline.setNow(11);
        timeline.runDue();
        assertThat(timeline.nextDeadline()).isEqualTo(16);
        timeline.setNow(16);
        timeline.runDue();
        assertThat(driver.isOver()).isTrue();
        assertThat(timeline.nextDeadline()).isEqualTo(CycleTimeline.NEVER);
    }
}
