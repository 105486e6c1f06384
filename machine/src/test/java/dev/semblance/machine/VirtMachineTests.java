package dev.semblance.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.isa.Assembler;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Profile;
import dev.semblance.machine.state.BadStateException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** docs/ARCHITECTURE.md, "Profiles": programs without an operating system on virt. */
class VirtMachineTests {

    private static final long RAM_BYTES = 64L << 20;

    private final ByteArrayOutputStream console = new ByteArrayOutputStream();

    private Machine machine(Isa isa) {
        return new Machine(new MachineConfig(new MachineModel(Profile.VIRT, isa, RAM_BYTES), 1), console::write);
    }

    private Machine started(Isa isa, String source) {
        int[] words = Assembler.assemble(0, source);
        ByteBuffer image = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        image.asIntBuffer().put(words);
        Machine machine = machine(isa);
        try {
            machine.start(new Boot.Bare(image.array()));
        } catch (BadImageException e) {
            throw new AssertionError(e);
        }
        return machine;
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void aProgramIsEnteredAsAKernelIs(Isa isa) {
        Machine machine = started(isa, "nop");
        assertThat(machine.hart().pc()).isEqualTo(isa.canonical(0x8020_0000L));
        assertThat(machine.hart().x(10)).as("hart id").isZero();
        assertThat(machine.hart().x(11)).isEqualTo(isa.canonical(0x8000_0000L + RAM_BYTES - (2 << 20)));
    }

    @ParameterizedTest
    @CsvSource({"0x5555, false", "0x3333, false", "0x7777, true"})
    void theTestFinisherEndsTheRun(int code, boolean reboot) {
        Machine machine = started(Isa.RV64GC, "li t0, 0x100000\nli t1, " + code + "\nsw t1, 0(t0)\nj 0x20");
        assertThat(machine.run(1000)).isEqualTo(new RunResult.Halted(reboot));
    }

    @Test
    void otherValuesOfTheTestFinisherMeanNothing() {
        Machine machine = started(Isa.RV64GC, "li t0, 0x100000\nli t1, 1\nsw t1, 0(t0)\nsb t1, 0(t0)\nloop: j loop");
        assertThat(machine.run(1000)).isEqualTo(new RunResult.BudgetSpent());
    }

    @Test
    void theSerialPortIsWhereQemuHasIt() {
        Machine machine = started(Isa.RV32GC, "li t0, 0x10000000\nli t1, 72\nsb t1, 0(t0)\nloop: j loop");
        machine.run(1000);
        assertThat(console.toString(StandardCharsets.US_ASCII)).isEqualTo("H");
    }

    /** A tick of mtime is a hundred cycles, so a cycle is a nanosecond. */
    @Test
    void timeHasATickEveryHundredCyclesAndIsWhatTheClintSays() {
        Machine machine = started(Isa.RV64GC, """
                li t0, 0x200bff8
                li t2, 300
                wait: addi t2, t2, -1
                bne t2, zero, wait
                csrr a0, cycle
                csrr a1, time
                lw a2, 0(t0)
                loop: j loop
                """);
        machine.run(10_000);
        long cycle = machine.hart().x(10);
        assertThat(cycle).isBetween(600L, 620L);
        assertThat(machine.hart().x(11)).isEqualTo((cycle + 1) / 100);
        assertThat(machine.hart().x(12)).isEqualTo((cycle + 2) / 100);
    }

    /** SBI 2.0, chapter 6: on 64 bits, stime_value is a0 alone. */
    @Test
    void theTimerInterruptComesAtTheCycleOfItsTick() {
        Machine machine = started(Isa.RV64GC, """
                li a7, 0x54494d45
                li a6, 0
                li a0, 50
                li a1, 7
                ecall
                li t0, 32
                csrw sie, t0
                wfi
                csrr s0, cycle
                loop: j loop
                """);
        machine.run(100_000);
        assertThat(machine.hart().x(8)).isEqualTo(5000);
    }

    private long deviceTreeSize(byte[] kernel) throws BadImageException {
        Machine machine = machine(Isa.RV64GC);
        machine.start(new Boot.Linux(kernel, Optional.empty(), Optional.empty(), ""));
        return Integer.reverseBytes(machine.memory().getInt(machine.hart().x(11) + 4));
    }

    /** U-Boot, boot/image-fdt.c: with fdt_high of all ones, the tree is changed where it lies. Its size is that of the spec's 5.2. */
    @Test
    void theDeviceTreeOfABootLoaderHasRoomToBeChangedInPlaceAndThatOfLinuxIsAsLongAsWhatItHas()
            throws BadImageException {
        byte[] linux = ByteBuffer.allocate(64)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(8, 2 << 20)
                .putInt(0x38, 0x05435352)
                .array();
        assertThat(deviceTreeSize(new byte[64]) - deviceTreeSize(linux)).isEqualTo(0x3000);
    }

    @Test
    void aMachineGoesOnFromAState() throws BadStateException {
        Machine machine = started(Isa.RV32GC, "loop: j loop");
        machine.run(1000);
        Machine same = machine(Isa.RV32GC);
        same.load(machine.save());
        assertThat(same.stateDigest()).isEqualTo(machine.stateDigest());
    }
}
