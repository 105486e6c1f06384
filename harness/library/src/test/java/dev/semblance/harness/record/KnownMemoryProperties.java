package dev.semblance.harness.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** docs/ARCHITECTURE.md, corner 5: recorder and reader know the same bytes, and no byte is known that no event told. */
class KnownMemoryProperties {

    private static final int BASE = 4096 * 5 - 100;
    private static final int SIZE = 300;

    @Property(tries = 300)
    void aReaderThatLearnsTheNewsKnowsWhatTheRecorderKnows(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] memory = new byte[SIZE];
        boolean[] told = new boolean[SIZE];
        KnownMemory recorder = new KnownMemory();
        KnownMemory reader = new KnownMemory();
        for (int step = 0; step < 40; step++) {
            memory[random.nextInt(SIZE)] = (byte) random.nextInt(4);
            int from = random.nextInt(SIZE);
            int length = random.nextInt(SIZE - from + 1);
            recorder.learnNews(BASE + from, memory, from, length, (address, bytes, offset, count) -> {
                assertThat(address).isBetween((long) BASE + from, (long) BASE + from + length - count);
                assertThat(count).isPositive();
                // Only what changed, and the little between changes.
                reader.learn(address, bytes, offset, count);
            });
            Arrays.fill(told, from, from + length, true);
            byte[] seen = new byte[length];
            assertThat(reader.read(BASE + from, seen, 0, length)).isTrue();
            assertThat(seen).isEqualTo(Arrays.copyOfRange(memory, from, from + length));
            recorder.learnNews(BASE + from, memory, from, length, (address, bytes, offset, count) -> {
                throw new AssertionError("told twice");
            });
            int byteAt = random.nextInt(SIZE);
            byte[] one = {77};
            assertThat(reader.read(BASE + byteAt, one, 0, 1)).isEqualTo(told[byteAt]);
            if (!told[byteAt]) {
                assertThat(one[0]).isZero();
            }
        }
    }
}
