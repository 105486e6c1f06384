package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.ImageCache;
import dev.semblance.harness.guest.images.ProjectHome;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs without an operating system: the firmware's console, ELF files, and guests that are stuck. */
class BareProgramTests {

    /** Writes "A" by the legacy call and "BC" by the debug console (SBI 2.0, 5.2 and 12.1), and powers off. */
    private static final int[] HELLO = {
        0x04100513, // li a0, 'A'
        0x00100893, // li a7, 1
        0x00000073, // ecall
        0x00000597, // auipc a1, 0
        0x03458593, // addi a1, a1, text - .
        0x00000613, // li a2, 0
        0x00300513, // li a0, 3
        0x00000813, // li a6, 0
        0x444248b7, // li a7, 0x4442434e
        0x34e88893,
        0x00000073, // ecall
        0x00000513, // li a0, 0
        0x00000593, // li a1, 0
        0x535258b7, // li a7, 0x53525354
        0x35488893,
        0x00000073, // ecall
        0x000a4342, // text: "BC\n"
    };

    /** A kernel for M mode: it jumps to 0x40, where it writes mie; the trap vector is still 0. */
    private static final int[] MACHINE_MODE = Arrays.copyOf(new int[] {0x0400006f}, 17);

    static {
        MACHINE_MODE[16] = 0x30401073;
    }

    @TempDir
    private Path folder = Path.of("");

    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();
    private GuestImages images = Recordings.images();

    @BeforeEach
    void useACacheOfItsOwn() {
        images = new GuestImages(ProjectHome.guestFolder(), new ImageCache(folder.resolve("cache")));
    }

