package org.example.display;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.semblance.harness.fuzz.Counterexample;
import dev.semblance.harness.fuzz.DeviceAdapter;
import dev.semblance.harness.fuzz.Fuzzer;
import dev.semblance.harness.fuzz.MetamorphicTransform;
import dev.semblance.harness.fuzz.differential.DifferentialRun;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.pipe.ChosenTarget;
import dev.semblance.junit.jqwik.DeviceScripts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Fuzzes a device beside the reference model, with jqwik and without. */
class FuzzedDeviceTest {

    /** The device under test: Semblance's, or {@code mvn test -Dsemblance.target=pipe:./my-gpu}. */
    private final ChosenTarget target = ChosenTarget.fromSystemProperties();

    private final DeviceUnderTest.Factory mine = target.device();

    @Provide
    Arbitrary<List<ScriptLine>> scripts() {
        return DeviceScripts.wild(RigSettings.EXEC, 40);
    }

    @Property(tries = 200)
    void doesAsTheReference(@ForAll("scripts") List<ScriptLine> script) {
        DifferentialRun run = new DifferentialRun(RigSettings.EXEC, mine).in(target.dialect());
        assertEquals(Optional.empty(), run.run(script));
    }

    @Property(tries = 50)
    void howRequestsAreCutAndImagesNumberedMeansNothing(@ForAll("scripts") List<ScriptLine> script, @ForAll long seed) {
        assertEquals(Optional.empty(), MetamorphicTransform.CUT.check(script, seed, RigSettings.EXEC, mine));
        assertEquals(Optional.empty(), MetamorphicTransform.RENAME.check(script, seed, RigSettings.EXEC, mine));
    }

    /** A model that only answers requests, and wrongly: what is found is cut down and written as a trace. */
    @Example
    void aWrongAnswerIsFoundAndWrittenAsATrace() throws IOException {
        DeviceUnderTest.Factory silent = DeviceAdapter.of((memory, displays, sink) -> new DeviceAdapter.Answering() {
            @Override
            public byte[] answer(int queue, byte[] request, int room) {
                return new byte[0];
            }

            @Override
            public void reset() {}

            @Override
            public void start(long features) {}
        });
        Fuzzer fuzzer = new Fuzzer(7, silent);
        Fuzzer.Failure failure = fuzzer.run(() -> fuzzer.coverage().commands() < 10_000).orElseThrow();
        Path trace = Path.of("target", "silent.trace");
        Counterexample.of(failure).write(trace, "my project 1.0");
        assertTrue(Files.size(trace) > 0);
    }
}
