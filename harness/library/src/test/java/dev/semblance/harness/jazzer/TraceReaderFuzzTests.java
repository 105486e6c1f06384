package dev.semblance.harness.jazzer;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceReader;
import java.io.IOException;
import java.util.Optional;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

class TraceReaderFuzzTests {

    /** A small file can expand to much; a fuzzer has no time for all of it. */
    private static final int MAX_EVENTS = 100_000;

    @FuzzTest(maxDuration = "60s")
    void anyBytesAreReadAsATraceOrRefused(byte[] file) {
        try (TraceReader reader = TraceReader.open(new SeekableInMemoryByteChannel(file))) {
            long expected = 0;
            long cycle = 0;
            Optional<TraceEvent.Stamped> next = reader.next();
            while (next.isPresent() && expected < MAX_EVENTS) {
                if (next.get().sequence() != expected || next.get().cycle() < cycle) {
                    throw new IllegalStateException("out of order: " + next.get());
                }
                cycle = next.get().cycle();
                expected++;
                next = reader.next();
            }
        } catch (IOException e) {
            // Refused, as it should be.
            if (e.getMessage() == null) {
                throw new IllegalStateException("refused without a reason", e);
            }
        }
    }
}
