package dev.semblance.harness.fuzz.minimize;

import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.harness.fuzz.minimize.ScriptEdits.Place;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Batch;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptLine.Poke;
import dev.semblance.harness.rig.ScriptLine.Screendump;
import dev.semblance.harness.trace.text.DecodedCommand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Makes commands plain: one a notification, one buffer each way, no fence, nothing behind the structure. */
final class CommandNormalizer {

    private static final int DISPLAY_INFO = Header.SIZE + ResponseCodec.MAX_SCANOUTS * 24;
    private static final int EDID = Header.SIZE + 8 + ResponseCodec.EDID_CAPACITY;

    private final ReductionState trials;

    CommandNormalizer(ReductionState trials) {
        this.trials = trials;
    }

    void run() {
        batches();
        everywhereThenEach(CommandNormalizer::plain);
        everywhereThenEach(CommandNormalizer::withoutChain);
        everywhereThenEach(command ->
                ScriptEdits.command(command, command.request(), List.of(), command.responseLength(), List.of()));
        everywhereThenEach(CommandNormalizer::withoutHeader);
        everywhereThenEach(CommandNormalizer::withNaturalLengths);
        everywhereThenEach(CommandNormalizer::withoutOptions);
        probes();
    }

    /**
     * Writes memory in lines of its own, so that a command can go without what it wrote. Costs the same otherwise: all
     * memory of a notification is written before the first of its chains is looked at.
     */
    static List<ScriptLine> memoryApart(List<ScriptLine> script) {
        List<ScriptLine> apart = new ArrayList<>(script.size());
        for (ScriptLine line : script) {
            List<MemoryWrite> memory = ScriptEdits.memory(line);
            if (line instanceof Poke || memory.isEmpty()) {
                apart.add(line);
                continue;
            }
            apart.add(new Poke(memory));
            apart.addAll(ScriptEdits.map(List.of(line), command -> command.withMemory(List.of())));
        }
        return apart;
    }

    /** Writes memory with the command that follows. */
    static List<ScriptLine> memoryTogether(List<ScriptLine> script) {
        List<ScriptLine> together = new ArrayList<>(script.size());
        List<MemoryWrite> memory = new ArrayList<>();
        for (ScriptLine line : script) {
            if (line instanceof Poke poke) {
                memory.addAll(poke.memory());
            } else if (line instanceof Command command && !memory.isEmpty()) {
                memory.addAll(command.memory());
                together.add(command.withMemory(memory));
                memory.clear();
            } else {
                if (!memory.isEmpty()) {
                    together.add(new Poke(memory));
                    memory.clear();
                }
                together.add(line);
            }
        }
        if (!memory.isEmpty()) {
            together.add(new Poke(memory));
        }
        return together;
    }

    /** {@return a script in which each command has a notification to itself} */
    static List<ScriptLine> unbatched(List<ScriptLine> script) {
        List<ScriptLine> apart = new ArrayList<>(script.size());
        for (ScriptLine line : script) {
            if (line instanceof Batch batch) {
                apart.addAll(batch.commands());
            } else {
                apart.add(line);
            }
        }
        return apart;
    }

    private void batches() {
        trials.attempt(unbatched(trials.script()));
        for (int line = trials.script().size() - 1; line >= 0; line--) {
            if (trials.script().get(line) instanceof Batch batch) {
                List<ScriptLine> script = trials.script();
                int at = line;
                List<ScriptLine> single = new ArrayList<>(script);
                single.remove(at);
                single.addAll(at, batch.commands());
                if (!trials.attempt(single)) {
                    DeltaDebugger.reduce(batch.commands(), commands -> {
                        List<ScriptLine> fewer = new ArrayList<>(script);
                        fewer.set(at, new Batch(batch.id(), commands));
                        return !commands.isEmpty() && trials.attempt(fewer);
                    });
                }
            }
        }
    }

    private void everywhereThenEach(UnaryOperator<Command> change) {
        if (trials.attempt(ScriptEdits.map(trials.script(), change))) {
            return;
        }
        for (Place place : ScriptEdits.places(trials.script())) {
            Command command = ScriptEdits.at(trials.script(), place);
            trials.attempt(ScriptEdits.with(trials.script(), place, change.apply(command)));
        }
    }

    private static Command plain(Command command) {
        return withNaturalLengths(withoutHeader(withoutOptions(withoutChain(
                ScriptEdits.command(command, command.request(), List.of(), command.responseLength(), List.of())))));
    }

    private static Command withoutChain(Command command) {
        return command.with().chain(List.of()).build();
    }

    private static Command withoutOptions(Command command) {
        return command.with()
                .id(Optional.empty())
                .responseFill(ScriptEdits.USUAL_FILL)
                .indirect(false)
                .noInterrupt(false)
                .build();
    }

    private static Command withoutHeader(Command command) {
        if (command.request().length < Header.SIZE) {
            return command;
        }
        byte[] request = command.request().clone();
        Arrays.fill(request, Integer.BYTES, Header.SIZE, (byte) 0);
        return ScriptEdits.withRequest(command, request);
    }

    private static Command withNaturalLengths(Command command) {
        byte[] request = CommandCodec.encode(DecodedCommand.of(command.request()));
        return ScriptEdits.command(
                command,
                request.length < command.request().length ? request : command.request(),
                command.requestSplit(),
                Math.min(command.responseLength(), naturalResponse(request)),
                command.responseSplit());
    }

    private static int naturalResponse(byte[] request) {
        return ScriptEdits.type(request)
                .map(type -> switch (type) {
                    case GET_DISPLAY_INFO -> DISPLAY_INFO;
                    case GET_EDID -> EDID;
                    case RESOURCE_CREATE_2D,
                            RESOURCE_UNREF,
                            SET_SCANOUT,
                            RESOURCE_FLUSH,
                            TRANSFER_TO_HOST_2D,
                            RESOURCE_ATTACH_BACKING,
                            RESOURCE_DETACH_BACKING,
                            UPDATE_CURSOR,
                            MOVE_CURSOR -> Header.SIZE;
                })
                .orElse(Header.SIZE);
    }

    private void probes() {
        for (int line = 0; line < trials.script().size(); line++) {
            if (trials.script().get(line) instanceof Screendump dump) {
                List<ScriptLine> script = trials.script();
                int at = line;
                DeltaDebugger.reduce(dump.pixels(), pixels -> {
                    List<ScriptLine> fewer = new ArrayList<>(script);
                    fewer.set(at, new Screendump(dump.id(), dump.head(), pixels, Optional.empty()));
                    return trials.attempt(fewer);
                });
            }
        }
    }
}
