package dev.semblance.machine.cpu;

import dev.semblance.machine.isa.Disassembler;
import dev.semblance.machine.isa.Instruction;
import dev.semblance.machine.isa.InstructionSet;
import dev.semblance.machine.isa.MissingExtensions;
import dev.semblance.machine.isa.Op;
import dev.semblance.machine.profile.Isa;
import java.util.HexFormat;
import java.util.Optional;

/**
 * An instruction that raised the illegal-instruction exception.
 *
 * @param isa what the hart has
 * @param mode the mode that it was in
 * @param pc where the instruction stands
 * @param bits the instruction, as in stval
 * @param cycle at which it was attempted
 */
public record IllegalInstruction(Isa isa, Privilege mode, long pc, long bits, long cycle) {

    /** The level of M mode in the number of a CSR (privileged architecture, 2.1). */
    private static final int MACHINE = 3;

    private static final int MRET = 0x3020_0073;
    private static final int DRET = 0x7b20_0073;
    private static final int MNRET = 0x7020_0073;

    /** An instruction of 16 bits of which all are 0 is illegal for good (unprivileged ISA, 1.5). */
    private static final String NO_CODE = "all its bits are 0, as in memory that holds no code";

    /**
     * The illegal instructions of one mode in a run.
     *
     * @param first of them
     * @param last of them, perhaps the same
     * @param count how many there were
     */
    public record Series(IllegalInstruction first, IllegalInstruction last, long count) {}

    /** Which hart of 32 bits has what that of semu has not. */
    private static final String WHERE = "; --profile virt --isa rv32gc has it";

    /** {@return whether it is one that only M mode may execute: of its CSRs, or a return from it} */
    public boolean wantsMachineMode() {
        int word = (int) bits;
        return word == MRET
                || word == DRET
                || word == MNRET
                || Disassembler.isCsrAccess(word) && (word >>> 28 & 3) == MACHINE;
    }

    /** {@return its mnemonic, as far as it is known, and its bits: {@code csrw mie, 0x30401073}} */
    public String text() {
        int word = (int) bits;
        InstructionSet instructions = InstructionSet.of(isa);
        String hex = "0x"
                + (instructions.isLong(word)
                        ? HexFormat.of().toHexDigits(word)
                        : HexFormat.of().toHexDigits((short) word));
        if (!isa.hasCompressed() && (word & 3) != 3) {
            return hex;
        }
        if (word == MRET) {
            return "mret, " + hex;
        }
        if (Disassembler.isCsrAccess(word)) {
            return Disassembler.csrAccess(word) + ", " + hex;
        }
        if (known().isPresent()) {
            return Disassembler.disassemble(instructions, word, pc) + ", " + hex;
        }
        return missing()
                .map(row -> row.mnemonic() + ", " + hex)
                .or(() -> elsewhere().map(other -> other.mnemonic() + ", " + hex))
                .orElse(hex);
    }

    /** {@return why it is illegal, as a sentence that begins with "it" or "all"; empty if nothing is known} */
    public Optional<String> reason() {
        int word = (int) bits;
        if (wantsMachineMode()) {
            return Optional.of("it is written for M mode, and M mode is not there");
        }
        if (word == 0 || isa.hasCompressed() && (word & 0xffff) == 0) {
            return Optional.of(NO_CODE);
        }
        if (!isa.hasCompressed() && (word & 3) != 3) {
            return Optional.of("it is a compressed instruction, and extension C is not there" + WHERE);
        }
        Optional<Instruction> known = known();
        if (known.isPresent() && known.get().scope().isFloat()) {
            return Optional.of("it needs floating point, which is off (sstatus.FS)");
        }
        if (Disassembler.isCsrAccess(word)) {
            return Optional.of(reasonOfRegister(word >>> 20));
        }
        if (known.isPresent()) {
            return mode == Privilege.USER ? Optional.of("it is one that U mode may not execute") : Optional.empty();
        }
        return missing()
                .map(row -> "it is of " + row.extension() + ", which is not there")
                .or(() -> elsewhere().map(IllegalInstruction::reasonOfWidth));
    }

    private String reasonOfRegister(int csr) {
        boolean counter = Csr.isCounter(csr) && (csr & 31) < 3;
        if (counter && (isa.hasCycleCounter() || (csr & 31) != 0)) {
            return mode == Privilege.USER
                    ? "it is a register that scounteren closes to U mode, or one that can only be read"
                    : "it is a register that can only be read, or the upper half of one of 64 bits";
        }
        if (!Csr.isAccessible(csr, mode) && MissingExtensions.register(csr).isEmpty()) {
            return "it is a register that U mode may not touch";
        }
        return MissingExtensions.register(csr)
                .map(extension -> "it is a register of " + extension + ", which is not there")
                .orElse("it is a register that is not there");
    }

    private static String reasonOfWidth(Instruction other) {
        return other.scope().isFloat()
                ? "it is of extension F or D (floating point), which is not there" + WHERE
                : "it is for harts of 64 bits, and this one has 32";
    }

    /** The row of the hart's own table: something else than its encoding is wrong with it. */
    private Optional<Instruction> known() {
        return row(isa);
    }

    /** The row of another hart's table. */
    private Optional<Instruction> elsewhere() {
        return row(Isa.RV64GC);
    }

    private Optional<Instruction> row(Isa of) {
        InstructionSet instructions = InstructionSet.of(of);
        Instruction found = instructions.find(instructions.expand((int) bits));
        return found.op() == Op.ILLEGAL ? Optional.empty() : Optional.of(found);
    }

    private Optional<MissingExtensions.Row> missing() {
        return MissingExtensions.instruction((int) bits);
    }
}
