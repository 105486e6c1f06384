package dev.semblance.harness.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceScriptTests {

    private static final Path RECORDINGS = Path.of("..", "..", "recordings");

    @ParameterizedTest
    @ValueSource(strings = {"boot", "cursor", "disk", "fbdraw", "flips", "modetest", "typing"})
    void theScriptOfEveryRecordingGetsTheSameResponsesAndPictures(String name) throws IOException {
        assertThat(ScriptedTrace.assertSame(RECORDINGS.resolve(name + ".trace")))
                .isGreaterThan(20);
    }
}
