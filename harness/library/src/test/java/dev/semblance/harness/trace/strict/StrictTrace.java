package dev.semblance.harness.trace.strict;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;

/**
 * A strict validator of traces, written from docs/TRACE_FORMAT.md alone. It has nothing in common with the reader but the
 * JDK and the zstd library, so that what both agree on is the page, and not a mistake that they share. Whole files in memory.
 */
public final class StrictTrace {

    /** What a file is. */
    public sealed interface Verdict {

        /** All there, and everything fits. */
        record Complete(long events, long chunks, long lastCycle, String identity) implements Verdict {}

        /** It stops at an offset, after so many events. */
        record Torn(long events, long offset) implements Verdict {}

        /** It breaks a rule. */
        record Corrupt(String rule) implements Verdict {}

        /** It is for a later reader. */
        record Incompatible(String rule) implements Verdict {}
    }

    /** A chunk as it stands in the file; {@code raw} is empty where it is not expanded. */
    record Chunk(
            long offset, String type, int codec, int count, long sequence, long cycle, byte[] stored, byte[] raw) {}

    static final int CHUNK_HEADER = 48;
    static final int TRAILER = 16;
    private static final int NEWEST_VERSION = 5;
    private static final long MIB = 1L << 20;
    private static final byte[] MAGIC = HexFormat.of().parseHex("895342540d0a1a0a");
    private static final int CHUNK_MARKER = 0x4342_53f7;
    private static final int TRAILER_MARKER = 0x4542_530d;
    private static final int MAX_ENTRIES = 32_768;

    private final byte[] file;
    private final ByteBuffer in;
    private final List<Chunk> chunks = new ArrayList<>();
    private byte[] manifest = new byte[0];
    private int version;
    private int devices;
    private int at;

    private long events;
    private long eventChunks;
    private long cycle;
    private boolean ended;
    private final MessageDigest identity = sha256();
    private List<long[]> index = new ArrayList<>();
    private int stride = 1;

