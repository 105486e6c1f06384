package dev.semblance.harness.fuzz.matrix;

import java.util.SortedMap;
import java.util.TreeMap;

/** What a target did, row by row. */
final class Tally {

    private final SortedMap<RowKey, CellTally> cells = new TreeMap<>();

    CellTally of(RowKey key) {
        return cells.computeIfAbsent(key, missing -> new CellTally());
    }

    void add(Tally other) {
        other.cells.forEach((key, cell) -> of(key).add(cell));
    }

    /** Says why the cases are not counted that there are besides. */
    void omitRest(SortedMap<RowKey, Long> cases, Omission.Reason reason, String detail) {
        cases.forEach((key, count) -> {
            CellTally cell = of(key);
            cell.omit(reason, detail, count - cell.cases());
        });
    }
}
