package dev.semblance.cli.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.UnusableInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** docs/BENCHMARKS.md: what is named for a comparison is that, or the run does not begin. Scripts play the programs. */
@DisabledOnOs(OS.WINDOWS)
class RivalsTests {

    private static final String QEMU =
            "case $1 in --version) echo 'QEMU emulator version 7.2.22';; -cpu) echo '%s';; esac";

    @TempDir
    private Path folder = Path.of("");

    private Path program(String name, String script) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    private Path qemu(String name, String hart) throws IOException {
        return program(name, QEMU.replace("%s", hart));
    }

    private static Rivals find(Path qemu) {
        return Rivals.find(Optional.of(qemu), Optional.empty(), Optional.empty());
    }

    private static void assertRefused(Path qemu, String why) {
        assertThatThrownBy(() -> find(qemu))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("--qemu")
                .hasMessageContaining(why);
    }

    @Test
    void aQemuIsKnownByItsHartsWhateverItIsCalled() throws IOException {
        Path narrow = qemu("a", "any rv32");
        assertThat(find(narrow).qemu32()).contains(narrow.toString());
        assertThat(find(narrow).qemu64()).isEmpty();
        // Later ones of 64 bits have harts of 32 too.
        Path wide = qemu("b", "rv32 rv64");
        assertThat(find(wide).qemu64()).contains(wide.toString());
        assertThat(find(wide).qemu32()).isEmpty();
    }

    @Test
    void aFolderHasOneWidthOrBoth() throws IOException {
        assertRefused(folder, "neither qemu-system-riscv32 nor qemu-system-riscv64");
        Path wide = qemu("qemu-system-riscv64", "rv64");
        assertThat(find(folder).qemu64()).contains(wide.toString());
        assertThat(find(folder).qemu32()).isEmpty();
        qemu("qemu-system-riscv32", "rv32");
        assertThat(find(folder).qemu32()).isPresent();
        qemu("qemu-system-riscv32", "rv64");
        assertRefused(folder, "emulates harts of the other width");
    }

    @Test
    void whatIsNoQemuForRiscvIsRefused() throws IOException {
        assertRefused(folder.resolve("nothing"), "is no program that can be started");
        assertRefused(Files.writeString(folder.resolve("text"), "no program"), "is no program that can be started");
        assertRefused(program("echo", "echo hello"), "is no QEMU for RISC-V");
        assertRefused(qemu("arm", "cortex-a57"), "is no QEMU for RISC-V");
    }

    @Test
    void whatIsNotSemuIsRefused() throws IOException {
        Path semu = program("semu", "echo \"Usage: $0 -k linux-image [-b dtb]\" >&2; exit 2");
        assertThat(Rivals.find(Optional.empty(), Optional.of(semu), Optional.empty())
                        .semu())
                .contains(semu);
        Path other = program("other", "echo hello");
        assertThatThrownBy(() -> Rivals.find(Optional.empty(), Optional.of(other), Optional.empty()))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("is not semu");
    }

    @Test
    void aFirmwareThatCannotBeReadIsRefused() {
        assertThatThrownBy(() -> Rivals.find(Optional.empty(), Optional.empty(), Optional.of(folder.resolve("no.bin"))))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("no.bin is no file that can be read");
    }

    // ---- processes -----------------------------------------------------------------------------------------------

    private static final List<TimedProcess.Step> TALK =
            List.of(new TimedProcess.Step("$ ", "one\n"), new TimedProcess.Step("$ ", "two\n"));

    /** A prompt is printed twice, and each step waits for what comes behind the one before. */
    @Test
    void aProgramIsTalkedToStepByStep() throws IOException {
        Path echo = program("echo", "printf '$ '; read a; printf \"$a$ \"; read b; printf \"$b\"; exit 3");
        TimedProcess.Ran ran = TimedProcess.toEnd(List.of(echo.toString()), TALK);
        assertThat(ran.printed()).isEqualTo("$ one$ two");
        assertThat(ran.ended()).isTrue();
        assertThat(ran.code()).isEqualTo(3);
        assertThat(ran.steps()).isEqualTo(2);
        assertThat(ran.seconds()).isPositive();
    }

    @Test
    void aProgramThatGoesOnIsKilledAtTheLastStep() throws IOException {
        Path endless = program("endless", "printf '$ '; read a; printf '$ '; exec sleep 1000");
        TimedProcess.Ran ran = TimedProcess.toLastStep(List.of(endless.toString()), TALK);
        assertThat(ran.steps()).isEqualTo(2);
        assertThat(ran.ended()).isFalse();
    }

    @Test
    void aProgramThatDoesNotEndInTimeHasNotEnded() throws IOException {
        Path endless = program("endless", "exec sleep 1000");
        assertThat(TimedProcess.toEnd(List.of(endless.toString()), List.of(), 1).ended())
                .isFalse();
    }

    @Test
    void whatAProgramPrintsWithoutEndIsNotKept() throws IOException {
        Path much = program("much", "head -c 5000000 /dev/zero");
        assertThat(TimedProcess.toEnd(List.of(much.toString()), List.of()).printed())
                .hasSize(1 << 20);
    }
}
