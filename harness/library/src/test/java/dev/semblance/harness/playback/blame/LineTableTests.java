package dev.semblance.harness.playback.blame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.semblance.harness.UnusableInputException;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.XZInputStream;

/** Line number programs (DWARF 5, 6.2): of hand-made ones, what the standard says; of the shipped programs, what addr2line says. */
class LineTableTests {

    private static final Path GUEST = Path.of("..", "..", "buildroot-config", "guest");

    private static final List<String> ADDR2LINE = List.of("riscv64-linux-gnu-addr2line", "llvm-addr2line");

    @TempDir
    private Path folder = Path.of("");

    private static byte[] shipped(String name) throws IOException {
        try (InputStream in = new XZInputStream(Files.newInputStream(GUEST.resolve(name + ".xz")))) {
            return in.readAllBytes();
        }
    }

    /** An ELF file for 32 bits: a section of code at 0x10000, a symbol table of one function, and the sections of a line number program. */
    private static byte[] elf(byte[] lines, String strings) {
        String names = "\0.text\0.symtab\0.strtab\0.shstrtab\0.debug_line\0.debug_line_str\0";
        byte[] symbols = ByteBuffer.allocate(32)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(16, 1)
                .putInt(20, 0x10000)
                .putInt(24, 64)
                .put(28, (byte) 0x12)
                .putShort(30, (short) 1)
                .array();
        List<byte[]> contents = List.of(
                new byte[64],
                symbols,
                "\0draw\0".getBytes(StandardCharsets.US_ASCII),
                names.getBytes(StandardCharsets.US_ASCII),
                lines,
                strings.getBytes(StandardCharsets.US_ASCII));
        List<String> titles = List.of(".text", ".symtab", ".strtab", ".shstrtab", ".debug_line", ".debug_line_str");
        int at = 52 + 40 * 7;
        ByteBuffer elf = ByteBuffer.allocate(
                        at + contents.stream().mapToInt(part -> part.length).sum())
                .order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1});
        elf.putInt(0x20, 52)
                .putShort(0x2e, (short) 40)
                .putShort(0x30, (short) 7)
                .putShort(0x32, (short) 4);
        for (int i = 0; i < contents.size(); i++) {
            int header = 52 + 40 * (i + 1);
            String title = titles.get(i);
            boolean isCode = title.equals(".text");
            elf.putInt(header, names.indexOf("\0" + title + "\0") + 1);
            elf.putInt(header + 4, title.equals(".symtab") ? 2 : title.endsWith("strtab") ? 3 : 1);
            elf.putInt(header + 8, isCode ? 6 : 0).putInt(header + 12, isCode ? 0x10000 : 0);
            elf.putInt(header + 16, at).putInt(header + 20, contents.get(i).length);
            elf.putInt(header + 24, title.equals(".symtab") ? 3 : 0);
            elf.position(at).put(contents.get(i));
            at += contents.get(i).length;
        }
        return elf.array();
    }

    /** Puts the length of what follows before it. */
    private static byte[] sized(byte[] bytes) {
        return ByteBuffer.allocate(4 + bytes.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    private static void append(ByteArrayOutputStream out, int... bytes) {
        IntStream.of(bytes).forEach(out::write);
    }

    /** Line 10 for 4 bytes, by a special opcode; line 7 for 8, by the long way; then 100 for 4 and 101 for 17, of the second file. */
    private static byte[] program(boolean isSecondTwo) {
        ByteArrayOutputStream program = new ByteArrayOutputStream();
        append(program, 0, 5, 2, 0x00, 0x00, 0x01, 0x00); // DW_LNE_set_address 0x10000
        append(program, 3, 9, 1); // DW_LNS_advance_line 9, DW_LNS_copy
        append(program, 13 + 4 * 14 - 3 + 5); // special: address + 4, line - 3
        append(program, 2, 8, 4, isSecondTwo ? 2 : 1, 3, 0xdd, 0, 1); // advance_pc 8, set_file, advance_line 93, copy
        append(
                program, 9, 4, 0, 3, 1, 1, 8, 0, 1,
                1); // fixed_advance_pc 4, advance_line 1, copy, const_add_pc, end_sequence
        append(program, 0, 5, 2, 0x00, 0x00, 0x02, 0x00, 1, 2, 4, 0, 1, 1); // a function at 0x20000, which is not there
        return program.toByteArray();
    }

    private static final byte[] OPERANDS = {0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1};

    private static byte[] version4() throws IOException {
        return version4("sub\0", "a.c\0\1\0\0/x/b.c\0\1\0\0");
    }

    private static byte[] version4(String folders, String files) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        append(header, 1, 1, 1, -5 & 0xff, 14, 13);
        header.write(OPERANDS);
        header.write((folders + "\0" + files + "\0").getBytes(StandardCharsets.US_ASCII));
        ByteArrayOutputStream unit = new ByteArrayOutputStream();
        append(unit, 4, 0);
        unit.write(sized(header.toByteArray()));
        unit.write(program(true));
        return sized(unit.toByteArray());
    }

    /** The folders are the first string, and the one at an offset; the first file is in a folder, and the second has a path of its own. */
    private static byte[] version5(int offset, int folder) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        append(header, 1, 1, 1, -5 & 0xff, 14, 13);
        header.write(OPERANDS);
        append(header, 1, 1, 0x1f, 2, 0, 0, 0, 0, offset, 0, 0, 0); // folders, by DW_FORM_line_strp
        append(header, 3, 1, 0x08, 2, 0x0b, 5, 0x1e, 2); // files: a string, a folder's index, an MD5
        header.write("a.c\0".getBytes(StandardCharsets.US_ASCII));
        append(header, folder);
        header.write(new byte[16]);
        header.write("/x/b.c\0\1".getBytes(StandardCharsets.US_ASCII));
        header.write(new byte[16]);
        ByteArrayOutputStream unit = new ByteArrayOutputStream();
        append(unit, 5, 0, 4, 0);
        unit.write(sized(header.toByteArray()));
        // Files count from 0, and a program begins with file 1: the first row names its file.
        append(unit, 4, 0);
        unit.write(program(false));
        return sized(unit.toByteArray());
    }

    @Test
    void aLineIsForTheInstructionsUpToTheNext() throws IOException {
        for (byte[] unit : List.of(version4(), version5(2, 1))) {
            Symbols symbols = Symbols.read("elf", elf(unit, ".\0sub\0"), false);
            assertThat(symbols.line(0x10000)).contains(new SourceLine("sub/a.c", 10));
            assertThat(symbols.line(0x10003)).contains(new SourceLine("sub/a.c", 10));
            assertThat(symbols.line(0x10004)).contains(new SourceLine("sub/a.c", 7));
            assertThat(symbols.line(0x1000b)).contains(new SourceLine("sub/a.c", 7));
            assertThat(symbols.line(0x1000c)).contains(new SourceLine("/x/b.c", 100));
            assertThat(symbols.line(0x1000f)).contains(new SourceLine("/x/b.c", 100));
            assertThat(symbols.line(0x10020))
                    .as("17 bytes, as opcode 255 advances")
                    .contains(new SourceLine("/x/b.c", 101));
            assertThat(symbols.line(0x10021)).as("behind the end").isEmpty();
            assertThat(symbols.line(0xffff)).as("before the start").isEmpty();
            assertThat(symbols.line(0x20000)).as("left out by the linker").isEmpty();
        }
    }

    /** 6.2.4: folder 0 is where the compiler ran, and the others are relative to it unless they are absolute. */
    @Test
    void namesOfFilesAreRelativeToWhereTheCompilerRan() throws IOException {
        assertThat(Symbols.read("elf", elf(version5(3, 1), "wk\0sub\0"), false).line(0x10000))
                .contains(new SourceLine("wk/sub/a.c", 10));
        assertThat(Symbols.read("elf", elf(version5(3, 0), "wk\0sub\0"), false).line(0x10000))
                .contains(new SourceLine("wk/a.c", 10));
        assertThat(Symbols.read("elf", elf(version5(3, 1), "wk\0/sub\0"), false).line(0x10000))
                .contains(new SourceLine("/sub/a.c", 10));
    }

    /** A header of a hundred kilobytes would come to a gigabyte of paths, and a path of dots to hours. */
    @Test
    void aHostileHeaderTakesNeitherMemoryNorTime() throws IOException {
        byte[] long_ = elf(version4("d".repeat(50_000) + "\0", "a\0\1\0\0".repeat(20_000)), "");
        assertThatThrownBy(() -> Symbols.read("elf", long_, false))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("elf is a damaged ELF file");
        byte[] dots = elf(version4("sub\0", "./".repeat(400_000) + "a.c\0\0\0\0/x/b.c\0\1\0\0"), "");
        assertThat(Symbols.read("elf", dots, false).line(0x10000)).contains(new SourceLine("a.c", 10));
    }

    private static Optional<String> addr2line() {
        return ADDR2LINE.stream()
                .flatMap(name -> Stream.of(Optional.ofNullable(System.getenv("PATH"))
                                .orElse("")
                                .split(File.pathSeparator))
                        .map(path -> Path.of(path, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    @Test
    void eachInstructionOfTheShippedProgramsHasTheLineThatAddr2lineNames() throws IOException, InterruptedException {
        Optional<String> program = addr2line();
        assumeTrue(program.isPresent(), "addr2line for RISC-V is missing: lines are not compared with it");
        for (String name : List.of("kmsdraw.debug", "modetest.debug")) {
            byte[] bytes = shipped(name);
            Symbols symbols = Symbols.read(name, bytes, false);
            Code code = symbols.programCode().getFirst();
            List<Long> addresses = new ArrayList<>();
            for (int at = 0; at < code.bytes().capacity(); at += 4) {
                addresses.add(code.address() + at);
            }
            Path asked = Files.write(
                    folder.resolve("asked"),
                    addresses.stream().map(Long::toHexString).toList());
            Path answered = folder.resolve("answered");
            Process process = new ProcessBuilder(
                            program.get(),
                            "-e",
                            Files.write(folder.resolve(name), bytes).toString())
                    .redirectInput(asked.toFile())
                    .redirectOutput(answered.toFile())
                    .start();
            assertThat(process.waitFor()).isZero();
            List<String> lines = Files.readAllLines(answered);
            int known = 0;
            for (int i = 0; i < addresses.size(); i++) {
                // "./progs/kmsdraw.c:66 (discriminator 3)", or "??:?"
                String theirs = lines.get(i).replaceFirst(" \\(.*", "").replaceFirst("^.*/", "");
                String ours = symbols.line(addresses.get(i))
                        .map(line -> line.toString().replaceFirst("^.*/", ""))
                        .orElse("");
                assertThat(theirs.contains("?") ? "" : theirs)
                        .as("%s at 0x%x", name, addresses.get(i))
                        .isEqualTo(ours);
                known += ours.isEmpty() ? 0 : 1;
            }
            assertThat(known).as("lines of %s", name).isGreaterThan(500);
        }
    }

    @Property(tries = 300)
    void aDamagedLineTableIsRefusedOrRead(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] elf = elf(random.nextBoolean() ? version4() : version5(2, 1), ".\0sub\0");
        for (int i = random.nextInt(6); i >= 0; i--) {
            elf[4 + random.nextInt(elf.length - 4)] = (byte) random.nextInt(256);
        }
        try {
            Symbols symbols = Symbols.read("elf", elf, random.nextBoolean());
            IntStream.range(0, 64).forEach(i -> symbols.line(0x10000 + i));
            symbols.line(random.nextLong());
        } catch (UnusableInputException e) {
            assertThat(e).hasMessageStartingWith("elf ");
        }
    }

    @Property(tries = 100)
    void aDamagedProgramIsRefusedOrRead(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] elf = Shipped.KMSDRAW.clone();
        for (int i = random.nextInt(40); i >= 0; i--) {
            elf[4 + random.nextInt(elf.length - 4)] = (byte) random.nextInt(256);
        }
        try {
            Symbols symbols = Symbols.read("elf", elf, false);
            IntStream.range(0, 1000).forEach(i -> symbols.line(0x10000 + i * 4L));
        } catch (UnusableInputException e) {
            assertThat(e).hasMessageStartingWith("elf ");
        }
    }

    private static final class Shipped {
        static final byte[] KMSDRAW;

        static {
            try {
                KMSDRAW = shipped("kmsdraw.debug");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
