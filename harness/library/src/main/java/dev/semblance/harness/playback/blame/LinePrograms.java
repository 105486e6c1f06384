package dev.semblance.harness.playback.blame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/**
 * Runs the line number programs of a file (section .debug_line), of DWARF 2 to 5 (DWARF 5, 6.2). Every number in them is checked, by the
 * bounds of the buffer that it counts in or here: what is wrong comes out as an unchecked exception of buffers and arguments.
 */
final class LinePrograms {

    /** The most rows that are run through in a file. */
    private static final int MAX_ROWS = 1 << 23;

    private static final int DW_LNS_COPY = 1;
    private static final int DW_LNS_ADVANCE_PC = 2;
    private static final int DW_LNS_ADVANCE_LINE = 3;
    private static final int DW_LNS_SET_FILE = 4;
    private static final int DW_LNS_CONST_ADD_PC = 8;
    private static final int DW_LNS_FIXED_ADVANCE_PC = 9;
    private static final int DW_LNE_END_SEQUENCE = 1;
    private static final int DW_LNE_SET_ADDRESS = 2;

    private final ElfFile elf;
    private final LongUnaryOperator canonical;
    private final LineTable.Builder table = new LineTable.Builder();
    private int rows;

    private LinePrograms(ElfFile elf, LongUnaryOperator canonical) {
        this.elf = elf;
        this.canonical = canonical;
    }

    /**
     * {@return the lines of a file; none if it has no line number programs}
     *
     * @param canonical makes the guest's address of one of the file's
     */
    static LineTable read(ElfFile elf, LongUnaryOperator canonical) {
        Optional<ElfFile.Section> section = elf.section(".debug_line");
        if (section.isEmpty()) {
            return LineTable.NONE;
        }
        LinePrograms programs = new LinePrograms(elf, canonical);
        ByteBuffer all = elf.contents(section.get());
        while (all.hasRemaining()) {
            programs.unit(all);
        }
        return programs.table.build();
    }

    private void unit(ByteBuffer all) {
        long length = all.getInt() & 0xffff_ffffL;
        boolean is64 = length == 0xffff_ffffL;
        if (is64) {
            length = all.getLong();
        }
        int size = ElfFile.toInt(length);
        ByteBuffer unit = all.slice(all.position(), size).order(ByteOrder.LITTLE_ENDIAN);
        all.position(all.position() + size);
        int version = unit.getShort() & 0xffff;
        if (version >= 2 && version <= 5) {
            run(LineHeader.read(unit, version, is64, elf), unit);
        }
    }

    /** The registers of the machine that the programs are for (6.2.2), as far as anybody asks for them. */
    private static final class Registers {
        private long address;
        private long file = 1;
        private long line = 1;
    }

    private void run(LineHeader header, ByteBuffer program) {
        Registers now = new Registers();
        List<Row> sequence = new ArrayList<>();
        while (program.hasRemaining()) {
            int opcode = program.get() & 0xff;
            if (opcode >= header.opcodeBase()) {
                int adjusted = opcode - header.opcodeBase();
                now.address += (long) (adjusted / header.lineRange()) * header.instructionLength();
                now.line += header.lineBase() + adjusted % header.lineRange();
                row(sequence, now);
                continue;
            }
            switch (opcode) {
                case 0 -> {
                    if (extended(program, sequence, header, now)) {
                        now = new Registers();
                    }
                }
                case DW_LNS_COPY -> row(sequence, now);
                case DW_LNS_ADVANCE_PC -> now.address += Leb128.unsigned(program) * header.instructionLength();
                case DW_LNS_ADVANCE_LINE -> now.line += Leb128.signed(program);
                case DW_LNS_SET_FILE -> now.file = Leb128.unsigned(program);
                case DW_LNS_CONST_ADD_PC ->
                    now.address +=
                            (long) ((255 - header.opcodeBase()) / header.lineRange()) * header.instructionLength();
                case DW_LNS_FIXED_ADVANCE_PC -> now.address += program.getShort() & 0xffff;
                default -> {
                    for (int i = 0; i < header.operands(opcode); i++) {
                        Leb128.unsigned(program);
                    }
                }
            }
        }
    }

    /** {@return whether a sequence has ended} */
    private boolean extended(ByteBuffer program, List<Row> sequence, LineHeader header, Registers now) {
        int length = ElfFile.toInt(Leb128.unsigned(program));
        if (length == 0) {
            throw new IllegalArgumentException("an extended opcode without an opcode");
        }
        int next = Math.addExact(program.position(), length);
        int opcode = program.get() & 0xff;
        if (opcode == DW_LNE_SET_ADDRESS) {
            now.address = length == 9 ? program.getLong() : program.getInt() & 0xffff_ffffL;
        }
        program.position(next);
        if (opcode == DW_LNE_END_SEQUENCE) {
            end(sequence, header, now.address);
            return true;
        }
        return false;
    }

    private record Row(long address, long file, long line) {}

    private void row(List<Row> sequence, Registers now) {
        if (++rows > MAX_ROWS) {
            throw new IllegalArgumentException("too many lines");
        }
        sequence.add(new Row(now.address, now.file, now.line));
    }

    private void end(List<Row> sequence, LineHeader header, long end) {
        // Of functions that the linker has left out the programs are still there, for addresses where nothing is.
        boolean isKept = !sequence.isEmpty() && elf.executes(sequence.getFirst().address());
        if (isKept) {
            for (Row row : sequence) {
                if (Long.compareUnsigned(row.address(), end) < 0) {
                    table.row(canonical.applyAsLong(row.address()), header.line(row.file(), row.line()));
                }
            }
        }
        table.end(canonical.applyAsLong(end), isKept);
        sequence.clear();
    }
}
