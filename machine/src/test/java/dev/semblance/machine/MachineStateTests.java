package dev.semblance.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.isa.Assembler;
import dev.semblance.machine.profile.Slot;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.ChangedStates;
import dev.semblance.machine.state.SavedState;
import dev.semblance.machine.state.StateDigest;
import dev.semblance.machine.virtio.blk.CopyOnWriteDisk;
import dev.semblance.machine.virtio.blk.DiskImage;
import dev.semblance.machine.virtio.blk.VirtioBlk;
import dev.semblance.machine.virtio.input.InputProfile;
import dev.semblance.machine.virtio.input.VirtioInput;
import dev.semblance.machine.virtio.rng.VirtioRng;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** docs/ARCHITECTURE.md, "State": the laws of saved states for whole machines. */
class MachineStateTests {

    /** Sets the timer again and again, and counts how often it rang. */
    private static final String TIMER = """
            jal t0, begin
            handler: addi s0, s0, 1
            csrr a0, time
            addi a0, a0, 333
            li a1, 0
            ecall
            sret
            begin: csrw stvec, t0
            li t0, 0x20
            csrw sie, t0
            csrrsi zero, sstatus, 2
            csrr a0, time
            addi a0, a0, 100
            li a1, 0
            li a7, 0x54494d45
            li a6, 0
            ecall
            loop: addi s1, s1, 1
            wfi
            j loop""";

    /** Adds a number to a register, and makes the number larger where it stands in the instruction. */
    private static final String CHANGES_ITSELF = """
            lui a1, 0x100
            jal t0, loop
            addi s0, s0, 0
            lw a0, 0(t0)
            add a0, a0, a1
            sw a0, 0(t0)
            loop: addi s1, s1, 1
            addi s1, s1, 1
            jalr zero, 0(t0)""";

    private final ByteArrayOutputStream console = new ByteArrayOutputStream();

    private Machine off(long seed) {
        Machine machine = new Machine(new MachineConfig(seed), console::write);
        VirtioBlk disk = new VirtioBlk(
                new CopyOnWriteDisk(DiskImage.of(new byte[1 << 16])),
                machine.timeline(),
                new VirtioBlk.Options("disk", false, 1000));
        VirtioRng entropy = new VirtioRng(seed);
        VirtioInput keyboard = new VirtioInput(InputProfile.keyboard());
        machine.attach(Slot.BLOCK, disk, disk);
        machine.attach(Slot.ENTROPY, entropy, entropy);
        machine.attach(Slot.KEYBOARD, keyboard, keyboard);
        return machine;
    }

    private Machine started(String source) throws BadImageException {
        int[] words = Assembler.assemble(0, source);
        ByteBuffer image = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        image.asIntBuffer().put(words);
        Machine machine = off(1);
        machine.start(new Boot.Bare(image.array()));
        return machine;
    }

    private Machine loaded(SavedState state) throws BadStateException {
        Machine machine = off(1);
        machine.load(state);
        return machine;
    }

    @Test
    void theBareMixGoesOnFromWhereverItWasSaved() throws IOException, BadImageException, BadStateException {
        byte[] image = Files.readAllBytes(BareImages.MIX);
        long length = 6_000_000;
        Machine unseen = off(1);
        unseen.start(new Boot.Bare(image));
        unseen.run(length);

        Random random = new Random(4);
        Machine running = off(1);
        running.start(new Boot.Bare(image));
        for (int i = 0; i < 6; i++) {
            running.run(running.hart().cycle() + random.nextInt(1_000_000));
            SavedState state = running.save();
            assertThat(ChangedStates.read(ChangedStates.bytes(state))).isEqualTo(state);
            Machine other = loaded(state);
            assertThat(other.save()).as("law 1").isEqualTo(state);
            assertThat(other.stateDigest()).isEqualTo(running.stateDigest());
            other.run(length);
            assertThat(other.stateDigest())
                    .as("law 2, from cycle %d", running.hart().cycle())
                    .isEqualTo(unseen.stateDigest());
            assertThat(other.save()).isEqualTo(unseen.save());
        }
        running.run(length);
        assertThat(running.save()).as("law 3").isEqualTo(unseen.save());
    }

