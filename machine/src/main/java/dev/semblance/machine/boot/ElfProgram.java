package dev.semblance.machine.boot;

import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.MachineModel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A statically linked program in an ELF file of 32 or 64 bits (System V ABI, chapters 4 and 5; RISC-V ELF psABI), loaded by physical
 * addresses. Every number of the file is checked in 64 bits before it is used.
 *
 * @param entry the physical address of the first instruction
 * @param segments what is loaded, in the order of their addresses; memory that a segment has beyond its bytes in the file
 *     stays 0
 */
record ElfProgram(long entry, List<BootLoader.Segment> segments) {

    private static final int MAGIC = 0x464c457f;
    private static final int LITTLE_ENDIAN = 1;
    private static final int TYPE_EXEC = 2;
    private static final int TYPE_DYN = 3;
    private static final int MACHINE_RISCV = 243;
    private static final int FLAG_COMPRESSED = 1;
    private static final int FLAGS_FLOAT_ABI = 6;
    private static final int LOAD = 1;
    private static final int INTERPRETER = 3;

    /** Where the fields of the file header and of a program header lie; {@code wide} says that addresses and sizes have 8 bytes. */
    private record Layout(
            boolean wide,
            int headerSize,
            int tableAt,
            int flagsAt,
            int entrySizeAt,
            int countAt,
            int entrySize,
            int offsetAt,
            int virtualAt,
            int physicalAt,
            int fileSizeAt,
            int memorySizeAt) {

        static final Layout OF_32 = new Layout(false, 52, 28, 36, 42, 44, 32, 4, 8, 12, 16, 20);
        static final Layout OF_64 = new Layout(true, 64, 32, 48, 54, 56, 56, 8, 16, 24, 32, 40);

        static Layout of(Isa isa) {
            return isa.is64() ? OF_64 : OF_32;
        }

        /** {@return an address or size; negative if it has more than 63 bits} */
        long number(ByteBuffer in, int at) {
            return wide ? in.getLong(at) : in.getInt(at) & 0xffff_ffffL;
        }
    }

    /** {@return whether a file begins like an ELF file} */
    static boolean isElf(byte[] file) {
        return file.length >= 4 && FileKind.numbers(file).getInt(0) == MAGIC;
    }

    /** {@return for how many bits an ELF file is, if it is for RISC-V; otherwise 0} */
    static int bits(byte[] file) {
        ByteBuffer in = FileKind.numbers(file);
        boolean riscv = file.length >= 20 && file[5] == LITTLE_ENDIAN && in.getShort(18) == MACHINE_RISCV;
        return !riscv ? 0 : file[4] == 2 ? 64 : file[4] == 1 ? 32 : 0;
    }

