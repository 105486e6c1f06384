package dev.semblance.harness.record.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.Recordings;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.guest.scenario.Effect.InputPort;
import dev.semblance.harness.guest.scenario.Effect.Report;
import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.record.session.BarePrograms;
import dev.semblance.harness.record.session.RecordingRun;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.record.session.SessionStart;
import dev.semblance.harness.replay.FrameObserver;
import dev.semblance.harness.replay.MachineReplayer;
import dev.semblance.harness.replay.ReplayOutcome;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.End.Reason;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A person takes part in a run: docs/LIVE.md. */
@Timeout(60)
class LiveRunTests {

    private static final int KEY_A = 30;
    private static final int KEY_LEFTCTRL = 29;
    private static final int BTN_LEFT = 272;

    @TempDir
    private Path folder;

    /** What a client does, on a thread of its own. */
    private record Client(LiveRun live) {

        void await(Predicate<LiveStatus> wanted) {
            while (!wanted.test(live.status())) {
                Thread.onSpinWait();
            }
        }

        void does(LiveCommand command) {
            assertThat(live.submit(command)).isEmpty();
        }

        void lets(long cycles) {
            long now = live.status().cycle();
            await(status -> status.cycle() >= now + cycles);
        }

        void hears(String text) {
            while (!new String(live.console().orElseThrow().read(0, 1000).bytes(), StandardCharsets.US_ASCII)
                    .contains(text)) {
                Thread.onSpinWait();
            }
        }
    }

    private static LiveRun live(Optional<List<String>> scripted) {
        return new LiveRun(Pace.MAX, Pointer.MOUSE, scripted, System::nanoTime);
    }

