package dev.semblance.harness.fuzz;

import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.DisplayChange;
import dev.semblance.harness.rig.ScriptLine.QueueReset;
import dev.semblance.machine.virtio.VirtioFeatures;
import java.util.ArrayList;
import java.util.List;

/** Makes new scripts of ones that led somewhere. */
final class ScriptMutator {

    /** Longer ones would cost more than they are worth. */
    private static final int MOST_LINES = 400;

    private final EntropySource choices;
    private final RigSettings settings;

    /** Makes scripts for a rig: the other script may be of one with more displays, or other queues. */
    ScriptMutator(EntropySource choices, RigSettings settings) {
        this.choices = choices;
        this.settings = settings;
    }

    /** {@return a script with lines left out, repeated or changed, or with the end of another one} */
    List<ScriptLine> mutate(List<ScriptLine> script, List<ScriptLine> other) {
        List<ScriptLine> lines = new ArrayList<>(script);
        for (int i = choices.between(1, 3); i > 0 && !lines.isEmpty(); i--) {
            switch (choices.below(4)) {
                case 0 -> leaveOut(lines);
                case 1 -> repeat(lines);
                case 2 -> change(lines);
                default -> splice(lines, other);
            }
        }
        return lines.size() > MOST_LINES ? lines.subList(0, MOST_LINES) : lines;
    }

    private void leaveOut(List<ScriptLine> lines) {
        int from = choices.below(lines.size());
        lines.subList(from, Math.min(lines.size(), from + choices.between(1, 8)))
                .clear();
    }

    private void repeat(List<ScriptLine> lines) {
        int from = choices.below(lines.size());
        List<ScriptLine> again = List.copyOf(lines.subList(from, Math.min(lines.size(), from + choices.between(1, 8))));
        lines.addAll(choices.below(lines.size() + 1), again);
    }

    private void splice(List<ScriptLine> lines, List<ScriptLine> other) {
        lines.subList(choices.below(lines.size()), lines.size()).clear();
        other.subList(choices.below(other.size()), other.size()).stream()
                .filter(this::isPossible)
                .forEach(lines::add);
    }

    private boolean isPossible(ScriptLine line) {
        return switch (line) {
            case QueueReset reset -> (settings.queues().bits() & VirtioFeatures.RING_RESET) != 0;
            case DisplayChange change -> change.head() < settings.displays().count();
            default -> true;
        };
    }

    private void change(List<ScriptLine> lines) {
        int at = choices.below(lines.size());
        if (lines.get(at) instanceof Command command && command.request().length > 0) {
            byte[] request = command.request().clone();
            // Near the start are the fields; far behind may be thousands of entries.
            int place = choices.below(Math.min(request.length, 64));
            request[place] =
                    choices.chance(1, 2) ? (byte) choices.bits() : (byte) (request[place] + choices.pick(-1, 1));
            lines.set(at, command.withRequest(request));
        }
    }
}
