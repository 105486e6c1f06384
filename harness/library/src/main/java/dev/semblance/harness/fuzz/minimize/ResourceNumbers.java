package dev.semblance.harness.fuzz.minimize;

import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Command;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Renumbers images from 1 on, in the order in which they appear, wherever they are named. */
final class ResourceNumbers {

    private final ReductionState trials;

    ResourceNumbers(ReductionState trials) {
        this.trials = trials;
    }

    void run() {
        TreeMap<Long, Long> numbers = new TreeMap<>();
        for (ScriptLine line : trials.script()) {
            for (Command command : ScriptEdits.commands(line)) {
                OptionalInt at = offset(command);
                if (at.isPresent()) {
                    long id = ScriptEdits.word(command.request(), at.getAsInt());
                    if (id != 0) {
                        numbers.putIfAbsent(id, numbers.size() + 1L);
                    }
                }
            }
        }
        if (!trials.attempt(ScriptEdits.map(trials.script(), renumber(numbers)))) {
            numbers.forEach((from, to) -> {
                TreeMap<Long, Long> swap = new TreeMap<>();
                swap.put(from, to);
                swap.put(to, from);
                trials.attempt(ScriptEdits.map(trials.script(), renumber(swap)));
            });
        }
    }

    private static UnaryOperator<Command> renumber(Map<Long, Long> numbers) {
        return command -> {
            OptionalInt at = offset(command);
            if (at.isEmpty()) {
                return command;
            }
            long id = ScriptEdits.word(command.request(), at.getAsInt());
            long number = numbers.getOrDefault(id, id);
            return number == id
                    ? command
                    : ScriptEdits.withRequest(command, ScriptEdits.withWord(command.request(), at.getAsInt(), number));
        };
    }

    /** {@return where a request names its image, if it is whole} */
    static OptionalInt offset(Command command) {
        byte[] request = command.request();
        return ScriptEdits.type(request)
                .filter(type -> request.length >= type.size())
                .map(type -> OptionalInt.of(offset(type)))
                .orElse(OptionalInt.empty())
                .stream()
                .filter(at -> at > 0)
                .findFirst();
    }

    /** {@return the offset of resource_id in a command's structure (VIRTIO 1.2, 5.7.6.8, 5.7.6.10); 0 if it has none} */
    private static int offset(CommandType type) {
        return switch (type) {
            case GET_DISPLAY_INFO, GET_EDID -> 0;
            case RESOURCE_CREATE_2D, RESOURCE_UNREF, RESOURCE_ATTACH_BACKING, RESOURCE_DETACH_BACKING -> 24;
            case SET_SCANOUT -> 44;
            case RESOURCE_FLUSH -> 40;
            case TRANSFER_TO_HOST_2D -> 48;
            case UPDATE_CURSOR, MOVE_CURSOR -> 40;
        };
    }
}
