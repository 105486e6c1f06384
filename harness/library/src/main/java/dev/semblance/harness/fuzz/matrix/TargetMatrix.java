package dev.semblance.harness.fuzz.matrix;

import dev.semblance.harness.ExitCode;
import java.util.ArrayList;
import java.util.List;

/**
 * What several targets did with the same recordings and scripts.
 *
 * @param columns the targets, in the order of the cells
 * @param seed the seed of the scripts
 * @param scripts how many scripts there were
 * @param recordings the recordings, in their order
 * @param rows the commands by what the reference answers, and the pictures
 */
public record TargetMatrix(
        List<Column> columns, long seed, long scripts, List<RecordingRow> recordings, List<MatrixRow> rows) {

    /** Copies the lists. */
    public TargetMatrix {
        columns = List.copyOf(columns);
        recordings = List.copyOf(recordings);
        rows = List.copyOf(rows);
    }

    /**
     * A target.
     *
     * @param target which
     * @param findings what it did that no row tells of
     * @param unusable why it could not be used to the end; empty if it could
     */
    public record Column(ComparedTarget target, List<TargetFinding> findings, String unusable) {

        /** Copies the list. */
        public Column {
            findings = List.copyOf(findings);
        }
    }

    /**
     * {@return whether a target does as the reference wherever it was compared, but for what its dialect allows}
     *
     * @param column the number of the target, from 0
     */
    public boolean conforms(int column) {
        return columns.get(column).findings().isEmpty()
                && rows.stream().noneMatch(row -> row.cells().get(column).differs())
                && recordings.stream()
                        .noneMatch(row -> row.cells().get(column).standing() == RecordingCell.Standing.FAIL);
    }

    /** {@return how many cases there are} */
    public long cases() {
        return rows.stream().mapToLong(MatrixRow::cases).sum();
    }

    /**
     * {@return in how many cases a target was compared}
     *
     * @param column the number of the target, from 0
     */
    public long compared(int column) {
        return rows.stream()
                .flatMap(row -> row.cells().get(column).seen().stream())
                .mapToLong(Seen::count)
                .sum();
    }

    /** {@return how a command over all of it ends} */
    public ExitCode exitCode() {
        List<ExitCode> codes = new ArrayList<>();
        for (int column = 0; column < columns.size(); column++) {
            codes.add(conforms(column) ? ExitCode.PASS : ExitCode.MISMATCH);
            codes.add(columns.get(column).unusable().isEmpty() ? ExitCode.PASS : ExitCode.INCOMPATIBLE);
        }
        recordings.forEach(row -> row.cells().forEach(cell -> codes.add(cell.exitCode())));
        return ExitCode.gravest(codes);
    }
}
