package dev.semblance.harness.trace.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.trace.text.EventKinds;
import dev.semblance.harness.util.Text;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** docs/TOOLS.md, "Positions": what is printed is read again, and nothing else gets by. */
class PositionProperties {

    @Provide
    Arbitrary<Position> positions() {
        Arbitrary<Long> numbers = Arbitraries.longs().between(0, Long.MAX_VALUE);
        Arbitrary<String> labels = Combinators.combine(
                        Arbitraries.strings().withChars("azAZ09").ofLength(1),
                        Arbitraries.strings().withChars("azAZ09._-").ofMaxLength(62),
                        Arbitraries.of("", "a", "_", "-"),
                        Arbitraries.of("", "@1", "@9", "@10", "@15"))
                .as((first, middle, last, scanout) ->
                        first + (last.isEmpty() ? middle.replaceAll("\\.+$", "") : middle + last) + scanout);
        return Arbitraries.oneOf(
                Arbitraries.of(new Position.Start(), new Position.End()),
                numbers.map(Position.OfEvent::new),
                numbers.map(Position.OfCycle::new),
                numbers.map(Position.OfFlush::new),
                Combinators.combine(labels, numbers).as(Position.OfSnapshot::new),
                Combinators.combine(Arbitraries.of(EventKinds.commandNames()), numbers)
                        .as(Position.OfCommand::new));
    }

    @Property
    void whatIsPrintedIsReadAgain(@ForAll("positions") Position position) {
        assertThat(Position.parse(position.toString())).isEqualTo(position);
    }

    @Property
    void numbersMayBeWrittenWithCommasAndUnderscores(@ForAll @LongRange(min = 0) long number) {
        String grouped = Text.format("%,d", number);
        assertThat(Position.parse("cycle:" + grouped)).isEqualTo(new Position.OfCycle(number));
        assertThat(Position.parse(grouped.replace(',', '_'))).isEqualTo(new Position.OfEvent(number));
    }

    @Provide
    Arbitrary<String> almost() {
        Arbitrary<String> parts = Arbitraries.oneOf(
                Arbitraries.of(
                        "event", "cycle", "flush", "snapshot", "command", "start", "end", ":", ",", "_", "@", "-"),
                Arbitraries.of(
                        "RESOURCE_FLUSH", "IN", "0", "9", "99999999999999999999", "\u0661", "\n", "\u001b", "\ud800"),
                Arbitraries.strings().ofMaxLength(4));
        return parts.list().ofMaxSize(6).map(list -> String.join("", list));
    }

    @Property(tries = 5000)
    void anyTextIsAPositionOrTheErrorForPeople(@ForAll("almost") String text) {
        Throwable thrown = catchThrowable(() -> {
            Position position = Position.parse(text);
            assertThat(Position.parse(position.toString())).isEqualTo(position);
        });
        if (thrown != null) {
            assertThat(thrown).isInstanceOf(UnusableInputException.class);
            assertThat(thrown.getMessage()).contains("is no position: ").doesNotContain("\n", "\u001b");
        }
    }
}
