package dev.semblance.harness.trace;

import static dev.semblance.harness.trace.HandmadeTrace.SMALL_CHUNKS;
import static dev.semblance.harness.trace.HandmadeTrace.headerBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semblance.harness.trace.EventArbitraries.Step;
import dev.semblance.harness.trace.TraceEvent.End;
import dev.semblance.harness.trace.TraceEvent.Reset;
import dev.semblance.harness.trace.TraceFiles.Reading;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/TRACE_FORMAT.md, "Versions": files of every version stay readable, and are written as low as can be. */
class KnownGoodTests {

    @TempDir
    Path folder;

    /** Old versions stay readable: one file for each. A failure here means that users' traces no longer open. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "v1-zstd.trace",
                "v1-deflate.trace",
                "v1-stored.trace",
                "v2-zstd.trace",
                "v2-deflate.trace",
                "v2-stored.trace",
                "v3-zstd.trace",
                "v3-deflate.trace",
                "v3-stored.trace",
                "v4-zstd.trace",
                "v4-deflate.trace",
                "v4-stored.trace",
                "v5-zstd.trace",
                "v5-deflate.trace",
                "v5-stored.trace"
            })
    void knownGoodFilesOfEveryVersionStayReadable(String name) throws Exception {
        Path path =
                Path.of(KnownGoodTests.class.getResource("/known-good/" + name).toURI());
        Reading reading = TraceFiles.read(path);
        int version = name.charAt(1) - '0';
        assertThat(reading.events()).isEqualTo(TraceFiles.stamped(KnownGood.steps(version)));
        assertThat(reading.status().orElseThrow())
                .isInstanceOfSatisfying(
                        TraceStatus.Complete.class,
                        complete -> assertThat(complete.totals().identity()).isEqualTo(KnownGood.identity(version)));
        try (TraceReader reader = TraceReader.open(path)) {
            assertThat(reader.formatVersion()).isEqualTo(version);
            assertThat(reader.manifest()).isEqualTo(KnownGood.manifest(version));
        }
    }

    /** docs/TRACE_FORMAT.md, "Versions": a new Semblance does not make files that an old one cannot read, if it need not. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void aTraceIsWrittenInTheLowestVersionThatHoldsIt(int version) throws Exception {
        Path path = folder.resolve("t.trace");
        TraceFiles.write(
                path,
                KnownGood.manifest(version),
                KnownGood.steps(version),
                new TraceWriter.Options(ChunkCodec.STORED, 160));
        assertThat(Files.readAllBytes(path))
                .isEqualTo(Files.readAllBytes(Path.of(KnownGoodTests.class
                        .getResource("/known-good/v" + version + "-stored.trace")
                        .toURI())));
    }

    @Test
    void theReaderBeforeSaysThatItIsTooOld() throws Exception {
        for (int version = 1; version <= FileHeader.VERSION; version++) {
            byte[] file = Files.readAllBytes(Path.of(KnownGoodTests.class
                    .getResource("/known-good/v" + version + "-stored.trace")
                    .toURI()));
            try (BoundedFile own = BoundedFile.of(new SeekableInMemoryByteChannel(file))) {
                assertThat(FileHeader.read(own, version).leastReader()).isEqualTo(version);
                int before = version - 1;
                assertThatExceptionOfType(IncompatibleTraceException.class)
                        .isThrownBy(() -> FileHeader.read(own, before))
                        .withMessageContaining("needs a reader of version " + version)
                        .withMessageContaining("Use a newer Semblance");
            }
        }
    }

    /** What a version has not is damage in a file of that version: the reader of that version sees it so, too. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void aTraceThatHasMoreThanItsVersionIsCorrupt(int version) throws Exception {
        byte[] file = Files.readAllBytes(Path.of(KnownGoodTests.class
                .getResource("/known-good/v" + version + "-stored.trace")
                .toURI()));
        byte[] older = FileHeader.withVersion(Arrays.copyOf(file, headerBytes(file)), version - 1, version - 1);
        System.arraycopy(older, 0, file, 0, older.length);
        assertThat(TraceFiles.read(file).failure().orElseThrow())
                .isNotInstanceOf(IncompatibleTraceException.class)
                .hasMessageContaining(
                        "belongs to format version " + version + ", and the trace is of version " + (version - 1));
    }

    /** Each by itself, so that none of them hides that another one needs no version. */
    @Test
    void whatCameWithVersionThreeNeedsIt() {
        List<TraceEvent> added = KnownGood.steps(3).stream()
                .map(Step::event)
                .filter(event -> KnownGood.steps(2).stream()
                        .noneMatch(step -> step.event().equals(event)))
                .toList();
        assertThat(added).hasSize(4).allMatch(event -> FormatVersions.of(event) == 3);
        assertThat(KnownGood.steps(2)).allMatch(step -> FormatVersions.of(step.event()) <= 2);
    }

