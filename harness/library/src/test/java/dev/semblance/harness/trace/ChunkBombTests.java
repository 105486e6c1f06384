package dev.semblance.harness.trace;

import static dev.semblance.harness.trace.HandmadeTrace.SMALL_CHUNKS;
import static dev.semblance.harness.trace.HandmadeTrace.events;
import static dev.semblance.harness.trace.HandmadeTrace.fixHeader;
import static dev.semblance.harness.trace.HandmadeTrace.headerBytes;
import static dev.semblance.harness.trace.HandmadeTrace.hello;
import static dev.semblance.harness.trace.HandmadeTrace.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semblance.harness.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/TRACE_FORMAT.md, "Chunk": files that announce more than they hold, or hold more than they may. */
class ChunkBombTests {

    /** What a bomb has when it is expanded, in bytes. */
    private static final int BOMB = 64 << 20;

    @TempDir
    private Path folder = Path.of("");

    /** Reads a trace to where it cannot be read. */
    static final class Reader {
        private Reader() {}

        /** Takes the trace. */
        public static void main(String[] args) {
            System.out.print(
                    TraceFiles.read(Path.of(args[0])).failure().orElseThrow().reason());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ZSTD", "DEFLATE"})
    void aBombIsRefusedWithoutExpandingIt(ChunkCodec codec) throws Exception {
        byte[] bomb = codec.compress(new byte[BOMB], BOMB);
        for (int announced : List.of(bomb.length, ChunkHeader.MAX_CHUNK_BYTES)) {
            if (bomb.length <= announced) {
                assertThatExceptionOfType(IOException.class).isThrownBy(() -> codec.expand(bomb, announced));
            }
        }
        byte[] file = TraceFiles.bytes(hello(), SMALL_CHUNKS);
        byte[] start = Arrays.copyOf(file, headerBytes(file));
        Path trace = Files.write(
                folder.resolve("bomb.trace"),
                join(start, events(codec.number(), 10, ChunkHeader.MAX_CHUNK_BYTES, bomb)));
        // Half of what is in it.
        ChildJvm.Ended ended = ChildJvm.run(Reader.class, BOMB >> 21, trace.toString());
        assertThat(ended.said()).contains("more than the");
        assertThat(ended.code()).isZero();
    }

    @Test
    void announcedLengthsBeyondTheLimitAreRefusedBeforeAnythingIsAllocated() {
        byte[] file = TraceFiles.bytes(hello(), SMALL_CHUNKS);
        byte[] start = Arrays.copyOf(file, headerBytes(file));
        for (int raw : List.of(ChunkHeader.MAX_CHUNK_BYTES + 1, Integer.MAX_VALUE, -1, 5)) {
            byte[] header = new ChunkHeader(ChunkHeader.EVENTS, 1, raw, 6, 1, 0, 0, 0).encode();
            TraceFormatException failure =
                    TraceFiles.read(join(start, header)).failure().orElseThrow();
            assertThat(failure.offset()).isEqualTo(start.length);
        }
        byte[] huge = file.clone();
        Arrays.fill(huge, 12, 16, (byte) 0xff);
        fixHeader(huge);
        assertThat(TraceFiles.read(huge).failure().orElseThrow().reason()).contains("manifest of 4294967295 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "28b52ffd" + "00" + "88" + "010000", // window 2^27: 128 MiB
                "28b52ffd" + "00" + "ff" + "010000", // window of terabytes
                "28b52ffd" + "e0" + "ffffffffffffffff" + "010000", // single segment of 2^64 - 1 bytes
                "28b52ffd" + "01" + "00" + "07" + "010000", // a dictionary
                "28b52ffd" + "00" + "00" + "010000" + "28b52ffd" + "00" + "88" + "010000", // a second frame
                "28b52ffd" + "00" + "00" + "000000", // no last block
                "184d2a50" + "00000000", // a skippable frame
            })
    void zstdFramesThatAskForMoreThanAChunkNeedsAreRefused(String hex) {
        byte[] frame = HexFormat.of().parseHex(hex);
        assertThatExceptionOfType(TraceFormatException.class).isThrownBy(() -> ZstdFrame.check(frame));
    }

    @ParameterizedTest
    @EnumSource(names = {"ZSTD", "DEFLATE"})
    void damagedCompressedBytesUnderAGoodChecksumAreRefusedToo(ChunkCodec codec) throws Exception {
        byte[] file = TraceFiles.bytes(hello(), SMALL_CHUNKS);
        byte[] start = Arrays.copyOf(file, headerBytes(file));
        byte[] raw = new byte[60_000];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) (i % 251 * (i / 977));
        }
        byte[] good = codec.compress(raw, raw.length);
        for (int at = 0; at < good.length; at += Math.max(1, good.length / 150)) {
            byte[] bad = good.clone();
            bad[at] ^= 0x55;
            // Never anything but a TraceFormatException; these bytes are no events even where they expand.
            assertThat(TraceFiles.read(join(start, events(codec.number(), 1, raw.length, bad)))
                            .failure())
                    .isPresent();
        }
    }
}
