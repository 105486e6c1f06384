package dev.semblance.machine.differential;

import dev.semblance.machine.isa.Assembler;
import dev.semblance.machine.profile.Isa;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs programs on QEMU's virt, which enters M-mode: a few instructions bring it to S-mode, as firmware would. */
final class Qemu {

    private static final int TIMEOUT_SECONDS = 120;

    /** All exceptions but the ECALL of S-mode, and all interrupts of S-mode, are delegated; memory is open. A trap to M-mode ends the run. */
    private static final String STUB = """
            auipc t0, 0
            addi t0, t0, 128
            csrw 0x305, t0
            li t0, -1
            csrw 0x3b0, t0
            li t0, 0x1f
            csrw 0x3a0, t0
            li t0, 0xb1ff
            csrw 0x302, t0
            li t0, 0x222
            csrw 0x303, t0
            li t0, 7
            csrw 0x306, t0
            li t0, 0x1800
            csrc 0x300, t0
            li t0, 0x800
            csrs 0x300, t0
            lui t0, 0x401
            slli t0, t0, 9
            csrw 0x341, t0
            .word 0x30200073
            """;

    private static final String TRAP = """
            lui t0, 0x10000
            li t1, 77
            sb t1, 0(t0)
            lui t0, 0x100
            li t1, 0x5555
            sw t1, 0(t0)
            loop: j loop
            """;

    private Qemu() {}

    static String program(Isa isa) {
        return "qemu-system-riscv" + isa.xlen();
    }

    /** Returns what QEMU says that it is, if it is there. */
    static Optional<String> version(Isa isa) {
        try {
            Process process = new ProcessBuilder(program(isa), "--version")
                    .redirectErrorStream(true)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns the command line, for files of these names. */
    static List<String> command(Isa isa, String stub, String image) {
        return List.of(
                program(isa),
                "-M",
                "virt",
                "-cpu",
                "rv" + isa.xlen() + ",h=off,sstc=off,zba=off,zbb=off,zbc=off,zbs=off",
                "-m",
                "64M",
                "-nographic",
                "-monitor",
                "none",
                "-serial",
                "stdio",
                "-bios",
                "none",
                "-device",
                "loader,file=" + stub + ",addr=0x80000000",
                "-device",
                "loader,file=" + image + ",addr=0x80200000");
    }

    private static byte[] stub() {
        ByteBuffer bytes = ByteBuffer.allocate(0x100).order(ByteOrder.LITTLE_ENDIAN);
        put(bytes, 0, STUB);
        put(bytes, 0x80, TRAP);
        return bytes.array();
    }

    private static void put(ByteBuffer bytes, int offset, String source) {
        int[] words = Assembler.assemble(0x8000_0000L + offset, source);
        for (int i = 0; i < words.length; i++) {
            bytes.putInt(offset + 4 * i, words[i]);
        }
    }

    /**
     * Returns what a program prints on QEMU.
     *
     * @param folder where the image is put
     */
    static String run(RandomProgram program, Path folder) throws IOException {
        Path stub = Files.write(folder.resolve("stub.bin"), stub());
        Path image = Files.write(folder.resolve("program.bin"), program.image());
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(command(program.isa(), stub.toString(), image.toString()))
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(
                        Files.write(folder.resolve("input"), new byte[0]).toFile()))
                .redirectOutput(output.toFile())
                .start();
        try {
            boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            return Files.readString(output, StandardCharsets.ISO_8859_1) + (ended ? "" : "still running\n");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