    /** Displays that change came into version 3 after its files were made. */
    @ParameterizedTest
    @EnumSource(ChunkCodec.class)
    void knownGoodFilesWithChangingDisplaysStayReadable(ChunkCodec codec) throws Exception {
        Path path = Path.of(KnownGoodTests.class
                .getResource("/known-good/v3-displays-" + codec.name().toLowerCase(Locale.ROOT) + ".trace")
                .toURI());
        Reading reading = TraceFiles.read(path);
        assertThat(reading.events()).isEqualTo(TraceFiles.stamped(KnownGood.displays()));
        assertThat(reading.status().orElseThrow())
                .isInstanceOfSatisfying(
                        TraceStatus.Complete.class,
                        complete -> assertThat(complete.totals().identity()).isEqualTo(KnownGood.DISPLAYS_IDENTITY));
        try (TraceReader reader = TraceReader.open(path)) {
            assertThat(reader.formatVersion()).isEqualTo(3);
            assertThat(reader.manifest()).isEqualTo(KnownGood.displaysManifest());
        }
    }

    /** Each by itself needs the version: a change, and a display that is off from the beginning. */
    @Test
    void aDisplayThatChangesOrIsOffNeedsVersionThree() throws Exception {
        for (boolean off : new boolean[] {false, true}) {
            Path path = folder.resolve("t.trace");
            List<Step> steps = off ? KnownGood.steps(1) : KnownGood.displays();
            TraceManifest manifest = off ? KnownGood.displaysManifest() : TraceFiles.MANIFEST;
            TraceFiles.write(path, manifest, steps, new TraceWriter.Options(ChunkCodec.STORED, 160));
            byte[] file = Files.readAllBytes(path);
            assertThat(file[8]).isEqualTo((byte) 3);
            assertThat(file[10]).as("least reader").isEqualTo((byte) 3);
            byte[] older = FileHeader.withVersion(Arrays.copyOf(file, headerBytes(file)), 2, 2);
            System.arraycopy(older, 0, file, 0, older.length);
            assertThat(TraceFiles.read(file).failure().orElseThrow())
                    .isNotInstanceOf(IncompatibleTraceException.class)
                    .hasMessageContaining("belongs to format version 3, and the trace is of version 2");
        }
    }

    /** A recording that is killed keeps what a reader has to know of it. */
    @Test
    void theVersionIsInThePartBeforeWhatNeedsIt() throws Exception {
        Path path = folder.resolve("t.trace");
        try (TraceWriter writer = TraceWriter.create(path, TraceFiles.MANIFEST, SMALL_CHUNKS)) {
            writer.accept(1, new Reset(0));
            writer.flush();
            try (TraceReader reader = TraceReader.open(TraceWriter.partOf(path))) {
                assertThat(reader.formatVersion()).isEqualTo(1);
            }
            writer.accept(2, new End(End.Reason.STUCK, 0, new byte[0]));
            writer.flush();
            try (TraceReader reader = TraceReader.open(TraceWriter.partOf(path))) {
                assertThat(reader.formatVersion()).isEqualTo(2);
                assertThat(reader.readAll((cycle, event) -> {})).isInstanceOf(TraceStatus.Torn.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v1-zstd.trace",
                "v1-deflate.trace",
                "v1-stored.trace",
                "v2-zstd.trace",
                "v2-deflate.trace",
                "v2-stored.trace",
                "v3-zstd.trace",
                "v3-deflate.trace",
                "v3-stored.trace",
                "v4-zstd.trace",
                "v4-deflate.trace",
                "v4-stored.trace",
                "v3-displays-zstd.trace",
                "v3-displays-deflate.trace",
                "v3-displays-stored.trace"
            })
    void noBitOfAKnownGoodFileCanChangeUnnoticed(String name) throws Exception {
        byte[] file = Files.readAllBytes(
                Path.of(KnownGoodTests.class.getResource("/known-good/" + name).toURI()));
        for (int at = 0; at < file.length; at++) {
            file[at] ^= (byte) (1 << at % 8);
            assertThat(TraceFiles.read(file).failure()).as("byte %d", at).isPresent();
            file[at] ^= (byte) (1 << at % 8);
        }
        assertThat(TraceFiles.read(file).failure()).isEmpty();
    }

    @Test
    void everyPrefixOfAKnownGoodFileOpensOrSaysWhereItEnds() throws Exception {
        byte[] file = Files.readAllBytes(Path.of(
                KnownGoodTests.class.getResource("/known-good/v1-stored.trace").toURI()));
        for (int length = 0; length < file.length; length++) {
            Reading reading = TraceFiles.read(Arrays.copyOf(file, length));
            if (length < TraceFiles.firstChunkEnd(file)) {
                assertThat(reading.failure().orElseThrow().offset()).isBetween(0L, (long) length);
            } else {
                assertThat(reading.status().orElseThrow()).isInstanceOf(TraceStatus.Torn.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ChunkCodec.class)
    void everyCodecGivesBackWhatItTook(ChunkCodec codec) throws Exception {
        byte[] raw = new byte[300_000];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) (i * i >> 7);
        }
        assertThat(codec.expand(codec.compress(raw, raw.length), raw.length)).isEqualTo(raw);
        assertThat(codec.works()).isTrue();
    }
}
