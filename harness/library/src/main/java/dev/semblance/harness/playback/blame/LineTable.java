package dev.semblance.harness.playback.blame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Which line of source code an instruction was made of: what the line number programs of a file say (DWARF 5, 6.2). */
final class LineTable {

    static final LineTable NONE = new LineTable(new TreeMap<>());

    private final NavigableMap<Long, Sequence> byStart;

    /** Instructions without a gap: the first address that each line is for, and where the last one ends. */
    private record Sequence(long end, long[] addresses, SourceLine[] lines) {}

    private LineTable(NavigableMap<Long, Sequence> byStart) {
        this.byStart = byStart;
    }

    /** {@return the line of the instruction at an address} */
    Optional<SourceLine> line(long address) {
        Optional<Map.Entry<Long, Sequence>> entry = Optional.ofNullable(byStart.floorEntry(address));
        if (entry.isEmpty()
                || Long.compareUnsigned(address, entry.get().getValue().end()) >= 0) {
            return Optional.empty();
        }
        Sequence sequence = entry.get().getValue();
        int found = Arrays.binarySearch(sequence.addresses(), address);
        SourceLine line = sequence.lines()[found >= 0 ? found : -found - 2];
        // 0: the compiler can name none (6.2.2).
        return line.line() > 0 ? Optional.of(line) : Optional.empty();
    }

    /** Puts a table together. */
    static final class Builder {

        private final NavigableMap<Long, Sequence> byStart = new TreeMap<>(Long::compareUnsigned);
        private final List<Long> addresses = new ArrayList<>();
        private final List<SourceLine> lines = new ArrayList<>();

        /** From this address on, instructions are of this line. Of several for one address, the last counts. */
        void row(long address, SourceLine line) {
            int last = addresses.size() - 1;
            if (last >= 0 && addresses.get(last) == address) {
                lines.set(last, line);
            } else if (last >= 0 && address < addresses.get(last)) {
                throw new IllegalArgumentException("addresses that go down");
            } else if (last < 0 || !lines.get(last).equals(line)) {
                addresses.add(address);
                lines.add(line);
            }
        }

        /**
         * The rows since the last end are a sequence, which goes up to this address.
         *
         * @param isKept false for one of a function that the linker has left out
         */
        void end(long address, boolean isKept) {
            boolean isOneHalf = !addresses.isEmpty() && (addresses.getFirst() ^ address - 1) >= 0;
            if (isKept && isOneHalf && address > addresses.getLast()) {
                byStart.put(
                        addresses.getFirst(),
                        new Sequence(
                                address,
                                addresses.stream().mapToLong(Long::longValue).toArray(),
                                lines.toArray(SourceLine[]::new)));
            }
            addresses.clear();
            lines.clear();
        }

        LineTable build() {
            return new LineTable(byStart);
        }
    }
}
