package dev.semblance.harness.playback.blame;

import dev.semblance.harness.playback.Moment;
import dev.semblance.harness.playback.Playback;
import dev.semblance.machine.Machine;
import dev.semblance.machine.cpu.MemoryEvent;
import dev.semblance.machine.cpu.Watch;
import dev.semblance.machine.cpu.Watchpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Finds the last writes to guest memory before a moment: plays the stretch before it with a watch, and if nothing was written, those between
 * the states that are kept, latest first. A stretch at whose ends the page is the same is passed over. So the cost is little more than
 * that of a stretch or two, and of the way to where nobody has been yet, which is played unwatched: a machine that is watched is less than half as fast.
 */
final class WriteSearch {

    /** In cycles: most of what is transferred was just written. */
    private static final long FIRST_STRETCH = 1 << 20;

    private final Playback playback;
    private final LongConsumer progress;

    WriteSearch(Playback playback, LongConsumer progress) {
        this.playback = playback;
        this.progress = progress;
    }

    /**
     * {@return the write that each byte had last, in their order; none for a byte that was never written} The playback is
     * somewhere before the moment then.
     *
     * @param address physical, of the first byte; all of them are in RAM
     * @param length in bytes, 1 to 8
     * @param before when the bytes are looked at
     */
    List<Optional<MemoryEvent>> lastWrites(long address, int length, Moment before) {
        List<Optional<MemoryEvent>> found = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            found.add(Optional.empty());
        }
        Moment end = playback.index().before(Math.max(0, before.cycle() - FIRST_STRETCH));
        fill(found, end, before, address, length);
        Optional<Pages> after = Optional.empty();
        while (playback.index().start().isBefore(end) && found.stream().anyMatch(Optional::isEmpty)) {
            Moment start = playback.keptBefore(end);
            playback.visit(start, progress);
            Pages pages = new Pages(
                    playback.machine().pageIdentity(address), playback.machine().pageIdentity(address + length - 1));
            if (!after.map(pages::areSame).orElse(false)) {
                fill(found, start, end, address, length);
            }
            after = Optional.of(pages);
            end = start;
        }
        return found;
    }

    /** The pages of the first byte and of the last. */
    private record Pages(Object first, Object last) {
        @SuppressWarnings("ReferenceEquality") // Which object it is counts, not what it holds.
        boolean areSame(Pages other) {
            return first == other.first && last == other.last;
        }
    }

    private void fill(List<Optional<MemoryEvent>> found, Moment start, Moment end, long address, int length) {
        List<Optional<MemoryEvent>> here = writesBetween(start, end, address, length);
        for (int i = 0; i < length; i++) {
            if (found.get(i).isEmpty()) {
                found.set(i, here.get(i));
            }
        }
    }

    private List<Optional<MemoryEvent>> writesBetween(Moment start, Moment end, long address, int length) {
        List<Optional<MemoryEvent>> last = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            last.add(Optional.empty());
        }
        Machine machine = playback.machine();
        playback.visit(start, progress);
        machine.watch(Watch.over(List.of(Watchpoint.ofWrites(address, length)), event -> {
            for (int i = 0; i < length; i++) {
                long byteAt = address + i;
                if (byteAt >= event.physical() && byteAt < event.physical() + event.length()) {
                    last.set(i, Optional.of(event));
                }
            }
        }));
        try {
            playback.playOn(end, progress);
        } finally {
            machine.watch(Watch.NOTHING);
        }
        return last;
    }
}
