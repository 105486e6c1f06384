package dev.semblance.harness.fuzz;

import dev.semblance.harness.fuzz.differential.CommandNames;
import dev.semblance.harness.rig.CommandAnswer;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Counts which commands had which outcomes, and notes what came after what. */
public final class Coverage {

    private static final int PAIRS = CommandNames.ROWS * CommandNames.COLUMNS;

    private final long[][] counts = new long[CommandNames.ROWS][CommandNames.COLUMNS];
    private final BitSet features = new BitSet();
    private final BitSet pairs = new BitSet();
    private long commands;
    private int beforeLast;
    private int last;

    Coverage() {}

    /** Counts a command. */
    void add(Command command, CommandAnswer answer, int shown) {
        int row = CommandNames.row(command.request());
        int column = CommandNames.column(answer.used(), answer.usedLength(), answer.response());
        counts[row][column]++;
        commands++;
        int now = row * CommandNames.COLUMNS + column;
        // An outcome after the two before it, and how much it showed: a sign of the state that the device was in.
        features.set(((beforeLast * PAIRS + last) * PAIRS + now) * 4 + Math.min(shown, 3));
        pairs.set((last * PAIRS + now) * 4 + Math.min(shown, 3));
        beforeLast = last;
        last = now;
    }

    /** Forgets what came before: another script begins. */
    void startScript() {
        beforeLast = 0;
        last = 0;
    }

    /** {@return how many commands were counted} */
    public long commands() {
        return commands;
    }

    /** {@return how many different things happened: outcomes after outcomes} */
    public int features() {
        return features.cardinality();
    }

    /** {@return how many different outcomes came right after one another} */
    int pairs() {
        return pairs.cardinality();
    }

    /**
     * {@return how often a command had an outcome, by their names in the table}
     *
     * @param command the name of a command
     * @param outcome the name of an outcome
     */
    public long count(String command, String outcome) {
        for (int row = 0; row < counts.length; row++) {
            for (int column = 0; column < counts[row].length; column++) {
                if (CommandNames.rowName(row).equals(command)
                        && CommandNames.columnName(column).equals(outcome)) {
                    return counts[row][column];
                }
            }
        }
        throw new IllegalArgumentException("no such command or outcome: " + command + ", " + outcome);
    }

    /** {@return the table of commands and outcomes, line by line} */
    public List<String> table() {
        List<Integer> columns = new ArrayList<>();
        for (int column = 0; column < CommandNames.COLUMNS; column++) {
            int at = column;
            if (Arrays.stream(counts).anyMatch(row -> row[at] > 0)) {
                columns.add(column);
            }
        }
        List<String> lines = new ArrayList<>();
        StringBuilder head = new StringBuilder(Text.format("%-24s", "command"));
        columns.forEach(column -> head.append(Text.format("  %s", heading(column))));
        lines.add(head.toString());
        for (int row = 0; row < counts.length; row++) {
            StringBuilder line = new StringBuilder(Text.format("%-24s", CommandNames.rowName(row)));
            for (int column : columns) {
                long count = counts[row][column];
                line.append(
                        Text.format(Text.format("  %%%ds", heading(column).length()), count == 0 ? "." : "" + count));
            }
            lines.add(line.toString());
        }
        return lines;
    }

    private static String heading(int column) {
        String name = CommandNames.columnName(column);
        return name.length() < 9 ? " ".repeat(9 - name.length()) + name : name;
    }
}
