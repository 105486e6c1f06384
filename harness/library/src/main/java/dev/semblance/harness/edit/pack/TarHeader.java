package dev.semblance.harness.edit.pack;

import dev.semblance.harness.util.Text;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The 512 bytes before each file in a tar archive (POSIX ustar), in the one form that packs have: plain files, no owner,
 * the time 0. A reader takes nothing else, so that links, long-name records and sparse files need no care at all.
 */
record TarHeader(String name, long size) {

    static final int BLOCK = 512;

    /** Eleven octal digits. */
    private static final long MAX_SIZE = (1L << 33) - 1;

    private static final int NAME = 100;
    private static final int SIZE_AT = 124;
    private static final int CHECKSUM_AT = 148;
    private static final int TYPE_AT = 156;
    private static final int MAGIC_AT = 257;
    private static final int PREFIX_AT = 345;
    private static final int PREFIX = 155;

    /** {@return how many bytes the file takes in the archive, filled up to whole blocks} */
    long paddedSize() {
        return (size + BLOCK - 1) / BLOCK * BLOCK;
    }

    byte[] encode() {
        int cut = name.length() > NAME ? name.lastIndexOf('/') : -1;
        String rest = name.substring(cut + 1);
        if (rest.length() > NAME || cut > PREFIX || size < 0 || size > MAX_SIZE) {
            throw new IllegalArgumentException(Text.format("%s of %d bytes does not fit a tar archive", name, size));
        }
        byte[] block = new byte[BLOCK];
        put(block, 0, rest);
        put(block, NAME, "0000644\0" + "0000000\0" + "0000000\0");
        put(block, SIZE_AT, Text.format("%011o", size) + "\0" + "00000000000\0" + "        0");
        put(block, MAGIC_AT, "ustar\00000");
        put(block, 329, "0000000\0" + "0000000\0");
        put(block, PREFIX_AT, cut < 0 ? "" : name.substring(0, cut));
        int sum = 0;
        for (byte one : block) {
            sum += one & 0xff;
        }
        put(block, CHECKSUM_AT, Text.format("%06o", sum) + "\0 ");
        return block;
    }

    private static void put(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    /** {@return the header in a block, or empty where there is none in the one form} */
    static Optional<TarHeader> decode(byte[] block) {
        if (block[TYPE_AT] != '0') {
            return Optional.empty();
        }
        String prefix = text(block, PREFIX_AT, PREFIX);
        String rest = text(block, 0, NAME);
        long size = 0;
        for (int i = SIZE_AT; i < SIZE_AT + 11; i++) {
            if (block[i] < '0' || block[i] > '7') {
                return Optional.empty();
            }
            size = size * 8 + block[i] - '0';
        }
        TarHeader header = new TarHeader(prefix.isEmpty() ? rest : prefix + "/" + rest, size);
        try {
            return Arrays.equals(header.encode(), block) ? Optional.of(header) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String text(byte[] block, int at, int length) {
        int end = at;
        while (end < at + length && block[end] != 0) {
            end++;
        }
        return new String(block, at, end - at, StandardCharsets.ISO_8859_1);
    }
}
