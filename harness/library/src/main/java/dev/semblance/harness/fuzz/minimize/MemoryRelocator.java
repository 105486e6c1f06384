package dev.semblance.harness.fuzz.minimize;

import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Batch;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptLine.Poke;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Scripts whose memory lies elsewhere: what is written follows the backing that it is for. */
final class MemoryRelocator {

    /** No device makes an image larger than that. */
    private static final long MOST_PIXELS = 1L << 40;

    private MemoryRelocator() {}

    /** A stretch of memory and where it goes. */
    record Move(long from, long length, long to) {}

    /** An image in memory, row by row, of which a part is kept: {@code left} and {@code top} pixels go, then the rest. */
    record Crop(long base, long width, long height, long left, long top, long newWidth, long newHeight) {}

    /** {@return a script in which what was written to some stretches is written elsewhere; the rest stays} */
    static List<ScriptLine> moved(List<ScriptLine> script, List<Move> moves) {
        return map(script, write -> move(write, moves));
    }

    /** {@return a script in which what was written to an image is written to where the pixels kept are now} */
    static List<ScriptLine> cropped(List<ScriptLine> script, Crop crop) {
        return map(script, write -> crop(write, crop));
    }

    private static List<ScriptLine> map(List<ScriptLine> script, Function<MemoryWrite, List<MemoryWrite>> change) {
        List<ScriptLine> moved = new ArrayList<>(script.size());
        for (ScriptLine line : script) {
            moved.add(
                    switch (line) {
                        case Poke poke -> new Poke(mapped(poke.memory(), change));
                        case Command command -> map(command, change);
                        case Batch batch ->
                            new Batch(
                                    batch.id(),
                                    batch.commands().stream()
                                            .map(command -> map(command, change))
                                            .toList());
                        default -> line;
                    });
        }
        return moved;
    }

    private static Command map(Command command, Function<MemoryWrite, List<MemoryWrite>> change) {
        return command.memory().isEmpty() ? command : command.withMemory(mapped(command.memory(), change));
    }

    private static List<MemoryWrite> mapped(List<MemoryWrite> writes, Function<MemoryWrite, List<MemoryWrite>> change) {
        List<MemoryWrite> changed = new ArrayList<>();
        for (MemoryWrite write : writes) {
            for (MemoryWrite next : change.apply(write)) {
                join(changed, next);
            }
        }
        return changed;
    }

    /** Adds a write, to the one before if it goes on where that ends. */
    private static void join(List<MemoryWrite> writes, MemoryWrite next) {
        if (!writes.isEmpty()) {
            MemoryWrite last = writes.getLast();
            if (last.address() + last.bytes().length == next.address()) {
                byte[] both = Arrays.copyOf(last.bytes(), last.bytes().length + next.bytes().length);
                System.arraycopy(next.bytes(), 0, both, last.bytes().length, next.bytes().length);
                writes.set(writes.size() - 1, new MemoryWrite(last.address(), both));
                return;
            }
        }
        writes.add(next);
    }

    private static List<MemoryWrite> move(MemoryWrite write, List<Move> moves) {
        List<MemoryWrite> parts = new ArrayList<>();
        long start = write.address();
        long end = start + write.bytes().length;
        boolean touched = false;
        for (Move move : moves) {
            long from = Math.max(start, move.from());
            long to = Math.min(end, move.from() + move.length());
            if (from < to) {
                touched = true;
                parts.add(new MemoryWrite(
                        move.to() + (from - move.from()),
                        Arrays.copyOfRange(write.bytes(), (int) (from - start), (int) (to - start))));
            }
        }
        return touched ? parts : List.of(write);
    }

    private static List<MemoryWrite> crop(MemoryWrite write, Crop crop) {
        if (crop.width() > MOST_PIXELS / crop.height()) {
            return List.of(write);
        }
        long size = crop.width() * crop.height() * 4;
        long start = Math.max(write.address() - crop.base(), 0);
        long end = Math.min(write.address() + write.bytes().length - crop.base(), size);
        if (write.address() < 0 || start >= end) {
            return List.of(write);
        }
        long stride = crop.width() * 4;
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        long first = -1;
        for (long y = Math.max(start / stride, crop.top());
                y < Math.min(crop.top() + crop.newHeight(), (end + stride - 1) / stride);
                y++) {
            long from = Math.max(start, y * stride + crop.left() * 4);
            long to = Math.min(end, y * stride + (crop.left() + crop.newWidth()) * 4);
            if (from < to) {
                if (first < 0) {
                    first = (y - crop.top()) * crop.newWidth() * 4 + (from - y * stride - crop.left() * 4);
                }
                int offset = (int) (crop.base() + from - write.address());
                kept.write(write.bytes(), offset, (int) (to - from));
            }
        }
        return first < 0 ? List.of() : List.of(new MemoryWrite(crop.base() + first, kept.toByteArray()));
    }
}
