package dev.semblance.harness.guest.images;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.CRC32;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

/** Makes {@code .xz} files, as {@code xz --block-size} does. */
final class XzFiles {

    private XzFiles() {}

    /** Writes a file with a stream for each of the contents. */
    static Path write(Path file, int blockSize, LZMA2Options options, byte[]... contents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] content : contents) {
            try (XZOutputStream out = new XZOutputStream(new Unclosed(bytes), options, XZ.CHECK_CRC32)) {
                for (int at = 0; at < content.length; at += blockSize) {
                    out.write(content, at, Math.min(blockSize, content.length - at));
                    if (at + blockSize < content.length) {
                        out.endBlock();
                    }
                }
            }
        }
        return Files.write(file, bytes.toByteArray());
    }

    /** Returns as many streams of zeros, all the same array. */
    static byte[][] zeros(int count, int size) {
        return Collections.nCopies(count, new byte[size]).toArray(byte[][]::new);
    }

    /** Puts the CRC-32 of a stretch of bytes behind it. */
    static void putCrc32(byte[] bytes, int from, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, from, length);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(from + length, (int) crc.getValue());
    }

    private static final class Unclosed extends OutputStream {
        private final OutputStream out;

        Unclosed(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }
    }
}