    private int run(Object... args) {
        out = new StringWriter();
        err = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false);
        return Semblance.run(
                Environments.of(terminal, () -> images),
                Arrays.stream(args).map(Object::toString).toArray(String[]::new));
    }

    private static byte[] bytes(int... words) {
        ByteBuffer image = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        image.asIntBuffer().put(words);
        return image.array();
    }

    /** Returns an ELF file of one segment at 0x4000, where it is entered. */
    private static byte[] elf(byte[] code) {
        ByteBuffer file = ByteBuffer.allocate(84 + code.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0x464c457f).put(new byte[] {1, 1, 1}).position(16);
        file.putShort((short) 2).putShort((short) 243).putInt(1).putInt(0x4000).putInt(52);
        file.position(40)
                .putShort((short) 52)
                .putShort((short) 32)
                .putShort((short) 1)
                .position(52);
        file.putInt(1)
                .putInt(84)
                .putInt(0x4000)
                .putInt(0x4000)
                .putInt(code.length)
                .putInt(code.length);
        file.putInt(7).putInt(4).put(code);
        return file.array();
    }

    private Path program(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static String written(List<Stamped> events) {
        StringBuilder text = new StringBuilder();
        for (Stamped event : events) {
            if (event.event() instanceof TraceEvent.ConsoleOutput output) {
                text.append((char) output.value());
            }
        }
        return text.toString();
    }

    @Test
    void whatIsWrittenThroughTheFirmwareIsRecordedAndReplayed() throws IOException {
        Path trace = folder.resolve("t.trace");
        Path program = program("hello.bin", bytes(HELLO));
        assertThat(run("record", "--bare", program, "-o", trace))
                .as(err.toString())
                .isZero();
        assertThat(written(Recordings.events(trace))).isEqualTo("ABC\n");
        assertThat(run("replay", trace)).as(out.toString()).isZero();
    }

    @Test
    void anElfProgramIsLoadedAsItSaysAndItsRecordingReplays() throws IOException {
        Path trace = folder.resolve("t.trace");
        Path program = program("hello.elf", elf(bytes(HELLO)));
        assertThat(run("record", "--bare", program, "-o", trace))
                .as(err.toString())
                .isZero();
        assertThat(written(Recordings.events(trace))).isEqualTo("ABC\n");
        assertThat(run("replay", trace)).as(out.toString()).isZero();
        assertThat(out.toString()).contains("machine agrees in");
    }

    @Test
    void anElfProgramForAnotherMachineIsRefusedInOneSentence() throws IOException {
        byte[] file = elf(bytes(HELLO));
        file[18] = 62;
        file[19] = 0;
        Path trace = folder.resolve("t.trace");
        assertThat(run("record", "--bare", program("x.elf", file), "-o", trace))
                .isEqualTo(ExitCode.INCOMPATIBLE.code());
        assertThat(err.toString())
                .startsWith("semblance: The program is an ELF file that is for x86-64")
                .hasLineCount(1);
        assertThat(folder.resolve("t.trace.part")).doesNotExist();
        assertThat(trace).doesNotExist();
    }

    @Test
    void aStuckGuestIsAFindingAndItsRecordingIsWhole() throws IOException {
        Path trace = folder.resolve("t.trace");
        Path program = program("m-mode.bin", bytes(MACHINE_MODE));
        assertThat(run("record", "--bare", program, "--max-cycles", "1e7", "-o", trace))
                .isEqualTo(ExitCode.MISMATCH.code());
        assertThat(err.toString())
                .isEqualTo(
                        "semblance: the guest is stuck: illegal instruction (csrw mie, 0x30401073) at 0x40, trap vector"
                                + " 0; it is written for M mode, and M mode is not there\n");
        assertThat(out.toString()).contains("2,000 cycles", "ended by STUCK");
        assertThat(Recordings.events(trace).getLast()).satisfies(end -> {
            assertThat(end.cycle()).isEqualTo(2_000);
            assertThat(((TraceEvent.End) end.event()).reason()).isEqualTo(TraceEvent.End.Reason.STUCK);
        });

        assertThat(run("replay", trace)).as(out.toString()).isZero();
        assertThat(run("info", trace)).isZero();
        assertThat(out.toString()).contains("version 2", "STUCK");
        assertThat(run("dump", trace)).isZero();
        assertThat(out.toString()).contains("STUCK");

        assertThat(run("dump", "--json", trace)).isZero();
        Path json = Files.writeString(folder.resolve("t.json"), out.toString());
        Path again = folder.resolve("again.trace");
        assertThat(run("asm", json, "-o", again)).as(err.toString()).isZero();
        assertThat(again).hasSameBinaryContentAs(trace);
    }

    /** A limit at the very cycle is not why such a run ends, and a limit before it is. */
    @Test
    void theLimitDoesNotHideThatAGuestIsStuck() throws IOException {
        Path trace = folder.resolve("t.trace");
        Path program = program("m-mode.bin", bytes(MACHINE_MODE));
        assertThat(run("record", "--bare", program, "--max-cycles", "2000", "-o", trace))
                .isEqualTo(ExitCode.MISMATCH.code());
        assertThat(run("record", "--bare", program, "--max-cycles", "1999", "-o", trace))
                .isZero();
        assertThat(out.toString()).contains("ended by LIMIT");
    }

    /** A program that executes something, and whose trap handler then waits for ever: on both machines. */
    private static byte[] metBy(int instruction) {
        int[] words = {
            0x00000297, // auipc t0, 0
            0x01428293, // addi t0, t0, 20
            0x10529073, // csrw stvec, t0
            instruction,
            0x0000006f, // j .
            0x10500073, // handler: wfi
            0xffdff06f, // j handler
        };
        return bytes(words);
    }

    @ParameterizedTest(name = "{0} on {1}")
    @CsvSource({
        "0c0572d7, semu rv32ima, 'vsetvli, 0x0c0572d7, at 0xc', 'it is of extension V (vectors), which is not there'",
        "0c0572d7, virt rv64gc, 'vsetvli, 0x0c0572d7, at 0x8020000c', 'it is of extension V (vectors), which is not there'",
        "f1402573, virt rv32gc, 'csrr mhartid, 0xf1402573, at 0x8020000c', 'it is written for M mode, and M mode is not there'",
        "60259513, semu rv32ima, 'cpop, 0x60259513, at 0xc', 'it is of extension Zbb (bit manipulation), which is not there'",
    })
    void aGuestThatWantsMoreThanIsThereIsToldWhatItAskedFor(String bits, String machine, String what, String why)
            throws IOException {
        Path program = program("wants.bin", metBy(Integer.parseUnsignedInt(bits, 16)));
        String profile = machine.substring(0, machine.indexOf(' '));
        String isa = machine.substring(machine.indexOf(' ') + 1);
        String told = "an instruction was illegal in S mode: " + what + ", cycle 3; " + why;
        Path trace = folder.resolve("t.trace");

        assertThat(run("record", "--profile", profile, "--isa", isa, "--bare", program, "-o", trace))
                .isZero();
        assertThat(out.toString()).contains("ended by IDLE");
        assertThat(err.toString()).contains("semblance: " + told + "\n");

        Path scenario = Files.writeString(folder.resolve("w.scenario"), "wait \"ready\" within 1e6\n");
        Path other = folder.resolve("w.trace");
        assertThat(run(
                        "record",
                        "--profile",
                        profile,
                        "--isa",
                        isa,
                        "--bare",
                        program,
                        "--scenario",
                        scenario,
                        "-o",
                        other))
                .isEqualTo(ExitCode.SCENARIO_FAILED.code());
        assertThat(err.toString()).contains("w.scenario:1: at cycle").contains(told);

        assertThat(run("boot", "--profile", profile, "--isa", isa, "--bare", program, "--max-cycles", "1e6"))
                .isZero();
        assertThat(err.toString()).contains("semblance: " + told + "\n");
    }

    @Test
    void aGuestThatMeetsNothingIllegalIsToldNothing() throws IOException {
        Path program = program("wants.bin", metBy(0x00000013));
        assertThat(run("boot", "--bare", program, "--max-cycles", "1e4")).isZero();
        assertThat(err.toString()).hasLineCount(1);
    }
}
