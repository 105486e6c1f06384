package dev.semblance.harness.trace;

import dev.semblance.harness.trace.ChunkScanner.Found;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.strict.StructuredMutants;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/**
 * Damages traces, in the file's bytes and below every checksum: manifests and events that were changed get CRCs, lengths
 * and compression that fit again, so that the decoders behind those see them.
 */
public final class TraceMutator {

    /** A chunk taken apart. */
    private record Chunk(ChunkHeader header, byte[] raw) {}

    private final byte[] file;
    private final byte[] manifest;
    private final List<Chunk> chunks = new ArrayList<>();
    private final List<Stamped> events = new ArrayList<>();
    private final TraceManifest parsed;
    private final StructuredMutants structured;

    /** Takes a sound trace. */
    public TraceMutator(byte[] file) {
        this.file = file.clone();
        structured = new StructuredMutants(file);
        try (TraceReader reader = TraceReader.open(new SeekableInMemoryByteChannel(file));
                BoundedFile bounded = BoundedFile.of(new SeekableInMemoryByteChannel(file))) {
            parsed = reader.manifest();
            FileHeader header = FileHeader.read(bounded);
            manifest = Arrays.copyOfRange(file, FileHeader.FIXED_BYTES, header.size() - 4);
            ChunkScanner scanner = new ChunkScanner(bounded, header.size());
            boolean footer = false;
            while (!footer && scanner.next() instanceof Found.Chunk chunk) {
                byte[] raw = ChunkCodec.ofNumber(chunk.header().codec())
                        .orElseThrow()
                        .expand(chunk.stored(), chunk.header().rawLength());
                chunks.add(new Chunk(chunk.header(), raw));
                footer = chunk.header().type().equals(ChunkHeader.FOOTER);
            }
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                events.add(next.get());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns another trace, damaged or nonsense. */
    public byte[] mutate(RandomGenerator random) {
        return switch (random.nextInt(20)) {
            case 0, 1 -> bytes(file, random, 1 + random.nextInt(4));
            case 2 -> header(random);
            case 3 -> chunkHeader(random);
            case 4, 5, 6, 7 -> contents(random);
            case 8, 9 -> events(random);
            default -> structured.mutate(random);
        };
    }

    // ---- bytes ---------------------------------------------------------------------------------------------------

    private static byte[] bytes(byte[] sound, RandomGenerator random, int times) {
        byte[] bytes = sound.clone();
        for (int i = 0; i < times && bytes.length > 0; i++) {
            int at = random.nextInt(bytes.length);
            bytes = switch (random.nextInt(8)) {
                case 0 -> set(bytes, at, (byte) (bytes[at] ^ 1 << random.nextInt(8)));
                case 1 -> set(bytes, at, (byte) random.nextInt());
                case 2 -> set(bytes, at, (byte) 0xff);
                case 3 -> Arrays.copyOf(bytes, at);
                case 4 -> splice(bytes, at, 0, Arrays.copyOfRange(bytes, at, end(bytes, at, random)));
                case 5 -> splice(bytes, at, end(bytes, at, random) - at, new byte[0]);
                case 6 -> splice(bytes, at, end(bytes, at, random) - at, noise(random));
                default -> splice(bytes, at, Math.min(9, bytes.length - at), hugeNumber(random));
            };
        }
        return bytes;
    }

    private static byte[] set(byte[] bytes, int at, byte value) {
        bytes[at] = value;
        return bytes;
    }

    private static int end(byte[] bytes, int at, RandomGenerator random) {
        return Math.min(bytes.length, at + 1 + random.nextInt(64));
    }

    private static byte[] noise(RandomGenerator random) {
        byte[] noise = new byte[random.nextInt(64)];
        random.nextBytes(noise);
        return noise;
    }

    /** A varint near a power of two, where limits lie. */
    private static byte[] hugeNumber(RandomGenerator random) {
        ByteWriter out = new ByteWriter(10);
        out.varint((1L << random.nextInt(64)) + random.nextInt(3) - 1);
        return out.toByteArray();
    }

    private static byte[] splice(byte[] bytes, int at, int remove, byte[] insert) {
        byte[] result = new byte[bytes.length - remove + insert.length];
        System.arraycopy(bytes, 0, result, 0, at);
        System.arraycopy(insert, 0, result, at, insert.length);
        System.arraycopy(bytes, at + remove, result, at + insert.length, bytes.length - at - remove);
        return result;
    }

    // ---- below the checksums -------------------------------------------------------------------------------------

    private byte[] header(RandomGenerator random) {
        int version = random.nextInt(8) == 0 ? random.nextInt(1 << 16) : 1;
        byte[] json = random.nextInt(4) == 0 ? manifest : manifest(random);
        int length = random.nextInt(8) == 0 ? random.nextInt() : json.length;
        return file(version, length, json, chunks, random);
    }

    private byte[] manifest(RandomGenerator random) {
        if (random.nextInt(20) == 0) {
            return "[".repeat(random.nextInt(100_000)).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        }
        byte[] json = manifest.clone();
        if (random.nextBoolean()) {
            // A number somewhere gets another.
            int at = random.nextInt(json.length);
            while (at < json.length && (json[at] < '0' || json[at] > '9')) {
                at++;
            }
            String number = String.valueOf((1L << random.nextInt(64)) - random.nextInt(2));
            return at < json.length
                    ? splice(json, at, 1, number.getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                    : json;
        }
        return bytes(json, random, 1 + random.nextInt(2));
    }

    private byte[] chunkHeader(RandomGenerator random) {
        List<Chunk> changed = new ArrayList<>(chunks);
        int which = random.nextInt(changed.size());
        Chunk chunk = changed.get(which);
        ChunkHeader h = chunk.header();
        int wild = random.nextBoolean() ? random.nextInt() : 1 << random.nextInt(32);
        ChunkHeader header = switch (random.nextInt(6)) {
            case 0 ->
                new ChunkHeader(
                        h.type(),
                        random.nextInt(5),
                        h.rawLength(),
                        0,
                        h.events(),
                        h.firstSequence(),
                        h.firstCycle(),
                        0);
            case 1 -> new ChunkHeader(h.type(), 0, wild, 0, h.events(), h.firstSequence(), h.firstCycle(), 0);
            case 2 -> new ChunkHeader(h.type(), 0, h.rawLength(), 0, wild, h.firstSequence(), h.firstCycle(), 0);
            case 3 -> new ChunkHeader(h.type(), 0, h.rawLength(), 0, h.events(), random.nextLong(), h.firstCycle(), 0);
            case 4 ->
                new ChunkHeader(h.type(), 0, h.rawLength(), 0, h.events(), h.firstSequence(), random.nextLong(), 0);
            default ->
                new ChunkHeader(
                        random.nextBoolean() ? "FOOT" : "skip",
                        0,
                        h.rawLength(),
                        0,
                        h.events(),
                        h.firstSequence(),
                        h.firstCycle(),
                        0);
        };
        changed.set(which, new Chunk(header, chunk.raw()));
        return file(1, manifest.length, manifest, changed, random);
    }

    private byte[] contents(RandomGenerator random) {
        List<Chunk> changed = new ArrayList<>(chunks);
        int which = random.nextInt(changed.size());
        Chunk chunk = changed.get(which);
        byte[] raw = bytes(chunk.raw(), random, 1 + random.nextInt(3));
        ChunkHeader h = chunk.header();
        ChunkHeader header = new ChunkHeader(
                h.type(),
                random.nextInt(3),
                raw.length,
                0,
                h.events() + (random.nextInt(4) == 0 ? random.nextInt(3) - 1 : 0),
                h.firstSequence(),
                h.firstCycle(),
                0);
        changed.set(which, new Chunk(header, raw));
        return file(1, manifest.length, manifest, changed, random);
    }

    private byte[] file(int version, int manifestLength, byte[] json, List<Chunk> contents, RandomGenerator random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteWriter start = new ByteWriter(64);
        start.raw(file, 0, 8);
        start.u16(version);
        start.u16(1);
        start.u32(manifestLength);
        start.u32(ChunkHeader.crc(start.array(), 0, start.position()));
        out.writeBytes(start.toByteArray());
        out.writeBytes(json);
        out.writeBytes(number(ChunkHeader.crc(json, 0, json.length)));
        long footer = 0;
        for (Chunk chunk : contents) {
            footer = out.size();
            chunk(out, chunk);
        }
        if (random.nextInt(4) == 0) {
            // What was there in place of the footer and the trailer: torn.
            return Arrays.copyOf(out.toByteArray(), (int) footer);
        }
        out.writeBytes(Trailer.encode(footer));
        return out.toByteArray();
    }

    private static byte[] number(int value) {
        ByteWriter out = new ByteWriter(4);
        out.u32(value);
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, Chunk chunk) {
        ChunkHeader h = chunk.header();
        byte[] stored = chunk.raw();
        int codec = 0;
        Optional<ChunkCodec> wanted = ChunkCodec.ofNumber(h.codec());
        if (wanted.isEmpty()) {
            codec = h.codec();
        } else {
            try {
                byte[] compressed = wanted.get().compress(stored, stored.length);
                if (compressed.length < stored.length) {
                    stored = compressed;
                    codec = h.codec();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        out.writeBytes(new ChunkHeader(
                        h.type(),
                        codec,
                        h.rawLength(),
                        stored.length,
                        h.events(),
                        h.firstSequence(),
                        h.firstCycle(),
                        ChunkHeader.crc(stored, 0, stored.length))
                .encode());
        out.writeBytes(stored);
    }

    // ---- whole events --------------------------------------------------------------------------------------------

    /** A sound file of events that cannot have happened like that. */
    private byte[] events(RandomGenerator random) {
        List<Stamped> changed = new ArrayList<>(events);
        for (int i = 1 + random.nextInt(4); i > 0 && changed.size() > 2; i--) {
            int at = random.nextInt(changed.size() - 1);
            int other = random.nextInt(changed.size() - 1);
            switch (random.nextInt(3)) {
                case 0 -> changed.remove(at);
                case 1 -> changed.add(at, changed.get(other));
                default -> changed.set(at, changed.get(other));
            }
        }
        List<Chunk> contents = new ArrayList<>();
        ByteWriter raw = new ByteWriter(1024);
        TraceDigest tally = new TraceDigest();
        long cycle = 0;
        for (Stamped stamped : changed) {
            long now = Math.max(cycle, stamped.cycle());
            EventCodec.encode(now - cycle, stamped.event(), raw);
            cycle = now;
        }
        byte[] encoded = raw.toByteArray();
        if (encoded.length > ChunkHeader.MAX_CHUNK_BYTES) {
            return file;
        }
        ChunkHeader header = new ChunkHeader(
                ChunkHeader.EVENTS,
                random.nextInt(3),
                encoded.length,
                0,
                changed.size(),
                0,
                changed.getFirst().cycle(),
                0);
        contents.add(new Chunk(header, encoded));
        tally.addContent(encoded, encoded.length);
        tally.add(header, FileHeader.FIXED_BYTES + manifest.length + 4, cycle);
        byte[] footer = tally.footer();
        contents.add(new Chunk(
                new ChunkHeader(ChunkHeader.FOOTER, 0, footer.length, 0, 0, changed.size(), cycle, 0), footer));
        return file(1, manifest.length, manifest, contents, random);
    }

    /** Returns what the sound trace was made with. */
    public TraceManifest manifest() {
        return parsed;
    }
}
