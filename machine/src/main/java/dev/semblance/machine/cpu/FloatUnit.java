package dev.semblance.machine.cpu;

import static dev.semblance.machine.fp.FloatArithmetic.*;

import dev.semblance.machine.fp.FloatStatus;
import dev.semblance.machine.fp.RoundingMode;
import dev.semblance.machine.isa.Decoded;
import dev.semblance.machine.isa.Op;

/**
 * F and D (RISC-V unprivileged ISA, chapters 20 and 21) on the registers of a hart, and the CSR instructions of fflags, frm and fcsr. What
 * is computed stands in {@link dev.semblance.machine.fp.FloatArithmetic}.
 *
 * <p>sstatus.FS is Dirty after exactly those instructions that wrote a floating-point register or wrote fcsr, and after those that
 * raised a flag that was clear (privileged architecture, 3.1.6.6). While it is Off, all are illegal, and so is one that names a
 * rounding mode that is reserved, whatever its operands are.
 */
final class FloatUnit {

    private final HartState state;
    private final Trap trap;

    FloatUnit(HartState state, Trap trap) {
        this.state = state;
        this.trap = trap;
    }

    /** Raises an illegal-instruction exception while sstatus.FS is Off. */
    void requireOn() throws Trap {
        if ((state.sstatus & HartState.FS) == 0) {
            throw trap.with(Cause.ILLEGAL_INSTRUCTION, 0);
        }
    }

    /** FLW, FLD: writes what was loaded. */
    void load(long word, long value) {
        state.f[Decoded.rd(word)] = value;
        state.sstatus |= HartState.FS;
    }

    /** Executes an instruction of which {@link Op#isFloat} is true. */
    void execute(long word) throws Trap {
        requireOn();
        FloatStatus s = state.fcsr;
        int rm = RoundingMode.resolve(Decoded.rounding(word), s.frm());
        if (rm == RoundingMode.ILLEGAL && rounds(word)) {
            throw trap.with(Cause.ILLEGAL_INSTRUCTION, 0);
        }
        long[] f = state.f;
        long a = f[Decoded.rs1(word)];
        long b = f[Decoded.rs2(word)];
        int op = Decoded.op(word);
        switch (op) {
            case Op.FMADD_S -> write(word, fmaddS(s, a, b, f[Decoded.rs3(word)], rm));
            case Op.FMSUB_S -> write(word, fmsubS(s, a, b, f[Decoded.rs3(word)], rm));
            case Op.FNMSUB_S -> write(word, fnmsubS(s, a, b, f[Decoded.rs3(word)], rm));
            case Op.FNMADD_S -> write(word, fnmaddS(s, a, b, f[Decoded.rs3(word)], rm));
            case Op.FADD_S -> write(word, faddS(s, a, b, rm));
            case Op.FSUB_S -> write(word, fsubS(s, a, b, rm));
            case Op.FMUL_S -> write(word, fmulS(s, a, b, rm));
            case Op.FDIV_S -> write(word, fdivS(s, a, b, rm));
            case Op.FSQRT_S -> write(word, fsqrtS(s, a, rm));
            case Op.FSGNJ_S -> write(word, fsgnjS(a, b));
            case Op.FSGNJN_S -> write(word, fsgnjnS(a, b));
            case Op.FSGNJX_S -> write(word, fsgnjxS(a, b));
            case Op.FMIN_S -> write(word, fminS(s, a, b));
            case Op.FMAX_S -> write(word, fmaxS(s, a, b));
            case Op.FMADD_D -> write(word, fmaddD(s, a, b, f[Decoded.rs3(word)], rm));
            case Op.FMSUB_D -> write(word, fmsubD(s, a, b, f[Decoded.rs3(word)], rm));
            case Op.FNMSUB_D -> write(word, fnmsubD(s, a, b, f[Decoded.rs3(word)], rm));
            case Op.FNMADD_D -> write(word, fnmaddD(s, a, b, f[Decoded.rs3(word)], rm));
            case Op.FADD_D -> write(word, faddD(s, a, b, rm));
            case Op.FSUB_D -> write(word, fsubD(s, a, b, rm));
            case Op.FMUL_D -> write(word, fmulD(s, a, b, rm));
            case Op.FDIV_D -> write(word, fdivD(s, a, b, rm));
            case Op.FSQRT_D -> write(word, fsqrtD(s, a, rm));
            case Op.FSGNJ_D -> write(word, fsgnjD(a, b));
            case Op.FSGNJN_D -> write(word, fsgnjnD(a, b));
            case Op.FSGNJX_D -> write(word, fsgnjxD(a, b));
            case Op.FMIN_D -> write(word, fminD(s, a, b));
            case Op.FMAX_D -> write(word, fmaxD(s, a, b));
            case Op.FCVT_S_D -> write(word, fcvtSD(s, a, rm));
            case Op.FCVT_D_S -> write(word, fcvtDS(s, a));
            case Op.FCSRRW, Op.FCSRRS, Op.FCSRRC, Op.FCSRRWI, Op.FCSRRSI, Op.FCSRRCI -> accessCsr(op, word);
            default -> acrossRegisterFiles(op, word, a, b, rm);
        }
    }

