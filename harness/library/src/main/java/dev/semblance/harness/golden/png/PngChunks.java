package dev.semblance.harness.golden.png;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Writes the chunks that a PNG file is made of (chapter 5): length, type, data, CRC-32 of type and data. */
final class PngChunks {

    /** How every PNG file begins (5.2). */
    static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    /** Length, type and CRC. */
    static final int OVERHEAD = 12;

    static final int IHDR_SIZE = 13;

    /** The colour types of the image header (11.2.1). */
    static final int GREY = 0;

    static final int RGB = 2;
    static final int PALETTE = 3;
    static final int RGB_ALPHA = 6;

    private final OutputStream out;

    PngChunks(OutputStream out) {
        this.out = out;
    }

    void signature() throws IOException {
        out.write(SIGNATURE);
    }

    void header(int width, int height, int bitDepth, int colourType) throws IOException {
        write(
                "IHDR",
                room(IHDR_SIZE)
                        .putInt(width)
                        .putInt(height)
                        .put((byte) bitDepth)
                        .put((byte) colourType)
                        .array());
    }

    void end() throws IOException {
        write("IEND", new byte[0]);
    }

    void write(String type, byte[] data) throws IOException {
        write(type, data, data.length);
    }

    void write(String type, byte[] data, int length) throws IOException {
        out.write(head(type, length));
        out.write(data, 0, length);
        out.write(crc(type, data, length));
    }

    /** {@return a chunk as bytes} */
    static byte[] chunk(String type, byte[] data) {
        return ByteBuffer.allocate(OVERHEAD + data.length)
                .put(head(type, data.length))
                .put(data)
                .put(crc(type, data, data.length))
                .array();
    }

    private static byte[] head(String type, int length) {
        return room(8).putInt(length)
                .put(type.getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    private static byte[] crc(String type, byte[] data, int length) {
        CRC32 crc = new CRC32();
        crc.update(type.getBytes(StandardCharsets.US_ASCII));
        crc.update(data, 0, length);
        return room(4).putInt((int) crc.getValue()).array();
    }

    private static ByteBuffer room(int size) {
        return ByteBuffer.allocate(size);
    }
}