    private StrictTrace(byte[] file) {
        this.file = file;
        this.in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns what a file is. */
    public static Verdict judge(byte[] file) {
        return new StrictTrace(file).verdict();
    }

    /** Takes a complete trace apart. */
    static StrictTrace of(byte[] file) {
        StrictTrace trace = new StrictTrace(file);
        if (!(trace.verdict() instanceof Verdict.Complete)) {
            throw new IllegalArgumentException("no complete trace");
        }
        return trace;
    }

    int version() {
        return version;
    }

    int devices() {
        return devices;
    }

    byte[] manifest() {
        return manifest.clone();
    }

    List<Chunk> chunks() {
        return List.copyOf(chunks);
    }

    private Verdict verdict() {
        try {
            header();
            while (true) {
                int start = at;
                if (!isChunk(start)) {
                    return torn(start);
                }
                if (chunk() && file.length - at < TRAILER) {
                    return new Verdict.Torn(events, at);
                } else if (ended && chunks.getLast().type().equals("FOOT")) {
                    trailer(start);
                    return new Verdict.Complete(events, eventChunks, cycle, hex(identityNow()));
                }
            }
        } catch (Breach e) {
            return e.isIncompatible() ? new Verdict.Incompatible(e.getMessage()) : new Verdict.Corrupt(e.getMessage());
        }
    }

    // ---- "Header" ------------------------------------------------------------------------------------------------

    private void header() throws Breach {
        Breach.unless(file.length >= 20, "the fixed part of the header has 20 bytes");
        Breach.unless(Arrays.equals(Arrays.copyOf(file, 8), MAGIC), "magic");
        Breach.unless(in.getInt(16) == crc(0, 16), "CRC-32C of the header");
        version = in.getChar(8);
        int least = in.getChar(10);
        if (least > NEWEST_VERSION) {
            throw Breach.incompatible("least reader version " + least);
        }
        Breach.unless(least >= 1 && least <= version, "the least reader version is from 1 to the format version");
        long length = in.getInt(12) & 0xffff_ffffL;
        Breach.unless(length <= MIB, "a manifest has at most 1 MiB");
        Breach.unless(file.length >= 24 + length, "the file ends inside the manifest");
        int end = 20 + (int) length;
        Breach.unless(in.getInt(end) == crc(20, end), "CRC-32C of the manifest");
        manifest = Arrays.copyOfRange(file, 20, end);
        devices = StrictManifest.devices(manifest, version);
        at = end + 4;
    }

    // ---- "Chunk" -------------------------------------------------------------------------------------------------

    /** Tells whether the header of a chunk stands there, and whether its bytes are there and have their CRC. */
    private boolean isChunk(int offset) throws Breach {
        if (!isChunkHeader(offset)) {
            return false;
        }
        Breach.unless(file[offset + 9] == 0 && file[offset + 10] == 0 && file[offset + 11] == 0, "three bytes of 0");
        for (int i = 4; i < 8; i++) {
            int letter = file[offset + i] | 0x20;
            Breach.unless(letter >= 'a' && letter <= 'z', "a type is four letters");
        }
        long rawLength = in.getInt(offset + 12) & 0xffff_ffffL;
        long stored = in.getInt(offset + 16) & 0xffff_ffffL;
        Breach.unless(rawLength <= MIB && stored <= rawLength, "lengths of a chunk");
        int start = offset + CHUNK_HEADER;
        return stored <= file.length - start && in.getInt(offset + 40) == crc(start, start + (int) stored);
    }

    private boolean isChunkHeader(int offset) {
        return file.length - offset >= CHUNK_HEADER
                && in.getInt(offset) == CHUNK_MARKER
                && in.getInt(offset + 44) == crc(offset, offset + 44);
    }

    private boolean isTrailer(int offset) {
        return in.getInt(offset + 12) == TRAILER_MARKER && in.getInt(offset + 8) == crc(offset, offset + 8);
    }

    private Verdict torn(int offset) throws Breach {
        if (offset < file.length) {
            for (int i = offset + 1; i < file.length; i++) {
                Breach.unless(!isChunkHeader(i), "damage with a good chunk header behind it");
            }
            Breach.unless(
                    file.length - offset < TRAILER || !isTrailer(file.length - TRAILER), "damage before a trailer");
        }
        Breach.unless(events > 0, "the file stops before its first event");
        return new Verdict.Torn(events, offset);
    }

    /** Takes a chunk in; true if it was the footer. */
    private boolean chunk() throws Breach {
        int offset = at;
        int rawLength = in.getInt(offset + 12);
        String type = new String(file, offset + 4, 4, StandardCharsets.US_ASCII);
        int start = offset + CHUNK_HEADER;
        at = start + in.getInt(offset + 16);
        byte[] stored = Arrays.copyOfRange(file, start, at);
        int codec = file[offset + 8] & 0xff;
        int count = in.getInt(offset + 20);
        long sequence = in.getLong(offset + 24);
        long first = in.getLong(offset + 32);
        byte[] raw = new byte[0];
        if (type.equals("EVTS")) {
            Breach.unless(count >= 1 && count <= rawLength / 2, "from 1 event to one in two bytes");
            Breach.unless(sequence == events, "chunks follow each other without a gap");
            raw = expanded(codec, stored, rawLength);
            events(offset, raw, count, first);
        } else if (type.equals("FOOT")) {
            Breach.unless(ended, "the last event of a complete trace is End");
            Breach.unless(count == 0 && sequence == events && first == cycle, "the header of the footer");
            raw = expanded(codec, stored, rawLength);
            Breach.unless(Arrays.equals(raw, footer()), "the content of the footer");
        } else if (Character.isUpperCase(type.charAt(0))) {
            throw Breach.incompatible("a critical chunk of type " + type);
        } else {
            Breach.unless(count == 0, "no events in chunks of other types");
        }
        chunks.add(new Chunk(offset, type, codec, count, sequence, first, stored, raw));
        return type.equals("FOOT");
    }

    private void events(int offset, byte[] raw, int count, long first) throws Breach {
        StrictEvents walk = new StrictEvents(raw, version, devices);
        for (int i = 0; i < count; i++) {
            Breach.unless(!ended, "nothing follows End");
            StrictEvents.Event event = walk.next();
            cycle += event.delta();
            Breach.unless(cycle >= 0, "cycles stay below 2^63");
            Breach.unless(i > 0 || cycle == first, "the cycle of a chunk's first event");
            ended = StrictEvents.isEnd(event);
        }
        Breach.unless(!walk.hasMore(), "as many events as the header says");
        if (eventChunks % stride == 0) {
            index.add(new long[] {offset, events, first});
        }
        if (index.size() > MAX_ENTRIES) {
            List<long[]> kept = new ArrayList<>();
            for (int i = 0; i < index.size(); i += 2) {
                kept.add(index.get(i));
            }
            index = kept;
            stride *= 2;
        }
        eventChunks++;
        events += count;
        identity.update(raw);
    }

    private static byte[] expanded(int codec, byte[] stored, int rawLength) throws Breach {
        return switch (codec) {
            case 0 -> {
                Breach.unless(stored.length == rawLength, "a stored chunk has its raw length");
                yield stored;
            }
            case 1 -> {
                zstdFrame(stored);
                byte[] raw;
                try (var expanding = new ZstdCompressorInputStream(new ByteArrayInputStream(stored))) {
                    raw = expanding.readNBytes(rawLength + 1);
                } catch (IOException e) {
                    throw Breach.corrupt("one good zstd frame");
                }
                Breach.unless(raw.length == rawLength, "a zstd frame of the raw length");
                yield raw;
            }
            case 2 -> inflated(stored, rawLength);
            default -> throw Breach.incompatible("codec " + codec);
        };
    }

    private static byte[] inflated(byte[] stored, int rawLength) throws Breach {
        // One byte more, to see a stream that has more.
        byte[] raw = new byte[rawLength + 1];
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(stored);
            int length = 0;
            int more = 1;
            while (more > 0) {
                more = inflater.inflate(raw, length, raw.length - length);
                length += more;
            }
            Breach.unless(inflater.finished() && length == rawLength, "a zlib stream of the raw length");
            Breach.unless(inflater.getRemaining() == 0, "nothing behind the zlib stream");
        } catch (DataFormatException e) {
            throw Breach.corrupt("a good zlib stream");
        }
        return Arrays.copyOf(raw, rawLength);
    }

