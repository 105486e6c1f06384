package dev.semblance.harness.fuzz;

import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Batch;
import dev.semblance.harness.rig.ScriptLine.Command;
import java.util.ArrayList;
import java.util.List;

/**
 * Leads a script past a finding that is known, so that what lies behind it is reached: a program that dies of every third chain
 * would otherwise never see a fourth.
 */
final class Detour {

    /** How often a script is tried again: each time is a program more. */
    static final int MOST = 12;

    /** Room for the least that a device answers (VIRTIO 1.2, 5.7.6.7). */
    private static final int HEADER = 24;

    private Detour() {}

    /**
     * Returns a script without what led to a finding. The lines before it stay.
     *
     * @param script all lines
     * @param line the index of the line that led to it
     * @param plainly whether chains are put plainly from there on if the line has one that is not: in one buffer for the request
     *     and one for the response, as drivers do; else only the line goes
     */
    static List<ScriptLine> past(List<ScriptLine> script, int line, boolean plainly) {
        List<ScriptLine> lines = new ArrayList<>(script.subList(0, line));
        List<ScriptLine> rest = script.subList(line, script.size());
        lines.addAll(plainly && !isPlain(rest.getFirst()) ? plain(rest) : rest.subList(1, rest.size()));
        return lines;
    }

    /** Returns the same with all chains put plainly. */
    static List<ScriptLine> plain(List<ScriptLine> script) {
        return script.stream().map(Detour::plain).toList();
    }

    /** Returns whether the chains of a line are put plainly. */
    static boolean isPlain(ScriptLine line) {
        return plain(line).equals(line);
    }

    private static ScriptLine plain(ScriptLine line) {
        return switch (line) {
            case Command command -> plain(command);
            case Batch batch ->
                new Batch(
                        batch.id(), batch.commands().stream().map(Detour::plain).toList());
            default -> line;
        };
    }

    /** A command that is plain stays the same object, so that lines are equal where nothing changed. */
    private static Command plain(Command command) {
        boolean isPlain = command.requestSplit().isEmpty()
                && command.responseSplit().isEmpty()
                && command.chain().isEmpty()
                && !command.indirect()
                && command.responseLength() >= HEADER;
        return isPlain
                ? command
                : new Command(
                        command.id(),
                        command.queue(),
                        command.memory(),
                        command.request(),
                        List.of(),
                        Math.max(HEADER, command.responseLength()),
                        List.of(),
                        command.responseFill(),
                        List.of(),
                        false,
                        command.noInterrupt());
    }
}
