package dev.semblance.harness.record.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Profile;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.SavedState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Linux and its shells write where they cannot go on: mm/oom_kill.c, init/main.c, init/do_mounts.c, kernel/exit.c, strerror. */
class ConsoleComplaintsTests {

    private static final MachineModel VIRT = new MachineModel(Profile.VIRT, Isa.RV64GC, 64L << 20);

    private final ConsoleComplaints complaints = new ConsoleComplaints();

    private List<String> after(String written) {
        for (byte value : written.getBytes(StandardCharsets.ISO_8859_1)) {
            complaints.written(value);
        }
        return complaints.meanings(VIRT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[    0.395821] Out of memory: Killed process 23 (tail) total-vm:47796kB | ran out of memory; it has 64 MiB",
                "[    1.0] Kernel panic - not syncing: System is deadlocked on memory | ran out of memory",
                "[    0.7] Initramfs unpacking failed: write error | ran out of memory",
                "sh: ./glxgears: Exec format error | exec format error",
                "[    0.04] Failed to execute /init (error -8) | for RISC-V, 64 bits",
                "[    0.04] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0) | root=/dev/vda",
                "[    0.04] Kernel panic - not syncing: No working init found.  Try passing init= | no init that it can execute",
                "[    0.04] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000004 | SIGILL",
            })
    void whatLinuxComplainsOfIsKnownForWhatItIs(String line, String meaning) {
        assertThat(after("before\r\n" + line + "\r\nafter\r\n"))
                .singleElement()
                .satisfies(sentence -> assertThat(sentence).contains(meaning));
    }

    @Test
    void semuIsNotToldToHaveMoreRam() {
        after("Out of memory: Killed process 1\n");
        assertThat(complaints.meanings(MachineModel.SEMU))
                .containsExactly("the guest ran out of memory; it has 512 MiB of RAM, and semu has no more");
    }

    @Test
    void whatIsNoComplaintIsNone() {
        assertThat(after("Run /init as init process\nOut of mem\nory: Killed process\n\0\u00ff\u001b[31m"
                        + "Exec format".repeat(500) + "\n"))
                .isEmpty();
    }

    @Test
    void aLineThatHasNotEndedCounts() {
        assertThat(after("Exec format error")).hasSize(1);
    }

    /** A guest cannot make us print anything of its own. */
    @Test
    void nothingOfWhatTheGuestWroteIsInWhatIsTold() {
        assertThat(after("\u001b]0;evil\u0007 Exec format error evil\n"))
                .singleElement()
                .satisfies(
                        sentence -> assertThat(sentence).doesNotContain("evil").doesNotContain("\u001b"));
    }

    @Test
    void whatWasHeardIsTakenAlong() throws BadStateException {
        after("Out of memory: Killed process 1\nsh: x: Exec format er");
        ConsoleComplaints other = new ConsoleComplaints();
        SavedState.of(complaints).loadInto(other);
        assertThat(other.meanings(VIRT)).hasSize(1);
        for (byte value : "ror\n".getBytes(StandardCharsets.ISO_8859_1)) {
            other.written(value);
        }
        assertThat(other.meanings(VIRT)).hasSize(2);
    }
}
