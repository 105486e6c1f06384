package dev.semblance.harness.golden.png;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32;

/** PNG files as they are stored: their chunks (PNG, third edition, chapter 5). */
public final class PngFile {

    private static final int IHDR = 0x4948_4452;
    private static final int PLTE = 0x504c_5445;
    private static final int IDAT = 0x4944_4154;
    private static final int IEND = 0x4945_4e44;
    private static final int TRNS = 0x7452_4e53;
    private static final int COLOUR_TYPE = 9;

    /** Bit 5 of a type's first letter is clear in chunks that a reader may not ignore (5.4). */
    private static final int ANCILLARY = 1 << 29;

    private PngFile() {}

    /** {@return whether a file begins as a PNG file does} */
    public static boolean isPng(byte[] file) {
        int signature = PngChunks.SIGNATURE.length;
        return file.length >= signature && Arrays.equals(file, 0, signature, PngChunks.SIGNATURE, 0, signature);
    }

    /**
     * Tells what is wrong with the chunks of a PNG file: one that is cut off, a critical chunk whose checksum does not fit or
     * that nobody knows (5.4, 13.1), or an order that is none (5.6). ImageIO reads over most of that.
     *
     * @return what is wrong, as the end of a sentence; empty if nothing is, or if it is no PNG file
     */
    public static Optional<String> damage(byte[] file) {
        if (!isPng(file)) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(file).position(PngChunks.SIGNATURE.length);
        boolean first = true;
        boolean data = false;
        while (in.remaining() >= PngChunks.OVERHEAD) {
            long length = in.getInt() & 0xffff_ffffL;
            int type = in.getInt();
            String name = name(type);
            if (length > in.remaining() - 4) {
                return Optional.of("its " + name + " chunk is cut off");
            }
            if (first != (type == IHDR)) {
                return Optional.of(first ? "it does not begin with a header" : "it has a second header");
            }
            boolean critical = (type & ANCILLARY) == 0;
            if (critical && !isSound(file, in.position(), (int) length)) {
                return Optional.of("the checksum of its " + name + " chunk does not fit");
            }
            if (critical && type != IHDR && type != PLTE && type != IDAT && type != IEND) {
                return Optional.of("it has a critical chunk of the unknown type " + name);
            }
            if (type == IEND) {
                return data ? Optional.empty() : Optional.of("it has no pixels");
            }
            data |= type == IDAT;
            first = false;
            in.position(in.position() + (int) length + 4);
        }
        return Optional.of("it ends without an IEND chunk");
    }

    /** {@return whether the checksum behind a chunk's body fits its type and body} */
    static boolean isSound(byte[] file, int body, int length) {
        CRC32 crc = new CRC32();
        crc.update(file, body - 4, length + 4);
        return (int) crc.getValue() == ByteBuffer.wrap(file).getInt(body + length);
    }

    /** The four letters of a type; in digits if they are no letters, since they come from the file. */
    private static String name(int type) {
        StringBuilder letters = new StringBuilder();
        for (int shift = 24; shift >= 0; shift -= 8) {
            char letter = (char) (type >>> shift & 0xff);
            boolean isLetter = letter >= 'A' && letter <= 'Z' || letter >= 'a' && letter <= 'z';
            if (!isLetter) {
                return "0x" + HexFormat.of().toHexDigits(type);
            }
            letters.append(letter);
        }
        return letters.toString();
    }

    /**
     * Returns a PNG file without the chunks that make a viewer show other colours than are stored (gamma, profiles,
     * transparency), and without text. Checksums and compressed data are not looked at.
     *
     * @return empty if it is no PNG file with whole chunks, or one with an alpha channel, which only decoding takes off
     */
    public static Optional<byte[]> withoutExtras(byte[] file) {
        if (!isPng(file)) {
            return Optional.empty();
        }
        int signature = PngChunks.SIGNATURE.length;
        ByteBuffer in = ByteBuffer.wrap(file).position(signature);
        ByteArrayOutputStream out = new ByteArrayOutputStream(file.length);
        out.write(file, 0, signature);
        while (in.remaining() >= PngChunks.OVERHEAD) {
            int start = in.position();
            long length = in.getInt() & 0xffff_ffffL;
            int type = in.getInt();
            if (length > in.remaining() - 4) {
                return Optional.empty();
            }
            if (start == signature
                    && (type != IHDR || length != PngChunks.IHDR_SIZE || hasAlpha(file, in.position()))) {
                return Optional.empty();
            }
            if (type == IHDR || type == PLTE || type == IDAT || type == IEND) {
                out.write(file, start, (int) length + PngChunks.OVERHEAD);
            }
            if (type == IEND) {
                return Optional.of(out.toByteArray());
            }
            in.position(in.position() + (int) length + 4);
        }
        return Optional.empty();
    }

    /** {@return whether a PNG file whose chunks are sound has an alpha channel} */
    public static boolean hasAlphaChannel(byte[] file) {
        return hasAlpha(file, PngChunks.SIGNATURE.length + 8);
    }

    /** {@return whether a file is a PNG file in which a chunk makes colours transparent (11.3.1.1)} */
    public static boolean hasTransparentColours(byte[] file) {
        if (!isPng(file)) {
            return false;
        }
        ByteBuffer in = ByteBuffer.wrap(file).position(PngChunks.SIGNATURE.length);
        while (in.remaining() >= PngChunks.OVERHEAD) {
            long length = in.getInt() & 0xffff_ffffL;
            int type = in.getInt();
            if (length > in.remaining() - 4) {
                return false;
            }
            int body = in.position();
            if (type == TRNS) {
                boolean palette = file[PngChunks.SIGNATURE.length + 8 + COLOUR_TYPE] == PngChunks.PALETTE;
                for (int i = body; i < body + length; i++) {
                    if (!palette || file[i] != (byte) 0xff) {
                        return true;
                    }
                }
            }
            in.position(body + (int) length + 4);
        }
        return false;
    }

    private static boolean hasAlpha(byte[] file, int header) {
        return (file[header + COLOUR_TYPE] & 4) != 0;
    }
}
