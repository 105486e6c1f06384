package dev.semblance.harness.trace.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.trace.EventArbitraries;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.text.EventHistory.Earlier;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class EventHistoryProperties {

    private static final TraceManifest MANIFEST = manifest();

    private static TraceManifest manifest() {
        return TraceManifest.builder(TraceManifest.Kind.DEVICE_ONLY)
                .toolVersion("test")
                .ramBytes(1 << 20)
                .devices(List.of(new TraceManifest.Device("gpu", 16, 0, 0, 0)))
                .build();
    }

    @Provide
    Arbitrary<List<Stamped>> traces() {
        return Arbitraries.oneOf(
                        EventArbitraries.events(),
                        EventArbitraries.commands().map(command -> command),
                        Arbitraries.of(new TraceEvent.Memory(0, List.of()), new TraceEvent.ConsoleOutput((byte) 65)))
                .list()
                .ofMaxSize(60)
                .map(events -> {
                    List<Stamped> stamped = new ArrayList<>();
                    events.forEach(event -> stamped.add(new Stamped(stamped.size(), 7L * stamped.size(), event)));
                    return stamped;
                });
    }

    private static String kind(TraceEvent event) {
        boolean others = event instanceof TraceEvent.OfDevice of
                && of.device() != 0
                && !(event instanceof TraceEvent.Input)
                && !EventHistory.isCounted(event);
        return others
                ? event instanceof TraceEvent.Command ? "other device's command" : "other device's event"
                : EventKinds.of(event);
    }

    private static long commands(List<Stamped> events) {
        return events.stream()
                .filter(event -> event.event() instanceof TraceEvent.Command command && command.device() == 0)
                .count();
    }

    /** Everything from the last few commands on is there: as it is, or counted. */
    @Property(tries = 300)
    void whatIsBeforeAPlaceIsToldFromTheLastFewCommandsOn(
            @ForAll("traces") List<Stamped> trace,
            @ForAll @IntRange(min = 1, max = 8) int commands,
            @ForAll @IntRange(max = 60) int read,
            @ForAll @IntRange(max = 60) int place,
            @ForAll @IntRange(max = 60) int anchor) {
        int taken = Math.min(read, trace.size());
        int asked = Math.min(place, taken);
        EventHistory history = new EventHistory(MANIFEST, commands);
        for (int i = 0; i < taken; i++) {
            if (i == Math.min(anchor, asked)) {
                history.keepFrom(i);
            }
            history.add(trace.get(i));
        }
        List<Earlier> before = history.before(asked);
        // They follow each other without a gap, up to the place.
        long next = before.isEmpty() ? asked : before.getFirst().sequence();
        int start = (int) next;
        for (Earlier earlier : before) {
            assertThat(earlier.sequence()).isEqualTo(next);
            next = earlier.end();
            switch (earlier) {
                case EventHistory.Single single ->
                    assertThat(single.event()).isEqualTo(trace.get((int) single.sequence()));
                case EventHistory.Run run ->
                    assertThat(trace.subList((int) run.sequence(), (int) run.end()))
                            .allMatch(event -> kind(event.event()).equals(run.kind()));
            }
        }
        assertThat(next).isEqualTo(asked);
        assertThat(before)
                .filteredOn(earlier -> earlier instanceof EventHistory.Single single
                        && single.event().event() instanceof TraceEvent.Command command
                        && command.device() != 0)
                .isEmpty();
        long all = commands(trace.subList(0, asked));
        assertThat(commands(trace.subList(start, asked))).isEqualTo(Math.min(commands, all));
    }

    @Example
    void longRunsTakeNoRoomAndALineEach() {
        EventHistory history = new EventHistory(MANIFEST, 2);
        for (int i = 0; i < 1_000_000; i++) {
            history.add(new Stamped(i, i, new TraceEvent.ConsoleOutput((byte) 65)));
        }
        history.add(new Stamped(1_000_000, 1, new TraceEvent.Memory(0, List.of())));
        assertThat(history.before(1_000_001)).hasSize(2);
        assertThat(EventHistory.lines(history.before(1_000_001), event -> "?"))
                .containsExactly(new EventHistory.Line(0, "... 1,000,000 consoleOutput events, 1 memory event"));
    }
}
