package dev.semblance.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.isa.Assembler;
import dev.semblance.machine.profile.Profile;
import dev.semblance.machine.profile.SemuPlatform;
import dev.semblance.machine.profile.Slot;
import dev.semblance.machine.state.StateDigest;
import dev.semblance.machine.virtio.rng.VirtioRng;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MachineTests {

    private static final String POWER_OFF = """
            li a7, 0x53525354
            li a6, 0
            li a0, 0
            li a1, 0
            ecall
            """;

    private final ByteArrayOutputStream console = new ByteArrayOutputStream();

    private Machine machine(long seed) {
        return new Machine(new MachineConfig(seed), console::write);
    }

    private static Boot bare(String source) {
        int[] words = Assembler.assemble(0, source);
        ByteBuffer image = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        image.asIntBuffer().put(words);
        return new Boot.Bare(image.array());
    }

    private static Machine started(Machine machine, String source) {
        try {
            machine.start(bare(source));
        } catch (BadImageException e) {
            throw new AssertionError(e);
        }
        return machine;
    }

    @Test
    void aBareProgramTalksToTheSerialPortAndPowersOff() throws IOException, BadImageException {
        Machine machine = machine(1);
        machine.start(new Boot.Bare(Files.readAllBytes(BareImages.HELLO)));

        assertThat(machine.run(1_000_000)).isEqualTo(new RunResult.Halted(false));
        assertThat(console.toString(StandardCharsets.US_ASCII)).contains("hello");
    }

    @Test
    void theHartIsEnteredAsLinuxWantsIt() {
        Machine machine = started(machine(1), "nop");

        assertThat(machine.hart().pc()).isEqualTo(SemuPlatform.KERNEL);
        assertThat(machine.hart().x(10)).as("hart id").isZero();
        assertThat(machine.hart().x(11)).isEqualTo(SemuPlatform.DEVICE_TREE);
        assertThat(Integer.reverseBytes(machine.memory().getInt(SemuPlatform.DEVICE_TREE)))
                .isEqualTo(0xd00d_feed);
    }

    @ParameterizedTest(name = "type {0}: reboot {1}")
    @CsvSource({"0, false", "1, true", "2, true"})
    void aResetEndsTheRunAtOnceAndForGood(int type, boolean reboot) {
        Machine machine = started(machine(1), POWER_OFF.replace("li a0, 0", "li a0, " + type) + "loop: j loop");

        assertThat(machine.run(1_000)).isEqualTo(new RunResult.Halted(reboot));
        assertThat(machine.hart().cycle()).isEqualTo(9);
        assertThat(machine.run(1_000)).isEqualTo(new RunResult.Halted(reboot));
        assertThat(machine.hart().cycle()).isEqualTo(9);
    }

    @Test
    void aRunEndsAtItsLimitOrIdle() {
        Machine machine = started(machine(1), "nop\nnop\nwfi");

        assertThat(machine.run(2)).isEqualTo(new RunResult.BudgetSpent());
        assertThat(machine.hart().cycle()).isEqualTo(2);
        assertThat(machine.run(100)).isEqualTo(new RunResult.Idle());
        assertThat(machine.hart().cycle()).isEqualTo(3);
    }

    @Test
    void aGuestThatOnlyTrapsEndsTheRunForGood() {
        Machine machine = started(machine(1), "nop\n.word 0x30401073");

        RunResult stuck = machine.run(1_000_000);
        assertThat(stuck).isInstanceOfSatisfying(RunResult.Stuck.class, result -> {
            assertThat(result.trap().pc()).isEqualTo(4);
            assertThat(result.trap().wantsMachineMode()).isTrue();
        });
        assertThat(machine.hart().cycle()).isEqualTo(2_000);
        assertThat(machine.run(2_000_000)).isEqualTo(stuck);
        assertThat(machine.hart().cycle()).isEqualTo(2_000);
    }

    private static final String PROBE_CONSOLE = """
            li a7, 0x10
            li a6, 3
            li a0, 0x4442434e
            ecall
            mv s0, a1
            """;

    /** SBI 2.0, 4.4 and chapter 12: a kernel boots as on semu, which has no console there. */
    @Test
    void theFirmwaresConsoleIsToldOfToBareProgramsAlone() throws BadImageException {
        Machine bare = started(machine(1), PROBE_CONSOLE + POWER_OFF);
        assertThat(bare.run(1_000)).isEqualTo(new RunResult.Halted(false));
        assertThat(bare.hart().x(8)).isEqualTo(1);

        byte[] image = new byte[4096];
        ByteBuffer kernel = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        kernel.putInt(0, 0x0400_006f).putLong(0x10, image.length).putInt(0x38, 0x0543_5352);
        for (int word : Assembler.assemble(64, PROBE_CONSOLE + POWER_OFF)) {
            kernel.position(Math.max(kernel.position(), 64)).putInt(word);
        }
        Machine linux = machine(1);
        linux.start(new Boot.Linux(image, Optional.empty(), Optional.empty(), ""));
        assertThat(linux.run(1_000)).isEqualTo(new RunResult.Halted(false));
        assertThat(linux.hart().x(8)).isZero();
    }

    /** What the firmware writes goes where the serial port's bytes go, and what is typed comes from there. */
    @Test
    void theFirmwaresConsoleIsTheSerialPortsLine() {
        Machine machine = started(machine(1), """
                li t0, 0xf4000000
                li t1, 0x61
                sb t1, 0(t0)
                li a7, 2
                ecall
                mv s0, a0
                wait:
                li a7, 2
                ecall
                blt a0, zero, wait
                li a7, 1
                ecall
                """ + POWER_OFF);
        machine.run(100);
        assertThat(machine.hart().x(8)).isEqualTo(-1);
        assertThat(machine.takesConsole()).isTrue();
        machine.receiveConsole(new byte[] {'b'});
        assertThat(machine.takesConsole()).as("that is not read yet").isFalse();
        assertThat(machine.run(1_000)).isEqualTo(new RunResult.Halted(false));
        assertThat(console.toString(StandardCharsets.US_ASCII)).isEqualTo("ab");
    }

    @Test
    void aMachineThatIsOffDoesNotRunAndOneThatIsOnDoesNotStart() {
        Machine machine = machine(1);
        assertThatThrownBy(() -> machine.run(1)).isInstanceOf(IllegalStateException.class);
        started(machine, "nop");

        assertThatThrownBy(() -> machine.start(bare("nop"))).isInstanceOf(IllegalStateException.class);
        VirtioRng device = new VirtioRng(1);
        assertThatThrownBy(() -> machine.attach(Slot.ENTROPY, device, device))
                .isInstanceOf(IllegalStateException.class);
    }

    /** VIRTIO 1.2, 4.2.3.1.1: DeviceID 0 means that nobody is there, and the driver goes away quietly. */
    @ParameterizedTest
    @EnumSource(Slot.class)
    void emptySlotsAnswerAsAbsentAndTakenOnesAsTheirDevice(Slot slot) {
        String probe = "lw s0, 0(t0)\nlw s1, 4(t0)\nlw s2, 8(t0)\n";
        Machine empty = started(
                machine(1),
                String.format(
                                Locale.ROOT,
                                "li t0, 0x%x\n",
                                Profile.SEMU.place(slot).base())
                        + probe
                        + POWER_OFF);
        if (Profile.SEMU.place(slot).answersEmpty()) {
            assertThat(empty.run(1_000)).isEqualTo(new RunResult.Halted(false));
            assertThat(empty.hart().x(8)).isEqualTo(0x7472_6976);
            assertThat(empty.hart().x(9)).isEqualTo(2);
            assertThat(empty.hart().x(18)).isZero();
        } else {
            // semu has no such slot, so the first access faults: the program never comes to its end.
            assertThat(slot).isEqualTo(Slot.TABLET);
            assertThat(empty.run(1_000)).isNotEqualTo(new RunResult.Halted(false));
            assertThat(empty.hart().x(8)).isZero();
        }

        Machine taken = machine(1);
        VirtioRng device = new VirtioRng(1);
        taken.attach(slot, device, device);
        started(
                taken,
                String.format(
                                Locale.ROOT,
                                "li t0, 0x%x\n",
                                Profile.SEMU.place(slot).base())
                        + probe
                        + POWER_OFF);
        taken.run(1_000);
        assertThat(taken.hart().x(18)).isEqualTo(4);
    }

    /** semu, 13.1: what no window covers faults; so do the 1 MiB slots between the PLIC's two. */
    @ParameterizedTest
    @CsvSource({"0x20000000", "0xefffffff", "0xf0100000", "0xf0300000", "0xf4c00000", "0xffffffff"})
    void whereNothingIsAccessesFault(String address) {
        Machine machine = started(machine(1), String.format(Locale.ROOT, """
                li t0, 0x1c
                csrw stvec, t0
                li t0, %s
                lb t1, 0(t0)
                wfi
                csrr s0, scause
                csrr s1, stval
                wfi""", address));
        machine.run(1_000);

        assertThat(machine.hart().x(8)).isEqualTo(5);
        assertThat((int) machine.hart().x(9)).isEqualTo((int) (long) Long.decode(address));
    }

    @Test
    void theSbiTimerTheTimeCsrAndMtimeAreOneClock() {
        Machine machine = started(machine(1), """
                li t0, 0x222
                csrw sie, t0
                li a7, 0x54494d45
                li a6, 0
                li a0, 5000
                li a1, 0
                ecall
                wfi
                csrr s0, time
                li t0, 0xf4307ff8
                lw s1, 0(t0)
                csrr s2, sip
                li a0, 4000
                ecall
                csrr s3, sip
                li a0, 6000
                ecall
                csrr s4, sip
                wfi
                csrr s5, time
                """ + POWER_OFF);

        assertThat(machine.run(100_000)).isEqualTo(new RunResult.Halted(false));
        assertThat(machine.hart().x(8)).isEqualTo(5000);
        assertThat(machine.hart().x(9)).isEqualTo(5003);
        assertThat(machine.hart().x(18)).as("due").isEqualTo(0x20);
        assertThat(machine.hart().x(19))
                .as("a time that has passed is due at once")
                .isEqualTo(0x20);
        assertThat(machine.hart().x(20))
                .as("a later one takes the interrupt back")
                .isZero();
        assertThat(machine.hart().x(21)).isEqualTo(6000);
    }

    @Test
    void consoleInputWakesAWaitingGuestThroughThePlic() {
        Machine machine = started(machine(1), """
                li t0, 0x222
                csrw sie, t0
                li t0, 0xf4000000
                li t1, 1
                sb t1, 1(t0)
                li t2, 0xf0002000
                li t3, 2
                sw t3, 0(t2)
                wfi
                lbu s0, 0(t0)
                csrr s1, sip
                """ + POWER_OFF);

        assertThat(machine.run(10_000)).isEqualTo(new RunResult.Idle());
        machine.receiveConsole(new byte[] {'x'});
        assertThat(machine.run(20_000)).isEqualTo(new RunResult.Halted(false));
        assertThat(machine.hart().x(8)).isEqualTo('x');
    }

    // ---- state ---------------------------------------------------------------------------------------------------

    /** Sums the device tree, and so the seed in it. */
    private static final String READ_SEED = """
            li t1, 512
            loop: lw t0, 0(a1)
            add s0, s0, t0
            addi a1, a1, 4
            addi t1, t1, -1
            bne t1, zero, loop
            wfi""";

    @Test
    void machinesWithTheSameSeedAreTheSame() {
        Machine one = started(machine(7), READ_SEED);
        Machine other = started(machine(7), READ_SEED);
        one.run(100_000);
        while (other.run(other.hart().cycle() + 7) instanceof RunResult.BudgetSpent) {
            assertThat(other.hart().cycle()).isLessThan(100_000);
        }

        assertThat(one.stateDigest()).isEqualTo(other.stateDigest());
        assertThat(one.deviceStateDigest()).isEqualTo(other.deviceStateDigest());
    }

    @Test
    void anotherSeedShowsWhereTheGuestReadsIt() {
        Machine one = started(machine(7), READ_SEED);
        Machine other = started(machine(8), READ_SEED);
        one.run(100_000);
        other.run(100_000);
        assertThat(one.hart().x(8)).isNotEqualTo(other.hart().x(8));
        assertThat(one.deviceStateDigest()).isNotEqualTo(other.deviceStateDigest());

        Machine blind = started(machine(7), "wfi");
        Machine otherBlind = started(machine(8), "wfi");
        blind.run(100);
        otherBlind.run(100);
        assertThat(blind.deviceStateDigest()).as("no RAM").isEqualTo(otherBlind.deviceStateDigest());
        assertThat(blind.stateDigest()).as("the device tree is in RAM").isNotEqualTo(otherBlind.stateDigest());
    }

    @Test
    void everyRegisterAndEveryByteShowsInTheDigest() {
        Machine machine = started(machine(7), "loop: j loop");
        byte[] before = machine.stateDigest();
        machine.memory().putByte(0x1234, (byte) 1);
        assertThat(machine.stateDigest()).isNotEqualTo(before);
        assertThat(StateDigest.sha256(machine)).as("RAM is not part of it").isEqualTo(machine.deviceStateDigest());
        machine.memory().putByte(0x1234, (byte) 0);
        assertThat(machine.stateDigest())
                .as("a touched page of zeros shows nowhere")
                .isEqualTo(before);
        for (int register = 1; register < 32; register++) {
            long old = machine.hart().x(register);
            machine.hart().setX(register, old ^ 1);
            assertThat(machine.stateDigest()).isNotEqualTo(before);
            machine.hart().setX(register, old);
        }
        assertThat(machine.stateDigest()).isEqualTo(before);
    }
}
