package dev.semblance.harness.fuzz.minimize;

import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptLine.Poke;
import dev.semblance.harness.trace.text.DecodedCommand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Leaves out memory that nothing reads, cuts off its ends, and blanks what is left, down to single bytes. */
final class MemoryContents {

    /** A write is blanked in at most so many parts. */
    private static final int MOST_PARTS = 512;

    private final ReductionState trials;

    MemoryContents(ReductionState trials) {
        this.trials = trials;
    }

    /** Where a write is: the line, the place in its memory. */
    private record Spot(int line, int index) {}

    void run() {
        writes();
        simplePixels();
        for (Spot spot : spots()) {
            shrink(spot);
        }
    }

    private List<Spot> spots() {
        List<Spot> spots = new ArrayList<>();
        for (int line = 0; line < trials.script().size(); line++) {
            int count = memory(trials.script().get(line)).size();
            for (int index = 0; index < count; index++) {
                spots.add(new Spot(line, index));
            }
        }
        return spots;
    }

    /** {@return what this class may change: memory apart, and that of commands by themselves} */
    private static List<MemoryWrite> memory(ScriptLine line) {
        return switch (line) {
            case Poke poke -> poke.memory();
            case Command command -> command.memory();
            default -> List.of();
        };
    }

    private static ScriptLine withMemory(ScriptLine line, List<MemoryWrite> memory) {
        return switch (line) {
            case Poke poke -> new Poke(memory);
            case Command command -> command.withMemory(memory);
            default -> line;
        };
    }

    /** Leaves out whole writes. */
    private void writes() {
        List<ScriptLine> script = trials.script();
        DeltaDebugger.reduce(spots(), kept -> {
            TreeMap<Integer, List<MemoryWrite>> left = new TreeMap<>();
            for (Spot spot : kept) {
                left.computeIfAbsent(spot.line(), line -> new ArrayList<>())
                        .add(memory(script.get(spot.line())).get(spot.index()));
            }
            List<ScriptLine> fewer = new ArrayList<>(script);
            for (int line = 0; line < fewer.size(); line++) {
                if (!memory(fewer.get(line)).isEmpty()) {
                    fewer.set(line, withMemory(fewer.get(line), left.getOrDefault(line, List.of())));
                }
            }
            return trials.attempt(fewer);
        });
    }

    /** Puts a few bytes that differ from each other at the start of the first image's backing, in place of all memory. */
    private void simplePixels() {
        for (ScriptLine line : trials.script()) {
            for (Command command : ScriptEdits.commands(line)) {
                if (DecodedCommand.of(command.request()) instanceof GpuCommand.ResourceAttachBacking attach
                        && !attach.entries().isEmpty()) {
                    long address = attach.entries().getFirst().address();
                    long length = attach.entries().getFirst().length();
                    for (int bytes = 4; bytes <= 64; bytes *= 2) {
                        if (bytes <= length && trials.attempt(withPixels(address, bytes))) {
                            return;
                        }
                    }
                    if (length > 64 && length <= 1 << 16) {
                        trials.attempt(withPixels(address, (int) length));
                    }
                }
            }
        }
    }

    private List<ScriptLine> withPixels(long address, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i % 255 + 1);
        }
        List<ScriptLine> script = new ArrayList<>();
        script.add(new Poke(List.of(new MemoryWrite(address, bytes))));
        for (ScriptLine line : trials.script()) {
            if (!(line instanceof Poke)) {
                script.add(line instanceof Command command ? command.withMemory(List.of()) : line);
            }
        }
        return script;
    }

    private void shrink(Spot spot) {
        IntegerShrinker.shrink(0, write(spot).bytes().length, length -> {
            MemoryWrite now = write(spot);
            return replace(spot, new MemoryWrite(now.address(), Arrays.copyOf(now.bytes(), (int) length)));
        });
        MemoryWrite shorter = write(spot);
        int all = shorter.bytes().length;
        IntegerShrinker.shrink(
                0,
                all,
                length -> replace(
                        spot,
                        new MemoryWrite(
                                shorter.address() + all - length,
                                Arrays.copyOfRange(shorter.bytes(), all - (int) length, all))));
        blank(spot);
    }

    private void blank(Spot spot) {
        MemoryWrite write = write(spot);
        int length = write.bytes().length;
        if (length == 0) {
            return;
        }
        int part = (length + MOST_PARTS - 1) / MOST_PARTS;
        List<Integer> parts = IntStream.range(0, (length + part - 1) / part)
                .filter(number -> !isBlank(write.bytes(), number * part, part))
                .boxed()
                .toList();
        DeltaDebugger.reduce(parts, kept -> {
            byte[] bytes = new byte[length];
            for (int number : kept) {
                int start = number * part;
                System.arraycopy(write.bytes(), start, bytes, start, Math.min(part, length - start));
            }
            return replace(spot, new MemoryWrite(write.address(), bytes));
        });
    }

    private static boolean isBlank(byte[] bytes, int start, int length) {
        for (int i = start; i < Math.min(start + length, bytes.length); i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private MemoryWrite write(Spot spot) {
        return memory(trials.script().get(spot.line())).get(spot.index());
    }

    private boolean replace(Spot spot, MemoryWrite write) {
        List<ScriptLine> script = new ArrayList<>(trials.script());
        ScriptLine line = script.get(spot.line());
        List<MemoryWrite> memory = new ArrayList<>(memory(line));
        memory.set(spot.index(), write);
        script.set(spot.line(), withMemory(line, memory));
        return trials.attempt(script);
    }
}
