package dev.semblance.harness.edit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.edit.scenario.FakeGuest.Deed;
import dev.semblance.harness.edit.scenario.FakeGuest.Habit;
import dev.semblance.harness.edit.scenario.ScenarioMaker.Made;
import dev.semblance.harness.trace.EventArbitraries.Step;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.text.EvdevCodes;
import dev.semblance.machine.boot.BadImageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** docs/SCENARIOS.md, "From a session to a test": a scenario is as free as the guest lets it be, and what is not robust is named. */
class ScenarioMakerTests {

    private static final int KEY_A = 30;

    private final List<Deed> deeds = new ArrayList<>();
    private long ms = 1000;

    private void then(long pause, TraceEvent input) {
        ms += pause;
        deeds.add(new Deed(ms, guest -> guest.put(input)));
    }

    private void key(int code, int value, long pause) {
        then(
                pause,
                new TraceEvent.Input(HandSessions.KEYBOARD, List.of(new InputItem(EvdevCodes.EV_KEY, code, value))));
    }

    private void motion(int dx, long pause) {
        then(
                pause,
                new TraceEvent.Input(
                        HandSessions.MOUSE, List.of(new InputItem(EvdevCodes.EV_REL, EvdevCodes.REL_X, dx))));
    }

    private void snapshot(String label, long pause) {
        ms += pause;
        deeds.add(new Deed(ms, guest -> guest.snapshot(label)));
    }

    private void line(String text) {
        then(1000, new TraceEvent.ConsoleInput((text + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    private Made made(Habit habit) throws IOException, BadImageException {
        List<Step> steps = new ArrayList<>();
        long before = 0;
        for (Stamped event : FakeGuest.session(habit, deeds)) {
            steps.add(new Step(event.cycle() - before, event.event()));
            before = event.cycle();
        }
        RecordedSession session = HandSessions.of(HandSessions.manifest(), steps);
        return new ScenarioMaker(session, "played.trace", "s.scenario", image -> Optional.empty())
                .verified((scenario, events, over) -> FakeGuest.record(habit, scenario, session, events, over));
    }

    private static List<String> steps(Made made) {
        return made.text().lines().dropWhile(line -> !line.isEmpty()).toList();
    }

    private void typeAndMove() {
        line("ls");
        snapshot("listed", 4500);
        key(KEY_A, 1, 400);
        key(KEY_A, 0, 80);
        snapshot("a", 900);
        for (int i = 0; i < 8; i++) {
            motion(i, i % 2 == 0 ? 14 : 45);
        }
        snapshot("moved", 800);
    }

    @Test
    void aScenarioWaitsForWhatTheGuestWroteAndShowed() throws IOException, BadImageException {
        typeAndMove();
        Made made = made(Habit.PLAIN);
        assertThat(steps(made))
                .containsExactly(
                        "",
                        "wait \"$ \"",
                        "type \"ls\\n\"",
                        "wait \"$ \"",
                        "settle 1.2s",
                        "snapshot listed",
                        "",
                        "settle 300ms",
                        "keys \"a\"",
                        "settle 300ms",
                        "snapshot a",
                        "",
                        "point 528 400",
                        "settle 300ms",
                        "snapshot moved",
                        "",
                        "settle 300ms");
        assertThat(made.unlike()).isEmpty();
        assertThat(made.timed()).isEmpty();
        assertThat(made.snapshots()).isEqualTo(4);
        assertThat(made.recordings()).isEqualTo(1);
    }

    @Test
    void whereTheWayMattersEachMotionIsAsItWas() throws IOException, BadImageException {
        typeAndMove();
        Made made = made(Habit.ACCELERATING);
        assertThat(made.unlike()).isEmpty();
        assertThat(made.text()).contains("keys \"a\"", "move 7 0").doesNotContain("move 28 0");
        assertThat(made.recordings()).isGreaterThan(1);
    }

    @Test
    void whatGoesByTimeAloneIsNamed() throws IOException, BadImageException {
        line("ls");
        snapshot("listed", 4500);
        key(KEY_A, 1, 3400);
        key(KEY_A, 0, 80);
        snapshot("a", 900);
        Made made = made(Habit.CLOCK);
        assertThat(made.unlike()).isEmpty();
        assertThat(made.timed()).isNotEmpty();
        assertThat(made.text()).contains("# By time alone", "type \"ls\\n\"", "press KEY_A");
    }

    @Test
    void aSnapshotThatIsAnotherEachTimeIsNamedWithItsLine() throws IOException, BadImageException {
        // Closer together than reports of a scenario can be, so that no time is the session's.
        key(KEY_A, 1, 400);
        key(KEY_A, 0, 2);
        key(KEY_A, 1, 2);
        key(KEY_A, 0, 2);
        snapshot("late", 1);
        Made made = made(Habit.RESTLESS);
        assertThat(made.unlike()).extracting(ScenarioMaker.Unlike::label).containsExactly("late");
        List<String> lines = made.text().lines().toList();
        assertThat(lines.get(made.unlike().getFirst().line() - 1)).isEqualTo("snapshot late");
        // The end comes late enough to be at its time again.
        assertThat(made.timed()).isNotEmpty();
    }

    /** The line after which all was as in the session is told, though no snapshot was taken there. */
    @Test
    void theLineAfterWhichThePicturesPartIsNamed() throws IOException, BadImageException {
        line("ls");
        key(KEY_A, 1, 3400);
        key(KEY_A, 0, 80);
        motion(5, 900);
        snapshot("moved", 900);
        List<Step> steps = new ArrayList<>();
        long before = 0;
        for (Stamped event : FakeGuest.session(Habit.PLAIN, deeds)) {
            steps.add(new Step(event.cycle() - before, event.event()));
            before = event.cycle();
        }
        RecordedSession session = HandSessions.of(HandSessions.manifest(), steps);
        // Another guest than that of the session: it shows the second of each key.
        Made made = new ScenarioMaker(session, "played.trace", "s.scenario", image -> Optional.empty())
                .verified((scenario, events, over) -> FakeGuest.record(Habit.CLOCK, scenario, session, events, over));
        assertThat(made.unlike()).extracting(ScenarioMaker.Unlike::label).containsExactly("moved", "end");
        int parting = made.unlike().getFirst().parting().orElseThrow();
        assertThat(made.text().lines().toList().get(parting - 1)).isEqualTo("keys \"a\"");
    }
}
