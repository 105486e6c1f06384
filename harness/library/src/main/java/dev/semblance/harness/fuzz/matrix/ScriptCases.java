package dev.semblance.harness.fuzz.matrix;

import dev.semblance.harness.fuzz.FuzzScript;
import dev.semblance.harness.fuzz.differential.DisplayEvent;
import dev.semblance.harness.fuzz.differential.ScriptCheck.Watcher;
import dev.semblance.harness.fuzz.differential.SurvivalRun;
import dev.semblance.harness.fuzz.reference.ReferenceDevice;
import dev.semblance.harness.rig.CommandAnswer;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.dialect.CommandName;
import dev.semblance.harness.target.dialect.ResponseName;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The cases that a script has, as the reference answers them by itself. */
final class ScriptCases {

    /** Where a case is: a command by its line and its place in that; a picture by its line alone. */
    record At(int line, int place) implements Comparable<At> {

        static final int PICTURE = -1;

        @Override
        public int compareTo(At other) {
            return line != other.line ? Integer.compare(line, other.line) : Integer.compare(place, other.place);
        }
    }

    private final SortedMap<At, RowKey> cases = new TreeMap<>();

    private ScriptCases() {}

    static ScriptCases of(FuzzScript script) {
        ScriptCases found = new ScriptCases();
        SurvivalRun reference = new SurvivalRun(script.settings(), BuiltinDevice.of(ReferenceDevice::new));
        reference
                .run(script.lines(), new Watcher() {
                    @Override
                    public void answered(
                            int line, ScriptLine.Command command, CommandAnswer answer, List<DisplayEvent> shown) {
                        found.add(line, command, answer);
                    }
                })
                .ifPresent(difference -> {
                    throw new IllegalStateException("the reference fails: " + difference.text());
                });
        return found;
    }

    private void add(int line, ScriptLine.Command command, CommandAnswer answer) {
        int place = cases.tailMap(new At(line, 0)).size();
        String name = CommandName.of(command.request());
        String response = ResponseName.of(answer.used(), answer.usedLength(), answer.response());
        cases.put(new At(line, place), RowKey.answer(name, response));
        cases.put(new At(line, At.PICTURE), RowKey.picture(place == 0 ? name : RowKey.SEVERAL));
    }

    /** {@return the row of a case; empty where there is none} */
    Optional<RowKey> at(At at) {
        return Optional.ofNullable(cases.get(at));
    }

    /** {@return all cases, in their order} */
    SortedMap<At, RowKey> all() {
        return Collections.unmodifiableSortedMap(cases);
    }

    /** {@return how many cases there are, row by row} */
    SortedMap<RowKey, Long> counts() {
        SortedMap<RowKey, Long> counts = new TreeMap<>();
        cases.values().forEach(key -> counts.merge(key, 1L, Long::sum));
        return counts;
    }
}
