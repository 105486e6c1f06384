package dev.semblance.harness.record.session;

import dev.semblance.harness.util.Text;
import dev.semblance.machine.Machine;
import dev.semblance.machine.cpu.IllegalInstruction;
import dev.semblance.machine.cpu.StuckTrap;
import dev.semblance.machine.profile.Isa;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a guest got into, as far as the machine and its console tell: to be said where a run went wrong. The machine knows each illegal
 * instruction; the console, what the guest's own system made of its troubles.
 */
public final class GuestTrouble {

    private GuestTrouble() {}

    /**
     * {@return what is known, each as a sentence without a full stop}
     *
     * @param machine that the guest ran on
     * @param complaints what it wrote
     * @param stuck the trap that it is stuck at, which is told elsewhere
     */
    public static List<String> of(Machine machine, ConsoleComplaints complaints, Optional<StuckTrap> stuck) {
        Stream<String> illegal = machine.illegalInstructions().stream()
                .filter(series -> stuck.isEmpty() || !isTold(series.first(), stuck.get()))
                .map(GuestTrouble::sentence);
        return Stream.concat(illegal, complaints.meanings(machine.config().model()).stream())
                .toList();
    }

    private static boolean isTold(IllegalInstruction first, StuckTrap stuck) {
        return first.pc() == stuck.pc() && first.bits() == stuck.value();
    }

    /** Returns a sentence about the illegal instructions of a mode. */
    static String sentence(IllegalInstruction.Series series) {
        IllegalInstruction first = series.first();
        IllegalInstruction last = series.last();
        String mode = switch (first.mode()) {
            case USER -> "U";
            case SUPERVISOR -> "S";
        };
        String others = series.count() == 1
                ? ""
                : Text.format(
                        "; it was the first of %,d, and the last was %sat %s, cycle %,d",
                        series.count(),
                        last.bits() == first.bits() ? "the same " : last.text() + ", ",
                        hex(last),
                        last.cycle());
        return Text.format(
                "an instruction was illegal in %s mode: %s, at %s, cycle %,d%s%s",
                mode,
                first.text(),
                hex(first),
                first.cycle(),
                first.reason().map(reason -> "; " + reason).orElse(""),
                others);
    }

    private static String hex(IllegalInstruction instruction) {
        long pc = instruction.isa() == Isa.RV64GC ? instruction.pc() : instruction.pc() & 0xffff_ffffL;
        return "0x" + Long.toHexString(pc);
    }
}
