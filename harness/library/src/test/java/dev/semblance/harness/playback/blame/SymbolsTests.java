package dev.semblance.harness.playback.blame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.util.Text;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Symbol tables: nm's three columns, and ELF (System V ABI, gABI 4.1, chapters 4 and 5). */
class SymbolsTests {

    private static byte[] text(String map) {
        return map.getBytes(StandardCharsets.US_ASCII);
    }

    /** An ELF file with one symbol table: a null symbol, a section's, and one function of 16 bytes. */
    static byte[] elf(boolean wide, long address, String name) {
        int header = wide ? 64 : 52;
        int section = wide ? 64 : 40;
        int symbol = wide ? 24 : 16;
        byte[] strings = ("\0" + name + "\0").getBytes(StandardCharsets.US_ASCII);
        int table = header + 3 * section;
        int stringsAt = table + 3 * symbol;
        ByteBuffer elf = ByteBuffer.allocate(stringsAt + strings.length).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) (wide ? 2 : 1), 1, 1});
        if (wide) {
            elf.putLong(0x28, header).putShort(0x3a, (short) section).putShort(0x3c, (short) 3);
        } else {
            elf.putInt(0x20, header).putShort(0x2e, (short) section).putShort(0x30, (short) 3);
        }
        int symtab = header + section;
        elf.putInt(symtab + 4, 2);
        int strtab = header + 2 * section;
        elf.putInt(strtab + 4, 3);
        if (wide) {
            elf.putLong(symtab + 0x18, table)
                    .putLong(symtab + 0x20, 3L * symbol)
                    .putInt(symtab + 0x28, 2);
            elf.putLong(strtab + 0x18, stringsAt).putLong(strtab + 0x20, strings.length);
        } else {
            elf.putInt(symtab + 0x10, table).putInt(symtab + 0x14, 3 * symbol).putInt(symtab + 0x18, 2);
            elf.putInt(strtab + 0x10, stringsAt).putInt(strtab + 0x14, strings.length);
        }
        int at = table + symbol;
        elf.put(at + (wide ? 4 : 12), (byte) 3).putShort(at + (wide ? 6 : 14), (short) 1);
        at += symbol;
        elf.putInt(at, 1).put(at + (wide ? 4 : 12), (byte) 0x12).putShort(at + (wide ? 6 : 14), (short) 1);
        if (wide) {
            elf.putLong(at + 8, address).putLong(at + 16, 16);
        } else {
            elf.putInt(at + 4, (int) address).putInt(at + 8, 16);
        }
        elf.put(stringsAt, strings);
        return elf.array();
    }

    @Test
    void anAddressIsNamedByTheSymbolBeforeIt() {
        Symbols symbols = Symbols.read("map", text("c0000000 T _start\nc0000100 t memcpy\nc0000100 A here\n"), false);
        assertThat(symbols.name(0xffff_ffff_c000_0000L)).contains("_start");
        assertThat(symbols.name(0xffff_ffff_c000_0104L)).contains("memcpy+0x4");
        assertThat(symbols.name(0x1000)).isEmpty();
        assertThat(symbols.name(0xffff_ffff_d000_0000L))
                .as("far behind the last")
                .isEmpty();
    }

    @Test
    void anElfFilesFunctionReachesAsFarAsItSays() {
        for (boolean wide : new boolean[] {false, true}) {
            Symbols symbols = Symbols.read("elf", elf(wide, 0x10000, "draw"), wide);
            assertThat(symbols.name(0x10000)).contains("draw");
            assertThat(symbols.name(0x1000f)).contains("draw+0xf");
            assertThat(symbols.name(0x10010)).isEmpty();
        }
    }

    @Test
    void theSecondFileNamesWhatBothDo() {
        Symbols first = Symbols.read("a", text("1000 T a\n2000 T b\n"), true);
        assertThat(first.and(Symbols.read("b", text("1000 T c\n"), true)).name(0x1000))
                .contains("c");
        assertThat(first.and(Symbols.NONE).name(0x2000)).contains("b");
    }

    @Test
    void aNameCannotHideControlCharacters() {
        Symbols symbols = Symbols.read("map", text("1000 T a\u001b[2J\n"), true);
        assertThat(symbols.name(0x1000).orElseThrow()).doesNotContain("\u001b");
    }

    @Test
    void whatIsNoFileOfSymbolsIsRefusedWithItsLine() {
        assertThatThrownBy(() -> Symbols.read("notes.txt", text("1000 T a\nhello\n"), true))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("notes.txt")
                .hasMessageContaining("line 2");
        assertThatThrownBy(() -> Symbols.read("empty", text("\n"), true))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("no symbols");
    }

    /** A debugger is given these: what it says of them with a real gdb is compared with docs/DEBUGGING.md. */
    @Property(tries = 100)
    void namesOfAMapAreTheSameAsAnElfFile(@ForAll long seed) {
        Random random = new Random(seed);
        boolean wide = random.nextBoolean();
        StringBuilder map = new StringBuilder();
        List<Long> addresses = new ArrayList<>();
        for (int i = random.nextInt(40); i >= 0; i--) {
            long address = wide ? random.nextLong() : random.nextLong() & 0xffff_ffffL;
            addresses.add(wide ? address : (int) address);
            map.append(Text.format("%x %s name%d\n", address, random.nextBoolean() ? "T" : "d", i));
        }
        Symbols symbols = Symbols.read("map", text(map.toString()), wide);
        Symbols again = Symbols.read("elf", SymbolElf.of(symbols, wide), wide);
        for (long address : addresses) {
            assertThat(again.name(address)).isPresent().isEqualTo(symbols.name(address));
            assertThat(again.name(address + 8)).isEqualTo(symbols.name(address + 8));
        }
    }

    @Property(tries = 500)
    void aDamagedElfFileIsRefusedOrRead(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] elf = elf(random.nextBoolean(), 0x10000, "draw");
        for (int i = random.nextInt(4); i >= 0; i--) {
            elf[4 + random.nextInt(elf.length - 4)] = (byte) random.nextInt(256);
        }
        byte[] cut = random.nextBoolean() ? elf : Arrays.copyOf(elf, 5 + random.nextInt(elf.length - 5));
        try {
            Symbols.read("elf", cut, random.nextBoolean());
        } catch (UnusableInputException e) {
            assertThat(e).hasMessageStartingWith("elf ");
        }
    }
}
