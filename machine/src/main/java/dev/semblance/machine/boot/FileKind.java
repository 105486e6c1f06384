package dev.semblance.machine.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What a file is that somebody took for a kernel of this machine: told by its first bytes, to say so before anything of it is
 * executed. The numbers are those of the formats' own documents: Linux's boot documentation for AArch64, Arm, x86 and RISC-V, the PE
 * format, U-Boot's image.h, and the formats of archives and file systems.
 */
final class FileKind {

    /** Enough of a file to tell what it is. */
    static final int HEAD = 4096;

    private static final int MZ = 0x5a4d;
    private static final int PE = 0x4550;

    /** Where a PE header's place is, in a file that begins with "MZ". */
    private static final int PE_POINTER = 0x3c;

    /** "ARM\x64" at 0x38. */
    private static final int AARCH64 = 0x644d5241;

    private static final int ARM_ZIMAGE_AT = 0x24;
    private static final int ARM_ZIMAGE = 0x016f2818;

    /** "HdrS", behind the first sector. */
    private static final int X86_AT = 0x202;

    private static final int X86 = 0x53726448;
    private static final int EXT_AT = 0x438;
    private static final int EXT = 0xef53;

    private FileKind() {}

    /** {@return the numbers of a file, little-endian} */
    static ByteBuffer numbers(byte[] file) {
        return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** {@return the machine in the PE header of an EFI program, 0 if there is none} */
    static int peMachine(byte[] file) {
        ByteBuffer in = numbers(file);
        if (file.length < PE_POINTER + Integer.BYTES || (in.getShort(0) & 0xffff) != MZ) {
            return 0;
        }
        long pe = in.getInt(PE_POINTER) & 0xffff_ffffL;
        return pe <= file.length - 6 && in.getInt((int) pe) == PE ? in.getShort((int) pe + 4) & 0xffff : 0;
    }

    /**
     * {@return what a file is, if it is known and no kernel for RISC-V, as the rest of a sentence with what to do; empty if it may be
     * anything}
     *
     * @param file its content, or its first {@link #HEAD} bytes
     */
    static Optional<String> foreign(byte[] file) {
        return architecture(file)
                .map(name -> "it is a kernel for " + name + ". Use one that is built for RISC-V")
                .or(() -> peMachine(file) == 0
                        ? packed(file).or(() -> other(file))
                        : Optional.of(
                                "it is an EFI program, which needs EFI. U-Boot has it, and starts such programs from"
                                        + " a disk (bootefi)"));
    }

    private static Optional<String> architecture(byte[] file) {
        String pe = switch (peMachine(file)) {
            case 0x14c -> "x86";
            case 0x1c0, 0x1c2, 0x1c4 -> "Arm";
            case 0x8664 -> "x86-64";
            case 0xaa64 -> "AArch64";
            case 0x6232, 0x6264 -> "LoongArch";
            default -> "";
        };
        if (!pe.isEmpty()) {
            return Optional.of(pe);
        }
        if (has(file, KernelImage.MAGIC2, AARCH64)) {
            return Optional.of("AArch64");
        }
        if (has(file, ARM_ZIMAGE_AT, ARM_ZIMAGE)) {
            return Optional.of("Arm");
        }
        return has(file, X86_AT, X86) ? Optional.of("x86") : Optional.empty();
    }

    private static boolean has(byte[] file, int at, int value) {
        return file.length >= at + Integer.BYTES && numbers(file).getInt(at) == value;
    }

    private static Optional<String> packed(byte[] file) {
        if (file.length < 6) {
            return Optional.empty();
        }
        int start = numbers(file).getInt(0);
        String how = switch (start) {
            case 0x587a37fd -> "xz";
            case 0xfd2fb528 -> "zstd";
            case 0x184d2204, 0x184c2102 -> "LZ4";
            default -> (start & 0xff_ffff) == 0x68_5a42 ? "bzip2" : "";
        };
        return how.isEmpty() ? Optional.empty() : Optional.of("it is compressed with " + how + "; decompress it first");
    }

    private static Optional<String> other(byte[] file) {
        if (file.length < 6) {
            return Optional.empty();
        }
        int start = Integer.reverseBytes(numbers(file).getInt(0));
        if (start == 0x2705_1956) {
            return Optional.of("it is in U-Boot's own wrapping (uImage). Use the Image that is in it");
        }
        if (start == 0xd00d_feed) {
            return Optional.of("it is a device tree, or a FIT image. Use the Image that is in it");
        }
        if (start == 0x3037_3037 && file[4] == '0') {
            return Optional.of("it is a cpio archive, such as an initrd");
        }
        boolean ext = file.length >= EXT_AT + 2 && (numbers(file).getShort(EXT_AT) & 0xffff) == EXT;
        return ext ? Optional.of("it is a file system, such as a disk has") : Optional.empty();
    }
}
