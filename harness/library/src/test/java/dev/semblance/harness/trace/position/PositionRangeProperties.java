package dev.semblance.harness.trace.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.trace.EventArbitraries;
import dev.semblance.harness.trace.EventArbitraries.Step;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFiles;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** docs/TOOLS.md, "Positions": a range has both its ends in it. */
class PositionRangeProperties {

    @Provide
    Arbitrary<List<Step>> traces() {
        return Combinators.combine(Arbitraries.longs().between(0, 2), EventArbitraries.events())
                .as(Step::new)
                .list()
                .ofMaxSize(20)
                .map(steps -> {
                    List<Step> ended = new ArrayList<>(steps);
                    ended.add(new Step(0, new TraceEvent.End(TraceEvent.End.Reason.SCRIPT, 0, new byte[0])));
                    return ended;
                });
    }

    @Provide
    Arbitrary<Position> ends() {
        return Arbitraries.oneOf(
                Arbitraries.of(new Position.Start(), new Position.End()),
                Arbitraries.longs().between(0, 22).map(Position.OfEvent::new),
                Arbitraries.longs().between(0, 30).map(Position.OfCycle::new));
    }

    @Property(tries = 500)
    void theEventsOfARangeAreThoseBetweenItsEndsAndTheEndsThemselves(
            @ForAll("traces") List<Step> steps, @ForAll("ends") Position from, @ForAll("ends") Position to)
            throws IOException {
        List<Stamped> events = TraceFiles.stamped(steps);
        List<Long> wanted = events.stream()
                .filter(event -> isNotBefore(event, from) && isNotBehind(event, to))
                .map(Stamped::sequence)
                .toList();
        boolean there = isThere(events, from) && isThere(events, to);
        List<Long> found = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(
                new SeekableInMemoryByteChannel(TraceFiles.bytes(steps, TraceWriter.Options.standard())))) {
            Throwable thrown = catchThrowable(() -> {
                PositionRange.Events range = new PositionRange(from, to).find(reader, "t.trace");
                events.stream().map(Stamped::sequence).filter(range::contains).forEach(found::add);
            });
            if (thrown == null) {
                assertThat(there).isTrue();
                assertThat(found).isEqualTo(wanted).isNotEmpty();
            } else {
                assertThat(thrown)
                        .isInstanceOf(UnusableInputException.class)
                        .hasMessageContaining(
                                there ? "no event of t.trace is in the range from " + from : "t.trace has no ");
                assertThat(there && !wanted.isEmpty()).isFalse();
            }
        }
    }

    private static boolean isThere(List<Stamped> events, Position position) {
        return switch (position) {
            case Position.OfEvent of -> of.sequence() < events.size();
            case Position.OfCycle of -> of.cycle() <= events.getLast().cycle();
            default -> true;
        };
    }

    private static boolean isNotBefore(Stamped event, Position from) {
        return switch (from) {
            case Position.OfEvent of -> event.sequence() >= of.sequence();
            case Position.OfCycle of -> event.cycle() >= of.cycle();
            case Position.End end -> event.event() instanceof TraceEvent.End;
            default -> true;
        };
    }

    private static boolean isNotBehind(Stamped event, Position to) {
        return switch (to) {
            case Position.OfEvent of -> event.sequence() <= of.sequence();
            case Position.OfCycle of -> event.cycle() <= of.cycle();
            case Position.Start start -> event.sequence() == 0;
            default -> true;
        };
    }
}
