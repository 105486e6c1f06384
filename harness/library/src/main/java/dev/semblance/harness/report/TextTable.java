package dev.semblance.harness.report;

import dev.semblance.harness.util.Printable;
import java.util.ArrayList;
import java.util.List;

/** A table whose cells have lines of text, which are wrapped at blanks and never cut. */
final class TextTable {

    private static final String GAP = "  ";

    private final List<Integer> widths;
    private final List<String> lines = new ArrayList<>();

    /**
     * Makes a table.
     *
     * @param widths of the columns, in characters
     */
    TextTable(List<Integer> widths) {
        this.widths = List.copyOf(widths);
    }

    /**
     * Adds a row.
     *
     * @param cells the lines of each cell
     */
    void row(List<List<String>> cells) {
        List<List<String>> wrapped = new ArrayList<>();
        int height = 0;
        for (int column = 0; column < cells.size(); column++) {
            List<String> cell = new ArrayList<>();
            for (String line : cells.get(column)) {
                cell.addAll(wrap(Printable.line(line), widths.get(column)));
            }
            wrapped.add(cell);
            height = Math.max(height, cell.size());
        }
        for (int line = 0; line < height; line++) {
            StringBuilder text = new StringBuilder();
            for (int column = 0; column < wrapped.size(); column++) {
                List<String> cell = wrapped.get(column);
                String part = line < cell.size() ? cell.get(line) : "";
                text.append(column == 0 ? "" : GAP).append(part);
                text.append(" ".repeat(Math.max(0, widths.get(column) - part.length())));
            }
            lines.add(text.toString().stripTrailing());
        }
    }

    /** Adds a line that belongs to no column. */
    void line(String text) {
        lines.add(text);
    }

    List<String> lines() {
        return lines;
    }

    /**
     * {@return a line in lines of a width} What follows the first is indented by two; a word that is longer than that goes on in the
     * next line.
     */
    static List<String> wrap(String line, int width) {
        List<String> wrapped = new ArrayList<>();
        String indent = line.substring(0, line.length() - line.stripLeading().length());
        StringBuilder current = new StringBuilder(indent);
        String blank = "";
        for (String word : line.strip().split(" ", -1)) {
            if (!blank.isEmpty() && current.length() + 1 + word.length() > width) {
                wrapped.add(current.toString());
                current = new StringBuilder(indent).append(GAP);
                blank = "";
            }
            current.append(blank).append(word);
            blank = " ";
            while (current.length() > width) {
                int end = Character.isHighSurrogate(current.charAt(width - 1)) ? width - 1 : width;
                wrapped.add(current.substring(0, end));
                current = new StringBuilder(indent).append(GAP).append(current, end, current.length());
            }
        }
        wrapped.add(current.toString());
        return wrapped;
    }

    /** {@return as many columns as fit beside one, each with the same width} */
    static List<Integer> widths(int all, int first, int columns) {
        int each = (all - first) / columns - GAP.length();
        List<Integer> widths = new ArrayList<>(List.of(first));
        for (int column = 0; column < columns; column++) {
            widths.add(each);
        }
        return widths;
    }
}
