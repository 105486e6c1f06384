package dev.semblance.machine.boot;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
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

    /**
     * {@return the kernel in a file; the file itself if it is not packed}
     *
     * @param file the content of a file
     * @param most how many bytes it may become
     * @throws BadImageException if it is damaged, becomes too large, or is packed in a way that is not known
     */
    static byte[] unpack(byte[] file, long most) throws BadImageException {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (file.length >= 2 && (in.getShort(0) & 0xffff) == GZIP) {
            return gunzip(file, 0, file.length, most);
        }
        boolean zboot = file.length >= ZBOOT_HEADER && (in.getShort(0) & 0xffff) == MZ && in.getInt(4) == ZIMG;
        if (!zboot) {
            return file;
        }
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
