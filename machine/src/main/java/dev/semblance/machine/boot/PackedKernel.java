package dev.semblance.machine.boot;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * Takes kernels out of what distributions pack them in: gzip (RFC 1952), and the EFI program that unpacks itself, zboot (Linux,
 * drivers/firmware/efi/libstub/zboot-header.S: "MZ", "zimg" at 4, offset and size of what is packed at 8 and 12, how at 24).
 */
final class PackedKernel {

    private static final int GZIP = 0x8b1f;
    private static final int MZ = 0x5a4d;
    private static final int ZIMG = 0x676d697a;
    private static final int ZBOOT_HEADER = 64;
    private static final int HOW_AT = 24;
    private static final int HOW_LENGTH = 6;

    private PackedKernel() {}

    private static boolean isGzip(byte[] file) {
        return file.length >= 2 && (FileKind.numbers(file).getShort(0) & 0xffff) == GZIP;
    }

    /** {@return whether a file is an EFI program that unpacks a kernel} */
    static boolean isZboot(byte[] file) {
        ByteBuffer in = FileKind.numbers(file);
        return file.length >= ZBOOT_HEADER && (in.getShort(0) & 0xffff) == MZ && in.getInt(4) == ZIMG;
    }

    /** {@return whether {@link #unpack} would unpack a file, or try to} */
    static boolean isPacked(byte[] file) {
        return isGzip(file) || isZboot(file);
    }

    /**
     * {@return the first bytes of the kernel in a file that is packed with gzip, as far as they can be had; of any other file, its own}
     *
     * @param file the content of a file, or its first bytes
     * @param most how many bytes are wanted
     */
    static byte[] head(byte[] file, int most) {
        if (!isGzip(file)) {
            return file;
        }
        byte[] head = new byte[most];
        int length = 0;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file))) {
            int count = in.read(head, 0, most);
            while (count > 0) {
                length += count;
                count = in.read(head, length, most - length);
            }
        } catch (IOException e) {
            // The rest of it is not here, or it is damaged: unpacking it whole will tell.
        }
        return Arrays.copyOf(head, length);
    }

    /**
     * {@return the kernel in a file; the file itself if it is not packed}
     *
     * @param file the content of a file
     * @param most how many bytes it may become
     * @throws BadImageException if it is damaged, becomes too large, or is packed in a way that is not known
     */
    static byte[] unpack(byte[] file, long most) throws BadImageException {
        if (isGzip(file)) {
            return gunzip(file, 0, file.length, most);
        }
        if (!isZboot(file)) {
            return file;
        }
        ByteBuffer in = FileKind.numbers(file);
        long offset = in.getInt(8) & 0xffff_ffffL;
        long size = in.getInt(12) & 0xffff_ffffL;
        if (offset + size > file.length) {
            throw new BadImageException("The kernel is damaged: its header says that " + size
                    + " packed bytes begin at " + offset + ", the file has " + file.length + ".");
        }
        int end = HOW_AT;
        while (end < HOW_AT + HOW_LENGTH && file[end] >= 'a' && file[end] <= 'z') {
            end++;
        }
        String how = new String(file, HOW_AT, end - HOW_AT, StandardCharsets.US_ASCII);
        if (!how.equals("gzip")) {
            throw new BadImageException("The kernel is an EFI program that is packed with "
                    + (how.isEmpty() ? "something unknown" : how)
                    + ", not gzip. Take the Image out of it, or use another build of the kernel.");
        }
        return gunzip(file, (int) offset, (int) size, most);
    }

    private static byte[] gunzip(byte[] file, int offset, int length, long most) throws BadImageException {
        int limit = (int) Math.min(most, Integer.MAX_VALUE - 16);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file, offset, length))) {
            byte[] unpacked = in.readNBytes(limit + 1);
            if (unpacked.length > limit) {
                throw new BadImageException(
                        "The kernel does not fit: unpacked, it has more than the " + most + " bytes of RAM.");
            }
            return unpacked;
        } catch (IOException e) {
            throw new BadImageException("The kernel is damaged: what is packed with gzip cannot be unpacked.");
        }
    }
}