    /**
     * Reads an ELF file.
     *
     * @throws BadImageException if it is damaged, is for another machine, or does not fit into RAM
     */
    static ElfProgram parse(byte[] file, MachineModel model) throws BadImageException {
        ByteBuffer in = FileKind.numbers(file);
        Layout layout = Layout.of(model.isa());
        if (file.length < layout.headerSize) {
            throw bad("is cut off: it has only " + file.length + " bytes. Build it again.");
        }
        checkMachine(in, model.isa());
        long table = layout.number(in, layout.tableAt);
        int entrySize = in.getShort(layout.entrySizeAt) & 0xffff;
        int count = in.getShort(layout.countAt) & 0xffff;
        if (count == 0) {
            throw bad("has no program headers, as an object file or a stripped one; link it.");
        }
        if (entrySize != layout.entrySize || table < 0 || table > file.length - (long) count * entrySize) {
            throw bad("is damaged: " + count + " program headers of " + entrySize + " bytes at 0x"
                    + Long.toHexString(table) + " do not fit into its " + file.length + " bytes. Build it again.");
        }
        long wanted = layout.number(in, 24);
        long entry = -1;
        List<BootLoader.Segment> segments = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            int at = (int) table + number * entrySize;
            int type = in.getInt(at);
            if (type == INTERPRETER) {
                throw bad("wants a dynamic linker, which is not here. Link it with -static.");
            }
            if (type != LOAD || layout.number(in, at + layout.memorySizeAt) == 0) {
                continue;
            }
            BootLoader.Segment segment = segment(in, at, number, layout, model);
            long inside = wanted - layout.number(in, at + layout.virtualAt);
            // The hart starts without translation, so it is entered where the code lies, not where it is linked to run.
            if (inside >= 0 && inside <= segment.length() - 4L) {
                entry = segment.address() + inside;
            }
            segments.add(segment);
        }
        if (segments.isEmpty()) {
            throw bad("has nothing to load; link it.");
        }
        if (entry < 0 || (entry & (model.isa().hasCompressed() ? 1 : 3)) != 0) {
            throw bad("is entered at 0x" + Long.toHexString(wanted)
                    + ", where it has no instruction. Name its first symbol with ENTRY or -e.");
        }
        segments.sort(Comparator.comparingLong(BootLoader.Segment::address));
        checkOverlap(segments);
        return new ElfProgram(entry, List.copyOf(segments));
    }

    private static void checkMachine(ByteBuffer in, Isa isa) throws BadImageException {
        int bits = in.get(4);
        int order = in.get(5);
        boolean little = order == LITTLE_ENDIAN;
        int type = (little ? in.getShort(16) : Short.reverseBytes(in.getShort(16))) & 0xffff;
        int machine = (little ? in.getShort(18) : Short.reverseBytes(in.getShort(18))) & 0xffff;
        if (bits * 32 != isa.xlen() || !little || machine != MACHINE_RISCV) {
            throw bad("is for " + name(machine) + ", " + (bits == 1 ? "32" : "64") + " bits, "
                    + (little ? "little" : "big") + "-endian; this machine is " + isa.word() + ". " + howToBuild(isa));
        }
        if (type != TYPE_EXEC) {
            throw bad(
                    type == TYPE_DYN
                            ? "is position-independent or a library. Link it with -static -no-pie."
                            : "is no program: its type is " + type + ", not 2 (EXEC). Link it.");
        }
        int flags = in.getInt(Layout.of(isa).flagsAt);
        if (!isa.hasCompressed() && ((flags & FLAG_COMPRESSED) != 0 || (flags & FLAGS_FLOAT_ABI) != 0)) {
            throw bad("uses "
                    + ((flags & FLAG_COMPRESSED) != 0
                            ? "compressed instructions (C)"
                            : "floating-point registers (F or D)")
                    + ", which this machine has not. " + howToBuild(isa));
        }
    }

    private static String howToBuild(Isa isa) {
        return "Build it with -march=" + isa.word() + " -mabi="
                + switch (isa) {
                    case RV32IMA -> "ilp32";
                    case RV32GC -> "ilp32d";
                    case RV64GC -> "lp64d";
                }
                + ".";
    }

    private static String name(int machine) {
        return switch (machine) {
            case 3 -> "x86";
            case 8 -> "MIPS";
            case 20, 21 -> "PowerPC";
            case 40 -> "Arm";
            case 62 -> "x86-64";
            case 183 -> "AArch64";
            case MACHINE_RISCV -> "RISC-V";
            case 258 -> "LoongArch";
            default -> "machine number " + machine;
        };
    }

    private static BootLoader.Segment segment(ByteBuffer in, int at, int number, Layout layout, MachineModel model)
            throws BadImageException {
        long offset = layout.number(in, at + layout.offsetAt);
        long address = layout.number(in, at + layout.physicalAt);
        long fileSize = layout.number(in, at + layout.fileSizeAt);
        long memorySize = layout.number(in, at + layout.memorySizeAt);
        boolean inFile = offset >= 0 && fileSize >= 0 && fileSize <= in.limit() && offset <= in.limit() - fileSize;
        if (memorySize < fileSize || !inFile) {
            throw bad("is damaged: segment " + number + " has 0x" + Long.toHexString(fileSize) + " bytes at 0x"
                    + Long.toHexString(offset) + " of the file and 0x" + Long.toHexString(memorySize)
                    + " in memory. Build it again.");
        }
        long first = model.profile().ramBase();
        long end = model.deviceTree();
        if (address < first || address > end || memorySize > end - address) {
            throw bad("has 0x" + Long.toHexString(memorySize) + " bytes at 0x" + Long.toHexString(address)
                    + " (segment " + number + "); a program may take memory from "
                    + (first == 0 ? "0" : "0x" + Long.toHexString(first)) + " to 0x" + Long.toHexString(end)
                    + ". Link it for there.");
        }
        return new BootLoader.Segment(address, (int) offset, (int) fileSize, memorySize);
    }

    private static void checkOverlap(List<BootLoader.Segment> segments) throws BadImageException {
        for (int i = 1; i < segments.size(); i++) {
            BootLoader.Segment before = segments.get(i - 1);
            BootLoader.Segment segment = segments.get(i);
            if (before.end() > segment.address()) {
                throw bad("has two segments that overlap, at 0x" + Long.toHexString(before.address()) + " and 0x"
                        + Long.toHexString(segment.address()) + ". Link it again.");
            }
        }
    }

    private static BadImageException bad(String what) {
        return new BadImageException("The program is an ELF file that " + what);
    }
}
