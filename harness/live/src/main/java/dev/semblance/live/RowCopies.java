package dev.semblance.live;

import dev.semblance.gpu.frame.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rows of a picture that a page has already, elsewhere in the one before: what scrolled, or came back. */
final class RowCopies {

    /** Fewer rows that differ are not looked for. */
    private static final int FEW = 16;

    private static final int BYTES = 6;

    /** Each has the first row that gets them, the first row that they are at, and how many they are. */
    private final List<int[]> runs = new ArrayList<>();

    private final BitSet copied = new BitSet();

    private RowCopies() {}

    /** Returns those of a picture with nothing to copy. */
    static RowCopies none() {
        return new RowCopies();
    }

    /**
     * Finds the rows of a picture that differ from those before in the same place, and are there in another.
     *
     * @param before a picture of the same size
     */
    static RowCopies of(Frame now, Frame before) {
        BitSet differing = new BitSet(now.height());
        for (int y = 0; y < now.height(); y++) {
            differing.set(y, !now.sameRow(before, y));
        }
        RowCopies copies = new RowCopies();
        if (differing.cardinality() < FEW) {
            return copies;
        }
        Map<Long, Integer> places = new HashMap<>();
        for (int y = 0; y < before.height(); y++) {
            places.putIfAbsent(before.rowDigest(y), y);
        }
        for (int y = differing.nextSetBit(0); y >= 0; y = differing.nextSetBit(y + 1)) {
            copies.find(now, y, before, places);
        }
        return copies;
    }

    private void find(Frame now, int y, Frame before, Map<Long, Integer> places) {
        Optional<int[]> last = runs.isEmpty() ? Optional.empty() : Optional.of(runs.getLast());
        Optional<int[]> longer = last.filter(run ->
                run[0] + run[2] == y && run[1] + run[2] < before.height() && now.sameRow(y, before, run[1] + run[2]));
        if (longer.isPresent()) {
            longer.get()[2]++;
            copied.set(y);
            return;
        }
        Optional<Integer> place =
                Optional.ofNullable(places.get(now.rowDigest(y))).filter(from -> now.sameRow(y, before, from));
        if (place.isPresent()) {
            runs.add(new int[] {y, place.get(), 1});
            copied.set(y);
        }
    }

    /** Returns whether a row is copied. */
    boolean has(int y) {
        return copied.get(y);
    }

    /** Returns how many runs of rows there are. */
    int count() {
        return runs.size();
    }

    /** Returns them as a message has them: the number of runs, then of each where it goes, where it is and how many rows it has. */
    byte[] bytes() {
        ByteBuffer bytes =
                ByteBuffer.allocate(Short.BYTES + BYTES * runs.size()).putShort((short) runs.size());
        runs.forEach(
                run -> bytes.putShort((short) run[0]).putShort((short) run[1]).putShort((short) run[2]));
        return bytes.array();
    }
}
