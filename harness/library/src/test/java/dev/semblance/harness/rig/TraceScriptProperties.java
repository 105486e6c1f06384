package dev.semblance.harness.rig;

import dev.semblance.harness.replay.SyntheticGuest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** Issue 3, item 1: a trace's device half, turned into a script, does again what the driver did. */
class TraceScriptProperties {

    @Property(tries = 120, shrinking = ShrinkingMode.BOUNDED)
    void theScriptOfAnySessionGetsTheSameResponsesAndPictures(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 80) int steps) throws IOException {
        Path folder = Files.createTempDirectory("semblance");
        Path trace = folder.resolve("t.trace");
        try {
            SyntheticGuest.record(trace, seed, false, steps);
            ScriptedTrace.assertSame(trace);
        } finally {
            Files.deleteIfExists(trace);
            Files.delete(folder);
        }
    }
}
