package dev.semblance.harness.playback.blame;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.util.Printable;
import dev.semblance.harness.util.Text;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Names of addresses: of a kernel's {@code System.map}, or of the symbol table of an ELF file, and lines of source code, where an ELF file has
 * DWARF line tables (versions 2 to 5, not compressed).
 */
public final class Symbols {

    /** No names. */
    public static final Symbols NONE = new Symbols(new TreeMap<>(), List.of(), List.of());

    /** The most that are read of a file. */
    private static final int MAX_SYMBOLS = 1 << 21;

    /** How far behind a symbol without a size an address may be. */
    private static final long REACH = 1 << 20;

    private static final int STT_FUNC = 2;
    private static final int STT_SECTION = 3;
    private static final int STT_FILE = 4;

    private final NavigableMap<Long, Symbol> byAddress;
    private final List<LineTable> lines;
    private final List<Code> code;

    private record Symbol(String name, long size, boolean isFunction) {}

    private Symbols(NavigableMap<Long, Symbol> byAddress, List<LineTable> lines, List<Code> code) {
        this.byAddress = byAddress;
        this.lines = lines;
        this.code = code;
    }

    /**
     * Reads a file of symbols.
     *
     * @param name of the file, for messages
     * @param bytes of the file
     * @param is64 whether the guest's addresses have 64 bits; those of 32 are sign-extended
     * @return its names
     * @throws UnusableInputException if it is neither a System.map nor an ELF file with symbols
     */
    public static Symbols read(String name, byte[] bytes, boolean is64) {
        NavigableMap<Long, Symbol> found = new TreeMap<>(Long::compareUnsigned);
        LineTable lines = LineTable.NONE;
        List<Code> code = List.of();
        if (ElfFile.isElf(bytes)) {
            try {
                ElfFile elf = ElfFile.read(bytes);
                readSymbols(elf, is64, found);
                lines = LinePrograms.read(elf, address -> canonical(address, is64));
                code = Code.of(elf, address -> canonical(address, is64));
            } catch (BufferUnderflowException
                    | IndexOutOfBoundsException
                    | IllegalArgumentException
                    | ArithmeticException e) {
                throw new UnusableInputException(name + " is a damaged ELF file", e);
            }
        } else {
            readMap(name, new String(bytes, StandardCharsets.ISO_8859_1), is64, found);
        }
        if (found.isEmpty()) {
            throw new UnusableInputException(
                    name
                            + " has no symbols; was it stripped? A System.map of the kernel, or an ELF file with a symbol table is wanted");
        }
        return new Symbols(found, List.of(lines), code);
    }

    /**
     * {@return the names of both}
     *
     * @param others wins where both name an address
     */
    public Symbols and(Symbols others) {
        NavigableMap<Long, Symbol> all = new TreeMap<>(Long::compareUnsigned);
        all.putAll(byAddress);
        all.putAll(others.byAddress);
        return new Symbols(
                all,
                Stream.concat(others.lines.stream(), lines.stream()).toList(),
                Stream.concat(others.code.stream(), code.stream()).toList());
    }

    /**
     * {@return the line of source code that the instruction at an address was made of; nothing where no file tells}
     *
     * @param address virtual
     */
    public Optional<SourceLine> line(long address) {
        return lines.stream().flatMap(table -> table.line(address).stream()).findFirst();
    }

    /**
     * {@return what is told of the instruction at an address behind the address: {@code " name+0x1c, file.c:12"}, as far as it is known}
     *
     * @param address virtual
     */
    public String words(long address) {
        String name = name(address).map(found -> " " + found).orElse("");
        return name + line(address).map(line -> ", " + line).orElse("");
    }

    /** A name, where it is; 0 bytes where its size is not known. */
    record Named(long address, String name, long size, boolean isFunction) {}

    /** {@return all names, by their addresses} */
    List<Named> all() {
        return byAddress.entrySet().stream()
                .map(entry -> new Named(
                        entry.getKey(),
                        entry.getValue().name(),
                        entry.getValue().size(),
                        entry.getValue().isFunction()))
                .toList();
    }

