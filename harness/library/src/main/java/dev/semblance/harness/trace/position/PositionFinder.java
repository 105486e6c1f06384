package dev.semblance.harness.trace.position;

import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Found.NotThere;
import dev.semblance.harness.trace.position.Found.There;
import dev.semblance.harness.trace.text.EventKinds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds positions in a trace, all in one pass over its events, in a memory that does not grow with its length. Events are put
 * in one by one in their order, by {@link #find} or by whoever reads them anyway. One thread at a time.
 */
public final class PositionFinder {

    private final EventKinds kinds;
    private final boolean namesCommands;
    private final List<Search> searches;
    private Optional<Stamped> last = Optional.empty();

    /**
     * Makes a finder at the start of a trace.
     *
     * @param manifest what the trace was made with
     * @param positions what to look for
     */
    public PositionFinder(TraceManifest manifest, List<Position> positions) {
        this.kinds = new EventKinds(manifest);
        this.namesCommands = positions.stream().anyMatch(position -> position instanceof Position.OfCommand);
        this.searches = positions.stream().map(Search::of).toList();
    }

    /**
     * Finds positions in a trace, and reads no further than it has to.
     *
     * @param reader the trace, at its start
     * @param positions what to look for
     * @return what came of each, in their order
     * @throws IOException if the trace cannot be read, or is damaged before all were found
     */
    public static List<Found> find(TraceReader reader, List<Position> positions) throws IOException {
        PositionFinder finder = new PositionFinder(reader.manifest(), positions);
        while (!finder.hasAll()) {
            Optional<Stamped> next = reader.next();
            if (next.isEmpty()) {
                break;
            }
            finder.take(next.get());
        }
        return finder.found();
    }

    /**
     * Takes the next event of the trace.
     *
     * @param event the event with its place
     */
    public void take(Stamped event) {
        Optional<String> command = command(event.event());
        searches.forEach(search -> search.take(event, command));
        last = Optional.of(event);
    }

    /** {@return the name of a command, if any is looked for} */
    private Optional<String> command(TraceEvent event) {
        if (!namesCommands) {
            return Optional.empty();
        }
        if (event instanceof TraceEvent.Command command) {
            return Optional.of(kinds.next(command).name());
        }
        kinds.pass(event);
        return Optional.empty();
    }

    /** {@return whether all positions are found, and the rest of the trace need not be read} */
    public boolean hasAll() {
        return searches.stream().allMatch(Search::isOver);
    }

    /** {@return what came of each position, if no event comes any more} */
    public List<Found> found() {
        List<Found> found = new ArrayList<>();
        for (Search search : searches) {
            Optional<Place> place = search.place(last);
            found.add(
                    place.isPresent()
                            ? new There(search.position(), place.get())
                            : new NotThere(search.position(), search.nearest(last)));
        }
        return List.copyOf(found);
    }
}
