package dev.semblance.harness.record.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.semblance.harness.Recordings;
import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.record.session.RecordingRun.Outcome;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.End.Reason;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.machine.boot.BadImageException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** How runs end, and what is recorded then: docs/SCENARIOS.md and the reasons of docs/TRACE_FORMAT.md, End. */
class RecordingRunTests {

    private static final int SCANOUTS = 2;

    private final List<Stamped> events = new ArrayList<>();
    private final List<Long> progress = new ArrayList<>();
    private final StringBuilder console = new StringBuilder();

    private RecordingRun run(SessionConfig config, Optional<Scenario> scenario, boolean recorded)
            throws BadImageException {
        events.clear();
        console.setLength(0);
        return new RecordingRun(
                config,
                scenario,
                recorded
                        ? Optional.of((cycle, event) -> events.add(new Stamped(events.size(), cycle, event)))
                        : Optional.empty(),
                value -> console.append((char) value));
    }

    private Outcome record(SessionConfig config, String scenario, long limit) throws BadImageException {
        Optional<Scenario> user = scenario.isEmpty() ? Optional.empty() : Optional.of(Recordings.scenario(scenario));
        Outcome outcome = run(config, user, true).run(limit, progress::add);
        assertEndsWell(outcome);
        return outcome;
    }

    /** Every recording ends with a snapshot of each scanout and its one End, at the cycle at which the machine stopped. */
    private void assertEndsWell(Outcome outcome) {
        TraceEvent.End end = (TraceEvent.End) events.getLast().event();
        assertThat(end.reason()).isEqualTo(outcome.reason());
        assertThat(end.instret()).isEqualTo(outcome.instret());
        assertThat(end.stateDigest()).isNotEmpty();
        assertThat(events.getLast().cycle()).isEqualTo(outcome.cycles());
        assertThat(events.stream().filter(event -> event.event() instanceof TraceEvent.End))
                .hasSize(1);
        assertThat(events.subList(events.size() - 1 - SCANOUTS, events.size() - 1))
                .extracting(Stamped::event)
                .allSatisfy(event -> assertThat(event).isInstanceOf(TraceEvent.Snapshot.class))
                .extracting(event -> ((TraceEvent.Snapshot) event).label())
                .containsExactly("end", "end@1");
    }

