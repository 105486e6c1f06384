package dev.semblance.harness.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.trace.EventArbitraries.Step;
import dev.semblance.harness.trace.TraceFiles.Reading;
import dev.semblance.harness.trace.strict.StrictTrace;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** docs/TRACE_FORMAT.md, "File". */
class TraceFileProperties {

    @Provide
    Arbitrary<List<Step>> traces() {
        return EventArbitraries.traces(30);
    }

    @Provide
    Arbitrary<TraceWriter.Options> options() {
        return Combinators.combine(
                        Arbitraries.of(ChunkCodec.class),
                        Arbitraries.oneOf(
                                Arbitraries.integers().between(1, 400), Arbitraries.just(ChunkHeader.MAX_CHUNK_BYTES)),
                        Arbitraries.oneOf(Arbitraries.longs().between(1, 1_000_000), Arbitraries.just(Long.MAX_VALUE)))
                .as(TraceWriter.Options::new);
    }

    @Property(tries = 100)
    void whatIsWrittenIsRead(@ForAll("traces") List<Step> steps, @ForAll("options") TraceWriter.Options options) {
        Reading reading = TraceFiles.read(TraceFiles.bytes(steps, options));
        assertThat(reading.events()).isEqualTo(TraceFiles.stamped(steps));
        assertThat(reading.status())
                .hasValueSatisfying(status -> assertThat(status).isInstanceOf(TraceStatus.Complete.class));
    }

    @Property(tries = 40)
    void theIdentityDependsOnTheEventsAlone(
            @ForAll("traces") List<Step> steps,
            @ForAll("options") TraceWriter.Options one,
            @ForAll("options") TraceWriter.Options other) {
        assertThat(identity(steps, one)).isEqualTo(identity(steps, other)).hasSize(64);
    }

    @Property(tries = 40)
    void otherEventsHaveAnotherIdentity(
            @ForAll("traces") List<Step> one,
            @ForAll("traces") List<Step> other,
            @ForAll("options") TraceWriter.Options options) {
        assertThat(identity(one, options).equals(identity(other, options))).isEqualTo(one.equals(other));
    }

    private static String identity(List<Step> steps, TraceWriter.Options options) {
        return TraceFiles.read(TraceFiles.bytes(steps, options))
                .status()
                .orElseThrow()
                .totals()
                .identity();
    }

    /** A file can be cut anywhere: it opens to its last good chunk, or says where it ends. Nothing else is ever thrown. */
    @Property(tries = 3)
    void everyPrefixOpensToItsLastGoodChunkOrIsRefusedWithAnOffset(
            @ForAll("traces") List<Step> steps, @ForAll("options") TraceWriter.Options options) {
        byte[] file = TraceFiles.bytes(steps, options);
        int first = TraceFiles.firstChunkEnd(file);
        for (int length = 0; length < file.length; length += length < first ? 37 : 7) {
            Reading reading = TraceFiles.read(Arrays.copyOf(file, length));
            assertThat(reading.events())
                    .isEqualTo(TraceFiles.stamped(steps)
                            .subList(0, reading.events().size()));
            if (length < first) {
                assertThat(reading.failure().orElseThrow().offset()).isBetween(0L, (long) length);
            } else {
                assertThat(reading.status().orElseThrow())
                        .isInstanceOfSatisfying(
                                TraceStatus.Torn.class,
                                torn -> assertThat(torn.offset()).isBetween((long) first, (long) file.length));
            }
        }
    }

    @Property(tries = 100)
    void everyFileOfTheWriterKeepsEveryRuleOfThePage(
            @ForAll("traces") List<Step> steps, @ForAll("options") TraceWriter.Options options) {
        byte[] file = TraceFiles.bytes(steps, options);
        TraceTotals totals = TraceFiles.read(file).status().orElseThrow().totals();
        assertThat(StrictTrace.judge(file))
                .isEqualTo(new StrictTrace.Verdict.Complete(
                        totals.events(), totals.chunks(), totals.lastCycle(), totals.identity()));
    }

    /** No changed byte goes unnoticed, and no event that differs from the recorded one is given out before that. */
    @Property(tries = 120)
    void everyChangedByteIsFound(
            @ForAll("traces") List<Step> steps,
            @ForAll("options") TraceWriter.Options options,
            @ForAll @IntRange(min = 0, max = 1 << 30) int anywhere,
            @ForAll @IntRange(min = 1, max = 255) int flip) {
        byte[] file = TraceFiles.bytes(steps, options);
        file[anywhere % file.length] ^= (byte) flip;
        Reading reading = TraceFiles.read(file);
        assertThat(reading.failure())
                .as("flip of %02x at %d of %d", flip, anywhere % file.length, file.length)
                .isPresent();
        assertThat(reading.events())
                .isEqualTo(TraceFiles.stamped(steps).subList(0, reading.events().size()));
    }

    @Property(tries = 100)
    void bytesCutOutOfTheMiddleAreFound(
            @ForAll("traces") List<Step> steps,
            @ForAll("options") TraceWriter.Options options,
            @ForAll @IntRange(min = 0, max = 1 << 30) int anywhere,
            @ForAll @IntRange(min = 1, max = 300) int length) {
        byte[] file = TraceFiles.bytes(steps, options);
        int from = anywhere % (file.length - Trailer.SIZE);
        int to = Math.min(from + length, file.length - Trailer.SIZE);
        byte[] cut = Arrays.copyOf(file, file.length - (to - from));
        System.arraycopy(file, to, cut, from, file.length - to);
        Reading reading = TraceFiles.read(cut);
        assertThat(reading.failure()).isPresent();
        assertThat(reading.events())
                .isEqualTo(TraceFiles.stamped(steps).subList(0, reading.events().size()));
    }

    @Property(tries = 120)
    void anyBytesBehindAGoodStartAreRefusedOrTorn(
            @ForAll("traces") List<Step> steps,
            @ForAll("options") TraceWriter.Options options,
            @ForAll byte[] garbage,
            @ForAll @IntRange(min = 0, max = 1 << 30) int anywhere) {
        byte[] file = TraceFiles.bytes(steps, options);
        int header = headerBytes(file);
        int at = header + anywhere % (file.length - header);
        byte[] joined = Arrays.copyOf(file, at + garbage.length);
        System.arraycopy(garbage, 0, joined, at, garbage.length);
        Reading reading = TraceFiles.read(joined);
        assertThat(reading.events())
                .isEqualTo(TraceFiles.stamped(steps).subList(0, reading.events().size()));
    }

    private static int headerBytes(byte[] file) {
        int manifest = file[12] & 0xff | (file[13] & 0xff) << 8 | (file[14] & 0xff) << 16;
        return FileHeader.FIXED_BYTES + manifest + 4;
    }
}
