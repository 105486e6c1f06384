package dev.semblance.harness.report;

import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.fuzz.matrix.Cell;
import dev.semblance.harness.fuzz.matrix.MatrixRow;
import dev.semblance.harness.fuzz.matrix.Omission;
import dev.semblance.harness.fuzz.matrix.Place;
import dev.semblance.harness.fuzz.matrix.RecordingCell;
import dev.semblance.harness.fuzz.matrix.RecordingRow;
import dev.semblance.harness.fuzz.matrix.RowKey;
import dev.semblance.harness.fuzz.matrix.Seen;
import dev.semblance.harness.fuzz.matrix.TargetFinding;
import dev.semblance.harness.fuzz.matrix.TargetMatrix;
import dev.semblance.harness.report.MatrixWords.Note;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A comparison of targets as one HTML file that needs nothing else, in the look of {@link HtmlReport}. The same comparison gives the same
 * bytes.
 */
public final class MatrixPage {

    /**
     * What a page says of its own making.
     *
     * @param version the version of this tool
     * @param runtime the Java and the system that it ran on
     * @param command the command line that does all of it again
     * @param again the command line that shows what was seen at a place on a target, which is known by its number
     */
    public record Origin(String version, String runtime, String command, BiFunction<Integer, Place, String> again) {}

    private final TargetMatrix matrix;
    private final Origin origin;
    private final List<Note> notes;
    private final HtmlWriter html;

    private MatrixPage(TargetMatrix matrix, Origin origin, HtmlWriter html) {
        this.matrix = matrix;
        this.origin = origin;
        this.notes = MatrixWords.notes(matrix);
        this.html = html;
    }

    /**
     * Writes the page.
     *
     * @param file where it goes; its folder is made
     * @param matrix what was compared
     * @param origin what it says of its own making
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, TargetMatrix matrix, Origin origin) throws IOException {
        try (OutputFile out = OutputFile.createWithFolder(file)) {
            HtmlWriter html = new HtmlWriter(out.stream());
            new MatrixPage(matrix, origin, html).write();
            html.finish();
            out.commit();
        }
    }

    private void write() throws IOException {
        String title = MatrixWords.title(matrix);
        html.doctype();
        html.open("html", "lang", "en");
        PageHead.write(html, title, false);
        html.open("body").line();
        top(title);
        html.open("main", "id", "tables").line();
        // Before the tables, so that style alone can act on it.
        html.empty("input", "type", "checkbox", "id", "only-differences", "class", "pick");
        html.element("label", "Differences only", "for", "only-differences", "class", "filter")
                .line();
        recordings();
        rows("Commands", RowKey.Kind.ANSWER, List.of("The reference answers", "Cases"));
        rows("Pictures after a command", RowKey.Kind.PICTURE, List.of("Cases"));
        differences();
        findings();
        html.close("main").line();
        legend();
        html.close("body").close("html").line();
    }

    private void top(String title) throws IOException {
        boolean passes = true;
        for (int column = 0; column < matrix.columns().size(); column++) {
            passes &= matrix.conforms(column)
                    && matrix.columns().get(column).unusable().isEmpty();
        }
        html.element("a", "Skip to the tables", "class", "skip", "href", "#tables");
        html.open("header", "class", "top " + (passes ? "pass" : "fail"));
        html.element("h1", title);
        html.element(
                "p",
                Text.format("Semblance comparison of targets · semblance %s · %s", origin.version(), origin.runtime()),
                "class",
                "origin");
        command(origin.command());
        html.close("header").line();
        html.open("nav", "aria-label", "Targets").open("table", "class", "overview targets");
        head(List.of("Verdict", "Target", "What it is", "Dialect", "What it does"));
        html.open("tbody").line();
        for (int column = 0; column < matrix.columns().size(); column++) {
            TargetMatrix.Column target = matrix.columns().get(column);
            boolean usable = target.unusable().isEmpty();
            boolean conforms = usable && matrix.conforms(column);
            html.open("tr");
            html.open("td");
            badge(conforms ? "Same" : usable ? "Differs" : "Unusable", conforms ? "pass" : "fail");
            html.close("td").element("th", target.target().name(), "scope", "row");
            html.open("td").element("code", target.target().target()).close("td");
            html.element("td", target.target().dialect().name());
            html.element("td", MatrixWords.standing(matrix, column));
            html.close("tr").line();
        }
        html.close("tbody").close("table").close("nav").line();
    }

    private void command(String words) throws IOException {
        html.open("div", "class", "command").element("code", words).close("div").line();
    }

    private void badge(String word, String tone) throws IOException {
        html.element("span", word, "class", "badge " + tone);
    }

    private void head(List<String> names) throws IOException {
        html.open("thead").open("tr");
        for (String name : names) {
            html.element("th", name, "scope", "col");
        }
        html.close("tr").close("thead");
    }

    private List<String> withTargets(List<String> first) {
        List<String> names = new ArrayList<>(first);
        matrix.columns().forEach(column -> names.add(column.target().name()));
        return names;
    }

    private void recordings() throws IOException {
        html.open("section", "class", "recording").element("h2", "Recordings").line();
        if (matrix.recordings().isEmpty()) {
            html.element("p", "No recording was replayed.");
        } else {
            scrolling("Recordings");
            head(withTargets(List.of("Recording")));
            html.open("tbody").line();
            for (RecordingRow row : matrix.recordings()) {
                boolean same = row.cells().stream().noneMatch(cell -> cell.standing() == RecordingCell.Standing.FAIL);
                html.open("tr", "class", same ? "same" : "differing");
                html.element("th", row.trace().shownAs(), "scope", "row");
                for (RecordingCell cell : row.cells()) {
                    html.open("td");
                    badge(cell.standing().title(), tone(cell.standing()));
                    html.text(" " + cell.text()).close("td");
                }
                html.close("tr").line();
            }
            html.close("tbody").close("table").close("div").line();
        }
        html.close("section").line();
    }

    private static String tone(RecordingCell.Standing standing) {
        return switch (standing) {
            case PASS -> "pass";
            case ALLOWED -> "allowed";
            case UNCHECKED, NOT_RUN -> "unchecked";
            case FAIL -> "fail";
        };
    }

    /** Opens a table that may be wider than the window; the keyboard scrolls it as the mouse does. */
    private void scrolling(String title) throws IOException {
        html.open("div", "class", "scroll", "role", "group", "aria-label", title, "tabindex", "0");
        html.open("table", "class", "matrix");
    }