    @Test
    void codeThatIsOtherCodeInAnotherStateIsNotExecutedAfterLoadingThat() throws BadImageException, BadStateException {
        Machine machine = started(CHANGES_ITSELF);
        List<SavedState> states = new ArrayList<>();
        List<SavedState> later = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            machine.run(machine.hart().cycle() + 13);
            states.add(machine.save());
            Machine other = loaded(states.getLast());
            other.run(other.hart().cycle() + 31);
            later.add(other.save());
        }
        assertThat(machine.hart().x(8)).as("it adds more each time").isGreaterThan(1000);
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            int from = random.nextInt(states.size());
            machine.load(states.get(from));
            machine.run(machine.hart().cycle() + 31);
            assertThat(machine.save()).isEqualTo(later.get(from));
        }
    }

    @Test
    void aTimerThatRingsLaterRingsAtTheSameCycle() throws BadImageException, BadStateException {
        Machine unseen = started(TIMER);
        unseen.run(5_000);
        assertThat(unseen.hart().x(8)).isGreaterThan(10);
        for (long cut = 1; cut < 800; cut += 7) {
            Machine machine = started(TIMER);
            machine.run(cut);
            Machine other = loaded(machine.save());
            other.run(5_000);
            assertThat(other.save()).as("cut at %d", cut).isEqualTo(unseen.save());
        }
    }

    @Test
    void consoleInputThatNobodyHasReadIsPartOfTheState() throws BadImageException, BadStateException {
        Machine machine = started("loop: j loop");
        machine.run(10);
        byte[] input = "more than the sixteen bytes of a FIFO \u00e9".getBytes(StandardCharsets.UTF_8);
        machine.receiveConsole(input);
        Machine other = loaded(machine.save());
        assertThat(other.deviceStateDigest()).isEqualTo(machine.deviceStateDigest());
        assertThat(other.save()).isEqualTo(machine.save());
    }

    @Test
    void aMachineThatHasEndedStaysSo() throws BadImageException, BadStateException {
        Machine halted = started("""
                li a7, 0x53525354
                li a6, 0
                li a0, 1
                li a1, 0
                ecall
                loop: j loop""");
        assertThat(halted.run(1_000)).isEqualTo(new RunResult.Halted(true));
        assertThat(loaded(halted.save()).run(2_000)).isEqualTo(new RunResult.Halted(true));

        Machine stuck = started(".word 0");
        RunResult end = stuck.run(100_000);
        assertThat(end).isInstanceOf(RunResult.Stuck.class);
        assertThat(loaded(stuck.save()).run(200_000)).isEqualTo(end);

        Machine idle = started("wfi");
        assertThat(idle.run(1_000)).isInstanceOf(RunResult.Idle.class);
        assertThat(loaded(idle.save()).run(2_000)).isInstanceOf(RunResult.Idle.class);
    }

    @Test
    void aStateOfAnotherMachineIsRefusedAndTheMachineCanDoNothingAnyMore() throws BadImageException {
        Machine machine = started("loop: j loop");
        machine.run(100);
        SavedState state = machine.save();
        Machine seeded = off(2);
        assertThatThrownBy(() -> seeded.load(state))
                .isInstanceOf(BadStateException.class)
                .hasMessageContaining("it is of a machine with another seed");
        assertThatThrownBy(() -> seeded.run(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> seeded.load(state)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(seeded::save).isInstanceOf(IllegalStateException.class);
        Machine bare = new Machine(new MachineConfig(1), console::write);
        assertThatThrownBy(() -> bare.load(state)).hasMessageContaining("another number of devices");
        assertThatThrownBy(() -> machine.start(new Boot.Bare(new byte[4]))).hasMessage("the machine is on already");
        assertThatThrownBy(() -> machine.load(seeded(2))).isInstanceOf(BadStateException.class);
        assertThatThrownBy(() -> machine.run(200)).as("one that ran").isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(machine::save).isInstanceOf(IllegalStateException.class);
    }

    private SavedState seeded(long seed) throws BadImageException {
        Machine machine = off(seed);
        machine.start(new Boot.Bare(new byte[4]));
        return machine.save();
    }

    @Test
    void aMachineThatRanGoesBackAndForthBetweenItsStates() throws IOException, BadImageException, BadStateException {
        Machine machine = off(1);
        machine.start(new Boot.Bare(Files.readAllBytes(BareImages.MIX)));
        List<SavedState> states = new ArrayList<>();
        List<byte[]> digests = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            states.add(machine.save());
            digests.add(machine.stateDigest());
            machine.run(machine.hart().cycle() + 700_001);
        }
        for (int from : new int[] {3, 0, 2, 2, 1, 3}) {
            machine.load(states.get(from));
            assertThat(machine.save()).as("law 1").isEqualTo(states.get(from));
            machine.run(700_001L * (from + 1));
            assertThat(machine.stateDigest()).as("law 2 from state %d", from).isEqualTo(digests.get(from + 1));
            assertThat(machine.save()).isEqualTo(states.get(from + 1));
        }
        Machine timer = started(TIMER);
        SavedState before = timer.save();
        timer.run(5_000);
        SavedState after = timer.save();
        timer.load(before);
        timer.run(5_000);
        assertThat(timer.save()).as("the timer rings as often").isEqualTo(after);
    }

    /** Of the hart's fields all bytes; of its translations, which are many and alike, some. */
    @Test
    void everyFieldOfAMachineIsLoadedOrRefused() throws BadImageException, BadStateException {
        Machine machine = started(TIMER);
        machine.receiveConsole(new byte[] {1, -2, 3});
        machine.run(2_000);
        byte[] bytes = ChangedStates.bytes(machine.save());
        int length = ChangedStates.fieldBytes(bytes);
        assertThat(length).isGreaterThan(3_000);
        byte[] digest = machine.stateDigest();
        int visible = 0;
        int loaded = 0;
        for (int at = 0; at < length; at += at > 600 && at < length - 1_500 ? 61 : 1) {
            SavedState changed = ChangedStates.flipped(bytes, at, at % 8);
            Machine other = off(1);
            try {
                other.load(changed);
            } catch (BadStateException e) {
                assertThat(e).hasMessageStartingWith("The state cannot be loaded: ");
                continue;
            }
            loaded++;
            assertThat(other.save()).as("byte %d", at).isEqualTo(changed);
            visible += Arrays.equals(other.stateDigest(), digest) ? 0 : 1;
            other.run(other.hart().cycle() + 50);
        }
        assertThat(loaded).isGreaterThan(300);
        assertThat(visible).as("of these the guest can see").isBetween(300, loaded);
    }

    @Test
    void savingLeavesTheDigestsAsTheyAre() throws BadImageException {
        Machine machine = started(TIMER);
        machine.run(1_000);
        byte[] digest = machine.stateDigest();
        machine.save();
        assertThat(machine.stateDigest()).isEqualTo(digest);
        assertThat(StateDigest.sha256(machine)).isEqualTo(machine.deviceStateDigest());
    }
}
