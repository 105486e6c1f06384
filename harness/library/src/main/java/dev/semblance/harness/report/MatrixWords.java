package dev.semblance.harness.report;

import dev.semblance.harness.fuzz.matrix.Cell;
import dev.semblance.harness.fuzz.matrix.MatrixRow;
import dev.semblance.harness.fuzz.matrix.Omission;
import dev.semblance.harness.fuzz.matrix.RowKey;
import dev.semblance.harness.fuzz.matrix.Seen;
import dev.semblance.harness.fuzz.matrix.TargetMatrix;
import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What text and page of a comparison of targets say alike. */
final class MatrixWords {

    /** Why a row has no case. */
    static final String NO_CASE = "no case: neither a recording nor a script has this command";

    private MatrixWords() {}

    /**
     * A way in which a target does otherwise than the reference.
     *
     * @param number by which a cell refers to it, from 1
     * @param row what it is about
     * @param column the number of the target, from 0
     * @param seen what the target did
     */
    record Note(int number, RowKey row, int column, Seen seen) {}

    /** {@return all ways in which a target does otherwise, in the order of the rows} */
    static List<Note> notes(TargetMatrix matrix) {
        List<Note> notes = new ArrayList<>();
        for (MatrixRow row : matrix.rows()) {
            for (int column = 0; column < row.cells().size(); column++) {
                for (Seen seen : row.cells().get(column).seen()) {
                    if (seen.standing() != Seen.Standing.SAME) {
                        notes.add(new Note(notes.size() + 1, row.key(), column, seen));
                    }
                }
            }
        }
        return notes;
    }

    /** {@return the note of what a target did; 0 where it did as the reference} */
    static int number(List<Note> notes, RowKey row, int column, Seen seen) {
        return notes.stream()
                .filter(note -> note.column() == column
                        && note.row().equals(row)
                        && note.seen().equals(seen))
                .findFirst()
                .map(Note::number)
                .orElse(0);
    }

    /** {@return what a note says, without its number} */
    static String text(TargetMatrix matrix, Note note) {
        String name = matrix.columns().get(note.column()).target().name();
        Seen seen = note.seen();
        String what = note.row().kind() == RowKey.Kind.PICTURE
                ? Text.format("the picture after %s differs", note.row().command())
                : Text.format(
                        "%s is answered with %s%s",
                        note.row().command(),
                        seen.text(),
                        seen.outcome().equals(note.row().expected())
                                ? ""
                                : Text.format(", not %s", note.row().expected()));
        String where = Text.format(
                "%s, first in %s%s",
                Text.count(seen.count(), "time"),
                seen.first().text(),
                seen.detail().isEmpty() ? "" : Text.format(" (%s)", seen.detail()));
        String allowed = seen.allowedBy()
                .map(by -> Text.format("; allowed: %s (%s)", by.reason(), by.place()))
                .orElse("");
        return Text.format("%s: %s: %s%s", name, what, where, allowed);
    }

    /** {@return the reasons that the cells have, for a legend} */
    static Set<Omission.Reason> reasons(TargetMatrix matrix) {
        Set<Omission.Reason> reasons = new TreeSet<>();
        for (MatrixRow row : matrix.rows()) {
            for (Cell cell : row.cells()) {
                cell.omitted().forEach(omission -> reasons.add(omission.reason()));
            }
        }
        return reasons;
    }

    /** {@return in how many ways a target does otherwise that its dialect does not allow} */
    static long differences(TargetMatrix matrix, int column) {
        return matrix.rows().stream()
                .flatMap(row -> row.cells().get(column).seen().stream())
                .filter(seen -> seen.standing() == Seen.Standing.DIFFERS)
                .count();
    }

    /** {@return in how many ways that its dialect allows} */
    static long allowed(TargetMatrix matrix, int column) {
        return matrix.rows().stream()
                .flatMap(row -> row.cells().get(column).seen().stream())
                .filter(seen -> seen.standing() == Seen.Standing.ALLOWED)
                .count();
    }

    /** {@return how many cases were compared, and how many there are} */
    static String compared(TargetMatrix matrix, int column) {
        return Text.format("%,d of %s compared", matrix.compared(column), Text.count(matrix.cases(), "case"));
    }

    /** {@return what a target came to, as a phrase} */
    static String standing(TargetMatrix matrix, int column) {
        TargetMatrix.Column target = matrix.columns().get(column);
        if (!target.unusable().isEmpty()) {
            return "cannot be used: " + target.unusable();
        }
        List<String> parts = new ArrayList<>();
        long differences = differences(matrix, column);
        long allowed = allowed(matrix, column);
        if (!target.findings().isEmpty()) {
            parts.add(Text.count(target.findings().size(), "finding"));
        }
        if (differences > 0) {
            parts.add(Text.count(differences, "way", "ways") + " to differ from the reference");
        }
        if (allowed > 0) {
            parts.add(Text.format("%s that the dialect allows", Text.count(allowed, "way", "ways")));
        }
        String said = parts.isEmpty() ? "as the reference" : String.join(", ", parts);
        return said + "; " + compared(matrix, column);
    }

    /** {@return the sentence that sums up all of it} */
    static String title(TargetMatrix matrix) {
        int all = matrix.columns().size();
        long differing = 0;
        for (int column = 0; column < all; column++) {
            differing += matrix.conforms(column) ? 0 : 1;
        }
        String beside = Text.format(
                "%s, %s", Text.count(matrix.recordings().size(), "recording"), Text.count(matrix.scripts(), "script"));
        String what = differing == 0
                ? (all == 1 ? "The target does" : Text.format("All %d targets do", all)) + " as the reference"
                : Text.format(
                        "%d of %d targets %s from the reference",
                        differing, all, differing == 1 ? "differs" : "differ");
        return what + ": " + beside;
    }
}
