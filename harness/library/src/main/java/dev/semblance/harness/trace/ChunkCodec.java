package dev.semblance.harness.trace;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.semblance.harness.util.Text;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.apache.commons.compress.compressors.deflate.DeflateCompressorOutputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorOutputStream;

/** How a chunk's bytes are stored. */
public enum ChunkCodec {
    /** As they are. */
    STORED(0) {
        @Override
        OutputStream compressing(OutputStream target) {
            return target;
        }

        @Override
        InputStream expanding(byte[] stored) {
            return new ByteArrayInputStream(stored);
        }
    },

    /** One Zstandard frame (RFC 8878). Needs a native library. */
    ZSTD(1) {
        @Override
        OutputStream compressing(OutputStream target) throws IOException {
            return ZstdCompressorOutputStream.builder()
                    .setOutputStream(target)
                    .setLevel(ZSTD_LEVEL)
                    .setWindowLog(ZSTD_WINDOW_LOG)
                    .get();
        }

        @Override
        InputStream expanding(byte[] stored) throws IOException {
            ZstdFrame.check(stored);
            return new ZstdCompressorInputStream(new ByteArrayInputStream(stored));
        }

        @Override
        boolean expandAtOnce(byte[] stored, byte[] raw) throws IOException {
            ZstdFrame.check(stored);
            try {
                return Zstd.decompressByteArray(raw, 0, raw.length, stored, 0, stored.length) == raw.length;
            } catch (ZstdException e) {
                return false;
            }
        }
    },

    /** A zlib stream (RFC 1950). Pure JDK, larger. */
    DEFLATE(2) {
        @Override
        OutputStream compressing(OutputStream target) {
            return new DeflateCompressorOutputStream(target);
        }

        @Override
        InputStream expanding(byte[] stored) {
            return new ZlibStream(stored);
        }
    };

    private static final int ZSTD_LEVEL = 3;
    /** 1 MiB: no chunk is longer, and a reader need not keep more. */
    private static final int ZSTD_WINDOW_LOG = 20;

    private final int number;

    ChunkCodec(int number) {
        this.number = number;
    }

    /** {@return the number by which the format knows the codec} */
    int number() {
        return number;
    }

    /** {@return the codec of a number, or empty where this version knows none} */
    static Optional<ChunkCodec> ofNumber(int number) {
        return Arrays.stream(values()).filter(codec -> codec.number == number).findFirst();
    }

    abstract OutputStream compressing(OutputStream target) throws IOException;

    abstract InputStream expanding(byte[] stored) throws IOException;

    /**
     * Expands to exactly as many bytes as {@code raw} has, faster than a stream does.
     *
     * @return whether that went well; if not, {@link #expanding} knows why
     */
    boolean expandAtOnce(byte[] stored, byte[] raw) throws IOException {
        return false;
    }

    /** {@return the best codec that works here: zstd where its native library loads, else deflate} */
    public static ChunkCodec best() {
        return NativeZstd.WORKS ? ZSTD : DEFLATE;
    }

    /** {@return whether the codec works here} */
    public boolean works() {
        return this != ZSTD || NativeZstd.WORKS;
    }

    /** Compresses the first {@code length} bytes. */
    byte[] compress(byte[] raw, int length) throws IOException {
        ByteArrayOutputStream stored = new ByteArrayOutputStream(length / 16 + 64);
        try (OutputStream out = compressing(stored)) {
            out.write(raw, 0, length);
        }
        return stored.toByteArray();
    }

    /** Bytes that are one zlib stream (RFC 1950), up to its checksum, and nothing else. */
    private static final class ZlibStream extends InflaterInputStream {

        ZlibStream(byte[] stored) {
            super(new ByteArrayInputStream(stored), new Inflater(), Math.max(1, stored.length));
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            if (read < 0 && inf.getRemaining() > 0) {
                throw new IOException(Text.format("%d bytes follow the zlib stream", inf.getRemaining()));
            }
            return read;
        }

        @Override
        public void close() throws IOException {
            super.close();
            inf.end();
        }
    }

    /**
     * Expands to exactly {@code rawLength} bytes. Never makes more than that, whatever the stored bytes promise.
     *
     * @throws IOException if they are damaged, or more or fewer
     */
    byte[] expand(byte[] stored, int rawLength) throws IOException {
        byte[] whole = new byte[rawLength];
        if (expandAtOnce(stored, whole)) {
            return whole;
        }
        try (InputStream in = expanding(stored)) {
            byte[] raw = in.readNBytes(rawLength);
            if (raw.length < rawLength) {
                throw new IOException(Text.format("it expands to %d bytes instead of %d", raw.length, rawLength));
            }
            if (in.read() >= 0) {
                throw new IOException(Text.format("it expands to more than the %d bytes announced", rawLength));
            }
            return raw;
        }
    }

    /** Finds out once whether the native library loads. */
    private static final class NativeZstd {

        static final boolean WORKS = works();

        private static boolean works() {
            try {
                ZSTD.compress(new byte[1], 1);
                return true;
            } catch (IOException | LinkageError e) {
                return false;
            }
        }
    }
}
