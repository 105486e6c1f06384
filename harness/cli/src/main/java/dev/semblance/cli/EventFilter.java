package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.text.EventKinds;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.harness.util.Suggestions;
import dev.semblance.harness.util.Text;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which kinds of events of one trace are wanted, by the names of devices, events and commands. */
final class EventFilter {

    private final TraceManifest manifest;
    private final EventKinds kinds;
    private final Set<String> wanted;
    private final Set<String> commands;

    private EventFilter(TraceManifest manifest, Set<String> wanted) {
        this.manifest = manifest;
        this.kinds = new EventKinds(manifest);
        this.wanted = wanted;
        this.commands = new TreeSet<>(EventKinds.commandNames());
        this.commands.retainAll(wanted);
    }

    /**
     * Makes the filter for a trace.
     *
     * @param names what is wanted; none for everything
     * @throws CommandException if a name is of no device of the trace, no event and no command
     */
    static EventFilter of(TraceManifest manifest, List<String> names) {
        TreeSet<String> known = new TreeSet<>(EventKinds.names());
        known.addAll(EventKinds.commandNames());
        for (int device = 0; device < manifest.devices().size(); device++) {
            known.addAll(names(manifest, device));
        }
        for (String name : names) {
            if (!known.contains(name)) {
                throw new CommandException(
                        ExitCode.USAGE,
                        Text.format(
                                "--only %s: that is no device of the trace, no event and no command%s",
                                name, Suggestions.hintOrAll(name, known, "there are")));
            }
        }
        return new EventFilter(manifest, new TreeSet<>(names));
    }

    /** Returns whether an event is wanted. It has to be asked of every event of the trace, in their order. */
    boolean takes(Stamped stamped) {
        // Every event is looked at here: requests come in parts.
        boolean named = isWantedCommand(stamped.event());
        return named || isWanted(stamped.event());
    }

    private boolean isWantedCommand(TraceEvent event) {
        if (commands.isEmpty()) {
            return false;
        }
        if (event instanceof TraceEvent.Command command) {
            return commands.contains(kinds.next(command).name());
        }
        kinds.pass(event);
        return false;
    }

    private boolean isWanted(TraceEvent event) {
        return wanted.isEmpty()
                || wanted.contains(EventKinds.of(event))
                || event instanceof TraceEvent.OfDevice of
                        && names(manifest, of.device()).stream().anyMatch(wanted::contains);
    }

    /** Returns what a device is called: as lines have it, and without what stands in parentheses, as in "disk (none)". */
    private static List<String> names(TraceManifest manifest, int device) {
        String kind = EventText.plain(manifest.devices().get(device).kind());
        int parenthesis = kind.indexOf(" (");
        return parenthesis < 0 ? List.of(kind) : List.of(kind, kind.substring(0, parenthesis));
    }
}