    private <T extends TraceEvent> List<T> all(Class<T> kind) {
        return events.stream()
                .map(Stamped::event)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private long cycleOf(TraceEvent event) {
        return events.stream()
                .filter(stamped -> stamped.event().equals(event))
                .findFirst()
                .orElseThrow()
                .cycle();
    }

    @Test
    void aGuestThatPowersOffOrRebootsEndsItsRun() throws BadImageException {
        assertThat(record(BarePrograms.program().print("hi").reset(0), "", 1_000_000)
                        .reason())
                .isEqualTo(Reason.POWER_OFF);
        assertThat(console).hasToString("hi");
        assertThat(all(TraceEvent.ConsoleOutput.class))
                .containsExactly(new TraceEvent.ConsoleOutput((byte) 'h'), new TraceEvent.ConsoleOutput((byte) 'i'));
        assertThat(record(BarePrograms.program().reset(1), "", 1_000_000).reason())
                .isEqualTo(Reason.REBOOT);
    }

    @Test
    void aGuestThatNothingWillWakeIsIdle() throws BadImageException {
        Outcome outcome = record(BarePrograms.program().idle(), "", 1_000_000);
        assertThat(outcome.reason()).isEqualTo(Reason.IDLE);
        assertThat(outcome.cycles()).isLessThan(10);
    }

    @Test
    void aGuestThatOnlyTrapsIsStuckAndItIsToldAtWhat() throws BadImageException {
        Outcome outcome = record(BarePrograms.stuck(), "", 1_000_000);
        assertThat(outcome.reason()).isEqualTo(Reason.STUCK);
        assertThat(outcome.trap().orElseThrow().describe()).contains("illegal");
        assertThat(outcome.instret()).isZero();
        assertThat(record(BarePrograms.program().idle(), "", 1_000_000).trap()).isEmpty();
    }

    @Test
    void aRunStopsAtTheVeryCycleOfItsLimit() throws BadImageException {
        for (long limit : new long[] {1, 12_345, 20_000_000, 20_000_001}) {
            Outcome outcome = record(BarePrograms.program().forever(), "", limit);
            assertThat(outcome.reason()).isEqualTo(Reason.LIMIT);
            assertThat(outcome.cycles()).isEqualTo(limit);
            assertThat(outcome.failure()).isEmpty();
        }
    }

    @Test
    void progressIsToldEveryTwentyMillionCyclesAndNotAtTheEnd() throws BadImageException {
        record(BarePrograms.program().forever(), "", 60_000_000);
        assertThat(progress).containsExactly(20_000_000L, 40_000_000L);
    }

    @Test
    void whoWantsARunToEndIsHeardAndTheRecordingIsWhole() throws BadImageException {
        RecordingRun run = run(BarePrograms.program().forever(), Optional.empty(), true);
        int[] asked = new int[1];
        BooleanSupplier third = () -> ++asked[0] == 3;
        Outcome outcome = run.run(200_000_000, third, progress::add);
        assertThat(outcome.reason()).isEqualTo(Reason.INTERRUPTED);
        assertThat(outcome.cycles()).isEqualTo(40_000_000);
        assertEndsWell(outcome);
    }

    @Test
    void aScenarioThatIsDoneEndsTheRunWhereItIs() throws BadImageException {
        Outcome outcome = record(BarePrograms.program().forever(), "sleep 777\nsnapshot here\n", 1_000_000);
        assertThat(outcome.reason()).isEqualTo(Reason.SCENARIO);
        // The end that a scenario asks for at a cycle comes one cycle later: docs/ARCHITECTURE.md, corner 3.
        assertThat(outcome.cycles()).isEqualTo(778);
        assertThat(all(TraceEvent.Snapshot.class))
                .extracting(TraceEvent.Snapshot::label)
                .containsExactly("here", "here@1", "end", "end@1");
        assertThat(all(TraceEvent.Snapshot.class))
                .extracting(snapshot -> snapshot.width() + "x" + snapshot.height())
                .as("each scanout in the size that it offers")
                .containsExactly("64x48", "32x24", "64x48", "32x24");
        // A snapshot is followed by a digest of hart and devices.
        assertThat(events)
                .extracting(stamped -> stamped.event().getClass().getSimpleName())
                .containsSubsequence("Snapshot", "Snapshot", "Checkpoint", "Snapshot", "Snapshot", "End");
    }

    @Test
    void aStepThatDoesNotComeTrueInTimeFailsTheRun() throws BadImageException {
        Outcome outcome = record(BarePrograms.program().forever(), "wait \"never\" within 500\n", 1_000_000);
        assertThat(outcome.reason()).isEqualTo(Reason.SCENARIO_FAILED);
        assertThat(outcome.cycles()).isEqualTo(501);
        assertThat(outcome.failure().orElseThrow().cycle()).isEqualTo(500);
    }

    @Test
    void aMachineThatStopsBeforeItsScenarioIsDoneFailsTheRunAndSaysHow() throws BadImageException {
        String wait = "wait \"never\"\n";
        assertThat(failed(BarePrograms.program().reset(0), wait, 1_000_000)).startsWith("the guest powered off");
        assertThat(failed(BarePrograms.program().reset(1), wait, 1_000_000)).startsWith("the guest asked for a reboot");
        assertThat(failed(BarePrograms.stuck(), wait, 1_000_000)).startsWith("the guest is stuck: ");
        assertThat(failed(BarePrograms.program().forever(), wait, 1000)).startsWith("the cycle limit was reached");
    }

    private String failed(SessionConfig config, String scenario, long limit) throws BadImageException {
        Outcome outcome = record(config, scenario, limit);
        assertThat(outcome.reason()).isEqualTo(Reason.SCENARIO_FAILED);
        return outcome.failure().orElseThrow().reason();
    }

    @Test
    void aScenarioThatOnlyLooksIsDoneWhenTheMachineStopsAndTheReasonIsTheMachines() throws BadImageException {
        Outcome outcome = record(
                BarePrograms.program().print("bye").reset(0), "wait \"bye\"\nsettle 5e6\nsnapshot s\n", 1_000_000);
        assertThat(outcome.reason()).isEqualTo(Reason.POWER_OFF);
        assertThat(outcome.failure()).isEmpty();
        assertThat(all(TraceEvent.Snapshot.class).getFirst().label()).isEqualTo("s");
    }

    /** docs/ARCHITECTURE.md, corner 3: a reaction to cycle c is stamped c + 1, and recorded before it arrives. */
    @Test
    void inputFollowsWhatTheGuestSaidAndReachesIt() throws BadImageException {
        record(
                BarePrograms.program().print(">").echo().echo().forever(),
                "wait \">\"\ntype \"ok\"\nwait \"ok\"\nsleep 10\n",
                1_000_000);
        assertThat(console).hasToString(">ok");
        TraceEvent input = new TraceEvent.ConsoleInput("ok".getBytes(StandardCharsets.US_ASCII));
        assertThat(cycleOf(input)).isEqualTo(cycleOf(new TraceEvent.ConsoleOutput((byte) '>')) + 1);
        assertThat(cycleOf(new TraceEvent.ConsoleOutput((byte) 'o'))).isGreaterThanOrEqualTo(cycleOf(input));
        assertThat(all(TraceEvent.ConsoleOutput.class)).hasSize(3);
    }

    /** VIRTIO 1.2, 5.8: keys go to the keyboard, and motion and buttons to the mouse. */
    @Test
    void reportsGoToTheirDevices() throws BadImageException {
        record(BarePrograms.program().forever(), "key KEY_A\nmove 3 -4\nclick BTN_LEFT\n", 100_000_000);
        assertThat(all(TraceEvent.Input.class))
                .extracting(TraceEvent.Input::device)
                .containsExactly(Devices.KEYBOARD, Devices.KEYBOARD, Devices.POINTER, Devices.POINTER, Devices.POINTER);
        assertThat(all(TraceEvent.Input.class).get(2).items())
                .containsExactly(new TraceEvent.InputItem(2, 0, 3), new TraceEvent.InputItem(2, 1, -4));
    }

    @Test
    void noOtherDeviceTakesInput() throws BadImageException {
        Session session =
                run(BarePrograms.program().forever(), Optional.empty(), true).session();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> session.port()
                        .input(new TraceEvent.Input(Devices.GPU, List.of(new TraceEvent.InputItem(1, 1, 1)))));
    }

    /** docs/ARCHITECTURE.md, corner 4: whether it is recorded, and who asks meanwhile, a run cannot tell. */
    @Test
    void aRunIsTheSameWithoutARecording() throws BadImageException {
        SessionConfig config =
                BarePrograms.program().print(">").echo().delay(50_000).reset(0);
        String scenario = "wait \">\"\nsleep 1e6\ntype \"x\"\nkeys \"a\"\nwait \"x\"\n";
        Outcome recorded = record(config, scenario, 1_000_000_000);
        List<Stamped> once = List.copyOf(events);
        Outcome unseen =
                run(config, Optional.of(Recordings.scenario(scenario)), false).run(1_000_000_000, progress::add);
        assertThat(unseen).isEqualTo(recorded);
        assertThat(events).isEmpty();
        assertThat(console).hasToString(">x");
        record(config, scenario, 1_000_000_000);
        assertThat(events).isEqualTo(once);
    }
}
