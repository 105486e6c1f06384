package dev.semblance.harness.fuzz.minimize;

import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Batch;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptLine.Poke;
import dev.semblance.harness.rig.ScriptLine.Queue;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Scripts with something in them changed. */
final class ScriptEdits {

    /** What the room for a response holds before, if nothing else is said. */
    static final byte[] USUAL_FILL =
            Command.of(Queue.CONTROL, new byte[0], 0).responseFill().clone();

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private ScriptEdits() {}

    /**
     * Where a command is.
     *
     * @param line its line, or that of its batch
     * @param within its place in the batch; -1 if it is a line of its own
     */
    record Place(int line, int within) {}

    /** {@return where the commands are, in order} */
    static List<Place> places(List<ScriptLine> script) {
        List<Place> places = new ArrayList<>();
        for (int line = 0; line < script.size(); line++) {
            if (script.get(line) instanceof Command) {
                places.add(new Place(line, -1));
            } else if (script.get(line) instanceof Batch batch) {
                for (int within = 0; within < batch.commands().size(); within++) {
                    places.add(new Place(line, within));
                }
            }
        }
        return places;
    }

    /** {@return the commands of a line} */
    static List<Command> commands(ScriptLine line) {
        return switch (line) {
            case Command command -> List.of(command);
            case Batch batch -> batch.commands();
            default -> List.of();
        };
    }

    /** {@return the command at a place} */
    static Command at(List<ScriptLine> script, Place place) {
        return commands(script.get(place.line())).get(Math.max(place.within(), 0));
    }

    /** {@return a script with another command at a place} */
    static List<ScriptLine> with(List<ScriptLine> script, Place place, Command command) {
        List<ScriptLine> edited = new ArrayList<>(script);
        if (place.within() < 0) {
            edited.set(place.line(), command);
        } else {
            Batch batch = (Batch) script.get(place.line());
            List<Command> commands = new ArrayList<>(batch.commands());
            commands.set(place.within(), command);
            edited.set(place.line(), new Batch(batch.id(), commands));
        }
        return edited;
    }

    /** {@return a script with every command changed} Lines that come out the same stay the same objects. */
    static List<ScriptLine> map(List<ScriptLine> script, UnaryOperator<Command> change) {
        List<ScriptLine> edited = new ArrayList<>(script.size());
        for (ScriptLine line : script) {
            edited.add(
                    switch (line) {
                        case Command command -> change.apply(command);
                        case Batch batch ->
                            new Batch(
                                    batch.id(),
                                    batch.commands().stream().map(change).toList());
                        default -> line;
                    });
        }
        return edited;
    }

    /** {@return a script without the lines from {@code start} to before {@code end}} */
    static List<ScriptLine> without(List<ScriptLine> script, int start, int end) {
        List<ScriptLine> edited = new ArrayList<>(script.size());
        edited.addAll(script.subList(0, start));
        edited.addAll(script.subList(end, script.size()));
        return edited;
    }

    /** {@return the memory that a line writes first} */
    static List<MemoryWrite> memory(ScriptLine line) {
        return switch (line) {
            case Command command -> command.memory();
            case Batch batch ->
                batch.commands().stream()
                        .flatMap(command -> command.memory().stream())
                        .toList();
            case Poke poke -> poke.memory();
            default -> List.of();
        };
    }

    /** {@return the 32-bit number at an offset, of which the bytes beyond the end are 0} */
    static long word(byte[] bytes, int at) {
        if (at + Integer.BYTES <= bytes.length) {
            return (int) INT.get(bytes, at) & 0xffff_ffffL;
        }
        long value = 0;
        for (int i = bytes.length - 1; i >= at; i--) {
            value = value << Byte.SIZE | bytes[i] & 0xff;
        }
        return value;
    }

    /** {@return bytes with another 32-bit number at an offset} */
    static byte[] withWord(byte[] bytes, int at, long value) {
        byte[] edited = bytes.clone();
        INT.set(edited, at, (int) value);
        return edited;
    }

    /** {@return which command a request is} */
    static Optional<CommandType> type(byte[] request) {
        return request.length < Integer.BYTES ? Optional.empty() : CommandType.of((int) word(request, 0));
    }

    /** {@return a command with another request, and buffers cut where they were} */
    static Command withRequest(Command command, byte[] request) {
        return command(command, request, command.requestSplit(), command.responseLength(), command.responseSplit());
    }

    /** {@return a command with other buffers} */
    static Command command(
            Command command,
            byte[] request,
            List<Integer> requestSplit,
            int responseLength,
            List<Integer> responseSplit) {
        return command.with()
                .request(request, requestSplit)
                .response(responseLength, responseSplit)
                .build();
    }
}
