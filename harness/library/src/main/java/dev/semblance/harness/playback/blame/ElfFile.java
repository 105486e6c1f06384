package dev.semblance.harness.playback.blame;

import dev.semblance.harness.util.Printable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The sections of an ELF file (System V ABI, chapter 4). What is wrong with a file comes out as one of the unchecked exceptions of buffers
 * and arguments, at once or as a section is read; {@link Symbols#read} makes a sentence of them.
 */
final class ElfFile {

    static final int SHT_PROGBITS = 1;
    static final int SHT_SYMTAB = 2;
    static final int SHT_DYNSYM = 11;

    private static final long SHF_ALLOC = 2;
    private static final long SHF_EXECINSTR = 4;
    private static final long SHF_COMPRESSED = 0x800;
    private static final int LITTLE_ENDIAN = 1;
    private static final long STRINGS = 1 << 20;
    private static final long PATHS = 64 << 20;

    private final ByteBuffer file;
    private final boolean wide;
    private final List<Section> sections = new ArrayList<>();

    /** Where instructions are, in this file or in the one that it has the symbols of: first addresses, and sizes. */
    private final NavigableMap<Long, Long> executable = new TreeMap<>(Long::compareUnsigned);

    /** How many bytes of strings may be read yet: names may overlap, but not without end. */
    private long strings;

    /** How many characters paths may come to yet that are made of those strings. */
    private long paths;

    /**
     * A section's header.
     *
     * @param name empty where the file has none
     * @param type SHT_...
     * @param flags SHF_...
     * @param address where it is loaded, 0 if it is not
     * @param offset in the file
     * @param size in bytes
     * @param link the section that it goes with
     */
    record Section(String name, int type, long flags, long address, long offset, long size, int link) {

        /** {@return whether it holds instructions, which lie in the file} */
        boolean isCode() {
            return type == SHT_PROGBITS && (flags & SHF_ALLOC) != 0 && (flags & SHF_EXECINSTR) != 0;
        }
    }

    private ElfFile(ByteBuffer file, boolean wide) {
        this.file = file;
        this.wide = wide;
        this.strings = STRINGS + 4L * file.capacity();
        this.paths = PATHS + 8L * file.capacity();
    }

    /** {@return whether a file says of itself that it is one} */
    static boolean isElf(byte[] bytes) {
        return bytes.length > 4 && bytes[0] == 0x7f && bytes[1] == 'E' && bytes[2] == 'L' && bytes[3] == 'F';
    }

    /** Reads the headers. */
    static ElfFile read(byte[] bytes) {
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (file.get(5) != LITTLE_ENDIAN) {
            throw new IllegalArgumentException("big-endian");
        }
        ElfFile elf = new ElfFile(file, file.get(4) == 2);
        elf.readHeaders();
        return elf;
    }

    private void readHeaders() {
        long table = wide ? file.getLong(0x28) : unsigned(0x20);
        int entrySize = file.getShort(wide ? 0x3a : 0x2e) & 0xffff;
        int count = file.getShort(wide ? 0x3c : 0x30) & 0xffff;
        int names = file.getShort(wide ? 0x3e : 0x32) & 0xffff;
        List<Integer> nameOffsets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int header = toInt(toInt(table) + (long) i * entrySize);
            nameOffsets.add(file.getInt(header));
            sections.add(new Section(
                    "",
                    file.getInt(header + 4),
                    wide ? file.getLong(header + 8) : unsigned(header + 8),
                    wide ? file.getLong(header + 0x10) : unsigned(header + 0x0c),
                    wide ? file.getLong(header + 0x18) : unsigned(header + 0x10),
                    wide ? file.getLong(header + 0x20) : unsigned(header + 0x14),
                    file.getInt(header + (wide ? 0x28 : 0x18))));
        }
        sections.stream()
                .filter(section -> (section.flags() & SHF_EXECINSTR) != 0)
                .forEach(section -> executable.merge(section.address(), section.size(), Math::max));
        if (names == 0 || names >= count) {
            return; // SHN_UNDEF: a file without names of sections.
        }
        ByteBuffer nameTable = contents(sections.get(names));
        for (int i = 0; i < count; i++) {
            Section section = sections.get(i);
            sections.set(
                    i,
                    new Section(
                            string(nameTable, nameOffsets.get(i)),
                            section.type(),
                            section.flags(),
                            section.address(),
                            section.offset(),
                            section.size(),
                            section.link()));
        }
    }

    /** {@return whether its addresses have 64 bits} */
    boolean isWide() {
        return wide;
    }

    /** {@return all sections, in the order of the file} */
    List<Section> sections() {
        return sections;
    }

    /** {@return the first section of a name whose contents lie in the file as they are} */
    Optional<Section> section(String name) {
        return sections.stream()
                .filter(section -> section.type() == SHT_PROGBITS
                        && section.name().equals(name)
                        && (section.flags() & SHF_COMPRESSED) == 0)
                .findFirst();
    }

    /** {@return the bytes of a section, little-endian, from position 0} */
    ByteBuffer contents(Section section) {
        return file.slice(toInt(section.offset()), toInt(section.size())).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** {@return whether instructions are at an address} */
    boolean executes(long address) {
        Optional<Map.Entry<Long, Long>> entry = Optional.ofNullable(executable.floorEntry(address));
        return entry.map(range -> Long.compareUnsigned(address - range.getKey(), range.getValue()) < 0)
                .orElse(false);
    }

    /** {@return a string that ends with a zero, without what a terminal would obey} */
    String string(ByteBuffer table, int from) {
        int end = from;
        while (table.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - from];
        strings -= bytes.length;
        if (strings < 0) {
            throw new IllegalArgumentException("more names than there is room for");
        }
        table.get(from, bytes);
        return Printable.line(new String(bytes, StandardCharsets.UTF_8));
    }

    /**
     * Tells of a path that is made of several strings of the file, before it is made.
     *
     * @param length how many characters it has at most
     * @throws IllegalArgumentException if all together are longer than those of a program can be
     */
    void requireRoom(long length) {
        paths -= length;
        if (paths < 0) {
            throw new IllegalArgumentException("more paths than there is room for");
        }
    }

    /** {@return a number of the file that places or sizes something in it} */
    static int toInt(long value) {
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("outside of the file");
        }
        return (int) value;
    }

    private long unsigned(int at) {
        return file.getInt(at) & 0xffff_ffffL;
    }
}
