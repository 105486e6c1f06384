package dev.semblance.harness.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.state.ChangedStates;
import dev.semblance.machine.state.SavedState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What counts as news, against a model that looks at every byte: it decides the bytes of every trace. */
class NewsRunsProperties {

    private static final int PAGE = 4096;

    /** So many bytes in a row that are no news end a run. */
    private static final int GAP = 8;

    /**
     * A read of guest memory.
     *
     * @param changes how many of its bytes are made different from the read before, -1 for all
     */
    record Read(int address, int length, int changes, long seed) {}

    record Run(long address, List<Byte> bytes) {}

    /** Knows bytes one by one. */
    private static final class Model {
        private final TreeMap<Long, Byte> known = new TreeMap<>();

        List<Run> learnNews(long address, byte[] bytes) {
            List<Run> runs = new ArrayList<>();
            int start = -1;
            int end = -1;
            for (int i = 0; i <= bytes.length; i++) {
                boolean over = i == bytes.length;
                boolean newPage = !over && (address + i) % PAGE == 0;
                if (start >= 0 && (over || newPage || i - end >= GAP)) {
                    runs.add(run(address, bytes, start, end));
                    start = -1;
                }
                if (!over && !Byte.valueOf(bytes[i]).equals(known.get(address + i))) {
                    start = start < 0 ? i : start;
                    end = i + 1;
                }
            }
            for (int i = 0; i < bytes.length; i++) {
                known.put(address + i, bytes[i]);
            }
            return runs;
        }
    }

    private static Run run(long address, byte[] bytes, int from, int to) {
        List<Byte> list = new ArrayList<>();
        for (int i = from; i < to; i++) {
            list.add(bytes[i]);
        }
        return new Run(address + from, list);
    }

    @Property(tries = 300)
    void newsAreTheBytesThatWereUnknownOrDifferJoinedOverLessThanEight(@ForAll("reads") List<Read> reads) {
        KnownMemory memory = new KnownMemory();
        Model model = new Model();
        byte[] guest = new byte[4 * PAGE];
        List<MemoryNews> told = new ArrayList<>();
        List<List<Run>> expected = new ArrayList<>();
        for (Read read : reads) {
            change(guest, read);
            byte[] bytes = Arrays.copyOfRange(guest, read.address(), read.address() + read.length());
            MemoryNews news = new MemoryNews(new SparePages());
            memory.learnNews(read.address(), bytes, 0, bytes.length, news);
            List<Run> ofModel = model.learnNews(read.address(), bytes);
            assertThat(runs(news)).isEqualTo(ofModel);
            assertThat(news.isEmpty()).isEqualTo(ofModel.isEmpty());
            told.add(news);
            expected.add(ofModel);
            byte[] back = new byte[bytes.length];
            assertThat(memory.read(read.address(), back, 0, back.length)).isTrue();
            assertThat(back).isEqualTo(bytes);
            Arrays.fill(bytes, (byte) 77);
        }
        assertThat(told)
                .as("news stay what they are, whatever is read later")
                .extracting(NewsRunsProperties::runs)
                .isEqualTo(expected);
    }

    /** As when another thread tells the news: some commands later, and the pages that it is done with are filled again. */
    @Property(tries = 300)
    void newsThatAreToldLateAreTheSameThoughTheirPagesAreUsedAgain(
            @ForAll("reads") List<Read> reads, @ForAll long seed) {
        Random random = new Random(seed);
        SparePages spare = new SparePages();
        KnownMemory late = new KnownMemory();
        Model model = new Model();
        byte[] guest = new byte[4 * PAGE];
        Deque<MemoryNews> waiting = new ArrayDeque<>();
        List<Run> expected = new ArrayList<>();
        List<Run> told = new ArrayList<>();
        List<SavedState> states = new ArrayList<>();
        List<byte[]> saved = new ArrayList<>();
        for (int i = 0; i < 3 * reads.size(); i++) {
            Read read = reads.get(i % reads.size());
            change(guest, read);
            byte[] bytes = Arrays.copyOfRange(guest, read.address(), read.address() + read.length());
            MemoryNews news = new MemoryNews(spare);
            late.learnNews(read.address(), bytes, 0, bytes.length, news);
            waiting.add(news);
            expected.addAll(model.learnNews(read.address(), bytes));
            if (random.nextInt(4) == 0) {
                states.add(SavedState.of(late));
                saved.add(ChangedStates.bytes(states.getLast()));
            }
            while (waiting.size() > random.nextInt(4)) {
                MemoryNews next = waiting.remove();
                told.addAll(runs(next));
                next.release();
            }
        }
        waiting.forEach(news -> told.addAll(runs(news)));
        assertThat(told).isEqualTo(expected);
        for (int i = 0; i < states.size(); i++) {
            assertThat(ChangedStates.bytes(states.get(i)))
                    .as("a state has its pages for itself")
                    .isEqualTo(saved.get(i));
        }
    }

    private static List<Run> runs(MemoryNews news) {
        List<Run> runs = new ArrayList<>();
        news.forEachRun(
                (address, source, offset, length) -> runs.add(run(address - offset, source, offset, offset + length)));
        return runs;
    }

    private static void change(byte[] guest, Read read) {
        Random random = new Random(read.seed());
        int count = read.changes() < 0 ? read.length() : read.changes();
        for (int i = 0; i < count; i++) {
            int at = read.changes() < 0 ? i : random.nextInt(read.length());
            guest[read.address() + at] += (byte) (1 + random.nextInt(255));
        }
    }

    @Provide
    Arbitrary<List<Read>> reads() {
        Arbitrary<Integer> lengths = Arbitraries.oneOf(
                Arbitraries.integers().between(1, 40),
                Arbitraries.integers().between(1, 2 * PAGE),
                Arbitraries.just(PAGE));
        Arbitrary<Integer> addresses = Arbitraries.oneOf(
                Arbitraries.of(0, PAGE, 2 * PAGE), Arbitraries.integers().between(0, 2 * PAGE));
        Arbitrary<Integer> changes =
                Arbitraries.oneOf(Arbitraries.just(-1), Arbitraries.integers().between(0, 20), Arbitraries.just(600));
        return Combinators.combine(addresses, lengths, changes, Arbitraries.longs())
                .as(Read::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(8);
    }
}
