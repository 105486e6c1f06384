package dev.semblance.harness.record.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.Recordings;
import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.ChangedStates;
import dev.semblance.machine.state.SavedState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** docs/ARCHITECTURE.md, "State": the laws of saved states for runs of small programs with a user. */
class SavedRunProperties {

    private static final long LIMIT = 12_000_000;

    private final List<Stamped> events = new ArrayList<>();

    /** Prints, waits, echoes what is typed, and ends in one of the ways there are. */
    private static SessionConfig program(Random random) {
        BarePrograms program = BarePrograms.program();
        for (int i = random.nextInt(6); i >= 0; i--) {
            switch (random.nextInt(3)) {
                case 0 -> program.print("ab".repeat(1 + random.nextInt(3)));
                case 1 -> program.delay(2 + random.nextInt(2_000));
                default -> program.echo();
            }
        }
        return switch (random.nextInt(4)) {
            case 0 -> program.idle();
            case 1 -> program.reset(random.nextInt(2));
            default -> program.forever();
        };
    }

    private static Scenario scenario(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i >= 0; i--) {
            text.append(
                    switch (random.nextInt(9)) {
                        case 0 -> "wait \"a\" within " + (1 + random.nextInt(2_000_000));
                        case 1 -> "wait \"ba\"";
                        case 2, 3 -> "type \"ab\"";
                        case 4 -> "keys \"x\"";
                        case 5 -> "move 1 -2\nclick BTN_LEFT";
                        case 6 -> "display 1 " + (random.nextBoolean() ? "off" : "40x30");
                        case 7 -> "sleep " + (1 + random.nextInt(1_000_000));
                        default -> "snapshot s" + i;
                    });
            text.append('\n');
        }
        return Recordings.scenario(text.toString());
    }

    private RecordingRun run(SessionConfig config, Scenario scenario) throws BadImageException {
        events.clear();
        return new RecordingRun(
                config,
                Optional.of(scenario),
                Optional.of((cycle, event) -> events.add(new Stamped(0, cycle, event))),
                value -> {});
    }

    @Property(tries = 60)
    void aRunGoesOnFromWhereverItWasSaved(@ForAll long seed) throws BadImageException, BadStateException {
        Random random = new Random(seed);
        SessionConfig config = program(random);
        Scenario scenario = scenario(random);
        RecordingRun.Outcome outcome = run(config, scenario).run(LIMIT, cycle -> {});
        List<Stamped> all = List.copyOf(events);

        RecordingRun cut = run(config, scenario);
        List<SavedState> states = new ArrayList<>(List.of(cut.save()));
        List<Integer> before = new ArrayList<>(List.of(0));
        for (long cycle : random.longs(4, 0, outcome.cycles() + 2).sorted().toArray()) {
            if (cut.runTo(Math.min(cycle, LIMIT))) {
                states.add(cut.save());
                before.add(events.size());
            }
        }
        assertThat(cut.run(LIMIT, cycle -> {})).as("law 3").isEqualTo(outcome);
        assertThat(events).as("law 3").isEqualTo(all);

        int at = random.nextInt(states.size());
        SavedState state = ChangedStates.read(ChangedStates.bytes(states.get(at)));
        RecordingRun other = run(config, scenario);
        if (random.nextBoolean() && !other.runTo(random.nextLong(LIMIT / 2))) {
            other = run(config, scenario);
        }
        other.load(state);
        assertThat(other.save()).as("law 1").isEqualTo(state);
        events.clear();
        assertThat(other.run(LIMIT, cycle -> {})).as("law 2").isEqualTo(outcome);
        assertThat(events).as("law 2").isEqualTo(all.subList(before.get(at), all.size()));
    }
}
