package dev.semblance.harness.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.ChangedStates;
import dev.semblance.machine.state.SavedState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
            news(recorder, memory, from, length).forEachRun((address, bytes, offset, count) -> {
                assertThat(address).isBetween((long) BASE + from, (long) BASE + from + length - count);
                assertThat(count).isPositive();
                // Only what changed, and the little between changes.
                reader.learn(address, bytes, offset, count);
            });
            Arrays.fill(told, from, from + length, true);
            byte[] seen = new byte[length];
            assertThat(reader.read(BASE + from, seen, 0, length)).isTrue();
            assertThat(seen).isEqualTo(Arrays.copyOfRange(memory, from, from + length));
            assertThat(news(recorder, memory, from, length).isEmpty())
                    .as("what was told is told once")
                    .isTrue();
            int byteAt = random.nextInt(SIZE);
            byte[] one = {77};
            assertThat(reader.read(BASE + byteAt, one, 0, 1)).isEqualTo(told[byteAt]);
            if (!told[byteAt]) {
                assertThat(one[0]).isZero();
            }
        }
    }

    /** docs/ARCHITECTURE.md, "State": what is known is saved and loaded, and a state never changes. */
    @Property(tries = 300)
    void whatIsKnownIsSavedAndLoadedAndTheSameIsNewsAfterwards(@ForAll long seed) throws BadStateException {
        Random random = new Random(seed);
        KnownMemory known = new KnownMemory();
        byte[] bytes = new byte[20_000];
        for (int i = random.nextInt(6); i > 0; i--) {
            learn(known, bytes, random);
        }
        SavedState state = SavedState.of(known);
        byte[] before = ChangedStates.bytes(state);
        KnownMemory loaded = new KnownMemory();
        learn(loaded, bytes, random);
        state.loadInto(loaded);
        assertThat(SavedState.of(loaded)).isEqualTo(state);
        assertThat(loaded.heldBytes()).isEqualTo(known.heldBytes());
        for (int i = 0; i < 4; i++) {
            int from = random.nextInt(bytes.length / 2);
            int length = random.nextInt(bytes.length / 2);
            bytes[from] ^= 1;
            assertThat(toldOf(loaded, bytes, from, length)).isEqualTo(toldOf(known, bytes, from, length));
        }
        assertThat(SavedState.of(loaded)).isEqualTo(SavedState.of(known));
        assertThat(ChangedStates.bytes(state)).isEqualTo(before);
    }

    private static void learn(KnownMemory known, byte[] bytes, Random random) {
        int from = random.nextInt(bytes.length);
        int length = random.nextInt(bytes.length - from + 1);
        random.nextBytes(bytes);
        known.learn(BASE + from, bytes, from, length);
    }

    private static MemoryNews news(KnownMemory known, byte[] bytes, int from, int length) {
        MemoryNews news = new MemoryNews(new SparePages());
        known.learnNews(BASE + from, bytes, from, length, news);
        return news;
    }

    private static List<String> toldOf(KnownMemory known, byte[] bytes, int from, int length) {
        List<String> told = new ArrayList<>();
        news(known, bytes, from, length)
                .forEachRun((address, source, offset, count) ->
                        told.add(address + ": " + count + " bytes, " + source[offset]));
        return told;
    }

    @Property(tries = 20)
    void everyByteOfWhatIsKnownIsLoadedOrRefused(@ForAll long seed) throws BadStateException {
        Random random = new Random(seed);
        KnownMemory known = new KnownMemory();
        byte[] bytes = new byte[9_000];
        learn(known, bytes, random);
        learn(known, bytes, random);
        ChangedStates.Outcome outcome = ChangedStates.changeEveryByte(SavedState.of(known), KnownMemory::new);
        assertThat(outcome.refused()).as("tag and version").isGreaterThan(4);
    }
}
