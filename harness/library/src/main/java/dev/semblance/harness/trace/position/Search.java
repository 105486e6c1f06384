package dev.semblance.harness.trace.position;

import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.position.Found.There;
import dev.semblance.harness.trace.text.EventKinds;
import dev.semblance.harness.util.Suggestions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The search for one position. */
sealed interface Search {

    /** How many are told of a kind that has others than the one looked for. */
    int NEAREST = 2;

    /** {@return the search for a position} */
    static Search of(Position position) {
        return switch (position) {
            case Position.Start start -> new Edge(start);
            case Position.End end -> new Edge(end);
            case Position.OfCycle cycle -> new Cycle(cycle);
            case Position.OfEvent event -> new Counted(event, "", event.sequence());
            case Position.OfFlush flush -> new Counted(flush, "", flush.number());
            case Position.OfSnapshot snapshot -> new Counted(snapshot, snapshot.label(), snapshot.number());
            case Position.OfCommand command -> new Counted(command, command.name(), command.number());
        };
    }

    /** {@return what is looked for} */
    Position position();

    /**
     * Takes the next event.
     *
     * @param command the name of the command that it is; empty if it is none, or none is looked for
     */
    void take(Stamped event, Optional<String> command);

    /** {@return whether no later event can change what is found} */
    boolean isOver();

    /**
     * {@return where it is, if it is there}
     *
     * @param last the last event that was taken
     */
    Optional<Place> place(Optional<Stamped> last);

    /**
     * {@return what comes nearest to it where it is not there}
     *
     * @param last the last event that was taken
     */
    List<There> nearest(Optional<Stamped> last);

    /** One of the ends. */
    record Edge(Position position) implements Search {

        @Override
        public void take(Stamped event, Optional<String> command) {}

        @Override
        public boolean isOver() {
            return position instanceof Position.Start;
        }

        @Override
        public Optional<Place> place(Optional<Stamped> last) {
            return isOver()
                    ? Optional.of(new Place(0, 0, 0, 0))
                    : last.map(event -> Place.after(event.sequence(), event.cycle()));
        }

        @Override
        public List<There> nearest(Optional<Stamped> last) {
            return List.of(new There(new Position.Start(), new Place(0, 0, 0, 0)));
        }
    }

    /** A cycle. */
    final class Cycle implements Search {
        private final Position.OfCycle wanted;
        private long before;
        private long upTo;
        private boolean passed;

        /** How many events come before the cycle of the last one. */
        private long beforeLast;

        private long count;
        private long now = -1;

        Cycle(Position.OfCycle wanted) {
            this.wanted = wanted;
        }

        @Override
        public Position position() {
            return wanted;
        }

        @Override
        public void take(Stamped event, Optional<String> command) {
            before += event.cycle() < wanted.cycle() ? 1 : 0;
            upTo += event.cycle() <= wanted.cycle() ? 1 : 0;
            passed |= event.cycle() > wanted.cycle();
            beforeLast = event.cycle() == now ? beforeLast : count;
            now = event.cycle();
            count++;
        }

        @Override
        public boolean isOver() {
            return passed;
        }

        @Override
        public Optional<Place> place(Optional<Stamped> last) {
            return last.filter(event -> event.cycle() >= wanted.cycle())
                    .map(event -> new Place(before, wanted.cycle(), before, upTo - 1));
        }

        @Override
        public List<There> nearest(Optional<Stamped> last) {
            return last.map(event -> {
                        Position cycle = new Position.OfCycle(event.cycle());
                        Place place = new Place(beforeLast, event.cycle(), beforeLast, event.sequence());
                        Place end = Place.after(event.sequence(), event.cycle());
                        return List.of(new There(cycle, place), new There(new Position.End(), end));
                    })
                    .orElse(List.of());
        }
    }

    /** One of several that are alike, by its number among them. */
    final class Counted implements Search {

        /** How many other names are looked at for the nearest. */
        private static final int MAX_NAMES = 4096;

        /** One that has another name than the one looked for. */
        private record Other(There there, int distance) {}

        private final Position wanted;
        private final String name;
        private final long number;

        /** The last of the name. */
        private final ArrayDeque<There> latest = new ArrayDeque<>();

        /** The first ones of the names that are most like it. */
        private final List<Other> others = new ArrayList<>();

        private final Set<String> seen = new TreeSet<>();
        private Optional<Place> found = Optional.empty();
        private long count;

        /**
         * Makes the search.
         *
         * @param name what is counted; empty where all have the same
         */
        Counted(Position wanted, String name, long number) {
            this.wanted = wanted;
            this.name = name;
            this.number = number;
        }

        @Override
        public Position position() {
            return wanted;
        }

        @Override
        public boolean isOver() {
            return found.isPresent();
        }

        @Override
        public Optional<Place> place(Optional<Stamped> last) {
            return found;
        }

        @Override
        public void take(Stamped event, Optional<String> command) {
            if (isOver()) {
                return;
            }
            switch (wanted) {
                case Position.OfFlush flush -> {
                    if (event.event() instanceof TraceEvent.Flush) {
                        matched(event, new Position.OfFlush(count));
                    }
                }
                case Position.OfSnapshot snapshot -> {
                    if (event.event() instanceof TraceEvent.Snapshot taken) {
                        named(event, taken.label());
                    }
                }
                case Position.OfCommand of ->
                    command.filter(EventKinds.commandNames()::contains).ifPresent(one -> named(event, one));
                case Position.OfEvent of -> matched(event, new Position.OfEvent(count));
                case Position.OfCycle of -> throw new IllegalStateException(of + " is not counted");
                case Position.Start start -> throw new IllegalStateException(start + " is not counted");
                case Position.End end -> throw new IllegalStateException(end + " is not counted");
            }
        }

        private void named(Stamped event, String itsName) {
            if (itsName.equals(name)) {
                matched(event, numbered(itsName, count));
            } else if (count == 0 && seen.size() < MAX_NAMES && seen.add(itsName)) {
                There there = new There(numbered(itsName, 0), Place.after(event.sequence(), event.cycle()));
                others.add(new Other(there, Suggestions.distance(name, itsName)));
                others.sort(Comparator.comparingInt(Other::distance));
                if (others.size() > NEAREST) {
                    others.removeLast();
                }
            }
        }

        private Position numbered(String itsName, long itsNumber) {
            return wanted instanceof Position.OfSnapshot
                    ? new Position.OfSnapshot(itsName, itsNumber)
                    : new Position.OfCommand(itsName, itsNumber);
        }

        private void matched(Stamped event, Position position) {
            Place place = Place.after(event.sequence(), event.cycle());
            if (count == number) {
                found = Optional.of(place);
                return;
            }
            latest.addLast(new There(position, place));
            if (latest.size() > NEAREST) {
                latest.removeFirst();
            }
            count++;
        }

        @Override
        public List<There> nearest(Optional<Stamped> last) {
            return count > 0
                    ? List.copyOf(latest)
                    : others.stream().map(Other::there).toList();
        }
    }
}
