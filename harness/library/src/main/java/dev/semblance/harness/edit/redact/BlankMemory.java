package dev.semblance.harness.edit.redact;

import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Bytes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Blanks what a trace tells of guest memory. That the bytes become zero is not enough: a trace only tells those that
 * changed, so that <em>which</em> ones it tells draws the outline of each letter. So whole pages are told, and each once,
 * since nothing in them changes any more.
 */
final class BlankMemory {

    /** What is remembered as told: 64 bytes, a line of 16 pixels. */
    private static final int CELL = 64;

    private static final int CELLS_OF_PAGE = 4096 / CELL;

    /** An event has 512 KiB at most. */
    private static final int MAX_CELLS = (448 << 10) / CELL;

    private final long ramBase;
    private final long ramBytes;
    private final Map<Integer, BitSet> told = new TreeMap<>();

    BlankMemory(long ramBase, long ramBytes) {
        this.ramBase = ramBase;
        this.ramBytes = ramBytes;
    }

    TraceEvent.Memory apply(TraceEvent.Memory memory) {
        if (memory.runs().stream().anyMatch(this::isOutside)) {
            return asTold(memory);
        }
        BitSet known = told.computeIfAbsent(memory.device(), unused -> new BitSet());
        // What is too scattered for whole pages is told in quarters of them, and so on.
        for (int cells = CELLS_OF_PAGE; cells > 0; cells /= 4) {
            BitSet fresh = covering(memory, cells);
            fresh.andNot(known);
            if (fresh.cardinality() <= MAX_CELLS) {
                known.or(fresh);
                return new TraceEvent.Memory(memory.device(), runs(fresh));
            }
        }
        return asTold(memory);
    }

    /** No device reads it; that it is there may be what is wrong with the trace. */
    private boolean isOutside(Bytes run) {
        return run.address() < ramBase || run.address() - ramBase > ramBytes - run.bytes().length;
    }

    private static TraceEvent.Memory asTold(TraceEvent.Memory memory) {
        return new TraceEvent.Memory(
                memory.device(),
                memory.runs().stream()
                        .map(run -> new Bytes(run.address(), new byte[run.bytes().length]))
                        .toList());
    }

    /** {@return the cells that runs touch, rounded out to so many} */
    private static BitSet covering(TraceEvent.Memory memory, int cells) {
        BitSet covering = new BitSet();
        long size = (long) cells * CELL;
        for (Bytes run : memory.runs()) {
            if (run.bytes().length > 0) {
                long first = run.address() / size;
                long last = (run.address() + run.bytes().length - 1) / size;
                covering.set((int) (first * cells), (int) ((last + 1) * cells));
            }
        }
        return covering;
    }

    private static List<Bytes> runs(BitSet cells) {
        List<Bytes> runs = new ArrayList<>();
        for (int start = cells.nextSetBit(0); start >= 0; ) {
            int end = cells.nextClearBit(start);
            runs.add(new Bytes((long) start * CELL, new byte[(end - start) * CELL]));
            start = cells.nextSetBit(end);
        }
        return runs;
    }
}
