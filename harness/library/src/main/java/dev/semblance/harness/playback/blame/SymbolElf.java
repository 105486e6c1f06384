package dev.semblance.harness.playback.blame;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Names of addresses as an ELF file without contents, for debuggers, which take no System.map: a symbol table, and a section of code from
 * the first function to the last (System V ABI, chapter 4).
 */
final class SymbolElf {

    private static final short ET_EXEC = 2;
    private static final short EM_RISCV = 243;
    private static final int SHT_STRTAB = 3;
    private static final int SHT_NOBITS = 8;
    private static final long SHF_ALLOC_EXECINSTR = 6;
    private static final short SHN_ABS = (short) 0xfff1;
    private static final int STB_GLOBAL = 1;
    private static final int STT_FUNC = 2;
    private static final String SECTION_NAMES = "\0.text\0.symtab\0.strtab\0.shstrtab\0";

    /** As many as are written: the empty one, code, symbols, and the names of symbols and sections. */
    private static final int SECTIONS = 5;

    /** How much of the last function there is at least. */
    private static final int INSTRUCTION = 4;

    private final boolean wide;
    private final List<Symbols.Named> symbols;

    private SymbolElf(boolean wide, List<Symbols.Named> symbols) {
        this.wide = wide;
        this.symbols = symbols;
    }

    /**
     * {@return an ELF file with the names}
     *
     * @param wide whether addresses have 64 bits
     */
    static byte[] of(Symbols symbols, boolean wide) {
        return new SymbolElf(wide, symbols.all()).file();
    }

    private byte[] file() {
        ByteArrayOutputStream strings = new ByteArrayOutputStream();
        strings.write(0);
        int entry = wide ? 24 : 16;
        ByteBuffer table = buffer(new byte[(symbols.size() + 1) * entry]).position(entry);
        for (Symbols.Named symbol : symbols) {
            int name = strings.size();
            strings.writeBytes(symbol.name().getBytes(StandardCharsets.UTF_8));
            strings.write(0);
            byte info = (byte) (STB_GLOBAL << 4 | (symbol.isFunction() ? STT_FUNC : 0));
            short section = symbol.isFunction() ? 1 : SHN_ABS;
            table.putInt(name);
            if (wide) {
                table.put(info).put((byte) 0).putShort(section);
                table.putLong(symbol.address()).putLong(symbol.size());
            } else {
                table.putInt((int) symbol.address()).putInt((int) symbol.size());
                table.put(info).put((byte) 0).putShort(section);
            }
        }
        byte[] sectionNames = SECTION_NAMES.getBytes(StandardCharsets.US_ASCII);
        int header = wide ? 64 : 52;
        int tableAt = header + SECTIONS * (wide ? 64 : 40);
        int stringsAt = tableAt + table.capacity();
        int namesAt = stringsAt + strings.size();
        byte[] bytes = new byte[namesAt + sectionNames.length];
        ByteBuffer file = buffer(bytes);
        header(file, header);
        long first = symbols.stream()
                .filter(Symbols.Named::isFunction)
                .mapToLong(Symbols.Named::address)
                .findFirst()
                .orElse(0);
        long last = symbols.stream()
                .filter(Symbols.Named::isFunction)
                .mapToLong(symbol -> symbol.address() + Math.max(symbol.size(), INSTRUCTION))
                .reduce(first, (before, next) -> next);
        section(file, 1, ".text", SHT_NOBITS, SHF_ALLOC_EXECINSTR, first, tableAt, last - first, 0, 0);
        section(file, 2, ".symtab", ElfFile.SHT_SYMTAB, 0, 0, tableAt, table.capacity(), 3, entry);
        section(file, 3, ".strtab", SHT_STRTAB, 0, 0, stringsAt, strings.size(), 0, 0);
        section(file, 4, ".shstrtab", SHT_STRTAB, 0, 0, namesAt, sectionNames.length, 0, 0);
        file.position(tableAt).put(table.flip()).put(strings.toByteArray()).put(sectionNames);
        return bytes;
    }

    private void header(ByteBuffer file, int size) {
        file.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) (wide ? 2 : 1), 1, 1}).position(16);
        file.putShort(ET_EXEC).putShort(EM_RISCV).putInt(1);
        if (wide) {
            file.putLong(0).putLong(0).putLong(size);
        } else {
            file.putInt(0).putInt(0).putInt(size);
        }
        file.putInt(0).putShort((short) size).putShort((short) 0).putShort((short) 0);
        file.putShort((short) (wide ? 64 : 40)).putShort((short) SECTIONS).putShort((short) (SECTIONS - 1));
    }

    private void section(
            ByteBuffer file,
            int number,
            String name,
            int type,
            long flags,
            long address,
            int offset,
            long size,
            int link,
            int entry) {
        file.position(wide ? 64 + number * 64 : 52 + number * 40);
        file.putInt(SECTION_NAMES.indexOf("\0" + name + "\0") + 1).putInt(type);
        // Of the symbols, 1 is the first that is global.
        int info = type == ElfFile.SHT_SYMTAB ? 1 : 0;
        if (wide) {
            file.putLong(flags).putLong(address).putLong(offset).putLong(size);
            file.putInt(link).putInt(info).putLong(INSTRUCTION).putLong(entry);
        } else {
            file.putInt((int) flags).putInt((int) address).putInt(offset).putInt((int) size);
            file.putInt(link).putInt(info).putInt(INSTRUCTION).putInt(entry);
        }
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
