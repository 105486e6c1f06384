package dev.semblance.machine.differential;

import dev.semblance.machine.Machine;
import dev.semblance.machine.RunResult;
import dev.semblance.machine.isa.InstructionSet;
import dev.semblance.machine.profile.Isa;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs programs an instruction at a time and counts what is executed outside the handler, by mnemonic; attempts that trap count too. Those of
 * 16 bits have {@code c.} before them, and {@code (straddling)} behind them those that lie on two pages.
 */
final class Census {

    private static final long WALKED = 0x3f_ffff_f000L;

    private final Map<String, Long> counts = new TreeMap<>();
    private long handled;

    Map<String, Long> counts() {
        return counts;
    }

    /** Returns how many instructions of the handler were executed. */
    long handled() {
        return handled;
    }

    long counted() {
        return counts.values().stream().mapToLong(count -> count).sum();
    }

    /** Returns a line for each mnemonic, and the sums. */
    String report() {
        StringBuilder text = new StringBuilder();
        text.append("instructions ").append(counted()).append('\n');
        text.append("of the handler ").append(handled).append('\n');
        counts.forEach(
                (name, count) -> text.append(name).append(' ').append(count).append('\n'));
        return text.toString();
    }

    /** Runs a program to its end, and returns what it printed. */
    String run(RandomProgram program) {
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        Isa isa = program.isa();
        Machine machine = MachineRun.start(isa, program.image(), console);
        RunResult result = new RunResult.BudgetSpent();
        while (result instanceof RunResult.BudgetSpent) {
            long pc = machine.hart().pc() & (isa.is64() ? -1L : 0xffff_ffffL);
            if (pc >= Layout.IMAGE && pc < Layout.IMAGE + Layout.HANDLER_SIZE) {
                handled++;
            } else {
                counts.merge(name(machine, isa, pc), 1L, Long::sum);
            }
            result = machine.run(machine.hart().cycle() + 1);
            if (machine.hart().cycle() == MachineRun.LIMIT) {
                throw new IllegalStateException("seed " + program.seed() + " does not end");
            }
        }
        return console.toString(StandardCharsets.US_ASCII);
    }

    private static String name(Machine machine, Isa isa, long pc) {
        int low = parcel(machine, isa, pc);
        if (low < 0) {
            return "(no code)";
        }
        InstructionSet set = InstructionSet.of(isa);
        if (!set.isLong(low)) {
            return "c." + set.find(set.expand(low)).mnemonic();
        }
        int high = parcel(machine, isa, pc + 2);
        if (high < 0) {
            return "(half an instruction)";
        }
        String mnemonic = set.find(low | high << 16).mnemonic();
        return (pc & 0xfff) == 0xffe ? mnemonic + " (straddling)" : mnemonic;
    }

    /** Returns 16 bits of code, as the program's own tables have them; -1 if there is none. */
    private static int parcel(Machine machine, Isa isa, long pc) {
        long address = pc;
        if (pc < Layout.IMAGE || pc >= Layout.RAM_END) {
            address = walk(machine, isa, pc);
        }
        if (address < Layout.IMAGE || address >= Layout.RAM_END - 1) {
            return -1;
        }
        return machine.memory().getShort(address) & 0xffff;
    }

    private static long walk(Machine machine, Isa isa, long address) {
        boolean wide = isa.is64();
        long table = Layout.physical(Layout.ROOT);
        for (int level = wide ? 2 : 1; level >= 0; level--) {
            int shift = 12 + (wide ? 9 : 10) * level;
            long index = address >>> shift & (wide ? 511 : 1023);
            long at = table + (wide ? 8 : 4) * index;
            if (at < Layout.IMAGE || at >= Layout.RAM_END) {
                return -1;
            }
            long entry = wide ? machine.memory().getLong(at) : machine.memory().getInt(at) & 0xffff_ffffL;
            if ((entry & PageTableImage.V) == 0) {
                return -1;
            }
            table = entry << 2 & WALKED;
            if ((entry & (PageTableImage.R | PageTableImage.X)) != 0) {
                long inside = (1L << shift) - 1;
                return table & ~inside | address & inside;
            }
        }
        return -1;
    }
}
