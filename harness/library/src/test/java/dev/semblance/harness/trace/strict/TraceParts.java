package dev.semblance.harness.trace.strict;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.Deflater;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorOutputStream;

/**
 * A trace as its parts, each of which may be wrong; whatever is not said otherwise is made to fit: lengths, CRCs, the footer and
 * the trailer. So a file is wrong in what was meant to be wrong, and nowhere else.
 */
final class TraceParts {

    /** A chunk. What is empty is made of its raw content. */
    static final class Chunk {
        String type;
        int codec;
        int reserved;
        byte[] raw;
        int count;
        long sequence;
        long cycle;
        Optional<byte[]> stored = Optional.empty();
        OptionalInt rawLength = OptionalInt.empty();
        OptionalInt storedLength = OptionalInt.empty();

        Chunk(String type, int codec, byte[] raw, int count, long sequence, long cycle) {
            this.type = type;
            this.codec = codec;
            this.raw = raw;
            this.count = count;
            this.sequence = sequence;
            this.cycle = cycle;
        }

        Chunk copy() {
            return new Chunk(type, codec, raw, count, sequence, cycle);
        }
    }

    private static final byte[] MAGIC = {(byte) 0x89, 'S', 'B', 'T', 13, 10, 26, 10};

    int version;
    int least;
    byte[] manifest;
    OptionalInt manifestLength = OptionalInt.empty();
    final List<Chunk> chunks = new ArrayList<>();
    /** Where it is empty, the file is a recording that was not finished. */
    Optional<Chunk> footer;
    /** Added to the offset in the trailer. */
    long trailerError;
    /** What stands behind the last chunk, in place of a trailer. */
    Optional<byte[]> tail = Optional.empty();

    private final int devices;

    /** Takes a complete trace. */
    TraceParts(StrictTrace trace) {
        version = trace.version();
        least = version;
        manifest = trace.manifest();
        devices = trace.devices();
        for (StrictTrace.Chunk chunk : trace.chunks()) {
            if (chunk.type().equals("EVTS")) {
                chunks.add(
                        new Chunk("EVTS", chunk.codec(), chunk.raw(), chunk.count(), chunk.sequence(), chunk.cycle()));
            }
        }
        footer = Optional.of(new Chunk("FOOT", 0, new byte[0], 0, 0, 0));
        makeFooter();
    }

    StrictEvents events(byte[] raw) {
        return new StrictEvents(raw, version, devices);
    }

    /** Gives every chunk of events the count, sequence number and cycle that its content has, as far as that can be read. */
    void renumber() {
        long sequence = 0;
        long cycle = 0;
        for (Chunk chunk : chunks) {
            if (!chunk.type.equals("EVTS")) {
                continue;
            }
            int count = 0;
            long first = cycle;
            try {
                StrictEvents walk = events(chunk.raw);
                while (walk.hasMore()) {
                    cycle += walk.next().delta();
                    first = count == 0 ? cycle : first;
                    count++;
                }
                chunk.count = count;
            } catch (Breach e) {
                // It keeps its number of events, less what cannot be in it.
                chunk.count = Math.min(chunk.count, chunk.raw.length / 2);
            }
            chunk.sequence = sequence;
            chunk.cycle = first;
            sequence += chunk.count;
        }
    }

    /** Makes a footer that fits the chunks. */
    void makeFooter() {
        long events = 0;
        long cycle = 0;
        int counted = 0;
        long at = 20L + manifest.length + 4;
        MessageDigest identity = StrictTrace.sha256();
        ByteBuffer index = ByteBuffer.allocate(24 * chunks.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (Chunk chunk : chunks) {
            if (chunk.type.equals("EVTS")) {
                index.putLong(at).putLong(events).putLong(chunk.cycle);
                identity.update(chunk.raw);
                events += chunk.count;
                counted++;
                cycle = lastCycle(chunk);
            }
            at += StrictTrace.CHUNK_HEADER + stored(chunk).length;
        }
        ByteBuffer content = ByteBuffer.allocate(64 + index.position()).order(ByteOrder.LITTLE_ENDIAN);
        content.putLong(events)
                .putLong(counted)
                .putLong(cycle)
                .put(identity.digest())
                .putInt(1)
                .putInt(counted);
        content.put(index.array(), 0, index.position());
        int codec = footer.map(chunk -> chunk.codec).orElse(0);
        footer = Optional.of(new Chunk("FOOT", codec, content.array(), 0, events, cycle));
    }

    private long lastCycle(Chunk chunk) {
        long cycle = chunk.cycle;
        try {
            StrictEvents walk = events(chunk.raw);
            walk.next();
            while (walk.hasMore()) {
                cycle += walk.next().delta();
            }
        } catch (Breach e) {
            return cycle;
        }
        return cycle;
    }

    byte[] file() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer fixed = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
        fixed.put(MAGIC).putChar((char) version).putChar((char) least).putInt(manifestLength.orElse(manifest.length));
        fixed.putInt(Crc32c.of(fixed.array(), 0, 16));
        out.writeBytes(fixed.array());
        out.writeBytes(manifest);
        out.writeBytes(number(Crc32c.of(manifest, 0, manifest.length)));
        chunks.forEach(chunk -> write(out, chunk));
        long offset = out.size();
        footer.ifPresent(chunk -> write(out, chunk));
        if (footer.isPresent() && tail.isEmpty()) {
            out.writeBytes(trailer(offset + trailerError));
        }
        tail.ifPresent(out::writeBytes);
        return out.toByteArray();
    }

    static byte[] trailer(long offset) {
        ByteBuffer trailer = ByteBuffer.allocate(StrictTrace.TRAILER).order(ByteOrder.LITTLE_ENDIAN);
        trailer.putLong(offset);
        trailer.putInt(Crc32c.of(trailer.array(), 0, 8)).put("\rSBE".getBytes(StandardCharsets.US_ASCII));
        return trailer.array();
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    static void write(ByteArrayOutputStream out, Chunk chunk) {
        byte[] stored = stored(chunk);
        ByteBuffer header = ByteBuffer.allocate(StrictTrace.CHUNK_HEADER).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0x4342_53f7).put(chunk.type.getBytes(StandardCharsets.ISO_8859_1));
        header.putInt(chunk.codec | chunk.reserved << 8);
        header.putInt(chunk.rawLength.orElse(chunk.raw.length)).putInt(chunk.storedLength.orElse(stored.length));
        header.putInt(chunk.count).putLong(chunk.sequence).putLong(chunk.cycle);
        header.putInt(Crc32c.of(stored, 0, stored.length));
        header.putInt(Crc32c.of(header.array(), 0, 44));
        out.writeBytes(header.array());
        out.writeBytes(stored);
    }

    static byte[] stored(Chunk chunk) {
        return chunk.stored.orElseGet(() -> switch (chunk.codec) {
            case 1 -> zstd(chunk.raw);
            case 2 -> deflated(chunk.raw);
            default -> chunk.raw;
        });
    }

    private static byte[] deflated(byte[] raw) {
        try (Deflater deflater = new Deflater(9)) {
            deflater.setInput(raw);
            deflater.finish();
            byte[] stored = new byte[raw.length + 64];
            return Arrays.copyOf(stored, deflater.deflate(stored));
        }
    }

    private static byte[] zstd(byte[] raw) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (var compressing = ZstdCompressorOutputStream.builder()
                .setOutputStream(out)
                .setLevel(3)
                .get()) {
            compressing.write(raw);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
