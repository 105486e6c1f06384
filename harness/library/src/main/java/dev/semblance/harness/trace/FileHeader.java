package dev.semblance.harness.trace;

import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The start of the file, little-endian. The first 20 bytes keep their meaning in every version.
 *
 * <pre>
 *  0  8  magic 89 53 42 54 0D 0A 1A 0A
 *  8  2  format version
 * 10  2  the least version that a reader must know
 * 12  4  length of the manifest, m
 * 16  4  CRC-32C of the 16 bytes before
 * 20  m  manifest, JSON in UTF-8
 *  +  4  CRC-32C of the manifest
 * </pre>
 */
record FileHeader(int version, int leastReader, TraceManifest manifest, int size) {

    /** The newest version that this code knows. It reads this one and all before, and writes the lowest that will do. */
    static final int VERSION = 5;

    static final int FIXED_BYTES = 20;
    static final int MAX_MANIFEST_BYTES = 1 << 20;
    private static final byte[] MAGIC = {(byte) 0x89, 'S', 'B', 'T', '\r', '\n', 0x1a, '\n'};

    /** {@return the header of a trace of the first version that can say what the manifest says} */
    static byte[] encode(TraceManifest manifest) {
        byte[] json = manifest.toJson().getBytes(StandardCharsets.UTF_8);
        if (json.length > MAX_MANIFEST_BYTES) {
            throw new IllegalArgumentException(
                    Text.format("a manifest of %d bytes; at most %d fit", json.length, MAX_MANIFEST_BYTES));
        }
        ByteWriter out = new ByteWriter(FIXED_BYTES + json.length + 4);
        fixed(out, FormatVersions.of(manifest), FormatVersions.leastReader(manifest), json.length);
        out.raw(json, 0, json.length);
        out.u32(ChunkHeader.crc(json, 0, json.length));
        return out.toByteArray();
    }

    /** {@return the fixed bytes of a header for another version} */
    static byte[] withVersion(byte[] header, int version, int leastReader) {
        ByteWriter out = new ByteWriter(FIXED_BYTES);
        fixed(out, version, leastReader, header.length - FIXED_BYTES - 4);
        return out.toByteArray();
    }

    private static void fixed(ByteWriter out, int version, int leastReader, int manifestBytes) {
        out.raw(MAGIC, 0, MAGIC.length);
        out.u16(version);
        out.u16(leastReader);
        out.u32(manifestBytes);
        out.u32(ChunkHeader.crc(out.array(), 0, out.position()));
    }

    static FileHeader read(BoundedFile file) throws IOException {
        return read(file, VERSION);
    }

    /** Reads a header as a reader does that knows the versions up to {@code newest}. */
    static FileHeader read(BoundedFile file, int newest) throws IOException {
        byte[] fixed = file.read(0, (int) Math.min(file.size(), FIXED_BYTES));
        checkMagic(fixed);
        if (fixed.length < FIXED_BYTES) {
            throw new TraceFormatException(fixed.length, "the file ends inside its header; nothing in it can be read");
        }
        ByteReader in = new ByteReader(fixed, MAGIC.length, FIXED_BYTES);
        int version = in.u16("the version");
        int leastReader = in.u16("the least reader version");
        long length = in.u32("the length of the manifest") & 0xffff_ffffL;
        if (in.u32("the checksum") != ChunkHeader.crc(fixed, 0, FIXED_BYTES - 4)) {
            throw new TraceFormatException(MAGIC.length, "the file's header is damaged: its checksum does not fit");
        }
        if (leastReader > newest) {
            throw new IncompatibleTraceException(
                    MAGIC.length,
                    Text.format(
                            "the trace has format version %d and needs a reader of version %d; this one reads up to %d."
                                    + " Use a newer Semblance",
                            version, leastReader, newest));
        }
        if (leastReader == 0 || leastReader > version) {
            throw new TraceFormatException(
                    MAGIC.length,
                    Text.format("format version %d for readers from version %d on", version, leastReader));
        }
        if (length > MAX_MANIFEST_BYTES) {
            throw new TraceFormatException(
                    MAGIC.length, Text.format("a manifest of %d bytes; at most %d fit", length, MAX_MANIFEST_BYTES));
        }
        if (file.size() < FIXED_BYTES + length + 4) {
            throw new TraceFormatException(file.size(), "the file ends inside its manifest; nothing in it can be read");
        }
        byte[] json = file.read(FIXED_BYTES, (int) length);
        ByteReader crc = new ByteReader(file.read(FIXED_BYTES + length, 4), 0, 4);
        if (crc.u32("the checksum") != ChunkHeader.crc(json, 0, json.length)) {
            throw new TraceFormatException(FIXED_BYTES, "the manifest is damaged: its checksum does not fit");
        }
        TraceManifest manifest = TraceManifest.fromJson(json, FIXED_BYTES);
        if (FormatVersions.of(manifest) > version) {
            throw new TraceFormatException(
                    FIXED_BYTES,
                    Text.format(
                            "the manifest belongs to format version %d, and the trace is of version %d",
                            FormatVersions.of(manifest), version));
        }
        return new FileHeader(version, leastReader, manifest, FIXED_BYTES + (int) length + 4);
    }

    private static void checkMagic(byte[] start) throws TraceFormatException {
        if (start.length == 0) {
            throw new TraceFormatException(0, "the file is empty");
        }
        int length = Math.min(start.length, MAGIC.length);
        if (Arrays.equals(start, 0, length, MAGIC, 0, length)) {
            return;
        }
        boolean textMode = start.length >= 8
                && start[1] == 'S'
                && start[2] == 'B'
                && start[3] == 'T'
                && (start[4] == '\n' || start[0] != MAGIC[0] || start[5] == '\r' || start[6] == '\r');
        throw new TraceFormatException(
                0,
                textMode
                        ? "this trace was damaged on its way, as by a transfer in text mode; copy it again in binary mode"
                        : "not a Semblance trace: the magic bytes are missing");
    }
}