    /** {@return the instructions that programs have, in files of them: empty for a kernel, and for a file of names alone} */
    List<Code> programCode() {
        return code;
    }

    /**
     * {@return what an address is called: {@code name+0x1c}, or the name alone at its start; nothing where no symbol reaches}
     *
     * @param address virtual
     */
    public Optional<String> name(long address) {
        Optional<Map.Entry<Long, Symbol>> entry = Optional.ofNullable(byAddress.floorEntry(address));
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        long distance = address - entry.get().getKey();
        Symbol symbol = entry.get().getValue();
        long reach = symbol.size() > 0 ? symbol.size() : REACH;
        if (distance < 0 || distance >= reach) {
            return Optional.empty();
        }
        return Optional.of(distance == 0 ? symbol.name() : Text.format("%s+0x%x", symbol.name(), distance));
    }

    private static long canonical(long address, boolean is64) {
        return is64 ? address : (int) address;
    }

    /** An address in hexadecimal, a letter for its kind, a name: as nm writes them. */
    private static void readMap(String file, String text, boolean is64, NavigableMap<Long, Symbol> found) {
        int number = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            number++;
            String[] words = line.trim().split("\\s+", -1);
            if (line.isBlank() || words.length >= 2 && words[0].length() == 1) {
                continue; // An undefined symbol has no address.
            }
            boolean isSymbol = words.length >= 3 && words[1].length() == 1 && words[0].length() <= 16;
            try {
                if (!isSymbol) {
                    throw new NumberFormatException();
                }
                long address = canonical(Long.parseUnsignedLong(words[0], 16), is64);
                char kind = Character.toLowerCase(words[1].charAt(0));
                add(found, address, new Symbol(Printable.line(words[2]), 0, kind == 't' || kind == 'w'));
            } catch (NumberFormatException e) {
                throw new UnusableInputException(
                        Text.format(
                                "%s is no file of symbols: line %d is not an address, a letter and a name",
                                file, number),
                        e);
            } catch (IllegalArgumentException e) {
                throw new UnusableInputException(
                        Text.format("%s has more than %,d symbols, too many to be a kernel's", file, MAX_SYMBOLS), e);
            }
        }
    }

    private static void add(NavigableMap<Long, Symbol> found, long address, Symbol symbol) {
        if (found.size() >= MAX_SYMBOLS) {
            throw new IllegalArgumentException("too many symbols");
        }
        // Of several names of an address, a function's is the one that people know.
        found.merge(address, symbol, (old, other) -> old.isFunction() || !other.isFunction() ? old : other);
    }

    private static void readSymbols(ElfFile elf, boolean is64, NavigableMap<Long, Symbol> found) {
        for (ElfFile.Section section : elf.sections()) {
            if (section.type() == ElfFile.SHT_SYMTAB || section.type() == ElfFile.SHT_DYNSYM) {
                ByteBuffer strings = elf.contents(elf.sections().get(section.link()));
                readTable(elf, elf.contents(section), strings, is64, found);
            }
        }
    }

    private static void readTable(
            ElfFile elf, ByteBuffer table, ByteBuffer strings, boolean is64, NavigableMap<Long, Symbol> found) {
        boolean wide = elf.isWide();
        int entry = wide ? 24 : 16;
        for (int at = 0; at + entry <= table.capacity(); at += entry) {
            int info = table.get(at + (wide ? 4 : 12)) & 0xff;
            int section = table.getShort(at + (wide ? 6 : 14)) & 0xffff;
            int kind = info & 0xf;
            if (section == 0 || kind == STT_SECTION || kind == STT_FILE) {
                continue;
            }
            long address = wide ? table.getLong(at + 8) : table.getInt(at + 4) & 0xffff_ffffL;
            long size = wide ? table.getLong(at + 16) : table.getInt(at + 8) & 0xffff_ffffL;
            String name = elf.string(strings, table.getInt(at));
            // Mapping symbols ($x, $d) and labels of compilers name no function.
            if (!name.isEmpty() && !name.startsWith("$") && !name.startsWith(".L")) {
                add(found, canonical(address, is64), new Symbol(name, size, kind == STT_FUNC));
            }
        }
    }
}
