package dev.semblance.harness.rig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.fuzz.minimize.Sessions;
import dev.semblance.harness.replay.SyntheticGuest;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** docs/SCRIPT.md: a trace's device half, turned into a script, does again what the driver did. */
class TraceScriptProperties {

    @Property(tries = 120, shrinking = ShrinkingMode.BOUNDED)
    void theScriptOfAnySessionGetsTheSameResponsesAndPictures(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 80) int steps) throws IOException {
        inFolder(folder -> {
            Path trace = folder.resolve("t.trace");
            SyntheticGuest.record(trace, seed, false, steps);
            ScriptedTrace.assertSame(trace);
        });
    }

    @Property(tries = 80, shrinking = ShrinkingMode.BOUNDED)
    void theScriptOfASessionOnQueuesWithFeaturesGetsTheSameResponsesAndPictures(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 80) int steps) throws IOException {
        QueueFeatures all = QueueFeatures.parse("indirect,event-idx,ring-reset").orElseThrow();
        inFolder(folder -> {
            Path trace = folder.resolve("t.trace");
            SyntheticGuest.record(trace, seed, false, all, steps);
            ScriptedTrace.assertSame(trace);
        });
    }

    /** What a rig did is a script, whose trace is the same again: requests, answers, memory, pictures, buffers. */
    @Property(tries = 40, shrinking = ShrinkingMode.BOUNDED)
    void theTraceOfTheScriptOfARigsTraceIsThatTrace(@ForAll long seed, @ForAll @IntRange(min = 0, max = 120) int lines)
            throws IOException {
        inFolder(folder -> {
            Path first = folder.resolve("t.trace");
            Path second = folder.resolve("u.trace");
            Sessions.record(first, Sessions.session(seed, lines), new NoFrames());
            TraceScript script = ScriptedTrace.of(first);
            record(second, script);
            assertThat(events(second)).isEqualTo(events(first));
            TraceScript again = ScriptedTrace.of(second);
            assertThat(again.settings()).isEqualTo(script.settings());
            assertThat(again.lines()).isEqualTo(script.lines());
        });
    }

    @Property(tries = 20, shrinking = ShrinkingMode.BOUNDED)
    void readStepByStepAScriptIsTheSame(@ForAll long seed, @ForAll @IntRange(min = 0, max = 60) int steps)
            throws IOException {
        inFolder(folder -> {
            Path trace = folder.resolve("t.trace");
            SyntheticGuest.record(trace, seed, true, steps);
            List<RigSettings> settings = new ArrayList<>();
            List<TraceStep> streamed = new ArrayList<>();
            TraceScript.stream(trace, settings::add, step -> {
                assertThat(settings).hasSize(1);
                streamed.add(step);
            });
            assertThat(new TraceScript(settings.getFirst(), streamed)).isEqualTo(ScriptedTrace.of(trace));
        });
    }

    private static void record(Path trace, TraceScript script) throws IOException {
        try (TraceWriter writer = TraceWriter.create(trace, script.settings().manifest("test"))) {
            ScriptRunner runner = new ScriptRunner(
                    DeviceRig.recorded(script.settings(), BuiltinDevice.ours(), new NoFrames(), writer));
            for (ScriptLine line : script.lines()) {
                // The screendump of the last snapshot takes none: the end of the run does.
                runner.run(line);
            }
            runner.end();
            writer.complete();
        }
    }

    /** Returns all events without their cycles. */
    private static List<TraceEvent> events(Path trace) {
        return Recordings.events(trace).stream().map(Stamped::event).toList();
    }

    @FunctionalInterface
    private interface Use {
        void of(Path folder) throws IOException;
    }

    private static void inFolder(Use use) throws IOException {
        Path folder = Files.createTempDirectory("semblance");
        try {
            use.of(folder);
        } finally {
            for (String name : List.of("t.trace", "u.trace")) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.delete(folder);
        }
    }
}
