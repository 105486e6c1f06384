package dev.semblance.harness.trace.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.trace.EventArbitraries;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every event there is goes out as JSON and comes back the same. */
class EventKindTests {

    /** As scripts and filters have them; these words are never changed. */
    private static final List<String> NAMES = List.of(
            "reset",
            "features",
            "queueEnabled",
            "queueDisabled",
            "queueReset",
            "displayChange",
            "driverOk",
            "needsReset",
            "configRead",
            "configWrite",
            "notify",
            "memory",
            "requestPart",
            "command",
            "fault",
            "input",
            "consoleInput",
            "consoleOutput",
            "flush",
            "scanoutDisabled",
            "cursor",
            "snapshot",
            "checkpoint",
            "end");

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(EventKindTests::leaves)
                : Stream.of(type);
    }

    /** Some events of every kind, and commands with payloads of every kind. */
    private static List<TraceEvent> samples() {
        return Stream.concat(
                        EventArbitraries.events().sampleStream().limit(4000),
                        EventArbitraries.ends().sampleStream().limit(20))
                .toList();
    }

    @Test
    void theNamesInTheJsonAreThoseThatTheyWere() {
        assertThat(Arrays.stream(EventKind.values()).map(EventKind::jsonName)).containsExactlyElementsOf(NAMES);
        for (EventKind kind : EventKind.values()) {
            assertThat(EventKind.named(kind.jsonName())).contains(kind);
        }
        assertThat(EventKind.named("RESET")).isEmpty();
    }

    @Test
    void everyKindOfEventGoesOutAsJsonAndComesBackTheSame() {
        EventJson json = new EventJson(Events.MANIFEST);
        Set<Class<?>> events = new HashSet<>();
        Set<Class<?>> payloads = new HashSet<>();
        Set<EventKind> kinds = new HashSet<>();
        for (TraceEvent event : samples()) {
            Stamped stamped = new Stamped(1, 2, event);
            String line = json.line(stamped);
            JsonEvents.Placed read = JsonEvents.event(line.getBytes(StandardCharsets.UTF_8));
            assertThat(read.event()).as(line).isEqualTo(event);
            events.add(event.getClass());
            kinds.add(EventKind.of(event));
            if (event instanceof Command command) {
                payloads.add(command.payload().getClass());
            }
        }
        assertThat(events)
                .containsExactlyInAnyOrderElementsOf(leaves(TraceEvent.class).toList());
        assertThat(payloads)
                .containsExactlyInAnyOrderElementsOf(leaves(Payload.class).toList());
        assertThat(kinds).containsExactlyInAnyOrder(EventKind.values());
    }
}
