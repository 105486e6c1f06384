package dev.semblance.harness.fuzz.minimize;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.rig.RecordedAnswer;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.ConfigRead;
import dev.semblance.harness.rig.ScriptLine.Reset;
import dev.semblance.harness.rig.ScriptLine.Screendump;
import dev.semblance.harness.rig.TraceScript;
import dev.semblance.harness.rig.TraceStep;
import dev.semblance.harness.trace.TraceEvent;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a trace has of the outcome of its script's lines, by the ids of commands: these stay with a command whatever becomes
 * of the lines around it.
 */
final class RecordedOutcomes {

    private final TreeMap<String, RecordedAnswer> answers = new TreeMap<>();
    private final TreeMap<String, List<TraceEvent>> shown = new TreeMap<>();

    private RecordedOutcomes() {}

    /** Makes one that knows nothing. */
    static RecordedOutcomes none() {
        return new RecordedOutcomes();
    }

    static RecordedOutcomes of(TraceScript script) {
        RecordedOutcomes outcomes = new RecordedOutcomes();
        for (TraceStep step : script.steps()) {
            List<Command> commands = ScriptEdits.commands(step.line());
            for (int i = 0; i < Math.min(commands.size(), step.answers().size()); i++) {
                outcomes.put(commands.get(i), step.answers().get(i));
            }
            outcomes.put(step.line(), step.shown());
        }
        return outcomes;
    }

    /**
     * Puts goldens in the place of the pictures recorded; tells whether there were any.
     *
     * @throws IOException if one cannot be read
     */
    boolean expectGoldens(TraceScript script, Goldens goldens) throws IOException {
        boolean any = false;
        for (TraceStep step : script.steps()) {
            if (step.line() instanceof Screendump dump
                    && step.shown().size() == 1
                    && step.shown().getFirst() instanceof TraceEvent.Snapshot snapshot
                    && goldens.store().isPresent()) {
                Optional<Frame> golden = goldens.store().get().read(goldens.trace(), snapshot.label());
                if (golden.isPresent()) {
                    Frame frame = golden.get();
                    put(
                            dump,
                            List.of(new TraceEvent.Snapshot(
                                    snapshot.label(),
                                    snapshot.scanout(),
                                    frame.width(),
                                    frame.height(),
                                    frame.digest())));
                    any = true;
                }
            }
        }
        return any;
    }

    void put(Command command, RecordedAnswer answer) {
        command.id().ifPresent(id -> answers.put(id, answer));
    }

    void put(ScriptLine line, List<TraceEvent> events) {
        key(line).ifPresent(id -> shown.put(id, events));
    }

    Optional<RecordedAnswer> answer(Command command) {
        return command.id().flatMap(id -> Optional.ofNullable(answers.get(id)));
    }

    Optional<List<TraceEvent>> shown(ScriptLine line) {
        return key(line).flatMap(id -> Optional.ofNullable(shown.get(id)));
    }

    boolean isEmpty() {
        return answers.isEmpty() && shown.isEmpty();
    }

    /** {@return the id by which it is known what a line shows: that of the command in it which shows something} */
    static Optional<String> key(ScriptLine line) {
        return switch (line) {
            case Screendump dump -> dump.id();
            case Reset reset -> reset.id();
            case ConfigRead read -> read.id();
            default -> {
                List<Command> commands = ScriptEdits.commands(line);
                for (Command command : commands.reversed()) {
                    if (shows(command)) {
                        yield command.id();
                    }
                }
                yield commands.isEmpty() ? Optional.empty() : commands.getLast().id();
            }
        };
    }

    private static boolean shows(Command command) {
        Optional<CommandType> type = ScriptEdits.type(command.request());
        return type.isPresent()
                && switch (type.get()) {
                    case RESOURCE_FLUSH, UPDATE_CURSOR, MOVE_CURSOR -> true;
                    case SET_SCANOUT,
                            RESOURCE_UNREF,
                            GET_DISPLAY_INFO,
                            RESOURCE_CREATE_2D,
                            TRANSFER_TO_HOST_2D,
                            RESOURCE_ATTACH_BACKING,
                            RESOURCE_DETACH_BACKING,
                            GET_EDID -> false;
                };
    }
}
