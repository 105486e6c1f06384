package dev.semblance.harness.fuzz.minimize;

import dev.semblance.harness.fuzz.minimize.ScriptEdits.Place;
import dev.semblance.harness.rig.ScriptLine.Command;
import java.util.Arrays;

/**
 * Makes each 32-bit number of each request smaller, whatever it means: rectangles move to the corner and shrink, offsets,
 * hot spots, formats and padding go to zero. And requests shorter, if they are cut off anyway.
 */
final class WordReducer {

    /** Numbers beyond this many bytes are those of entries, too many to try each. */
    private static final int FAR_ENOUGH = 4096;

    private final ReductionState trials;

    WordReducer(ReductionState trials) {
        this.trials = trials;
    }

    void run() {
        for (Place place : ScriptEdits.places(trials.script())) {
            int length = Math.min(ScriptEdits.at(trials.script(), place).request().length, FAR_ENOUGH);
            for (int at = Integer.BYTES; at + Integer.BYTES <= length; at += Integer.BYTES) {
                shrink(place, at);
            }
            shorten(place);
        }
    }

    private void shrink(Place place, int at) {
        Command command = ScriptEdits.at(trials.script(), place);
        long now = ScriptEdits.word(command.request(), at);
        IntegerShrinker.shrink(
                0,
                now,
                value -> trials.attempt(ScriptEdits.with(
                        trials.script(),
                        place,
                        ScriptEdits.withRequest(command, ScriptEdits.withWord(command.request(), at, value)))));
    }

    private void shorten(Place place) {
        Command command = ScriptEdits.at(trials.script(), place);
        byte[] request = command.request();
        IntegerShrinker.shrink(
                0,
                request.length,
                length -> trials.attempt(ScriptEdits.with(
                        trials.script(), place, ScriptEdits.withRequest(command, Arrays.copyOf(request, (int)
                                length)))));
    }
}
