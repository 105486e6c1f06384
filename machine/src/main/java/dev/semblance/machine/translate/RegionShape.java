package dev.semblance.machine.translate;

import dev.semblance.machine.isa.Decoded;
import dev.semblance.machine.isa.Op;
import dev.semblance.machine.profile.Isa;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which instructions of a page are translated together. They lie in parts: runs of instructions that are entered at their start alone, since
 * wherever a run that was added begins, a part begins. Some of the parts are entries: control can come to them from outside. Places are counted in
 * parcels of two bytes from the start of the page.
 */
public final class RegionShape {

    /** Places in a page at which an instruction can begin. */
    static final int PLACES = 2048;

    private final Isa isa;
    private final boolean[] entries = new boolean[PLACES];
    private final long[] words = new long[PLACES];

    /** How many parcels the instruction at a place has; 0 if none of the region is there. */
    private final byte[] sizes = new byte[PLACES];

    /** Where a run begins. */
    private final boolean[] leaders = new boolean[PLACES];

    private int instructions;

    /** In the order in which they were added. */
    private final List<Run> runs = new ArrayList<>();

    private record Run(int start, long[] code, int[] offsets) {}

    /**
     * Makes a shape that has nothing yet.
     *
     * @param isa whose instructions they are
     */
    public RegionShape(Isa isa) {
        this.isa = isa;
    }

    /**
     * Makes an entry of where a run begins that is there or will be. Where none comes to begin, there is no entry.
     *
     * @param start in bytes from the start of the page
     */
    public void enterAt(int start) {
        entries[start >> 1] = true;
    }

    /**
     * {@return whether {@link #enterAt} was called for a place}
     *
     * @param start in bytes from the start of the page
     */
    public boolean isEntry(int start) {
        return entries[start >> 1];
    }

    /** {@return the entries in order, in parcels from the start of the page} */
    int[] entries() {
        return IntStream.range(0, PLACES)
                .filter(place -> entries[place] && leaders[place])
                .toArray();
    }

    /** {@return where the instructions are, in order} */
    int[] places() {
        int[] places = new int[instructions];
        int count = 0;
        for (int place = 0; place < PLACES; place++) {
            if (sizes[place] != 0) {
                places[count++] = place;
            }
        }
        return places;
    }

    /**
     * Adds a run of instructions.
     *
     * @param start where it begins, in bytes from the start of the page
     * @param code the instructions, packed as {@link Decoded}, as seen from the start of the run
     * @param offsets of each of them, in bytes from the start of the run; and of their end
     */
    public void add(int start, long[] code, int[] offsets) {
        runs.add(new Run(start, code, offsets));
        leaders[start >> 1] = true;
        for (int i = 0; i < code.length; i++) {
            int place = start + offsets[i] >> 1;
            if (sizes[place] == 0) {
                instructions++;
            }
            words[place] = Decoded.fromBlockStart(code[i], start);
            sizes[place] = (byte) (offsets[i + 1] - offsets[i] >> 1);
        }
    }

    /** {@return how many instructions there are} */
    public int instructions() {
        return instructions;
    }

    /**
     * {@return how many instructions a run would add}
     *
     * @param start where it begins, in bytes from the start of the page
     * @param offsets of each of its instructions, in bytes from the start of the run; and of their end
     */
    public int wouldAdd(int start, int[] offsets) {
        int more = 0;
        for (int i = 0; i < offsets.length - 1; i++) {
            more += sizes[start + offsets[i] >> 1] == 0 ? 1 : 0;
        }
        return more;
    }

    boolean canBeSmaller() {
        return runs.size() > 1;
    }

    /** {@return one with the first two thirds of the runs, and the same entries as far as they are in those} */
    RegionShape smaller() {
        RegionShape smaller = new RegionShape(isa);
        for (Run run : runs.subList(0, Math.max(1, runs.size() * 2 / 3))) {
            smaller.add(run.start, run.code, run.offsets);
        }
        System.arraycopy(entries, 0, smaller.entries, 0, entries.length);
        return smaller;
    }

    Isa isa() {
        return isa;
    }

    boolean isLeader(int place) {
        return place < PLACES && leaders[place];
    }

    /** {@return the places of the part that begins at one: along from there, until another part begins or control may go elsewhere} */
    int[] part(int first) {
        int[] part = new int[instructions];
        int length = 0;
        for (int place = first; has(place) && (place == first || !isLeader(place)); place += size(place)) {
            part[length++] = place;
            if (Op.endsBlock(Decoded.op(word(place)))) {
                break;
            }
        }
        return Arrays.copyOf(part, length);
    }

    boolean has(int place) {
        return place < PLACES && sizes[place] != 0;
    }

    /** {@return the instruction at a place, as seen from the start of the page} */
    long word(int place) {
        return words[place];
    }

    /** {@return how many parcels the instruction at a place has} */
    int size(int place) {
        return sizes[place];
    }
}
