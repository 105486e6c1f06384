package dev.semblance.harness.edit.trim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.record.KnownMemory;
import dev.semblance.harness.trace.TraceEvent.Bytes;
import dev.semblance.machine.memory.MemoryMap;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What a trimmed trace tells of memory at its start: all that is known of the pages asked for, once, and no more. */
class KnownPageRunsProperties {

    private static final int PAGE = 4096;
    private static final int PAGES = 5;

    /** Where RAM begins: on semu, and on virt. */
    private static final long[] STARTS = {0, 0x8000_0000L};

    @Property(tries = 200)
    void everyKnownByteOfThePagesAskedForIsToldOnce(@ForAll long seed) {
        Random random = new Random(seed);
        long start = STARTS[random.nextInt(STARTS.length)];
        KnownMemory memory = new KnownMemory();
        TreeMap<Long, Byte> known = new TreeMap<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            byte[] bytes = new byte[random.nextInt(3) == 0 ? PAGE : 1 + random.nextInt(300)];
            random.nextBytes(bytes);
            long address =
                    start + random.nextInt(PAGES) * (long) PAGE + (bytes.length == PAGE ? 0 : random.nextInt(PAGE));
            memory.learn(address, bytes, 0, bytes.length);
            for (int at = 0; at < bytes.length; at++) {
                known.put(address + at, bytes[at]);
            }
        }
        KnownPageRuns pages = new KnownPageRuns(memory, MemoryMap.of(start, PAGES * (long) PAGE));
        TreeSet<Long> wanted = new TreeSet<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            long address = start + random.nextInt(PAGES * PAGE);
            long length = 1L + random.nextInt(2 * PAGE);
            pages.add(address, length);
            for (long page = address / PAGE; page * PAGE < address + length && page < start / PAGE + PAGES; page++) {
                wanted.add(page);
            }
        }
        TreeMap<Long, Byte> told = new TreeMap<>();
        for (Bytes run : pages.runs()) {
            assertThat(run.bytes()).isNotEmpty();
            for (int at = 0; at < run.bytes().length; at++) {
                assertThat(told.put(run.address() + at, run.bytes()[at]))
                        .as("told before")
                        .isNull();
            }
        }
        known.keySet().removeIf(address -> !wanted.contains(address / PAGE));
        assertThat(told).isEqualTo(known);
    }

    @Example
    void stretchesOutsideOfRamAreNotLookedAt() {
        for (long start : STARTS) {
            KnownMemory memory = new KnownMemory();
            memory.learn(start, new byte[2 * PAGE], 0, 2 * PAGE);
            KnownPageRuns pages = new KnownPageRuns(memory, MemoryMap.of(start, PAGE));
            pages.add(start - 1, 10);
            pages.add(start + PAGE, 10);
            pages.add(Long.MIN_VALUE, 10);
            pages.add(Long.MAX_VALUE, Long.MAX_VALUE);
            assertThat(pages.runs()).isEmpty();
            pages.add(start + PAGE - 1, 0xffff_ffffL);
            assertThat(pages.runs()).isEqualTo(List.of(new Bytes(start, new byte[PAGE])));
        }
    }
}
