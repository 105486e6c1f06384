package dev.semblance.harness.guest.scenario;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.util.Printable;
import java.util.List;

/** A scenario that cannot be understood. The message names file, line and column, and shows the line with a caret. */
public final class ScenarioException extends UnusableInputException {

    private static final long serialVersionUID = 1L;

    /** The line at fault, from 1. */
    private final int line;
    /** The column at fault, from 1. */
    private final int column;

    ScenarioException(String name, int line, int column, String problem, String source) {
        super(name + ":" + line + ":" + column + ": " + problem, excerpt(source, column));
        this.line = line;
        this.column = column;
    }

    /** {@return the line at fault, from 1} */
    public int line() {
        return line;
    }

    /** {@return the column at fault, from 1, in UTF-16 units} */
    public int column() {
        return column;
    }

    /** The line and a caret below, in which a tab is as wide as a blank. */
    private static List<String> excerpt(String source, int column) {
        return List.of("    " + Printable.columns(source), "    " + " ".repeat(column - 1) + "^");
    }
}
