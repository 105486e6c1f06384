package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.util.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class ShardProperties {

    private static Map<Path, Long> traces(List<Long> sizes) {
        Map<Path, Long> traces = new TreeMap<>();
        for (int i = 0; i < sizes.size(); i++) {
            traces.put(Path.of(Text.format("t%02d.trace", i)), sizes.get(i));
        }
        return traces;
    }

    @Property
    void everyTraceIsInExactlyOneShardWhateverTheOrderInWhichTheyAreNamed(
            @ForAll @Size(max = 30) List<@LongRange(min = 0, max = 1000) Long> sizes,
            @ForAll @IntRange(min = 1, max = 8) int count,
            @ForAll long seed) {
        Map<Path, Long> traces = traces(sizes);
        List<Path> named = new ArrayList<>(traces.keySet());
        List<Path> shuffled = new ArrayList<>(named);
        Collections.shuffle(shuffled, new Random(seed));
        List<Path> together = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            List<Path> part = new Shard(i, count).select(named, traces::get);
            assertThat(part).isSorted();
            assertThat(new Shard(i, count).select(shuffled, traces::get)).hasSameElementsAs(part);
            together.addAll(part);
        }
        assertThat(together).containsExactlyInAnyOrderElementsOf(named);
    }

    @Property
    void noShardHasMoreThanTheEvenShareAndOneTrace(
            @ForAll @Size(min = 1, max = 30) List<@LongRange(min = 1, max = 1000) Long> sizes,
            @ForAll @IntRange(min = 1, max = 8) int count) {
        Map<Path, Long> traces = traces(sizes);
        long all = sizes.stream().mapToLong(Long::longValue).sum();
        long largest = Collections.max(sizes);
        for (int i = 1; i <= count; i++) {
            long bytes = new Shard(i, count)
                    .select(List.copyOf(traces.keySet()), traces::get).stream()
                            .mapToLong(traces::get)
                            .sum();
            assertThat(bytes).isLessThanOrEqualTo(all / count + largest);
        }
    }

    @Example
    void aShardIsWrittenAsItsNumberOfHowMany() {
        assertThat(Shard.parse("2/3")).contains(new Shard(2, 3));
        assertThat(List.of("0/3", "4/3", "1/0", "1", "/", "-1/3", "1/99999", "a/b", " 1/2", ""))
                .allSatisfy(text -> assertThat(Shard.parse(text)).as(text).isEmpty());
    }
}
