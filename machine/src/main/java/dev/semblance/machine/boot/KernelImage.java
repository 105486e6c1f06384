package dev.semblance.machine.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A Linux kernel image for RISC-V (Linux, Documentation/arch/riscv/boot-image-header.rst).
 *
 * @param bytes the file; not to be changed
 * @param textOffset where the kernel would like to lie in RAM, in bytes; semu loads it at 0 whatever it says
 * @param imageSize how much memory it takes with what follows the file (bss), in bytes
 */
public record KernelImage(byte[] bytes, long textOffset, long imageSize) {

    private static final int HEADER_SIZE = 64;
    private static final int TEXT_OFFSET = 0x08;
    private static final int IMAGE_SIZE = 0x10;
    private static final int MAGIC2 = 0x38;
    /** "RSC\x05". */
    private static final int MAGIC2_VALUE = 0x05435352;

    private static final int GZIP = 0x8b1f;
    private static final int ELF = 0x464c457f;
    private static final int XZ = 0x587a37fd;

    /**
     * Reads the header.
     *
     * @param file the content of the file
     * @return the kernel, and where it wants to be
     * @throws BadImageException if the file is no such image
     */
    public static KernelImage parse(byte[] file) throws BadImageException {
        ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (file.length < HEADER_SIZE || header.getInt(MAGIC2) != MAGIC2_VALUE) {
            throw new BadImageException("The kernel is no RISC-V Linux Image: " + whatItIs(header)
                    + " Use arch/riscv/boot/Image of the kernel's build.");
        }
        long textOffset = header.getLong(TEXT_OFFSET);
        long imageSize = header.getLong(IMAGE_SIZE);
        if (imageSize < 0 || imageSize > SemuPlatform.RAM_SIZE) {
            throw new BadImageException("The kernel's header asks for 0x" + Long.toHexString(imageSize)
                    + " bytes of memory, but there are 0x" + Long.toHexString(SemuPlatform.RAM_SIZE)
                    + "; the file is damaged.");
        }
        return new KernelImage(file, textOffset, Math.max(imageSize, file.length));
    }

    private static String whatItIs(ByteBuffer file) {
        if (file.limit() < HEADER_SIZE) {
            return "it has only " + file.limit() + " bytes.";
        }
        int start = file.getInt(0);
        if ((start & 0xffff) == GZIP) {
            return "it is compressed with gzip; decompress it first.";
        }
        return switch (start) {
            case ELF -> "it is an ELF file (vmlinux).";
            case XZ -> "it is compressed with xz; decompress it first.";
            default -> "the bytes \"RSC\\x05\" are missing at offset 0x38.";
        };
    }
}
