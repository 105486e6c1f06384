package dev.semblance.harness.report;

import dev.semblance.harness.fuzz.matrix.Cell;
import dev.semblance.harness.fuzz.matrix.MatrixRow;
import dev.semblance.harness.fuzz.matrix.Omission;
import dev.semblance.harness.fuzz.matrix.RecordingCell;
import dev.semblance.harness.fuzz.matrix.RecordingRow;
import dev.semblance.harness.fuzz.matrix.RowKey;
import dev.semblance.harness.fuzz.matrix.Seen;
import dev.semblance.harness.fuzz.matrix.TargetFinding;
import dev.semblance.harness.fuzz.matrix.TargetMatrix;
import dev.semblance.harness.util.Printable;
import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;

/** A comparison of targets as text for a terminal, 120 characters wide. Nothing is cut: what is longer goes on in the next line. */
public final class MatrixText {

    private static final int WIDTH = 120;
    private static final int FIRST = 34;
    private static final int MOST_COLUMNS = 3;

    private final TargetMatrix matrix;
    private final List<MatrixWords.Note> notes;
    private final List<String> lines = new ArrayList<>();

    private MatrixText(TargetMatrix matrix) {
        this.matrix = matrix;
        this.notes = MatrixWords.notes(matrix);
    }

    /**
     * {@return the lines, with nothing hidden in them}
     *
     * @param matrix what was compared
     * @param again the command line that runs a script again on a target, by the number of that target
     */
    public static List<String> lines(TargetMatrix matrix, IntFunction<String> again) {
        MatrixText text = new MatrixText(matrix);
        text.recordings();
        text.commands();
        text.notes();
        text.targets(again);
        return text.lines.stream().map(Printable::line).toList();
    }

    /** Adds a table for as many targets at a time as fit. */
    private void tables(String title, Function<List<Integer>, TextTable> maker) {
        int all = matrix.columns().size();
        for (int from = 0; from < all; from += MOST_COLUMNS) {
            List<Integer> columns = new ArrayList<>();
            for (int column = from; column < Math.min(all, from + MOST_COLUMNS); column++) {
                columns.add(column);
            }
            lines.addAll(maker.apply(columns).lines());
            lines.add("");
        }
        if (all == 0) {
            lines.add(title);
        }
    }

    private TextTable table(String title, List<Integer> columns) {
        TextTable table = new TextTable(TextTable.widths(WIDTH, FIRST, columns.size()));
        table.row(cells(
                List.of(title),
                columns,
                column -> List.of(matrix.columns().get(column).target().name())));
        table.line("-".repeat(WIDTH));
        return table;
    }

    private static List<List<String>> cells(List<String> first, List<Integer> columns, IntFunction<List<String>> cell) {
        List<List<String>> cells = new ArrayList<>(List.of(first));
        columns.forEach(column -> cells.add(cell.apply(column)));
        return cells;
    }

    private void recordings() {
        if (matrix.recordings().isEmpty()) {
            return;
        }
        tables("Recordings", columns -> {
            TextTable table = table("Recordings", columns);
            for (RecordingRow row : matrix.recordings()) {
                table.row(cells(
                        List.of(row.trace().shownAs()),
                        columns,
                        column -> recording(row.cells().get(column))));
            }
            return table;
        });
    }

    private static List<String> recording(RecordingCell cell) {
        return List.of(Text.format("%s: %s", cell.standing().word(), cell.text()));
    }

    private void commands() {
        tables("Commands", columns -> {
            TextTable table = table("Command, reference, cases", columns);
            String command = "";
            for (MatrixRow row : matrix.rows()) {
                String heading = heading(row.key());
                if (!heading.equals(command)) {
                    table.line(heading);
                    command = heading;
                }
                table.row(cells(List.of(first(row)), columns, column -> cell(row, column)));
            }
            return table;
        });
    }

    private static String heading(RowKey key) {
        return key.kind() == RowKey.Kind.PICTURE ? "Pictures after" : key.command();
    }

    private static String first(MatrixRow row) {
        if (row.cases() == 0) {
            return "  " + RowKey.NO_CASE;
        }
        String what = row.key().kind() == RowKey.Kind.PICTURE
                ? row.key().command()
                : row.key().expected();
        return Text.format("  %s %,d", what, row.cases());
    }

    private List<String> cell(MatrixRow row, int column) {
        if (row.cases() == 0) {
            return List.of(MatrixWords.NO_CASE);
        }
        Cell cell = row.cells().get(column);
        List<String> told = new ArrayList<>();
        for (Seen seen : cell.seen()) {
            String text = Text.format("%s %,d", seen.text(), seen.count());
            int number = MatrixWords.number(notes, row.key(), column, seen);
            told.add(
                    switch (seen.standing()) {
                        case SAME -> text;
                        case ALLOWED -> Text.format("~ %s [%d]", text, number);
                        case DIFFERS -> Text.format("! %s [%d]", text, number);
                    });
        }
        for (Omission omission : cell.omitted()) {
            told.add(Text.format("- %,d %s", omission.count(), omission.text()));
        }
        return told;
    }

    private void notes() {
        Set<Omission.Reason> reasons = MatrixWords.reasons(matrix);
        if (notes.isEmpty() && reasons.isEmpty()) {
            return;
        }
        lines.add("! differs from the reference   ~ differs as its dialect allows   - says nothing of the target"
                + (reasons.isEmpty() ? "" : ":"));
        for (Omission.Reason reason : reasons) {
            wrapped("    ", reason.words() + ": " + reason.meaning());
        }
        if (!notes.isEmpty()) {
            lines.add("");
        }
        for (MatrixWords.Note note : notes) {
            wrapped("", Text.format("[%d] %s", note.number(), MatrixWords.text(matrix, note)));
        }
    }

    private void targets(IntFunction<String> again) {
        for (int column = 0; column < matrix.columns().size(); column++) {
            TargetMatrix.Column target = matrix.columns().get(column);
            lines.add("");
            wrapped(
                    "",
                    Text.format(
                            "%s (%s, dialect %s): %s",
                            target.target().name(),
                            target.target().target(),
                            target.target().dialect().name(),
                            MatrixWords.standing(matrix, column)));
            int number = 0;
            for (TargetFinding finding : target.findings()) {
                wrapped(
                        "    ",
                        Text.format(
                                "finding %d: %s: %s, first in %s",
                                ++number,
                                finding.text(),
                                Text.count(finding.count(), "time"),
                                finding.first().text()));
            }
            if (!matrix.conforms(column) && matrix.scripts() > 0) {
                wrapped("    ", "script N again: " + again.apply(column));
            }
        }
        lines.add("");
        lines.add(MatrixWords.title(matrix));
    }

    private void wrapped(String indent, String text) {
        lines.addAll(TextTable.wrap(indent + Printable.line(text), WIDTH));
    }
}
