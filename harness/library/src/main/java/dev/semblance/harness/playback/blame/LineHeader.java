package dev.semblance.harness.playback.blame;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The header of a line number program (DWARF 5, 6.2.4; of version 4 and before, DWARF 4, 6.2.4).
 *
 * @param instructionLength what addresses advance by
 * @param lineBase the least that a special opcode adds to the line
 * @param lineRange how many different numbers it can add
 * @param opcodeBase the first special opcode
 * @param operandCounts how many operands each standard opcode has, from opcode 1 on
 * @param files the names of source files, with their folders, by their number
 */
record LineHeader(
        int instructionLength,
        int lineBase,
        int lineRange,
        int opcodeBase,
        List<Integer> operandCounts,
        List<String> files) {

    private static final int DW_LNCT_PATH = 1;
    private static final int DW_LNCT_DIRECTORY_INDEX = 2;

    private static final int DW_FORM_DATA2 = 0x05;
    private static final int DW_FORM_DATA4 = 0x06;
    private static final int DW_FORM_DATA8 = 0x07;
    private static final int DW_FORM_STRING = 0x08;
    private static final int DW_FORM_BLOCK = 0x09;
    private static final int DW_FORM_DATA1 = 0x0b;
    private static final int DW_FORM_STRP = 0x0e;
    private static final int DW_FORM_UDATA = 0x0f;
    private static final int DW_FORM_DATA16 = 0x1e;
    private static final int DW_FORM_LINE_STRP = 0x1f;

    /** A name, and which of the folders it is in. */
    private record Entry(String path, long folder) {}

    private record Column(long content, long form) {}

    /**
     * Reads a header.
     *
     * @param unit stands behind the version, and then at the program's first opcode
     * @param version 2 to 5
     * @param is64 whether offsets have 64 bits
     * @param elf has the sections that strings are in
     */
    static LineHeader read(ByteBuffer unit, int version, boolean is64, ElfFile elf) {
        if (version >= 5) {
            unit.getShort(); // Sizes of addresses and of segment selectors: the one is seen where an address is set.
        }
        int length = ElfFile.toInt(is64 ? unit.getLong() : unit.getInt() & 0xffff_ffffL);
        int program = Math.addExact(unit.position(), length);
        int instructionLength = unit.get() & 0xff;
        if (version >= 4 && unit.get() > 1) {
            throw new IllegalArgumentException("instructions of several operations");
        }
        unit.get(); // Whether lines begin statements: all are looked at.
        int lineBase = unit.get();
        int lineRange = unit.get() & 0xff;
        int opcodeBase = unit.get() & 0xff;
        if (lineRange == 0 || opcodeBase == 0) {
            throw new IllegalArgumentException("a line number program without a range");
        }
        List<Integer> operands = new ArrayList<>();
        for (int i = 1; i < opcodeBase; i++) {
            operands.add(unit.get() & 0xff);
        }
        List<String> files = version >= 5
                ? new Tables(unit, is64, elf).files()
                : oldFiles(elf, unit.slice(unit.position(), program - unit.position()));
        unit.position(program);
        return new LineHeader(instructionLength, lineBase, lineRange, opcodeBase, operands, files);
    }

    /** {@return how many operands a standard opcode has} */
    int operands(int opcode) {
        return operandCounts.get(opcode - 1);
    }

    /** {@return a line of a file by its number; one that the header does not know is called {@code ?}} */
    SourceLine line(long file, long line) {
        String name = file >= 0 && file < files.size() ? files.get((int) file) : "?";
        return new SourceLine(name, line > 0 && line <= Integer.MAX_VALUE ? (int) line : 0);
    }

    /** Up to version 4: names that end with an empty one. Folder 0 is the compiler's working folder, and file 0 nothing. */
    private static List<String> oldFiles(ElfFile elf, ByteBuffer tables) {
        List<String> folders = new ArrayList<>(List.of(""));
        for (String folder = next(elf, tables); !folder.isEmpty(); folder = next(elf, tables)) {
            folders.add(folder);
        }
        List<String> files = new ArrayList<>(List.of("?"));
        for (String name = next(elf, tables); !name.isEmpty(); name = next(elf, tables)) {
            long folder = Leb128.unsigned(tables);
            Leb128.unsigned(tables); // When it was changed.
            Leb128.unsigned(tables); // Its size.
            files.add(join(elf, folders, folder, name));
        }
        return files;
    }

    private static String next(ElfFile elf, ByteBuffer strings) {
        int start = strings.position();
        while (strings.get() != 0) {
            // On to the end.
        }
        return elf.string(strings, start);
    }

    private static String join(ElfFile elf, List<String> folders, long folder, String name) {
        String in = folder >= 0 && folder < folders.size() ? folders.get((int) folder) : "";
        String root = folders.isEmpty() ? "" : folders.getFirst();
        // A folder is in the file once, and in the names of all its files.
        elf.requireRoom((long) root.length() + in.length() + name.length() + 2);
        String path = in.isEmpty() || name.startsWith("/") ? name : in + "/" + name;
        boolean isBelowRoot = folder != 0 && !path.startsWith("/") && !root.isEmpty() && !root.equals(".");
        String whole = isBelowRoot ? root + "/" + path : path;
        int start = 0;
        while (whole.startsWith("./", start)) {
            start += 2;
        }
        return whole.substring(start);
    }

    /** The tables of version 5, which say themselves what they have of each folder and file. */
    private record Tables(ByteBuffer unit, boolean is64, ElfFile elf) {

        List<String> files() {
            List<String> folders = entries().stream().map(Entry::path).toList();
            return entries().stream()
                    .map(entry -> join(elf, folders, entry.folder(), entry.path()))
                    .toList();
        }

        private List<Entry> entries() {
            int columnCount = unit.get() & 0xff;
            List<Column> columns = new ArrayList<>();
            for (int i = 0; i < columnCount; i++) {
                columns.add(new Column(Leb128.unsigned(unit), Leb128.unsigned(unit)));
            }
            long count = Leb128.unsigned(unit);
            // Each entry has a byte at least.
            if (count < 0 || count > unit.remaining() || columns.isEmpty() && count > 0) {
                throw new IllegalArgumentException("more files than there is room for");
            }
            List<Entry> entries = new ArrayList<>();
            for (long i = 0; i < count; i++) {
                String path = "";
                long folder = 0;
                for (Column column : columns) {
                    if (column.content() == DW_LNCT_PATH) {
                        path = text(column.form());
                    } else if (column.content() == DW_LNCT_DIRECTORY_INDEX) {
                        folder = number(column.form());
                    } else {
                        skip(column.form());
                    }
                }
                entries.add(new Entry(path, folder));
            }
            return entries;
        }

        private String text(long form) {
            if (form == DW_FORM_STRING) {
                return next(elf, unit);
            }
            String section;
            if (form == DW_FORM_LINE_STRP) {
                section = ".debug_line_str";
            } else if (form == DW_FORM_STRP) {
                section = ".debug_str";
            } else {
                throw new IllegalArgumentException("a name of form " + form);
            }
            int offset = ElfFile.toInt(is64 ? unit.getLong() : unit.getInt() & 0xffff_ffffL);
            Optional<ElfFile.Section> strings = elf.section(section);
            return strings.map(found -> elf.string(elf.contents(found), offset)).orElse("?");
        }

        private long number(long form) {
            return switch ((int) form) {
                case DW_FORM_DATA1 -> unit.get() & 0xff;
                case DW_FORM_DATA2 -> unit.getShort() & 0xffff;
                case DW_FORM_DATA4 -> unit.getInt() & 0xffff_ffffL;
                case DW_FORM_DATA8 -> unit.getLong();
                case DW_FORM_UDATA -> Leb128.unsigned(unit);
                default -> throw new IllegalArgumentException("a number of form " + form);
            };
        }

        private void skip(long form) {
            switch ((int) form) {
                case DW_FORM_STRING, DW_FORM_LINE_STRP, DW_FORM_STRP -> text(form);
                case DW_FORM_DATA16 -> unit.position(unit.position() + 16);
                case DW_FORM_BLOCK -> {
                    int length = ElfFile.toInt(Leb128.unsigned(unit));
                    unit.position(Math.addExact(unit.position(), length));
                }
                default -> number(form);
            }
        }
    }
}