    private void rows(String title, RowKey.Kind kind, List<String> columns) throws IOException {
        html.open("section", "class", "recording").element("h2", title).line();
        scrolling(title);
        List<String> names = new ArrayList<>(List.of("Command"));
        names.addAll(columns);
        head(withTargets(names));
        html.open("tbody").line();
        for (MatrixRow row : matrix.rows()) {
            if (row.key().kind() == kind) {
                row(row);
            }
        }
        html.close("tbody").close("table").close("div").close("section").line();
    }

    private void row(MatrixRow row) throws IOException {
        boolean differs = row.cells().stream().anyMatch(Cell::differs);
        html.open("tr", "class", differs ? "differing" : "same");
        html.element("th", row.key().command(), "scope", "row");
        if (row.key().kind() == RowKey.Kind.ANSWER) {
            html.element("td", row.cases() == 0 ? "" : row.key().expected());
        }
        html.element("td", Text.format("%,d", row.cases()), "class", "count");
        for (int column = 0; column < row.cells().size(); column++) {
            html.open("td");
            if (row.cases() == 0) {
                html.element("span", MatrixWords.NO_CASE, "class", "omitted");
            }
            cell(row, column);
            html.close("td");
        }
        html.close("tr").line();
    }

    private void cell(MatrixRow row, int column) throws IOException {
        Cell cell = row.cells().get(column);
        for (Seen seen : cell.seen()) {
            html.open("span", "class", "way " + tone(seen.standing()));
            html.text(Text.format("%s %,d", seen.text(), seen.count()));
            int number = MatrixWords.number(notes, row.key(), column, seen);
            if (number > 0) {
                html.text(" ").element("a", "[" + number + "]", "href", "#n" + number);
            }
            html.close("span");
        }
        for (Omission omission : cell.omitted()) {
            html.element("span", Text.format("%,d %s", omission.count(), omission.text()), "class", "omitted");
        }
    }

    private static String tone(Seen.Standing standing) {
        return switch (standing) {
            case SAME -> "pass";
            case ALLOWED -> "allowed";
            case DIFFERS -> "fail";
        };
    }

    private void differences() throws IOException {
        html.open("section", "class", "recording").element("h2", "Differences").line();
        if (notes.isEmpty()) {
            html.element("p", "There is none.");
        }
        for (Note note : notes) {
            html.open("div", "class", "note", "id", "n" + note.number());
            html.open("p");
            badge(
                    note.seen().standing() == Seen.Standing.ALLOWED ? "Allowed" : "Differs",
                    tone(note.seen().standing()));
            html.text(Text.format(" [%d] %s", note.number(), MatrixWords.text(matrix, note)));
            if (note.seen().allowedBy().isPresent()) {
                String link = note.seen().allowedBy().get().link();
                html.text(" ").element("a", link, "href", link);
            }
            html.close("p").line();
            command(origin.again().apply(note.column(), note.seen().first()));
            html.close("div").line();
        }
        html.close("section").line();
    }

    private void findings() throws IOException {
        html.open("section", "class", "recording").element("h2", "Findings").line();
        boolean any = false;
        for (int column = 0; column < matrix.columns().size(); column++) {
            TargetMatrix.Column target = matrix.columns().get(column);
            int number = 0;
            for (TargetFinding finding : target.findings()) {
                any = true;
                html.open("div", "class", "note").open("p");
                badge("Finding", "fail");
                html.text(Text.format(
                        " %s, finding %d: %s: %s, first in %s",
                        target.target().name(),
                        ++number,
                        finding.text(),
                        Text.count(finding.count(), "time"),
                        finding.first().text()));
                html.close("p").line();
                command(origin.again().apply(column, finding.first()));
                html.close("div").line();
            }
        }
        if (!any) {
            html.element("p", "No target died, hung, complained, or has another configuration space.");
        }
        html.close("section").line();
    }

    private void legend() throws IOException {
        html.open("footer").open("dl", "class", "keys reasons");
        for (Omission.Reason reason : MatrixWords.reasons(matrix)) {
            html.open("div")
                    .element("dt", reason.words())
                    .element("dd", reason.meaning())
                    .close("div");
        }
        html.close("dl").close("footer").line();
    }
}
