package dev.semblance.harness.guest.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.guest.scenario.Effect.InputPort;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.text.ByteText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScenarioStepperTests {

    private static final long GAP = ScenarioStepper.REPORT_GAP;
    private static final Effect FINISH = new Effect.Finish();

    private static Scenario scenario(String text) {
        return ScenarioParser.parse("t.scenario", Path.of("."), text);
    }

    private static ScenarioStepper stepper(String text) {
        return new ScenarioStepper(scenario(text), Pointer.MOUSE, DisplayConfig.DEFAULT);
    }

    private static void say(ScenarioStepper stepper, long cycle, String text) {
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            stepper.consoleOutput(cycle, value);
        }
    }

    private static Effect snapshot(String label) {
        return new Effect.TakeSnapshot(label);
    }

    private static Effect key(int code, int value) {
        return new Effect.Report(InputPort.KEYBOARD, List.of(new InputItem(1, code, value)));
    }

    private static StepFailure failure(List<Effect> effects) {
        assertThat(effects).singleElement().isInstanceOf(Effect.Fail.class);
        return ((Effect.Fail) effects.getFirst()).failure();
    }

    @Test
    void stepsThatTakeNoTimeHappenInOrderAtOneCycle() {
        ScenarioStepper stepper = stepper("type \"a\"\nsnapshot s\ntype \"b\"\n");
        assertThat(stepper.nextWake()).isZero();
        assertThat(stepper.advance(0))
                .containsExactly(
                        new Effect.ConsoleInput(ByteText.of("a")),
                        snapshot("s"),
                        new Effect.ConsoleInput(ByteText.of("b")),
                        FINISH);
        assertThat(stepper.isOver()).isTrue();
        assertThat(stepper.nextWake()).isEqualTo(ScenarioStepper.NEVER);
        assertThat(stepper.advance(5)).isEmpty();
    }

    @Test
    void aReactionToSomethingSeenAtACycleComesOneCycleLater() {
        ScenarioStepper stepper = stepper("wait \"ok\" within 1000\nsnapshot s\nsleep 5\n");
        stepper.advance(0);
        assertThat(stepper.nextWake()).isEqualTo(1000);
        say(stepper, 40, "ok");
        assertThat(stepper.nextWake()).isEqualTo(41);
        assertThat(stepper.advance(40)).isEmpty();
        assertThat(stepper.advance(41)).containsExactly(snapshot("s"));
        assertThat(stepper.nextWake()).isEqualTo(46);
        assertThat(stepper.advance(46)).containsExactly(FINISH);
    }

    @Test
    void eachByteIsMatchedOnceAndTextBeforeTheMatchIsConsumedToo() {
        ScenarioStepper stepper = stepper("wait \"aba\"\nsnapshot one\nwait \"ba\" within 100\nsnapshot two\n");
        stepper.advance(0);
        // Of "xxababa", the first wait takes "xxaba"; the "ba" that is left is the second's.
        say(stepper, 9, "xxababa");
        assertThat(stepper.advance(10)).containsExactly(snapshot("one"), snapshot("two"), FINISH);

        ScenarioStepper once = stepper("wait \"aba\"\nsnapshot one\nwait \"ba\" within 100\nsnapshot two\n");
        once.advance(0);
        say(once, 9, "xxabab");
        assertThat(once.advance(10)).containsExactly(snapshot("one"));
        say(once, 20, "a");
        assertThat(once.advance(21)).containsExactly(snapshot("two"), FINISH);
    }

    @Test
    void aWaitFindsWhatWasWrittenWhileOtherStepsRan() {
        ScenarioStepper stepper = stepper("sleep 50\nwait \"login:\"\nsnapshot s\n");
        stepper.advance(0);
        say(stepper, 10, "the login: prompt");
        assertThat(stepper.advance(50)).containsExactly(snapshot("s"), FINISH);
    }

    @Test
    void aTextCutByAnythingIsFound() {
        ScenarioStepper stepper = stepper("wait \"rv32# \" within 100\n");
        stepper.advance(0);
        say(stepper, 1, "rv3");
        say(stepper, 7, "rv32");
        say(stepper, 30, "# ");
        assertThat(stepper.nextWake()).isEqualTo(31);
    }

    @Test
    void aBoundCountsFromTheStartOfTheStepAndItsLastCycleIsInTime() {
        String text = "sleep 100\nwait \"x\" within 50\nsnapshot s\n";
        ScenarioStepper inTime = stepper(text);
        inTime.advance(0);
        inTime.advance(100);
        assertThat(inTime.nextWake()).isEqualTo(150);
        say(inTime, 149, "x");
        assertThat(inTime.advance(150)).containsExactly(snapshot("s"), FINISH);

        ScenarioStepper late = stepper(text);
        late.advance(0);
        late.advance(100);
        assertThat(failure(late.advance(150)).cycle()).isEqualTo(150);
    }

    @Test
    void aWaitThatFailsSaysWhereAndWhatTheConsoleSaidLast() {
        Scenario scenario = scenario("sleep 1\nwait \"login:\" within 50\n");
        ScenarioStepper stepper = new ScenarioStepper(scenario, Pointer.MOUSE, DisplayConfig.DEFAULT);
        stepper.advance(0);
        stepper.advance(1);
        say(stepper, 20, "Kernel panic\r\n\u001b[31mnot syncing");
        StepFailure failure = failure(stepper.advance(51));
        assertThat(String.join("\n", failure.lines(scenario))).isEqualTo("""
                        t.scenario:2: at cycle 51, the guest had not written "login:" after 50 cycles; its last words were:
                            | Kernel panic
                            | \\u{1b}[31mnot syncing""");
        assertThat(stepper.isOver()).isTrue();
    }

    @Test
    void keysGoDownInOrderAndUpInReverseInReportsApart() {
        ScenarioStepper stepper = stepper("key KEY_LEFTCTRL+KEY_C\nsnapshot s\n");
        assertThat(stepper.advance(0)).containsExactly(key(29, 1));
        assertThat(stepper.nextWake()).isEqualTo(GAP);
        assertThat(stepper.advance(GAP)).containsExactly(key(46, 1));
        assertThat(stepper.advance(2 * GAP)).containsExactly(key(46, 0));
        assertThat(stepper.advance(3 * GAP)).containsExactly(key(29, 0));
        assertThat(stepper.advance(4 * GAP)).containsExactly(snapshot("s"), FINISH);
    }

    @Test
    void typedTextHoldsShiftWhereItIsNeeded() {
        ScenarioStepper stepper = stepper("keys \"a!\"\n");
        assertThat(stepper.advance(0)).containsExactly(key(30, 1));
        assertThat(stepper.advance(GAP)).containsExactly(key(30, 0));
        assertThat(stepper.advance(2 * GAP)).containsExactly(key(42, 1));
        assertThat(stepper.advance(3 * GAP)).containsExactly(key(2, 1));
        assertThat(stepper.advance(4 * GAP)).containsExactly(key(2, 0));
        assertThat(stepper.advance(5 * GAP)).containsExactly(key(42, 0));
        assertThat(stepper.advance(6 * GAP)).containsExactly(FINISH);
    }

    /** docs/SCENARIOS.md, move: only axes that moved, X before Y. */
    @Test
    void theMouseReportsAxesThatMovedAndButtons() {
        ScenarioStepper stepper = stepper("move 3 -4\nmove 0 7\nclick BTN_RIGHT\n");
        assertThat(stepper.advance(0))
                .containsExactly(
                        new Effect.Report(InputPort.MOUSE, List.of(new InputItem(2, 0, 3), new InputItem(2, 1, -4))));
        assertThat(stepper.advance(GAP))
                .containsExactly(new Effect.Report(InputPort.MOUSE, List.of(new InputItem(2, 1, 7))));
        assertThat(stepper.advance(2 * GAP))
                .containsExactly(new Effect.Report(InputPort.MOUSE, List.of(new InputItem(1, 0x111, 1))));
        assertThat(stepper.advance(3 * GAP))
                .containsExactly(new Effect.Report(InputPort.MOUSE, List.of(new InputItem(1, 0x111, 0))));
        assertThat(stepper.advance(4 * GAP)).containsExactly(FINISH);
    }

    @Test
    void thePictureIsSettledWhenItHasNotChangedForThatLongSinceTheStepBegan() {
        ScenarioStepper stepper = stepper("sleep 1000\nsettle 100 within 1000\nsnapshot s\n");
        stepper.advance(0);
        stepper.pictureShown(10, 1);
        stepper.advance(1000);
        // Still for 990 cycles, but not since the step began.
        assertThat(stepper.nextWake()).isEqualTo(1100);
        stepper.pictureShown(1050, 2);
        assertThat(stepper.nextWake()).isEqualTo(1150);
        stepper.pictureShown(1149, 3);
        assertThat(stepper.advance(1249)).containsExactly(snapshot("s"), FINISH);
    }

    @Test
    void aFlushOfTheSamePictureIsNoChange() {
        ScenarioStepper stepper = stepper("settle 100 within 1000\n");
        stepper.advance(0);
        stepper.pictureShown(10, 7);
        stepper.pictureShown(60, 7);
        assertThat(stepper.nextWake()).isEqualTo(110);
        stepper.pictureShown(70, 8);
        assertThat(stepper.nextWake()).isEqualTo(170);
    }

    @Test
    void aPictureThatKeepsChangingFailsAtTheBound() {
        ScenarioStepper stepper = stepper("settle 100 within 250\n");
        stepper.advance(0);
        for (int cycle = 50; cycle < 250; cycle += 50) {
            assertThat(stepper.advance(cycle)).isEmpty();
            stepper.pictureShown(cycle, cycle);
        }
        StepFailure failure = failure(stepper.advance(250));
        assertThat(failure.reason())
                .isEqualTo("the picture had not been still for 100 cycles within 250; it changed last at cycle 200");
    }

    @Test
    void thePictureMaySettleAtTheVeryBound() {
        ScenarioStepper stepper = stepper("settle 100 within 250\n");
        stepper.advance(0);
        stepper.pictureShown(90, 1);
        stepper.pictureShown(150, 2);
        assertThat(stepper.advance(250)).containsExactly(FINISH);
    }

    @Test
    void poweroffEndsTheRunWhereItStands() {
        ScenarioStepper stepper = stepper("sleep 10\npoweroff\n");
        assertThat(stepper.advance(0)).isEmpty();
        assertThat(stepper.advance(10)).containsExactly(FINISH);
    }

    @Test
    void anEmptyScenarioIsOverAtOnce() {
        assertThat(stepper("").advance(0)).containsExactly(FINISH);
    }

    @Test
    void whenTheGuestPowersOffWhatOnlyLooksIsStillDone() {
        ScenarioStepper stepper =
                stepper("type \"poweroff\\n\"\nwait \"Power down\"\nsettle 100\nsleep 50\nsnapshot dark\n");
        stepper.advance(0);
        say(stepper, 30, "reboot: Power down");
        assertThat(stepper.machineStopped(30, "the guest powered off")).containsExactly(snapshot("dark"), FINISH);
    }

    @Test
    void whenTheGuestPowersOffTheReleaseOfAKeyIsNotMissed() {
        ScenarioStepper stepper = stepper("key KEY_ENTER\n");
        stepper.advance(0);
        assertThat(stepper.machineStopped(10, "the guest powered off")).containsExactly(FINISH);
    }

    @Test
    void aWaitThatCanNoLongerComeTrueFailsWhenTheGuestStops() {
        ScenarioStepper stepper = stepper("wait \"x\"\n");
        stepper.advance(0);
        assertThat(failure(stepper.machineStopped(99, "the guest powered off")).reason())
                .isEqualTo("the guest powered off before it wrote \"x\"; it wrote nothing since the last wait");
    }

    @Test
    void aStepThatNeedsARunningGuestFailsWhenItStopped() {
        for (String step : List.of("type \"x\"", "keys \"x\"", "move 1 1")) {
            ScenarioStepper stepper = stepper("sleep 100\n" + step + "\n");
            stepper.advance(0);
            StepFailure failure = failure(stepper.machineStopped(7, "the guest powered off"));
            assertThat(failure.reason()).isEqualTo("the guest powered off before this step");
            assertThat(failure.step().line()).isEqualTo(2);
        }
    }

    @Test
    void aDriverThatComesLateOrGoesBackIsAMistakeOfOurs() {
        ScenarioStepper stepper = stepper("sleep 10\nwait \"x\"\n");
        stepper.advance(0);
        assertThatIllegalStateException().isThrownBy(() -> stepper.advance(11));
        assertThatIllegalStateException().isThrownBy(() -> stepper.consoleOutput(10, (byte) 'x'));
        stepper.consoleOutput(5, (byte) 'x');
        assertThatIllegalStateException().isThrownBy(() -> stepper.pictureShown(4, 1));
        assertThatIllegalStateException().isThrownBy(() -> stepper.advance(4));
    }

    @Test
    void onlyTheLastMebibyteOfUnreadTextIsKept() {
        ScenarioStepper stepper = stepper("sleep 10\nwait \"early\" within 5\n");
        stepper.advance(0);
        say(stepper, 1, "early");
        say(stepper, 2, "x".repeat(3 * ConsoleBuffer.LIMIT));
        stepper.advance(10);
        assertThat(stepper.nextWake()).isEqualTo(15);
    }

    private static List<Effect> reports(Pointer pointer, String text) {
        ScenarioStepper stepper = new ScenarioStepper(scenario(text), pointer, DisplayConfig.DEFAULT);
        List<Effect> effects = new ArrayList<>();
        while (!stepper.isOver()) {
            effects.addAll(stepper.advance(stepper.nextWake()));
        }
        assertThat(effects.removeLast()).isEqualTo(FINISH);
        return effects;
    }

    private static Effect report(InputPort port, int type, int code, int value) {
        return new Effect.Report(port, List.of(new InputItem(type, code, value)));
    }

    @Test
    void aTabletIsMovedByOneReportOfBothAxes() {
        assertThat(reports(Pointer.TABLET, "move-to 512 384\n"))
                .containsExactly(new Effect.Report(
                        InputPort.TABLET, List.of(new InputItem(3, 0, 16400), new InputItem(3, 1, 16405))));
    }

    /** docs/SCENARIOS.md, "Where a tablet points": on the desktop that there is then. */
    @Test
    void aPlaceIsOnTheDesktopAsTheDisplaysAreWhenItIsPointedAt() {
        List<Effect> effects = reports(Pointer.TABLET, "display 0 1024x384\nmove-to 512 383\n");
        assertThat(effects.getLast())
                .isEqualTo(new Effect.Report(
                        InputPort.TABLET, List.of(new InputItem(3, 0, 16400), new InputItem(3, 1, 32725))));
    }

    @Test
    void buttonsBelongToThePointingDeviceThatMovedLastAndToTheMouseBeforeAny() {
        assertThat(reports(Pointer.BOTH, """
                        press BTN_LEFT
                        move-to 0 0
                        press BTN_RIGHT
                        release BTN_LEFT
                        move 1 0
                        release BTN_RIGHT
                        click BTN_MIDDLE
                        """))
                .filteredOn(
                        effect -> ((Effect.Report) effect).items().getFirst().type() == 1)
                .as("each is released on the device on which it was pressed")
                .containsExactly(
                        report(InputPort.MOUSE, 1, 0x110, 1),
                        report(InputPort.TABLET, 1, 0x111, 1),
                        report(InputPort.MOUSE, 1, 0x110, 0),
                        report(InputPort.TABLET, 1, 0x111, 0),
                        report(InputPort.MOUSE, 1, 0x112, 1),
                        report(InputPort.MOUSE, 1, 0x112, 0));
        assertThat(reports(Pointer.TABLET, "click BTN_LEFT\n"))
                .containsExactly(report(InputPort.TABLET, 1, 0x110, 1), report(InputPort.TABLET, 1, 0x110, 0));
    }

    @Test
    void theWheelIsTheMousesWhereThereIsOne() {
        assertThat(reports(Pointer.MOUSE, "scroll 2\n")).containsExactly(report(InputPort.MOUSE, 2, 8, 2));
        assertThat(reports(Pointer.BOTH, "move-to 0 0\nscroll -3\n")).contains(report(InputPort.MOUSE, 2, 8, -3));
        assertThat(reports(Pointer.TABLET, "scroll -3\n")).containsExactly(report(InputPort.TABLET, 2, 8, -3));
    }

    @Test
    void heldKeysAreReleasedAtTheEndAGapApartAndBeforeThePlugIsPulled() {
        for (String end : List.of("", "poweroff\n")) {
            ScenarioStepper stepper = stepper("press KEY_A\npress BTN_LEFT\n" + end);
            assertThat(stepper.advance(0)).containsExactly(key(30, 1));
            assertThat(stepper.advance(1_000_000)).containsExactly(report(InputPort.MOUSE, 1, 0x110, 1));
            assertThat(stepper.advance(2_000_000)).containsExactly(report(InputPort.MOUSE, 1, 0x110, 0));
            assertThat(stepper.advance(3_000_000)).containsExactly(key(30, 0));
            assertThat(stepper.advance(4_000_000)).containsExactly(FINISH);
        }
    }

    @Test
    void aGuestThatIsGoneNeedsNoKeysReleased() {
        ScenarioStepper stepper = stepper("press KEY_A\nwait \"down\"\n");
        stepper.advance(0);
        stepper.advance(1_000_000);
        say(stepper, 1_500_000, "down");
        assertThat(stepper.machineStopped(1_500_000, "the guest powered off")).containsExactly(FINISH);
        ScenarioStepper pressing = stepper("sleep 5\npress KEY_A\n");
        pressing.advance(0);
        assertThat(failure(pressing.machineStopped(3, "the guest powered off"))
                        .step()
                        .line())
                .isEqualTo(2);
    }

    @Test
    void aFlushIsCountedFromTheStartOfTheStepWhetherOrNotThePictureChanges() {
        ScenarioStepper stepper = stepper("sleep 10\nflush 2 within 100\nsnapshot s\n");
        stepper.advance(0);
        stepper.flushed(9);
        stepper.advance(10);
        assertThat(stepper.nextWake()).isEqualTo(110);
        stepper.pictureShown(20, 7);
        stepper.flushed(20);
        stepper.pictureShown(21, 8);
        assertThat(stepper.nextWake()).as("a cursor that moves is no flush").isEqualTo(110);
        stepper.pictureShown(50, 8);
        stepper.flushed(50);
        stepper.flushed(50);
        assertThat(stepper.nextWake()).isEqualTo(51);
        assertThat(stepper.advance(51)).containsExactly(snapshot("s"), FINISH);
    }

    @Test
    void flushesThatDoNotComeFailTheStepAndAreCounted() {
        ScenarioStepper late = stepper("flush 3 within 100\nsnapshot s\n");
        late.advance(0);
        late.flushed(99);
        assertThat(failure(late.advance(100)).reason())
                .isEqualTo("the guest had flushed 1 times, not 3, after 100 cycles");
        ScenarioStepper off = stepper("flush 3 within 100\nsnapshot s\n");
        off.advance(0);
        off.flushed(40);
        assertThat(failure(off.machineStopped(41, "the guest powered off")).reason())
                .isEqualTo("the guest powered off when it had flushed 1 times, and not 3");
    }
}
