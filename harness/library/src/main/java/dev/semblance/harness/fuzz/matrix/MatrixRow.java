package dev.semblance.harness.fuzz.matrix;

import java.util.List;

/**
 * A row of the matrix of commands.
 *
 * @param key what it is about
 * @param cases how many cases there are
 * @param cells a cell for each target; each tells of all the cases
 */
public record MatrixRow(RowKey key, long cases, List<Cell> cells) {

    /** Copies the list. */
    public MatrixRow {
        cells = List.copyOf(cells);
    }
}
