package dev.semblance.machine.cpu;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Executes the same instructions twice, as a region and interpreted, and compares registers, memory and translations. The run goes on from what the
 * interpreter left. A region reaches RAM alone, so whatever it did can be taken back.
 */
final class RegionComparison {

    private static final String[] NAMES = names();

    private final HartState state;
    private final Mmu mmu;
    private final Interpreter interpreter;

    /** What a region can change of a hart; of what it cannot, the counters, which tell of a trap. */
    private record Registers(
            long[] x, long[] f, long pc, int fcsr, long status, long reservation, long cycle, long unretired) {

        static Registers of(HartState state) {
            return new Registers(
                    Arrays.copyOf(state.x, 32),
                    Arrays.copyOf(state.f, 32),
                    state.pc,
                    state.fcsr.fcsr(),
                    state.sstatus,
                    state.reservation,
                    state.cycle,
                    state.unretired);
        }

        void restore(HartState state) {
            System.arraycopy(x, 0, state.x, 0, x.length);
            System.arraycopy(f, 0, state.f, 0, f.length);
            state.pc = pc;
            state.fcsr.setFcsr(fcsr);
            state.sstatus = status;
            state.reservation = reservation;
            state.cycle = cycle;
            state.unretired = unretired;
        }

        /** All of them, in the order of {@link #NAMES}. */
        private long[] values() {
            long[] values = Arrays.copyOf(x, NAMES.length);
            System.arraycopy(f, 0, values, 32, f.length);
            int at = 64;
            for (long value : new long[] {pc, fcsr, status, reservation, cycle, unretired}) {
                values[at++] = value;
            }
            return values;
        }
    }

    private static String[] names() {
        String[] names = new String[70];
        for (int i = 0; i < 32; i++) {
            names[i] = "x" + i;
            names[32 + i] = "f" + i;
        }
        System.arraycopy(new String[] {"pc", "fcsr", "sstatus", "reservation", "cycle", "unretired"}, 0, names, 64, 6);
        return names;
    }

    /** What came of executing a region. */
    private record Outcome(int left, int executed, Registers registers, Changes.After memory) {}

    RegionComparison(HartState state, Mmu mmu, Interpreter interpreter) {
        this.state = state;
        this.mmu = mmu;
        this.interpreter = interpreter;
        mmu.askForEachStore();
    }

    /**
     * Executes a region as {@link Region#run} does.
     *
     * @throws CoreDifferenceException if the interpreter comes to something else
     */
    int run(Region region, long page, int budget) {
        Registers before = Registers.of(state);
        Outcome translated = translated(region, page, budget, before);
        Optional<String> difference = interpreted(translated, before, true);
        if (difference.isPresent()) {
            throw new CoreDifferenceException(report(region, page, translated, before));
        }
        state.cycle = before.cycle;
        return translated.left;
    }

    /** Executes the region, and takes it back. */
    private Outcome translated(Region region, long page, int budget, Registers before) {
        Changes changes = mmu.noteChanges();
        mmu.blockEnd = 1;
        int left = region.run(state, mmu, page, budget);
        mmu.forgetChanges();
        int executed = budget - (left < 0 ? ~left : left);
        // The caller moves the counter for a region.
        state.cycle += executed;
        Outcome outcome = new Outcome(left, executed, Registers.of(state), changes.after());
        changes.undo();
        before.restore(state);
        return outcome;
    }

    /** Interprets what the region executed, and compares. */
    private Optional<String> interpreted(Outcome translated, Registers before, boolean stays) {
        Changes changes = mmu.noteChanges();
        interpret(before.cycle + translated.executed);
        mmu.forgetChanges();
        Optional<String> difference = difference(Registers.of(state), translated.registers);
        if (difference.isEmpty()) {
            difference = changes.difference(translated.memory);
        }
        if (difference.isPresent() || !stays) {
            changes.undo();
            before.restore(state);
        }
        return difference;
    }

    private void interpret(long until) {
        @Nullable BasicBlock block = state.cycle < until ? interpreter.first() : null;
        while (block != null) {
            block = interpreter.execute(block, until);
        }
    }

    private static Optional<String> difference(Registers interpreted, Registers translated) {
        int at = Arrays.mismatch(interpreted.values(), translated.values());
        return at < 0 ? Optional.empty() : Optional.of(NAMES[at]);
    }

    /** {@return where the difference begins, and all that is different there} */
    private String report(Region region, long page, Outcome found, Registers before) {
        int same = 0;
        Outcome different = found;
        while (different.executed - same > 1) {
            Outcome middle = translated(region, page, (same + different.executed) >>> 1, before);
            if (middle.executed <= same) {
                // Regions pay for a part at a time: it is one of this part's instructions.
                break;
            }
            if (interpreted(middle, before, false).isPresent()) {
                different = middle;
            } else {
                same = middle.executed;
            }
        }
        Changes changes = mmu.noteChanges();
        interpret(before.cycle + different.executed);
        mmu.forgetChanges();
        Registers interpreted = Registers.of(state);
        StringBuilder report = new StringBuilder(
                        "translated code and the interpreter differ in one of the instructions of cycles ")
                .append(before.cycle + same)
                .append(" to ")
                .append(before.cycle + different.executed - 1)
                .append(", of the region at pc 0x")
                .append(Long.toHexString(before.pc));
        changes.difference(different.memory)
                .ifPresent(memory -> report.append("; ").append(memory));
        report.append("\n  register              before        translated       interpreted");
        long[] first = before.values();
        long[] mine = interpreted.values();
        long[] theirs = different.registers.values();
        for (int i = 0; i < NAMES.length; i++) {
            if (first[i] != 0 || mine[i] != 0 || theirs[i] != 0) {
                report.append("\n  ")
                        .append(mine[i] == theirs[i] ? "  " : "* ")
                        .append(NAMES[i])
                        .repeat(' ', 12 - NAMES[i].length());
                appendHex(report, first[i]);
                appendHex(report, theirs[i]);
                appendHex(report, mine[i]);
            }
        }
        return report.toString();
    }

    private static void appendHex(StringBuilder report, long value) {
        String digits = Long.toHexString(value);
        report.repeat(' ', 18 - digits.length()).append(digits);
    }
}
