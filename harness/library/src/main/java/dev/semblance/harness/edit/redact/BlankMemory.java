package dev.semblance.harness.edit.redact;

import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Bytes;
import dev.semblance.machine.memory.MemoryMap;
import dev.semblance.machine.memory.Ram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Blanks what a trace tells of guest memory. That the bytes become zero is not enough: a trace only tells those that
 * changed, so that <em>which</em> ones it tells draws the outline of each letter. So whole pages are told, and each once,
 * since nothing in them changes any more.
 */
final class BlankMemory {

    /** What is remembered as told: 64 bytes, a line of 16 pixels. A page has as many of them as a long has bits. */
    private static final int CELL = 64;

    private static final int CELLS_OF_PAGE = Ram.PAGE_SIZE / CELL;

    /** An event has 512 KiB at most. */
    private static final int MAX_CELLS = (448 << 10) / CELL;

    private final MemoryMap map;

    /** For each device the cells of each page that were told, a bit each. */
    private final TreeMap<Integer, NavigableMap<Long, Long>> told = new TreeMap<>();

    BlankMemory(MemoryMap map) {
        this.map = map;
    }

    TraceEvent.Memory apply(TraceEvent.Memory memory) {
        if (memory.runs().stream().anyMatch(run -> !map.contains(run.address(), run.bytes().length))) {
            // No device reads it; that it is there may be what is wrong with the trace.
            return asTold(memory);
        }
        NavigableMap<Long, Long> known = told.computeIfAbsent(memory.device(), unused -> new TreeMap<>());
        // What is too scattered for whole pages is told in quarters of them, and so on.
        for (int cells = CELLS_OF_PAGE; cells > 0; cells /= 4) {
            NavigableMap<Long, Long> fresh = covering(memory, cells);
            fresh.replaceAll((page, bits) -> bits & ~known.getOrDefault(page, 0L));
            if (fresh.values().stream().mapToLong(Long::bitCount).sum() <= MAX_CELLS) {
                fresh.forEach((page, bits) -> known.merge(page, bits, (a, b) -> a | b));
                return new TraceEvent.Memory(memory.device(), runs(fresh));
            }
        }
        return asTold(memory);
    }

    private static TraceEvent.Memory asTold(TraceEvent.Memory memory) {
        return new TraceEvent.Memory(
                memory.device(),
                memory.runs().stream()
                        .map(run -> new Bytes(run.address(), new byte[run.bytes().length]))
                        .toList());
    }

    /** {@return the cells that runs touch, rounded out to so many} */
    private static NavigableMap<Long, Long> covering(TraceEvent.Memory memory, int cells) {
        NavigableMap<Long, Long> covering = new TreeMap<>();
        long size = (long) cells * CELL;
        long group = cells == Long.SIZE ? -1 : (1L << cells) - 1;
        for (Bytes run : memory.runs()) {
            if (run.bytes().length > 0) {
                long last = (run.address() + run.bytes().length - 1) / size;
                for (long at = run.address() / size; at <= last; at++) {
                    long cell = at * cells;
                    covering.merge(cell / CELLS_OF_PAGE, group << cell % CELLS_OF_PAGE, (a, b) -> a | b);
                }
            }
        }
        return covering;
    }

    private static List<Bytes> runs(NavigableMap<Long, Long> cells) {
        List<Bytes> runs = new ArrayList<>();
        long start = 0;
        long end = 0;
        for (Map.Entry<Long, Long> entry : cells.entrySet()) {
            for (long bits = entry.getValue(); bits != 0; bits &= bits - 1) {
                long cell = entry.getKey() * CELLS_OF_PAGE + Long.numberOfTrailingZeros(bits);
                if (cell > end && end > start) {
                    runs.add(blank(start, end));
                }
                start = cell > end ? cell : start;
                end = cell + 1;
            }
        }
        if (end > start) {
            runs.add(blank(start, end));
        }
        return runs;
    }

    private static Bytes blank(long start, long end) {
        return new Bytes(start * CELL, new byte[(int) (end - start) * CELL]);
    }
}
