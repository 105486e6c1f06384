package dev.semblance.harness.fuzz;

import dev.semblance.harness.fuzz.SwarmSettings.Layout;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.machine.memory.Ram;
import java.util.Arrays;
import java.util.Optional;

/**
 * Makes up the memory entries of a backing: in one piece or in many, in order or not, overlapping, empty, outside RAM; or page
 * by page; or in crumbs.
 */
final class Backings {

    /** Images lie in the bytes from here to {@link #END}, as long as nothing is disturbed. */
    static final int START = 0x100;

    static final int END = 0x2100;

    private static final int MOST_PIECES = 6;

    private static final int PAGE = Ram.PAGE_SIZE;

    /** The pages that backing made of pages lies in are from 1 to before this one, if RAM has as many. */
    private static final int END_PAGE = 15;

    private static final int LEAST_PAGES = 4;
    private static final int LARGEST_CRUMB = 16;

    private final EntropySource choices;
    private final long ramBytes;
    private final Layout layout;
    private final int endPage;

    Backings(EntropySource choices, long ramBytes, Layout layout) {
        this.choices = choices;
        this.ramBytes = ramBytes;
        endPage = (int) Math.min(END_PAGE, (ramBytes - DeviceRig.RESERVED_BYTES) / PAGE);
        this.layout = layout == Layout.PAGES && endPage <= LEAST_PAGES ? Layout.PIECES : layout;
    }

    /** {@return the end of the memory that images come from, as long as nothing is disturbed} */
    int end() {
        return layout == Layout.PAGES ? endPage * PAGE : END;
    }

    /** {@return what lies there beyond {@link #END}} */
    Optional<MemoryWrite> noise() {
        return end() == END ? Optional.empty() : Optional.of(new MemoryWrite(END, choices.bytes(end() - END)));
    }

    /** {@return addresses and lengths in turn, which together have {@code size} bytes or a few less or more} */
    long[] entries(long size, boolean disturb) {
        long wanted = disturb && choices.chance(1, 2) ? Math.max(0, size + choices.between(-5, 5)) : size;
        long[] entries = switch (layout) {
            case PIECES -> pieces(wanted);
            case PAGES -> pages(wanted);
            case CRUMBS -> crumbs(wanted);
        };
        if (disturb && choices.chance(1, 2)) {
            disturb(entries);
        }
        return entries;
    }

    private long[] pieces(long wanted) {
        long room = END - START;
        if (wanted > room * MOST_PIECES) {
            // Too large for its corner: as much of RAM as it takes, and some of it twice if need be.
            return new long[] {0, Math.min(wanted, ramBytes)};
        }
        int pieces = choices.chance(1, 2) ? 1 : choices.between(2, MOST_PIECES);
        long[] entries = new long[0];
        long left = wanted;
        while (left > 0 || entries.length == 0) {
            pieces--;
            long most = Math.min(left, room);
            long length = pieces <= 0 ? most : 1 + choices.below((int) Math.max(1, most));
            length = Math.min(length, most);
            entries = add(entries, START + choices.below((int) (room - length + 1)), length);
            left -= length;
            if (choices.chance(1, 10)) {
                entries = add(entries, choices.chance(1, 2) ? choices.bits() : START, 0);
            }
            if (choices.chance(1, 8) && left > 0 && entries[entries.length - 1] > 0) {
                // One that goes on right behind the one before it.
                long address = entries[entries.length - 2] + entries[entries.length - 1];
                long more = Math.min(left, END - address);
                if (more > 0) {
                    entries = add(entries, address, more);
                    left -= more;
                }
            }
        }
        return entries;
    }

    /** Page after page, with gaps, steps back and jumps; what touches may be one entry, and the last may end early. */
    private long[] pages(long wanted) {
        int count = (int) Math.max(1, Math.ceilDiv(wanted, PAGE));
        boolean joined = choices.chance(1, 4);
        boolean whole = choices.chance(3, 4);
        // Some lists are all of one kind, and so can be seen apart.
        int order = choices.below(4);
        long[] entries = new long[2 * count];
        int used = 0;
        int page = choices.between(1, endPage - 1);
        for (int i = 0; i < count; i++) {
            long length = i + 1 < count || whole ? PAGE : Math.max(1, wanted - (long) i * PAGE);
            if (joined && used > 0 && entries[used - 2] + entries[used - 1] == (long) page * PAGE) {
                entries[used - 1] += length;
            } else {
                entries[used++] = (long) page * PAGE;
                entries[used++] = length;
            }
            page += switch (order) {
                case 0 -> 1;
                case 1 -> choices.pick(1, 2);
                default -> choices.pick(1, 1, 1, 1, 2, 2, 3, 0, -1, choices.below(endPage));
            };
            page = 1 + Math.floorMod(page - 1, endPage - 1);
        }
        return Arrays.copyOf(entries, used);
    }

    /** As many entries as the bytes need, a few bytes each; now and then empty ones up to as many as there may be. */
    private long[] crumbs(long wanted) {
        int largest = choices.pick(1, 4, LARGEST_CRUMB);
        int most = (int) (ramBytes / PAGE + 1);
        int limit = choices.chance(1, 8) ? most + choices.between(-1, 1) : 0;
        long[] entries = new long[2 * most + 2];
        int used = 0;
        long left = wanted;
        while (left > 0 || used == 0) {
            // The last one that there may be takes all the rest.
            boolean last = used == 2 * (most - 1);
            long length = last ? Math.min(left, END - START) : Math.min(left, choices.between(1, largest));
            entries[used++] = (long) START + choices.below((int) (END - START - length + 1));
            entries[used++] = length;
            left = last ? 0 : left - length;
        }
        for (; used < 2 * limit; used += 2) {
            entries[used] = START;
        }
        return Arrays.copyOf(entries, used);
    }

    private void disturb(long[] entries) {
        int entry = 2 * choices.below(entries.length / 2);
        long length = entries[entry + 1];
        switch (choices.below(7)) {
            case 0 -> entries[entry] = ramBytes - length;
            case 1 -> entries[entry] = ramBytes - length + 1;
            case 2 -> entries[entry] = choices.bits();
            case 3 -> entries[entry] += 1L << choices.between(32, 63);
            case 4 -> entries[entry] = -length;
            case 5 -> entries[entry + 1] = 0xffff_ffffL;
            default -> entries[entry + 1] = choices.below(64);
        }
    }

    private static long[] add(long[] entries, long address, long length) {
        long[] longer = Arrays.copyOf(entries, entries.length + 2);
        longer[entries.length] = address;
        longer[entries.length + 1] = length;
        return longer;
    }
}
