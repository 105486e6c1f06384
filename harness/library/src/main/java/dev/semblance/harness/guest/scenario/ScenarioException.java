package dev.semblance.harness.guest.scenario;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UserError;

/** A scenario that cannot be understood. The message names file, line and column, and shows the line with a caret. */
public final class ScenarioException extends UserError {

    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    ScenarioException(String name, int line, int column, String problem, String source) {
        super(ExitCode.USAGE, name + ":" + line + ":" + column + ": " + problem + excerpt(source, column));
        this.line = line;
        this.column = column;
    }

    /** Returns the line at fault, from 1. */
    public int line() {
        return line;
    }

    /** Returns the column at fault, from 1, in UTF-16 units. */
    public int column() {
        return column;
    }

    private static String excerpt(String source, int column) {
        StringBuilder lead = new StringBuilder("    ");
        for (int i = 0; i < column - 1; i++) {
            // A tab above the caret must be as wide as the tab before it.
            lead.append(i < source.length() && source.charAt(i) == '\t' ? '\t' : ' ');
        }
        return "\n    " + printable(source) + "\n" + lead + "^";
    }

    /** Keeps control characters of a hostile file away from the terminal. */
    private static String printable(String source) {
        StringBuilder text = new StringBuilder(source.length());
        source.chars().forEach(c -> text.append(c != '\t' && Character.isISOControl(c) ? '?' : (char) c));
        return text.toString();
    }
}
