package dev.semblance.machine.boot;

import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Profile;
import dev.semblance.machine.profile.SemuPlatform;
import dev.semblance.machine.profile.VirtPlatform;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A Linux kernel image for RISC-V (Linux, Documentation/arch/riscv/boot-image-header.rst).
 *
 * @param bytes the file; not to be changed
 * @param textOffset where the kernel would like to lie, in bytes from the start of RAM; semu loads it at 0 whatever it says
 * @param imageSize how much memory it takes with what follows the file (bss), in bytes
 */
public record KernelImage(byte[] bytes, long textOffset, long imageSize) {

    private static final int HEADER_SIZE = 64;
    private static final int TEXT_OFFSET = 0x08;
    private static final int IMAGE_SIZE = 0x10;
    private static final int MAGIC2 = 0x38;
    /** "RSC\x05". */
    private static final int MAGIC2_VALUE = 0x05435352;

    /** Where a PE header's place is, if the image begins as an EFI program too: "MZ". */
    private static final int PE_POINTER = 0x3c;

    private static final int MZ = 0x5a4d;
    private static final int PE = 0x4550;
    private static final int PE_RISCV32 = 0x5032;
    private static final int PE_RISCV64 = 0x5064;

    /** Where kernels of 64 bits want to lie, and of 32 bits: one superpage from the start of RAM. */
    private static final long TEXT_OFFSET_64 = 2L << 20;

    private static final long TEXT_OFFSET_32 = 4L << 20;

    private static final int GZIP = 0x8b1f;
    private static final int ELF = 0x464c457f;
    private static final int XZ = 0x587a37fd;

    /** {@return whether a file has the header of such an image} */
    static boolean isImage(byte[] file) {
        return file.length >= HEADER_SIZE && numbers(file).getInt(MAGIC2) == MAGIC2_VALUE;
    }

    private static ByteBuffer numbers(byte[] file) {
        return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * {@return for how many bits a kernel is, 32 or 64; 0 if its header does not prove it} The PE header names the machine, and
     * kernels of 64 bits want to lie 2 MiB from the start of RAM.
     *
     * @param file the content of a file, or its first bytes: of a kernel, 4,096 do
     */
    public static int bits(byte[] file) {
        if (!isImage(file)) {
            return 0;
        }
        ByteBuffer in = numbers(file);
        if ((in.getShort(0) & 0xffff) == MZ) {
            long pe = in.getInt(PE_POINTER) & 0xffff_ffffL;
            if (pe <= file.length - 6 && in.getInt((int) pe) == PE) {
                int machine = in.getShort((int) pe + 4) & 0xffff;
                return machine == PE_RISCV64 ? 64 : machine == PE_RISCV32 ? 32 : 0;
            }
        }
        long offset = in.getLong(TEXT_OFFSET);
        return offset == TEXT_OFFSET_64 ? 64 : offset == TEXT_OFFSET_32 ? 32 : 0;
    }

    /**
     * Reads the header.
     *
     * @param file the content of the file
     * @param model the machine that it is for
     * @return the kernel, and where it wants to be
     * @throws BadImageException if the file is no such image, or is for another machine
     */
    public static KernelImage parse(byte[] file, MachineModel model) throws BadImageException {
        if (!isImage(file)) {
            throw new BadImageException("The kernel is no RISC-V Linux Image: " + whatItIs(numbers(file))
                    + " Use arch/riscv/boot/Image of the kernel's build.");
        }
        int bits = bits(file);
        // A kernel of 32 bits says where it would like to lie; on semu it is loaded at 0 whatever it says.
        if (bits != 0 && bits != model.isa().xlen()) {
            throw new BadImageException("The kernel is for " + bits + " bits, and the machine's hart is "
                    + model.isa().word() + ". "
                    + (bits == 64 ? "Use --profile virt --isa rv64gc." : "Use --profile virt --isa rv32gc."));
        }
        ByteBuffer header = numbers(file);
        long textOffset = header.getLong(TEXT_OFFSET);
        long imageSize = header.getLong(IMAGE_SIZE);
        if (imageSize < 0 || imageSize > model.ramBytes()) {
            throw new BadImageException("The kernel's header asks for 0x" + Long.toHexString(imageSize)
                    + " bytes of memory, but there are 0x" + Long.toHexString(model.ramBytes())
                    + "; "
                    + (model.profile() == Profile.SEMU
                            ? "the file is damaged."
                            : "give more with --ram, or the file is damaged."));
        }
        if (model.profile() == Profile.VIRT
                && (textOffset < 0 || textOffset > model.ramBytes() || (textOffset & 0xfff) != 0)) {
            throw new BadImageException("The kernel's header wants it 0x" + Long.toHexString(textOffset)
                    + " bytes behind the start of memory, where it cannot lie; the file is damaged.");
        }
        return new KernelImage(file, textOffset, Math.max(imageSize, file.length));
    }

    /** {@return where it is loaded and entered} */
    long address(MachineModel model) {
        return switch (model.profile()) {
            case SEMU -> SemuPlatform.KERNEL;
            case VIRT -> VirtPlatform.RAM + textOffset;
        };
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
