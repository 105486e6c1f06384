package dev.semblance.harness.record.session;

import dev.semblance.harness.util.Text;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Profile;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Watches the console for the lines in which Linux and its shells tell why they cannot go on, and knows what they mean on this machine.
 * What a guest writes decides which sentences of ours are printed, and is itself in none of them.
 */
public final class ConsoleComplaints implements Stateful {

    /** Longer lines are looked at up to here. */
    private static final int LINE = 256;

    /** What can be told, in the order in which it is. Phrases are in lower case. */
    private enum Complaint {
        OUT_OF_MEMORY(1),
        EXEC_FORMAT(2),
        NO_ROOT(4),
        NO_INIT(8),
        INIT_ILLEGAL(16);

        /** What stands for it where several are kept. */
        private final int bit;

        Complaint(int bit) {
            this.bit = bit;
        }

        private List<String> phrases() {
            return switch (this) {
                case OUT_OF_MEMORY ->
                    List.of(
                            "out of memory: killed",
                            "out of memory and no killable processes",
                            "system is deadlocked on memory",
                            "invoked oom-killer",
                            "initramfs unpacking failed: write error");
                case EXEC_FORMAT -> List.of("exec format error", "(error -8)");
                case NO_ROOT -> List.of("unable to mount root fs");
                case NO_INIT -> List.of("no working init found");
                case INIT_ILLEGAL -> List.of("attempted to kill init! exitcode=0x00000004");
            };
        }

        boolean isIn(String line) {
            return phrases().stream().anyMatch(line::contains);
        }

        String meaning(MachineModel model) {
            return switch (this) {
                case OUT_OF_MEMORY -> {
                    String has =
                            Text.format("the guest ran out of memory; it has %,d MiB of RAM", model.ramBytes() >> 20);
                    yield has
                            + (model.profile() == Profile.SEMU
                                    ? ", and semu has no more"
                                    : ", and --ram (a scenario's line: ram) gives it more");
                }
                case EXEC_FORMAT ->
                    "the guest could not execute a program (exec format error): the file is no program, or one for another"
                            + " processor. Those on its disk and in its initrd are to be for " + programs(model.isa());
                case NO_ROOT ->
                    "the kernel could not mount its root file system: name the disk with root=/dev/vda in --append, or give an"
                            + " initrd, and see that the kernel has the file system of the disk";
                case NO_INIT ->
                    "the kernel found no init that it can execute: there is none on its disk or in its initrd, or it lacks its"
                            + " loader, or is for another processor than "
                            + model.isa().word();
                case INIT_ILLEGAL -> "init died of an illegal instruction (SIGILL)";
            };
        }

        private static String programs(Isa isa) {
            return switch (isa) {
                case RV32IMA -> "RISC-V, 32 bits, without C, F and D (-march=rv32ima -mabi=ilp32)";
                case RV32GC -> "RISC-V, 32 bits (at most -march=rv32gc)";
                case RV64GC -> "RISC-V, 64 bits (riscv64; at most -march=rv64gc)";
            };
        }
    }

    private static final int EVERY_COMPLAINT =
            Stream.of(Complaint.values()).mapToInt(complaint -> complaint.bit).sum();

    private final byte[] line = new byte[LINE];
    private int length;

    /** The bits of the complaints that came. */
    private int heard;

    /** Has seen nothing yet. */
    public ConsoleComplaints() {}

    /**
     * Looks at what the guest writes.
     *
     * @param value the next byte
     */
    public void written(byte value) {
        if (value == '\n') {
            heard |= heardNow();
            length = 0;
        } else if (length < LINE) {
            line[length++] = value;
        }
    }

    private int heardNow() {
        String text = new String(line, 0, length, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        return Stream.of(Complaint.values())
                .filter(complaint -> complaint.isIn(text))
                .mapToInt(complaint -> complaint.bit)
                .sum();
    }

    /**
     * {@return what the guest complained of, each as a sentence without a full stop}
     *
     * @param model the machine that it runs on
     */
    public List<String> meanings(MachineModel model) {
        int all = heard | heardNow();
        return Stream.of(Complaint.values())
                .filter(complaint -> (all & complaint.bit) != 0)
                .map(complaint -> complaint.meaning(model))
                .toList();
    }

    @Override
    public void state(StateExchange s) {
        s.part("COMP", 1);
        heard = s.saved(heard, 0, EVERY_COMPLAINT);
        length = s.saved(length, 0, LINE);
        byte[] block = s.savedBlock(Arrays.copyOf(line, length), length);
        System.arraycopy(block, 0, line, 0, length);
    }
}
