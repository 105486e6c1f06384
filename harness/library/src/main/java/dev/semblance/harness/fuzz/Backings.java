package dev.semblance.harness.fuzz;

import java.util.Arrays;

/** Makes up the memory entries of a backing: in one piece or in many, in order or not, overlapping, empty, outside RAM. */
final class Backings {

    /** Images lie in the bytes from here to {@link #END}, as long as nothing is disturbed. */
    static final int START = 0x100;

    static final int END = 0x2100;

    private static final int MOST_PIECES = 6;

    private final EntropySource choices;
    private final long ramBytes;

    Backings(EntropySource choices, long ramBytes) {
        this.choices = choices;
        this.ramBytes = ramBytes;
    }

    /** {@return addresses and lengths in turn, which together have {@code size} bytes or a few less or more} */
    long[] entries(long size, boolean disturb) {
        long wanted = disturb && choices.chance(1, 2) ? Math.max(0, size + choices.between(-5, 5)) : size;
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
        if (disturb && choices.chance(1, 2)) {
            disturb(entries);
        }
        return entries;
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
