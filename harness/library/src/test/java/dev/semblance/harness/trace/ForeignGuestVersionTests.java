package dev.semblance.harness.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.semblance.harness.trace.TraceManifest.Clock;
import dev.semblance.machine.memory.MemoryMap;
import dev.semblance.machine.memory.MemoryMap.Region;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/TRACE_FORMAT.md, "Manifest" and "Versions": what only a guest of another machine needs is of version 4. */
class ForeignGuestVersionTests {

    private static final TraceManifest PLAIN = TraceManifest.builder(TraceManifest.Kind.DEVICE_ONLY)
            .toolVersion("test")
            .ramBytes(1 << 20)
            .build();

    private static final MemoryMap HOLES =
            MemoryMap.of(List.of(new Region(0x8000_0000L, 0x1000), new Region(0x1_0000_0000L, 0x2000)));

    @TempDir
    private Path folder = Path.of("");

    static List<TraceManifest> foreign() {
        return List.of(
                PLAIN.with().clock(Optional.of(Clock.HOST)).build(),
                PLAIN.with().memory(HOLES).build(),
                PLAIN.with().largerViews(true).build());
    }

    private byte[] part(TraceManifest manifest) throws Exception {
        Path path = folder.resolve("t.trace");
        try (TraceWriter writer = TraceWriter.create(path, manifest)) {
            writer.accept(1, new TraceEvent.ConsoleOutput((byte) 1));
            writer.flush();
            return Files.readAllBytes(writer.part());
        }
    }

    private static FileHeader header(byte[] file, int newest) throws Exception {
        try (BoundedFile own = BoundedFile.of(new SeekableInMemoryByteChannel(file))) {
            return FileHeader.read(own, newest);
        }
    }

    @ParameterizedTest
    @MethodSource("foreign")
    void eachKeyByItselfNeedsVersionFour(TraceManifest manifest) throws Exception {
        byte[] file = part(manifest);
        FileHeader header = header(file, FileHeader.VERSION);
        assertThat(header.version()).isEqualTo(4);
        assertThat(header.leastReader()).isEqualTo(4);
        assertThat(header.manifest()).isEqualTo(manifest);
        assertThatExceptionOfType(IncompatibleTraceException.class)
                .isThrownBy(() -> header(file, 3))
                .withMessageContaining("needs a reader of version 4; this one reads up to 3");
        byte[] older = FileHeader.withVersion(Arrays.copyOf(file, header.size()), 3, 3);
        System.arraycopy(older, 0, file, 0, older.length);
        assertThatExceptionOfType(TraceFormatException.class)
                .isThrownBy(() -> header(file, FileHeader.VERSION))
                .isNotInstanceOf(IncompatibleTraceException.class)
                .withMessageContaining("the manifest belongs to format version 4, and the trace is of version 3");
    }

    @Test
    void whatEveryVersionHasIsLeftOut() throws Exception {
        TraceManifest same = PLAIN.with()
                .clock(Optional.empty())
                .memory(MemoryMap.of(0, 1 << 20))
                .largerViews(false)
                .build();
        assertThat(same).isEqualTo(PLAIN);
        assertThat(header(part(same), 1).version()).isEqualTo(1);
        assertThat(same.toJson()).doesNotContain("clock", "memory", "largerViews", "ramBase");
    }

    @Test
    void theKeysAreWrittenAsTheFormatSays() {
        assertThat(PLAIN.with()
                        .memory(HOLES)
                        .clock(Optional.of(Clock.HOST))
                        .largerViews(true)
                        .build()
                        .toJson())
                .contains(
                        "\"clock\" : \"HOST\"",
                        "\"largerViews\" : true",
                        "\"ramBase\" : 2147483648",
                        "\"ramBytes\" : 12288")
                .contains("""
                          "memory" : [
                            {
                              "base" : 2147483648,
                              "size" : 4096
                            },
                            {
                              "base" : 4294967296,
                              "size" : 8192
                            }
                          ],
                        """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"memory\" : [ ]",
                "\"memory\" : [ { \"base\" : 0, \"size\" : 1048576 } ]",
                "\"memory\" : [ { \"base\" : 0, \"size\" : 4096 }, { \"base\" : 4096, \"size\" : 1044480 } ]",
                "\"memory\" : [ { \"base\" : 8192, \"size\" : 1044480 }, { \"base\" : 0, \"size\" : 4096 } ]",
                "\"memory\" : [ { \"base\" : 0, \"size\" : 4096 }, { \"base\" : 8192, \"size\" : 4096 } ]",
                "\"memory\" : [ { \"base\" : 4096, \"size\" : 4096 }, { \"base\" : 16384, \"size\" : 1044480 } ]",
                "\"memory\" : [ { \"base\" : 0, \"size\" : 1 }, { \"base\" : 8192, \"size\" : 1048575 } ]",
                "\"memory\" : [ { \"base\" : 0, \"size\" : -4096 }, { \"base\" : 8192, \"size\" : 1052672 } ]",
                "\"memory\" : [ { \"base\" : 0, \"size\" : 4096 }, { \"base\" : 1099511627776, \"size\" : 1044480 } ]",
                "\"memory\" : { }",
                "\"clock\" : \"GUEST\"",
                "\"clock\" : \"host\"",
                "\"largerViews\" : false",
                "\"largerViews\" : 1",
            })
    void aValueThatMeansNothingIsRefused(String key) {
        String json = PLAIN.toJson().replace("\"harts\" : 0", "\"harts\" : 0, " + key);
        assertThatExceptionOfType(TraceFormatException.class)
                .isThrownBy(() -> TraceManifest.fromJson(json.getBytes(StandardCharsets.UTF_8)))
                .withMessageContaining("the manifest is not understood");
    }

    @Test
    void aMachinesTimeIsItsOwn() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TraceFiles.MANIFEST
                        .with()
                        .clock(Optional.of(Clock.HOST))
                        .build())
                .withMessage("the clock of a machine is its own");
    }
}
