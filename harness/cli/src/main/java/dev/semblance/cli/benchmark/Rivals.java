package dev.semblance.cli.benchmark;

import dev.semblance.harness.UnusableInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The emulators that this one is measured against. One that is not there leaves its ratios out, and they say so.
 *
 * @param qemu32 {@code qemu-system-riscv32}, as a command; it may turn out not to be there
 * @param qemu64 {@code qemu-system-riscv64}
 * @param semu semu's program
 * @param firmware OpenSBI of 32 bits for QEMU; its own if empty
 */
public record Rivals(Optional<String> qemu32, Optional<String> qemu64, Optional<Path> semu, Optional<Path> firmware) {

    private static final String QEMU32 = "qemu-system-riscv32";
    private static final String QEMU64 = "qemu-system-riscv64";

    private static final int ANSWER_SECONDS = 20;

    /** Where Debian's package opensbi has it; its QEMU brings the one of 64 bits alone. */
    private static final Path DEBIANS_FIRMWARE = Path.of("/usr/lib/riscv32-linux-gnu/opensbi/generic/fw_dynamic.bin");

    /**
     * Takes what the user names, and starts it to see that it is that.
     *
     * @param qemu QEMU's program, of either width, or the folder with both; those on the PATH if empty
     * @param semu semu's program
     * @param firmware OpenSBI of 32 bits, which QEMU starts Linux with
     * @throws UnusableInputException if something named is not what it is named as
     */
    public static Rivals find(Optional<Path> qemu, Optional<Path> semu, Optional<Path> firmware) {
        semu.ifPresent(Rivals::checkSemu);
        firmware.filter(file -> !Files.isRegularFile(file) || !Files.isReadable(file))
                .ifPresent(file -> {
                    throw new UnusableInputException("--firmware " + file + " is no file that can be read");
                });
        Optional<Path> biosFile =
                firmware.or(() -> Optional.of(DEBIANS_FIRMWARE).filter(Files::isReadable));
        if (qemu.isEmpty()) {
            return new Rivals(Optional.of(QEMU32), Optional.of(QEMU64), semu, biosFile);
        }
        Path named = qemu.get();
        if (!Files.isDirectory(named)) {
            boolean wide = isWide(named);
            Optional<String> program = Optional.of(named.toAbsolutePath().toString());
            return new Rivals(wide ? Optional.empty() : program, wide ? program : Optional.empty(), semu, biosFile);
        }
        Optional<String> narrow = inFolder(named.resolve(QEMU32), false);
        Optional<String> wide = inFolder(named.resolve(QEMU64), true);
        if (narrow.isEmpty() && wide.isEmpty()) {
            throw new UnusableInputException(
                    "--qemu " + named + " is a folder with neither " + QEMU32 + " nor " + QEMU64 + " in it");
        }
        return new Rivals(narrow, wide, semu, biosFile);
    }

    private static Optional<String> inFolder(Path program, boolean wide) {
        if (!Files.isExecutable(program)) {
            return Optional.empty();
        }
        if (isWide(program) != wide) {
            throw new UnusableInputException("--qemu: " + program + " emulates harts of the other width");
        }
        return Optional.of(program.toAbsolutePath().toString());
    }

    /** Returns whether a QEMU has harts of 64 bits; they stand among its CPUs. */
    private static boolean isWide(Path program) {
        String version = ask("--qemu", program, "--version");
        String harts = ask("--qemu", program, "-cpu", "help");
        if (!version.contains("QEMU emulator version") || !harts.contains("rv32") && !harts.contains("rv64")) {
            throw new UnusableInputException("--qemu " + program + " is no QEMU for RISC-V; name " + QEMU32 + ", "
                    + QEMU64 + " or the folder that has both");
        }
        return harts.contains("rv64");
    }

    private static void checkSemu(Path program) {
        if (!ask("--semu", program, "--help").contains("-k linux-image")) {
            throw new UnusableInputException("--semu " + program + " is not semu, which says how it is used");
        }
    }

    private static String ask(String option, Path program, String... words) {
        if (!Files.isRegularFile(program) || !Files.isExecutable(program)) {
            throw new UnusableInputException(option + " " + program + " is no program that can be started");
        }
        try {
            String[] command = new String[words.length + 1];
            command[0] = program.toAbsolutePath().toString();
            System.arraycopy(words, 0, command, 1, words.length);
            return TimedProcess.toEnd(List.of(command), List.of(), ANSWER_SECONDS)
                    .printed();
        } catch (IOException e) {
            throw new UnusableInputException(option + " " + program + " is no program that can be started", e);
        }
    }
}