    /** RFC 8878, 3.1.1: one frame, no dictionary, a window of 8 MiB. */
    private static void zstdFrame(byte[] stored) throws Breach {
        ByteBuffer frame = ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN);
        try {
            Breach.unless(frame.getInt() == 0xfd2f_b528, "the magic number of a zstd frame");
            int descriptor = frame.get();
            Breach.unless((descriptor & 3) == 0, "no dictionary");
            Breach.unless((descriptor & 8) == 0, "the reserved bit of a zstd frame");
            boolean single = (descriptor & 32) != 0;
            BigInteger window = BigInteger.ZERO;
            if (!single) {
                int exponent = frame.get() & 0xff;
                window = BigInteger.ONE.shiftLeft(10 + exponent / 8 - 3).multiply(BigInteger.valueOf(8 + exponent % 8));
            }
            int sizeBytes = new int[] {single ? 1 : 0, 2, 4, 8}[descriptor >> 6 & 3];
            byte[] size = new byte[sizeBytes + 1];
            for (int i = sizeBytes; i > 0; i--) {
                size[i] = frame.get();
            }
            if (single) {
                window = new BigInteger(size).add(BigInteger.valueOf(sizeBytes == 2 ? 256 : 0));
            }
            Breach.unless(window.compareTo(BigInteger.valueOf(8 * MIB)) <= 0, "a window of at most 8 MiB");
            int block;
            do {
                block = frame.get() & 0xff | (frame.get() & 0xff) << 8 | (frame.get() & 0xff) << 16;
                int bytes = (block >> 1 & 3) == 1 ? 1 : block >> 3;
                frame.position(frame.position() + bytes);
            } while ((block & 1) == 0);
            if ((descriptor & 4) != 0) {
                frame.getInt();
            }
        } catch (java.nio.BufferUnderflowException | IllegalArgumentException e) {
            throw Breach.corrupt("the zstd frame ends too early");
        }
        Breach.unless(!frame.hasRemaining(), "exactly one zstd frame");
    }

    // ---- "Footer" and "Trailer" ----------------------------------------------------------------------------------

    private byte[] footer() {
        ByteBuffer footer = ByteBuffer.allocate(64 + 24 * index.size()).order(ByteOrder.LITTLE_ENDIAN);
        footer.putLong(events).putLong(eventChunks).putLong(cycle).put(identityNow());
        footer.putInt(stride).putInt(index.size());
        for (long[] entry : index) {
            footer.putLong(entry[0]).putLong(entry[1]).putLong(entry[2]);
        }
        return footer.array();
    }

    private void trailer(int footer) throws Breach {
        Breach.unless(isTrailer(at) && in.getLong(at) == footer, "behind the footer stands the trailer");
        Breach.unless(file.length - at == TRAILER, "nothing follows the trailer");
    }

    private byte[] identityNow() {
        try {
            return ((MessageDigest) identity.clone()).digest();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private int crc(int start, int end) {
        return Crc32c.of(file, start, end);
    }
}
