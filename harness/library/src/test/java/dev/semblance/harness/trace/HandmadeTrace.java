package dev.semblance.harness.trace;

import dev.semblance.harness.trace.EventArbitraries.Step;
import dev.semblance.harness.trace.TraceEvent.ConsoleOutput;
import dev.semblance.harness.trace.TraceEvent.End;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Files made by hand, byte by byte, for the tests of writer and reader. */
final class HandmadeTrace {

    static final TraceWriter.Options SMALL_CHUNKS = new TraceWriter.Options(ChunkCodec.STORED, 12);
    static final End END = new End(End.Reason.SCRIPT, 0, new byte[0]);

    private HandmadeTrace() {}

    static List<Step> hello() {
        List<Step> steps = new ArrayList<>();
        for (byte value : "hello, world".getBytes(StandardCharsets.US_ASCII)) {
            steps.add(new Step(5, new ConsoleOutput(value)));
        }
        steps.add(new Step(1, END));
        return steps;
    }

    static byte[] events(int codec, int count, int rawLength, byte[] stored) {
        return join(
                new ChunkHeader(
                                ChunkHeader.EVENTS,
                                codec,
                                rawLength,
                                stored.length,
                                count,
                                0,
                                0,
                                ChunkHeader.crc(stored, 0, stored.length))
                        .encode(),
                stored);
    }

    static byte[] chunk(String type, int codec, byte[] content) {
        return join(
                new ChunkHeader(
                                type,
                                codec,
                                content.length,
                                content.length,
                                0,
                                0,
                                0,
                                ChunkHeader.crc(content, 0, content.length))
                        .encode(),
                content);
    }

    static byte[] join(byte[] one, byte[] other) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.writeBytes(one);
        joined.writeBytes(other);
        return joined.toByteArray();
    }

    static int headerBytes(byte[] file) {
        int manifest = file[12] & 0xff | (file[13] & 0xff) << 8 | (file[14] & 0xff) << 16;
        return FileHeader.FIXED_BYTES + manifest + 4;
    }

    static long footerOffset(byte[] file) {
        return Trailer.decode(Arrays.copyOfRange(file, file.length - Trailer.SIZE, file.length))
                .orElseThrow();
    }

    static void fixHeader(byte[] file) {
        int crc = ChunkHeader.crc(file, 0, 16);
        for (int i = 0; i < 4; i++) {
            file[16 + i] = (byte) (crc >>> 8 * i);
        }
    }
}
