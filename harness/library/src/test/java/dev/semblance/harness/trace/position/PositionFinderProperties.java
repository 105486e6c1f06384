package dev.semblance.harness.trace.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.trace.SnapshotLabel;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFiles;
import dev.semblance.harness.trace.position.Found.NotThere;
import dev.semblance.harness.trace.position.Found.There;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** docs/TOOLS.md, "Positions": where a position is, against lists of events that are looked at as a whole. */
class PositionFinderProperties {

    /** RESOURCE_FLUSH and SET_SCANOUT (VIRTIO 1.2, 5.7.6.7). */
    private static final int[] TYPES = {0x104, 0x103};

    private static final List<String> NAMES = List.of("RESOURCE_FLUSH", "SET_SCANOUT");

    @Provide
    Arbitrary<Position> positions() {
        Arbitrary<Long> numbers = Arbitraries.longs().between(0, 8);
        return Arbitraries.oneOf(
                Arbitraries.of(new Position.Start(), new Position.End()),
                Arbitraries.longs().between(0, 70).map(Position.OfEvent::new),
                Arbitraries.longs().between(0, 40).map(Position.OfCycle::new),
                numbers.map(Position.OfFlush::new),
                Combinators.combine(
                                Arbitraries.of("a", "b", "b@1", "zz"),
                                Arbitraries.longs().between(0, 2))
                        .as(Position.OfSnapshot::new),
                Combinators.combine(Arbitraries.of("RESOURCE_FLUSH", "SET_SCANOUT", "GET_EDID", "IN"), numbers)
                        .as(Position.OfCommand::new));
    }

    @Property(tries = 2000)
    void aPositionIsWhereCountingFromTheStartLeadsTo(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 60) int length,
            @ForAll @Size(min = 1, max = 4) List<@From("positions") Position> positions) {
        List<Stamped> events = events(new Random(seed), length);

        List<Found> found = find(events, positions);

        assertThat(found.stream().map(Found::position)).isEqualTo(positions);
        for (Found one : found) {
            Optional<Place> place = one instanceof There there ? Optional.of(there.place()) : Optional.empty();
            assertThat(place).isEqualTo(expected(events, one.position()));
        }
    }

    @Property(tries = 2000)
    void whatIsNearIsThereAndTheErrorNamesIt(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 60) int length,
            @ForAll("positions") Position position) {
        List<Stamped> events = events(new Random(seed), length);
        Found found = find(events, List.of(position)).getFirst();
        if (!(found instanceof NotThere missing)) {
            return;
        }

        assertThat(missing.nearest()).hasSizeLessThanOrEqualTo(2);
        for (There near : missing.nearest()) {
            assertThat(find(events, List.of(near.position()))).containsExactly(near);
        }
        assertThatExceptionOfType(UnusableInputException.class)
                .isThrownBy(() -> missing.require("t.trace"))
                .withMessageStartingWith("t.trace has no " + position)
                .satisfies(e -> assertThat(missing.nearest())
                        .allSatisfy(near -> assertThat(e).hasMessageContaining(near.toString())));
        long alike = events.stream().filter(event -> isOfKind(event, position)).count();
        if (alike > 0) {
            assertThat(missing.nearest()).isNotEmpty();
        }
    }

    private static List<Found> find(List<Stamped> events, List<Position> positions) {
        PositionFinder finder = new PositionFinder(TraceFiles.MANIFEST, positions);
        for (Stamped event : events) {
            if (finder.hasAll()) {
                // What comes from here on may change nothing.
                List<Found> early = finder.found();
                finder.take(event);
                assertThat(finder.found()).isEqualTo(early);
            } else {
                finder.take(event);
            }
        }
        return finder.found();
    }

    private static List<Stamped> events(Random random, int length) {
        List<Stamped> events = new ArrayList<>();
        long cycle = 0;
        for (int i = 0; i < length; i++) {
            cycle += random.nextInt(3) == 0 ? random.nextInt(4) : 0;
            events.add(new Stamped(i, cycle, event(random)));
        }
        return events;
    }

    private static TraceEvent event(Random random) {
        return switch (random.nextInt(6)) {
            case 0, 1 -> new TraceEvent.Flush(random.nextInt(2), 1, 1, 1);
            case 2 -> {
                int scanout = random.nextInt(2);
                yield new TraceEvent.Snapshot(
                        SnapshotLabel.of(random.nextBoolean() ? "a" : "b", scanout), scanout, 1, 1, 1);
            }
            case 3, 4 -> {
                byte[] request = new byte[48];
                int type = TYPES[random.nextInt(TYPES.length)];
                request[0] = (byte) type;
                request[1] = (byte) (type >> 8);
                yield new TraceEvent.Command(
                        0, 0, 0, List.of(), new TraceEvent.Payload.Full(request, new byte[24]), 24, Notification.SENT);
            }
            default -> new TraceEvent.Notify(0, 0);
        };
    }

    /** The rule, over all events. */
    private static Optional<Place> expected(List<Stamped> events, Position position) {
        return switch (position) {
            case Position.Start start -> Optional.of(new Place(0, 0, 0, 0));
            case Position.End end -> Optional.of(after(events.getLast()));
            case Position.OfCycle of -> {
                long before =
                        events.stream().filter(e -> e.cycle() < of.cycle()).count();
                long upTo = events.stream().filter(e -> e.cycle() <= of.cycle()).count();
                yield events.getLast().cycle() < of.cycle()
                        ? Optional.empty()
                        : Optional.of(new Place(before, of.cycle(), before, upTo - 1));
            }
            case Position.OfEvent of -> nth(events, position, of.sequence());
            case Position.OfFlush of -> nth(events, position, of.number());
            case Position.OfSnapshot of -> nth(events, position, of.number());
            case Position.OfCommand of -> nth(events, position, of.number());
        };
    }

    private static Optional<Place> nth(List<Stamped> events, Position position, long number) {
        return events.stream()
                .filter(event -> matches(event, position))
                .skip(number)
                .findFirst()
                .map(PositionFinderProperties::after);
    }

    private static Place after(Stamped event) {
        return new Place(event.sequence() + 1, event.cycle(), event.sequence(), event.sequence());
    }

    private static boolean matches(Stamped event, Position position) {
        return switch (position) {
            case Position.OfSnapshot of ->
                event.event() instanceof TraceEvent.Snapshot snapshot
                        && snapshot.label().equals(of.label());
            case Position.OfCommand of -> name(event).equals(Optional.of(of.name()));
            default -> isOfKind(event, position);
        };
    }

    private static boolean isOfKind(Stamped event, Position position) {
        return switch (position) {
            case Position.OfFlush of -> event.event() instanceof TraceEvent.Flush;
            case Position.OfSnapshot of -> event.event() instanceof TraceEvent.Snapshot;
            case Position.OfCommand of -> name(event).isPresent();
            default -> true;
        };
    }

    private static Optional<String> name(Stamped event) {
        return event.event() instanceof TraceEvent.Command command
                        && command.payload() instanceof TraceEvent.Payload.Full full
                ? Optional.of(NAMES.get(full.request()[0] == 4 ? 0 : 1))
                : Optional.empty();
    }
}
