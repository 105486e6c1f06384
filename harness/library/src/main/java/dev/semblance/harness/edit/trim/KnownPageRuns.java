package dev.semblance.harness.edit.trim;

import dev.semblance.harness.record.KnownMemory;
import dev.semblance.harness.trace.TraceEvent.Bytes;
import dev.semblance.machine.memory.MemoryMap;
import dev.semblance.machine.memory.Ram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** What is known of parts of guest memory, each told once. */
final class KnownPageRuns {

    private static final int PAGE = Ram.PAGE_SIZE;

    private final KnownMemory memory;
    private final MemoryMap map;
    private final TreeSet<Long> pages = new TreeSet<>();

    /**
     * Makes one without pages.
     *
     * @param map where the guest has RAM; what lies elsewhere is left out
     */
    KnownPageRuns(KnownMemory memory, MemoryMap map) {
        this.memory = memory;
        this.map = map;
    }

    /** Adds the pages that a stretch touches. */
    void add(long address, long length) {
        for (MemoryMap.Region region : map.regions()) {
            if (address >= region.base() && address < region.end()) {
                long end = address + Math.min(length, region.end() - address);
                for (long page = address / PAGE * PAGE; page < end; page += PAGE) {
                    pages.add(page);
                }
            }
        }
    }

    /** {@return what is known of them} */
    List<Bytes> runs() {
        List<Bytes> runs = new ArrayList<>();
        byte[] bytes = new byte[PAGE];
        for (long page : pages) {
            if (memory.read(page, bytes, 0, PAGE)) {
                runs.add(new Bytes(page, bytes.clone()));
            } else {
                partly(page, runs);
            }
        }
        return runs;
    }

    private void partly(long page, List<Bytes> runs) {
        byte[] bytes = new byte[PAGE];
        int start = 0;
        for (int at = 0; at <= PAGE; at++) {
            boolean known = at < PAGE && memory.read(page + at, bytes, at, 1);
            if (!known) {
                if (at > start) {
                    runs.add(new Bytes(page + start, Arrays.copyOfRange(bytes, start, at)));
                }
                start = at + 1;
            }
        }
    }
}
