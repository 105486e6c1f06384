package dev.semblance.harness.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.trace.TraceEvent.Bytes;
import dev.semblance.harness.trace.TraceEvent.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** docs/TRACE_FORMAT.md, "Events": long events are cut in the same places, whoever cuts them. */
class MemoryPartsTests {

    private final Random random = new Random(3);

    @Test
    void runsAreCutWhereOneEventOfThemIsCut() {
        EventParts.MemoryParts parts = new EventParts.MemoryParts(2);
        int borders = 0;
        for (int round = 0; round < 400; round++) {
            List<Bytes> runs = new ArrayList<>();
            long cost = 0;
            int count = 1 + random.nextInt(4);
            for (int i = 0; i < count; i++) {
                // The last run ends about where a part does.
                int left = (int) (EventParts.PART_BYTES * (1L + random.nextInt(2)) - cost - 20);
                int length = i == count - 1 && left > 4
                        ? left + random.nextInt(7) - 3
                        : 1 + random.nextInt(EventParts.PART_BYTES / 3);
                byte[] bytes = new byte[length];
                bytes[0] = (byte) round;
                runs.add(new Bytes(1_000_000L * i, bytes));
                cost += length + 20L;
            }
            borders += cost == EventParts.PART_BYTES ? 1 : 0;
            for (Bytes run : runs) {
                byte[] around = new byte[run.bytes().length + 5];
                System.arraycopy(run.bytes(), 0, around, 3, run.bytes().length);
                parts.add(run.address(), around, 3, run.bytes().length);
            }
            List<TraceEvent> expected = EventParts.split(new Memory(2, runs));
            List<Memory> cut = parts.finish();
            assertThat(cut).hasSameSizeAs(expected);
            for (int i = 0; i < cut.size(); i++) {
                assertThat(EventCodec.encode(0, cut.get(i))).isEqualTo(EventCodec.encode(0, expected.get(i)));
                assertThat(EventParts.split(cut.get(i))).containsExactly(cut.get(i));
            }
        }
        assertThat(borders).isPositive();
    }
}
