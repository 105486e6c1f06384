package dev.semblance.harness.trace.text;

import dev.semblance.harness.trace.TraceEvent;
import java.util.Arrays;
import java.util.Optional;

/**
 * The kinds of events, by the names that {@link EventJson} writes and {@link JsonEvents} reads. The switches over events and over
 * kinds have no default, so that a new event has to go both ways.
 */
enum EventKind {
    RESET("reset"),
    FEATURES("features"),
    QUEUE_ENABLED("queueEnabled"),
    QUEUE_DISABLED("queueDisabled"),
    QUEUE_RESET("queueReset"),
    DISPLAY_CHANGE("displayChange"),
    DRIVER_OK("driverOk"),
    NEEDS_RESET("needsReset"),
    CONFIG_READ("configRead"),
    CONFIG_WRITE("configWrite"),
    NOTIFY("notify"),
    MEMORY("memory"),
    REQUEST_PART("requestPart"),
    COMMAND("command"),
    FAULT("fault"),
    INPUT("input"),
    CONSOLE_INPUT("consoleInput"),
    CONSOLE_OUTPUT("consoleOutput"),
    FLUSH("flush"),
    SCANOUT_DISABLED("scanoutDisabled"),
    CURSOR("cursor"),
    SNAPSHOT("snapshot"),
    CHECKPOINT("checkpoint"),
    END("end");

    private final String jsonName;

    EventKind(String jsonName) {
        this.jsonName = jsonName;
    }

    /** {@return the kind of an event} */
    static EventKind of(TraceEvent event) {
        return switch (event) {
            case TraceEvent.Reset reset -> RESET;
            case TraceEvent.Features features -> FEATURES;
            case TraceEvent.QueueEnabled enabled -> QUEUE_ENABLED;
            case TraceEvent.QueueDisabled disabled -> QUEUE_DISABLED;
            case TraceEvent.QueueReset reset -> QUEUE_RESET;
            case TraceEvent.DisplayChange change -> DISPLAY_CHANGE;
            case TraceEvent.DriverOk driverOk -> DRIVER_OK;
            case TraceEvent.NeedsReset needsReset -> NEEDS_RESET;
            case TraceEvent.ConfigRead read -> CONFIG_READ;
            case TraceEvent.ConfigWrite write -> CONFIG_WRITE;
            case TraceEvent.Notify notify -> NOTIFY;
            case TraceEvent.Memory memory -> MEMORY;
            case TraceEvent.RequestPart part -> REQUEST_PART;
            case TraceEvent.Command command -> COMMAND;
            case TraceEvent.Fault fault -> FAULT;
            case TraceEvent.Input input -> INPUT;
            case TraceEvent.ConsoleInput input -> CONSOLE_INPUT;
            case TraceEvent.ConsoleOutput output -> CONSOLE_OUTPUT;
            case TraceEvent.Flush flush -> FLUSH;
            case TraceEvent.ScanoutDisabled disabled -> SCANOUT_DISABLED;
            case TraceEvent.Cursor cursor -> CURSOR;
            case TraceEvent.Snapshot snapshot -> SNAPSHOT;
            case TraceEvent.Checkpoint checkpoint -> CHECKPOINT;
            case TraceEvent.End end -> END;
        };
    }

    /** {@return the kind of a name, or empty where there is none} */
    static Optional<EventKind> named(String jsonName) {
        return Arrays.stream(values())
                .filter(kind -> kind.jsonName.equals(jsonName))
                .findFirst();
    }

    /** {@return the name in the JSON} */
    String jsonName() {
        return jsonName;
    }
}