    private RecordingRun.Outcome record(
            SessionConfig config, Optional<Scenario> scenario, Path trace, LiveRun live, Consumer<Client> person) {
        List<Throwable> failures = new ArrayList<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                person.accept(new Client(live));
            } catch (Throwable e) {
                failures.add(e);
                live.interrupt();
            }
        });
        try (TraceWriter writer = TraceWriter.create(trace, config.manifest("test", scenario.map(Scenario::text)))) {
            RecordingRun.Outcome outcome = new RecordingRun(
                            config, SessionStart.POWER_ON, scenario, Optional.of(writer), live)
                    .run(Long.MAX_VALUE, live);
            live.end();
            thread.join();
            assertThat(failures).isEmpty();
            writer.complete();
            return outcome;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static ReplayOutcome replay(Path trace, SessionConfig config) {
        try (TraceReader reader = TraceReader.open(trace)) {
            return new MachineReplayer(reader, config, FrameObserver.NONE).run(cycle -> {});
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static <T extends TraceEvent> List<T> all(Path trace, Class<T> kind) {
        return Recordings.events(trace).stream()
                .map(Stamped::event)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    @Test
    void aSessionOfAPersonReplaysAndEqualsItsTrace() {
        SessionConfig config = BarePrograms.program().print(">").echo().echo().forever();
        Path trace = folder.resolve("person.trace");
        RecordingRun.Outcome outcome = record(config, Optional.empty(), trace, live(Optional.empty()), client -> {
            client.hears(">");
            client.does(new LiveCommand.Type("o".getBytes(StandardCharsets.US_ASCII)));
            client.does(new LiveCommand.Key(KEY_A, true));
            client.hears(">o");
            client.does(new LiveCommand.Key(KEY_A, false));
            client.does(new LiveCommand.Move(3, -4));
            client.lets(1);
            client.does(new LiveCommand.Snapshot("first"));
            client.does(new LiveCommand.ChangeDisplay(1, DisplayMode.OFF));
            client.does(new LiveCommand.Pause());
            client.await(status -> status.phase() == LiveStatus.Phase.PAUSED);
            client.does(new LiveCommand.Snapshot("still"));
            client.does(new LiveCommand.Scroll(-2));
            client.await(status -> status.snapshots() == 2);
            client.does(new LiveCommand.Resume());
            client.does(new LiveCommand.Type("k".getBytes(StandardCharsets.US_ASCII)));
            client.hears(">ok");
            client.lets(12_345_678);
            client.does(new LiveCommand.Finish());
        });
        assertThat(outcome.reason()).isEqualTo(Reason.INTERRUPTED);
        assertThat(all(trace, TraceEvent.Snapshot.class))
                .extracting(TraceEvent.Snapshot::label)
                .containsExactly("first", "first@1", "still", "end");
        assertThat(all(trace, TraceEvent.ConsoleInput.class)).hasSize(2);
        assertThat(all(trace, TraceEvent.DisplayChange.class)).hasSize(1);
        assertThat(all(trace, TraceEvent.Input.class))
                .extracting(TraceEvent.Input::items)
                .containsExactly(
                        List.of(new InputItem(1, KEY_A, 1)),
                        List.of(new InputItem(1, KEY_A, 0)),
                        List.of(new InputItem(2, 0, 3), new InputItem(2, 1, -4)),
                        List.of(new InputItem(2, 8, -2)));
        ReplayOutcome replayed = replay(trace, config);
        assertThat(replayed.divergence()).isEmpty();
        assertThat(replayed.status()).isPresent();
        assertThat(replayed.events()).isEqualTo(Recordings.events(trace).size());
    }

    @Test
    void aGuestThatWaitsForeverStillHearsAPersonAndIsEndedByThem() {
        SessionConfig config = BarePrograms.program().idle();
        Path trace = folder.resolve("idle.trace");
        RecordingRun.Outcome outcome = record(config, Optional.empty(), trace, live(Optional.empty()), client -> {
            client.lets(1_000_000);
            client.does(new LiveCommand.Key(KEY_A, true));
            client.lets(1_000_000);
            client.does(new LiveCommand.Finish());
        });
        assertThat(outcome.reason()).isEqualTo(Reason.INTERRUPTED);
        assertThat(outcome.cycles()).isGreaterThan(2_000_000);
        assertThat(replay(trace, config).divergence()).isEmpty();
    }

    /** The one promise that everything else here rests on. */
    @Test
    void whoWatchesAScenarioAndStopsItsTimeChangesNoByteOfItsTrace() throws IOException {
        String text =
                "wait \">\"\ntype \"ok\"\nwait \"ok\"\nkey KEY_A\nsnapshot one\nsleep 3e6\nmove 1 2\nsettle 1e6\n";
        SessionConfig config = BarePrograms.program().print(">").echo().echo().forever();
        Optional<Scenario> scenario = Optional.of(Recordings.scenario(text));
        Path alone = folder.resolve("alone.trace");
        Recordings.record(config, scenario, alone);
        Path watched = folder.resolve("watched.trace");
        AtomicLong pauses = new AtomicLong();
        RecordingRun.Outcome outcome = record(config, scenario, watched, live(Optional.of(List.of("one"))), client -> {
            while (client.live().status().phase() != LiveStatus.Phase.SCENARIO_DONE) {
                client.does(new LiveCommand.Pause());
                client.await(status -> status.phase() != LiveStatus.Phase.SCENARIO);
                client.live().shown(0);
                client.live().console().orElseThrow().read(0, 100);
                if (client.live().status().phase() == LiveStatus.Phase.SCENARIO_PAUSED) {
                    assertThat(client.live().submit(new LiveCommand.Key(KEY_A, true)))
                            .contains("it is the scenario's turn");
                    client.does(new LiveCommand.Resume());
                    client.await(status -> status.phase() != LiveStatus.Phase.SCENARIO_PAUSED);
                    pauses.incrementAndGet();
                }
            }
            client.does(new LiveCommand.Move(1, 1));
            client.does(new LiveCommand.Type(new byte[] {'x'}));
            client.does(new LiveCommand.Finish());
        });
        assertThat(outcome.reason()).isEqualTo(Reason.SCENARIO);
        assertThat(pauses).hasPositiveValue();
        assertThat(Files.readAllBytes(watched)).isEqualTo(Files.readAllBytes(alone));
        assertThat(replay(watched, config).divergence()).isEmpty();
    }

    @Test
    void aPersonGoesOnWhereTheScenarioEnded() {
        SessionConfig config = BarePrograms.program().print(">").echo().forever();
        Optional<Scenario> scenario = Optional.of(Recordings.scenario("wait \">\"\nsnapshot one\n"));
        Path trace = folder.resolve("both.trace");
        RecordingRun.Outcome outcome = record(config, scenario, trace, live(Optional.of(List.of("one"))), client -> {
            client.await(status -> status.phase() == LiveStatus.Phase.SCENARIO_DONE);
            assertThat(client.live().submit(new LiveCommand.Snapshot("one"))).isPresent();
            client.does(new LiveCommand.Resume());
            client.does(new LiveCommand.Type("x".getBytes(StandardCharsets.US_ASCII)));
            client.hears(">x");
            client.does(new LiveCommand.Snapshot("two"));
            client.does(new LiveCommand.PowerOff());
        });
        assertThat(outcome.reason()).isEqualTo(Reason.SCENARIO);
        assertThat(all(trace, TraceEvent.Snapshot.class))
                .extracting(TraceEvent.Snapshot::label)
                .contains("one", "two", "end");
        assertThat(replay(trace, config).divergence()).isEmpty();
    }

    @Test
    void aScenarioThatSwitchesTheMachineOffEndsTheRunByItself() throws IOException {
        SessionConfig config = BarePrograms.program().print(">").forever();
        Optional<Scenario> scenario = Optional.of(Recordings.scenario("wait \">\"\nsleep 1000\npoweroff\n"));
        Path alone = folder.resolve("alone.trace");
        Recordings.record(config, scenario, alone);
        Path watched = folder.resolve("watched.trace");
        record(config, scenario, watched, live(Optional.of(List.of())), client -> {});
        assertThat(Files.readAllBytes(watched)).isEqualTo(Files.readAllBytes(alone));
    }

    @Test
    void ctrlCEndsARunThatStandsStill() {
        LiveRun live = live(Optional.empty());
        RecordingRun.Outcome outcome =
                record(BarePrograms.program().forever(), Optional.empty(), folder.resolve("c.trace"), live, client -> {
                    client.does(new LiveCommand.Pause());
                    client.await(status -> status.phase() == LiveStatus.Phase.PAUSED);
                    client.live().interrupt();
                });
        assertThat(outcome.reason()).isEqualTo(Reason.INTERRUPTED);
        assertThat(live.isInterrupted()).isTrue();
    }

    @Test
    void whatIsDownIsNotPressedAgainAndAllComesUpAtOnce() {
        Path trace = folder.resolve("keys.trace");
        record(BarePrograms.program().forever(), Optional.empty(), trace, live(Optional.empty()), client -> {
            client.does(new LiveCommand.Key(KEY_A, true));
            client.does(new LiveCommand.Key(KEY_A, true));
            client.does(new LiveCommand.Key(KEY_LEFTCTRL, true));
            client.does(new LiveCommand.Key(BTN_LEFT, true));
            client.does(new LiveCommand.Key(KEY_A, false));
            client.does(new LiveCommand.Key(KEY_A, false));
            client.does(new LiveCommand.Key(9999, true));
            client.does(new LiveCommand.Move(0, 0));
            client.does(new LiveCommand.MoveTo(1, 1));
            client.await(status -> status.held() == 2);
            client.does(new LiveCommand.ReleaseAll());
            client.await(status -> status.held() == 0);
            client.does(new LiveCommand.Finish());
        });
        assertThat(all(trace, TraceEvent.Input.class))
                .extracting(input -> input.items().getFirst())
                .containsExactly(
                        new InputItem(1, KEY_A, 1),
                        new InputItem(1, KEY_LEFTCTRL, 1),
                        new InputItem(1, BTN_LEFT, 1),
                        new InputItem(1, KEY_A, 0),
                        new InputItem(1, KEY_LEFTCTRL, 0),
                        new InputItem(1, BTN_LEFT, 0));
    }

    @Test
    void whatCannotBeDoneIsRefusedWithItsReason() {
        LiveRun scripted = live(Optional.of(List.of("one")));
        LiveRun live = live(Optional.empty());
        assertThat(live.submit(new LiveCommand.Snapshot("../x")))
                .get()
                .asString()
                .startsWith("a label is ");
        assertThat(live.submit(new LiveCommand.Snapshot("end")))
                .get()
                .asString()
                .contains("already");
        assertThat(live.submit(new LiveCommand.Snapshot("a"))).isEmpty();
        assertThat(live.submit(new LiveCommand.Snapshot("a"))).get().asString().contains("already");
        assertThat(scripted.submit(new LiveCommand.Snapshot("two"))).contains("it is the scenario's turn");
        live.end();
        assertThat(live.submit(new LiveCommand.Key(KEY_A, true))).contains("the run is over");
    }

    @Test
    void moreThanWaitsForTheGuestIsRefusedRatherThanKept() {
        LiveRun live = live(Optional.empty());
        Optional<String> last = Optional.empty();
        int taken = 0;
        while (last.isEmpty()) {
            last = live.submit(new LiveCommand.Pause());
            taken += last.isEmpty() ? 1 : 0;
        }
        assertThat(taken).isEqualTo(4096);
        assertThat(last).contains("too much waits for the guest already");
    }

    @Test
    void aTextThatDoesNotFitIsRefusedWholeAndHowMuchFitsIsSaid() {
        LiveRun live = live(Optional.empty());
        assertThat(live.submit(new LiveCommand.Type(new byte[8000]))).isEmpty();
        assertThat(live.submit(new LiveCommand.Type(new byte[193])))
                .contains("the guest has not read what was typed before, and has room for 192 bytes");
        assertThat(live.submit(new LiveCommand.Type(new byte[192]))).isEmpty();
        assertThat(live.typingRoom()).isZero();
    }

    /** A guest's device keeps 1024 reports and drops the next: motion for minutes must not fill it. */
    @Test
    void motionIsSummedWhileTheGuestStandsStillAndStrokesKeepTheirPlaceInIt() {
        Path trace = folder.resolve("still.trace");
        record(BarePrograms.program().forever(), Optional.empty(), trace, live(Optional.empty()), client -> {
            client.does(new LiveCommand.Pause());
            client.await(status -> status.phase() == LiveStatus.Phase.PAUSED);
            for (int i = 0; i < 1500; i++) {
                client.does(new LiveCommand.Move(2, -1));
                client.does(new LiveCommand.Scroll(i % 2 == 0 ? 1 : -1));
            }
            client.does(new LiveCommand.Key(BTN_LEFT, true));
            for (int i = 0; i < 1500; i++) {
                client.does(new LiveCommand.Move(-30, 0));
            }
            client.does(new LiveCommand.Key(BTN_LEFT, false));
            client.does(new LiveCommand.Resume());
            client.lets(1_000_000);
            client.does(new LiveCommand.Finish());
        });
        assertThat(all(trace, TraceEvent.Input.class))
                .extracting(TraceEvent.Input::items)
                .containsExactly(
                        List.of(new InputItem(2, 0, 3000), new InputItem(2, 1, -1500)),
                        List.of(new InputItem(1, BTN_LEFT, 1)),
                        List.of(new InputItem(2, 0, -LiveCommand.MAX_MOTION)),
                        List.of(new InputItem(1, BTN_LEFT, 0)));
    }

    @Test
    void aPressIsRefusedWhereTooManyWaitAndTheReleaseOfWhatIsDownNever() {
        Path trace = folder.resolve("many.trace");
        record(BarePrograms.program().forever(), Optional.empty(), trace, live(Optional.empty()), client -> {
            client.does(new LiveCommand.Key(KEY_LEFTCTRL, true));
            client.lets(1_000_000);
            client.does(new LiveCommand.Pause());
            client.await(status -> status.phase() == LiveStatus.Phase.PAUSED);
            for (int i = 0; i < Hands.MOST_PRESSES; i++) {
                client.does(new LiveCommand.Key(KEY_A, true));
                client.does(new LiveCommand.Key(KEY_A, false));
            }
            assertThat(client.live().submit(new LiveCommand.Key(KEY_A, true)))
                    .contains("the guest takes no input just now, and 256 key presses wait for it already");
            client.does(new LiveCommand.Key(KEY_A, false));
            client.does(new LiveCommand.Key(KEY_LEFTCTRL, false));
            client.does(new LiveCommand.Resume());
            client.lets(100_000_000);
            client.does(new LiveCommand.Finish());
        });
        List<InputItem> keys = all(trace, TraceEvent.Input.class).stream()
                .map(input -> input.items().getFirst())
                .toList();
        assertThat(keys).hasSize(2 * Hands.MOST_PRESSES + 2).endsWith(new InputItem(1, KEY_LEFTCTRL, 0));
        assertThat(keys.stream().filter(key -> key.value() == 1)).hasSize(Hands.MOST_PRESSES + 1);
    }

    @Test
    void aDeviceThatTakesNothingKeepsNothingBackFromAnother() {
        Hands hands = new Hands(Pointer.BOTH);
        for (int i = 0; i < 1000; i++) {
            hands.move(new LiveCommand.Move(1, 0));
            hands.moveTo(new LiveCommand.MoveTo(i, 7));
        }
        assertThat(hands.key(new LiveCommand.Key(KEY_A, true))).isEmpty();
        hands.move(new LiveCommand.Move(0, 5));
        hands.releaseAll();
        assertThat(hands.take(port -> port == InputPort.KEYBOARD ? 9 : 0))
                .containsExactly(
                        new Report(InputPort.KEYBOARD, List.of(new InputItem(1, KEY_A, 1))),
                        new Report(InputPort.KEYBOARD, List.of(new InputItem(1, KEY_A, 0))));
        assertThat(hands.take(port -> port == InputPort.MOUSE ? 1 : 0))
                .containsExactly(new Report(InputPort.MOUSE, List.of(new InputItem(2, 0, 1000))));
        assertThat(hands.take(port -> 9))
                .containsExactly(
                        new Report(InputPort.TABLET, List.of(new InputItem(3, 0, 999), new InputItem(3, 1, 7))),
                        new Report(InputPort.MOUSE, List.of(new InputItem(2, 1, 5))));
        assertThat(hands.take(port -> 9)).isEmpty();
    }

    /** The clock here goes on by a tenth of a millisecond whenever it is looked at. */
    @Test
    void guestTimeIsNeverAheadOfRealTime() {
        AtomicLong clock = new AtomicLong();
        LongSupplier nanos = () -> clock.addAndGet(100_000);
        LiveRun live = new LiveRun(Pace.REAL, Pointer.MOUSE, Optional.empty(), nanos);
        Path trace = folder.resolve("paced.trace");
        RecordingRun.Outcome outcome = record(BarePrograms.program().idle(), Optional.empty(), trace, live, client -> {
            client.lets(1_000_000);
            client.does(new LiveCommand.Finish());
        });
        // A stretch of a five-hundredth of a second may be under way: 65 cycles are a microsecond.
        assertThat(outcome.cycles()).isLessThanOrEqualTo((clock.get() / 1000 + 2000) * 65);
    }
}