    /** What moves between integer registers and those of floating point: conversions, comparisons, moves. */
    private void acrossRegisterFiles(int op, long word, long a, long b, int rm) {
        FloatStatus s = state.fcsr;
        long x = state.x[Decoded.rs1(word)];
        int flags = s.flags();
        switch (op) {
            case Op.FCVT_S_W -> write(word, fcvtSW(s, x, rm));
            case Op.FCVT_S_WU -> write(word, fcvtSWu(s, x, rm));
            case Op.FCVT_S_L -> write(word, fcvtSL(s, x, rm));
            case Op.FCVT_S_LU -> write(word, fcvtSLu(s, x, rm));
            case Op.FMV_W_X -> write(word, fmvWX(x));
            case Op.FCVT_D_W -> write(word, fcvtDW(x));
            case Op.FCVT_D_WU -> write(word, fcvtDWu(x));
            case Op.FCVT_D_L -> write(word, fcvtDL(s, x, rm));
            case Op.FCVT_D_LU -> write(word, fcvtDLu(s, x, rm));
            case Op.FMV_D_X -> write(word, fmvDX(x));
            default -> {
                state.x[Decoded.rd(word)] = switch (op) {
                    case Op.FCVT_W_S -> fcvtWS(s, a, rm);
                    case Op.FCVT_WU_S -> fcvtWuS(s, a, rm);
                    case Op.FCVT_L_S -> fcvtLS(s, a, rm);
                    case Op.FCVT_LU_S -> fcvtLuS(s, a, rm);
                    case Op.FMV_X_W -> fmvXW(a);
                    case Op.FEQ_S -> feqS(s, a, b);
                    case Op.FLT_S -> fltS(s, a, b);
                    case Op.FLE_S -> fleS(s, a, b);
                    case Op.FCLASS_S -> fclassS(a);
                    case Op.FCVT_W_D -> fcvtWD(s, a, rm);
                    case Op.FCVT_WU_D -> fcvtWuD(s, a, rm);
                    case Op.FCVT_L_D -> fcvtLD(s, a, rm);
                    case Op.FCVT_LU_D -> fcvtLuD(s, a, rm);
                    case Op.FMV_X_D -> fmvXD(a);
                    case Op.FEQ_D -> feqD(s, a, b);
                    case Op.FLT_D -> fltD(s, a, b);
                    case Op.FLE_D -> fleD(s, a, b);
                    case Op.FCLASS_D -> fclassD(a);
                    default -> throw new IllegalStateException("not of floating point: " + op);
                };
                if (s.flags() != flags) {
                    state.sstatus |= HartState.FS;
                }
            }
        }
    }

    private void write(long word, long value) {
        state.f[Decoded.rd(word)] = value;
        state.sstatus |= HartState.FS;
    }

    /** Of the CSR instructions, the number of the register lies where others have their rounding mode. */
    private static boolean rounds(long word) {
        int op = Decoded.op(word);
        return op < Op.FCSRRW || op > Op.FCSRRCI;
    }

    private void accessCsr(int op, long word) {
        FloatStatus s = state.fcsr;
        int csr = Decoded.immediate(word);
        int old = s.get(csr);
        boolean immediate = op >= Op.FCSRRWI;
        int operand = immediate ? Decoded.rs1(word) : (int) state.x[Decoded.rs1(word)];
        boolean swaps = op == Op.FCSRRW || op == Op.FCSRRWI;
        if (swaps || Decoded.rs1(word) != 0) {
            boolean sets = op == Op.FCSRRS || op == Op.FCSRRSI;
            int value = swaps ? operand : sets ? old | operand : old & ~operand;
            s.set(csr, value);
            state.sstatus |= HartState.FS;
        }
        state.x[Decoded.rd(word)] = old;
    }
}
