package dev.semblance.harness.fuzz.minimize;

import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Batch;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptLine.Poke;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** Leaves out whole lines. */
final class LineReduction {

    private final ReductionState trials;

    LineReduction(ReductionState trials) {
        this.trials = trials;
    }

    /** Takes a long script: what comes after the failure goes first, then what the failure should not depend on. */
    void first() {
        cutTail();
        trials.attempt(Lifetimes.behindLast(trials.script()));
        resources();
        lines();
    }

    /** Takes a script that is short already. */
    void again() {
        resources();
        lines();
    }

    /**
     * Leaves out lines until none can go.
     *
     * <p>A script that is a line shorter fails, or not, at a fraction of what the whole one costs to run, so it is the
     * large stretches at the start that decide how long this takes: a few runs of the whole.
     */
    private void lines() {
        List<ScriptLine> script = trials.script();
        DeltaDebugger.reduce(script, trials::attempt);
    }

    /** Finds an early line after which nothing is needed, by halving. */
    private void cutTail() {
        List<ScriptLine> script = trials.script();
        int needed = 0;
        int fails = script.size();
        // Most often it is the last line that shows the failure.
        if (fails > 1 && !trials.attempt(script.subList(0, fails - 1))) {
            return;
        }
        fails--;
        while (fails - needed > 1) {
            int middle = (needed + fails) >>> 1;
            if (trials.attempt(script.subList(0, middle))) {
                fails = middle;
            } else {
                needed = middle;
            }
        }
    }

    /** Leaves out all lines about an image at once. */
    private void resources() {
        TreeSet<Long> named = new TreeSet<>();
        for (ScriptLine line : trials.script()) {
            for (Command command : ScriptEdits.commands(line)) {
                Lifetimes.resource(command).ifPresent(named::add);
            }
        }
        named.remove(0L);
        if (named.size() < 2) {
            return;
        }
        List<ScriptLine> script = trials.script();
        DeltaDebugger.reduce(List.copyOf(named), kept -> trials.attempt(about(script, new TreeSet<>(kept))));
    }

    /** {@return a script without the commands that name other images than these} */
    private static List<ScriptLine> about(List<ScriptLine> script, Set<Long> resources) {
        List<ScriptLine> kept = new ArrayList<>(script.size());
        for (ScriptLine line : script) {
            switch (line) {
                case Command command -> {
                    if (isAbout(command, resources)) {
                        kept.add(command);
                    } else {
                        keepMemory(command.memory(), kept);
                    }
                }
                case Batch batch -> {
                    List<Command> commands = new ArrayList<>();
                    for (Command command : batch.commands()) {
                        if (isAbout(command, resources)) {
                            commands.add(command);
                        } else {
                            keepMemory(command.memory(), kept);
                        }
                    }
                    if (commands.size() == batch.commands().size()) {
                        kept.add(batch);
                    } else if (!commands.isEmpty()) {
                        kept.add(new Batch(batch.id(), commands));
                    }
                }
                default -> kept.add(line);
            }
        }
        return kept;
    }

    private static boolean isAbout(Command command, Set<Long> resources) {
        OptionalLong named = Lifetimes.resource(command);
        return named.isEmpty() || named.getAsLong() == 0 || resources.contains(named.getAsLong());
    }

    private static void keepMemory(List<MemoryWrite> memory, List<ScriptLine> kept) {
        if (!memory.isEmpty()) {
            kept.add(new Poke(memory));
        }
    }
}
