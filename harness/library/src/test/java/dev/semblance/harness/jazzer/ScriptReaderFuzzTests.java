package dev.semblance.harness.jazzer;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.semblance.harness.rig.ScriptException;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptReader;
import dev.semblance.harness.rig.ScriptWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;

class ScriptReaderFuzzTests {

    @FuzzTest(maxDuration = "60s")
    void anyBytesAreReadAsAScriptOrRefusedLineByLine(byte[] file) throws IOException {
        try (ScriptReader reader = new ScriptReader(new ByteArrayInputStream(file))) {
            boolean more = true;
            while (more) {
                try {
                    Optional<ScriptReader.Numbered> next = reader.next();
                    next.map(ScriptReader.Numbered::line).ifPresent(ScriptReaderFuzzTests::roundTrip);
                    more = next.isPresent();
                } catch (ScriptException e) {
                    if (!String.valueOf(e.getMessage()).startsWith("line ")) {
                        throw new IllegalStateException("refused without its place", e);
                    }
                }
            }
        }
    }

    private static void roundTrip(ScriptLine line) {
        if (!ScriptReader.parse(ScriptWriter.line(line)).equals(line)) {
            throw new IllegalStateException("another line when read again: " + line);
        }
    }
}
