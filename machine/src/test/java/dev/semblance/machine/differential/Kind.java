package dev.semblance.machine.differential;

import dev.semblance.machine.isa.Instruction;
import dev.semblance.machine.isa.Op;

/** What an instruction of the table needs around it, so that a random program can have it and goes on behind it. */
enum Kind {
    /** Nothing: it reads registers and writes one. */
    COMPUTATION,
    /** Operands that are worth it, and flags that are looked at. */
    FLOAT,
    /** An address. */
    MEMORY,
    /** An address, aligned mostly; SC, a reservation. */
    ATOMIC,
    /** A target ahead. */
    BRANCH,
    /** A target ahead. */
    JUMP,
    /** A target in a register. */
    JUMP_TO_REGISTER,
    /** Nothing. */
    FENCE,
    /** A valid rounding mode behind it, mostly. */
    FLOAT_STATUS,
    /** A register of its own. */
    CSR,
    /** U-mode: that of S-mode is the environment's. */
    CALL,
    /** Nothing: the handler goes on behind it. */
    BREAKPOINT,
    /** sepc. */
    RETURN,
    /** A pending interrupt. */
    WAIT,
    /** An address. */
    TRANSLATION_FENCE,
    /** Bits that encode nothing. */
    ILLEGAL;

    static Kind of(Instruction row) {
        return switch (row.op()) {
            case Op.FENCE, Op.FENCE_I -> FENCE;
            case Op.JALR -> JUMP_TO_REGISTER;
            case Op.FCSRRW, Op.FCSRRS, Op.FCSRRC, Op.FCSRRWI, Op.FCSRRSI, Op.FCSRRCI -> FLOAT_STATUS;
            case Op.ECALL -> CALL;
            case Op.EBREAK -> BREAKPOINT;
            case Op.SRET -> RETURN;
            case Op.WFI -> WAIT;
            case Op.ILLEGAL -> ILLEGAL;
            default ->
                switch (row.format()) {
                    case R, I, SHIFT, SHIFT_64, U -> COMPUTATION;
                    case LOAD, S, FLOAT_LOAD, FLOAT_S -> MEMORY;
                    case AMO, LOAD_RESERVED -> ATOMIC;
                    case B -> BRANCH;
                    case J -> JUMP;
                    case CSR, CSR_IMMEDIATE -> CSR;
                    case FENCE_VMA -> TRANSLATION_FENCE;
                    case FLOAT_R4,
                            FLOAT_R_ROUNDED,
                            FLOAT_R,
                            FLOAT_UNARY_ROUNDED,
                            FLOAT_COMPARE,
                            FLOAT_TO_INTEGER_ROUNDED,
                            FLOAT_TO_INTEGER,
                            INTEGER_TO_FLOAT_ROUNDED,
                            INTEGER_TO_FLOAT -> FLOAT;
                    case NONE -> throw new IllegalStateException("no kind is known for " + row.mnemonic());
                };
        };
    }
}
