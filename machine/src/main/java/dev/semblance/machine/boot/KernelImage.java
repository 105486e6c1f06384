package dev.semblance.machine.boot;

import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Profile;
import dev.semblance.machine.profile.SemuPlatform;
import dev.semblance.machine.profile.VirtPlatform;
import java.nio.ByteBuffer;
import java.util.Optional;

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

    /** Where the second magic number is, here and in Images for other machines. */
    static final int MAGIC2 = 0x38;

    /** "RSC\x05". */
    private static final int MAGIC2_VALUE = 0x05435352;

    private static final int PE_RISCV32 = 0x5032;
    private static final int PE_RISCV64 = 0x5064;

    /** Where kernels of 64 bits want to lie, and of 32 bits: one superpage from the start of RAM. */
    private static final long TEXT_OFFSET_64 = 2L << 20;

    private static final long TEXT_OFFSET_32 = 4L << 20;

    /** {@return whether a file has the header of such an image} */
    static boolean isImage(byte[] file) {
        return file.length >= HEADER_SIZE && FileKind.numbers(file).getInt(MAGIC2) == MAGIC2_VALUE;
    }

    /**
     * {@return for how many bits a kernel is, 32 or 64; 0 if its header does not prove it} The PE header names the machine, and so does
     * that of an ELF file; kernels of 64 bits want to lie 2 MiB from the start of RAM. A kernel in gzip is looked into.
     *
     * @param file the content of a file, or its first bytes: of a kernel, 4,096 do
     */
    public static int bits(byte[] file) {
        byte[] head = PackedKernel.head(file, FileKind.HEAD);
        if (ElfProgram.isElf(head)) {
            return ElfProgram.bits(head);
        }
        if (!isImage(head) && !PackedKernel.isZboot(head)) {
            return 0;
        }
        int machine = FileKind.peMachine(head);
        if (machine != 0 || !isImage(head)) {
            return machine == PE_RISCV64 ? 64 : machine == PE_RISCV32 ? 32 : 0;
        }
        long offset = FileKind.numbers(head).getLong(TEXT_OFFSET);
        return offset == TEXT_OFFSET_64 ? 64 : offset == TEXT_OFFSET_32 ? 32 : 0;
    }

    /**
     * {@return what is wrong with a file that is to be a machine's kernel, as far as its first bytes tell: the rest of a sentence that
     * begins with what the kernel is called, perhaps another one, and no full stop} On virt, what has no header is a program; but not a kernel for another machine.
     *
     * @param file the content of a file, or its first bytes: 4,096 do
     * @param profile the kind of machine
     */
    public static Optional<String> flaw(byte[] file, Profile profile) {
        if (profile == Profile.VIRT) {
            byte[] head = PackedKernel.head(file, FileKind.HEAD);
            boolean known = isImage(head) || PackedKernel.isZboot(head) && bits(head) != 0;
            return known ? Optional.empty() : FileKind.foreign(head).map(what -> "is none for this machine: " + what);
        }
        if (isImage(file)) {
            return Optional.empty();
        }
        return Optional.of("is no RISC-V kernel Image: " + whatItIs(file));
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
        Optional<String> flaw = flaw(file, model.profile());
        if (flaw.isPresent() || !isImage(file)) {
            throw new BadImageException("The kernel " + flaw.orElse("is no RISC-V kernel Image") + ".");
        }
        int bits = bits(file);
        // A kernel of 32 bits says where it would like to lie; on semu it is loaded at 0 whatever it says.
        if (bits != 0 && bits != model.isa().xlen()) {
            throw new BadImageException("The kernel is for " + bits + " bits, and the machine's hart is "
                    + model.isa().word() + ". "
                    + (bits == 64 ? "Use --profile virt --isa rv64gc." : "Use --profile virt --isa rv32gc."));
        }
        ByteBuffer header = FileKind.numbers(file);
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

    /** What a file is that is no Image, and what takes it. */
    private static String whatItIs(byte[] file) {
        if (PackedKernel.isPacked(file)) {
            return "it is packed with gzip, which --profile virt unpacks. For semu, decompress it first, or use"
                    + " arch/riscv/boot/Image of the kernel's build";
        }
        if (ElfProgram.isElf(file)) {
            return "it is an ELF file, such as vmlinux. Use arch/riscv/boot/Image of the kernel's build; --profile virt and"
                    + " --bare take ELF files that are linked for where memory is";
        }
        if (file.length < HEADER_SIZE) {
            return "it has only " + file.length + " bytes";
        }
        return FileKind.foreign(file)
                .orElse(
                        "the bytes \"RSC\\x05\" are missing at offset 0x38. Use arch/riscv/boot/Image of the kernel's build;"
                                + " --profile virt and --bare start programs without a header, such as U-Boot");
    }
}
