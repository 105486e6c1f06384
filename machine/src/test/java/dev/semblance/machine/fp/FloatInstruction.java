package dev.semblance.machine.fp;

import static dev.semblance.machine.fp.FloatFormat.DOUBLE;
import static dev.semblance.machine.fp.FloatFormat.SINGLE;
import static dev.semblance.machine.fp.IntegerFormat.L;
import static dev.semblance.machine.fp.IntegerFormat.LU;
import static dev.semblance.machine.fp.IntegerFormat.W;
import static dev.semblance.machine.fp.IntegerFormat.WU;

import java.util.List;

/**
 * An instruction that computes with numbers: as cores call it, on registers, and in integers alone, on the bits of values.
 *
 * @param mnemonic as the manual has it
 * @param operand what its operands are
 * @param operands how many, 1 to 3
 * @param result what its result is
 * @param rounds whether the rounding mode can change anything
 * @param method of {@link FloatArithmetic}
 * @param reference with {@link SoftFloat}
 */
record FloatInstruction(
        String mnemonic, Kind operand, int operands, Kind result, boolean rounds, Run method, Run reference) {

    /** Registers or values to a register or a value. */
    interface Run {
        long of(FloatStatus s, long[] in, int rm);
    }

    /** What a value of some bits is. */
    enum Kind {
        SINGLE(32),
        DOUBLE(64),
        WORD(32),
        LONG(64);

        final int width;

        Kind(int width) {
            this.width = width;
        }

        /** The register that holds a value. */
        long register(long bits) {
            return switch (this) {
                case SINGLE -> bits | 0xffff_ffffL << 32;
                case WORD -> (int) bits;
                case DOUBLE, LONG -> bits;
            };
        }
    }

    private static FloatInstruction row(
            String mnemonic, Kind operand, int operands, Kind result, boolean rounds, Run method, Run reference) {
        return new FloatInstruction(mnemonic, operand, operands, result, rounds, method, reference);
    }

    private static FloatInstruction single(String mnemonic, int operands, Run method, Run reference) {
        return row(mnemonic + ".s", Kind.SINGLE, operands, Kind.SINGLE, true, method, reference);
    }

    private static FloatInstruction real(String mnemonic, int operands, Run method, Run reference) {
        return row(mnemonic + ".d", Kind.DOUBLE, operands, Kind.DOUBLE, true, method, reference);
    }

    private static FloatInstruction compare(String mnemonic, Kind operand, Run method, Run reference) {
        return row(mnemonic, operand, 2, Kind.WORD, false, method, reference);
    }

    private static FloatInstruction convert(String mnemonic, Kind operand, Kind result, Run method, Run reference) {
        return row(mnemonic, operand, 1, result, true, method, reference);
    }

    private static long neg(FloatFormat f, long bits) {
        return bits ^ f.signBit();
    }

    private static long bit(boolean value) {
        return value ? 1 : 0;
    }

    static FloatInstruction of(String mnemonic) {
        return ALL.stream()
                .filter(instruction -> instruction.mnemonic.equals(mnemonic))
                .findFirst()
                .orElseThrow();
    }

    /** All that computes: what only moves bits has tests of its own. */
    static final List<FloatInstruction> ALL = List.of(
            single(
                    "fadd",
                    2,
                    (s, i, rm) -> FloatArithmetic.faddS(s, i[0], i[1], rm),
                    (s, i, rm) -> SoftFloat.add(SINGLE, s, i[0], i[1], rm)),
            single(
                    "fsub",
                    2,
                    (s, i, rm) -> FloatArithmetic.fsubS(s, i[0], i[1], rm),
                    (s, i, rm) -> SoftFloat.subtract(SINGLE, s, i[0], i[1], rm)),
            single(
                    "fmul",
                    2,
                    (s, i, rm) -> FloatArithmetic.fmulS(s, i[0], i[1], rm),
                    (s, i, rm) -> SoftFloat.multiply(SINGLE, s, i[0], i[1], rm)),
            single(
                    "fdiv",
                    2,
                    (s, i, rm) -> FloatArithmetic.fdivS(s, i[0], i[1], rm),
                    (s, i, rm) -> SoftFloat.divide(SINGLE, s, i[0], i[1], rm)),
            single(
                    "fsqrt",
                    1,
                    (s, i, rm) -> FloatArithmetic.fsqrtS(s, i[0], rm),
                    (s, i, rm) -> SoftFloat.squareRoot(SINGLE, s, i[0], rm)),
            single(
                    "fmadd",
                    3,
                    (s, i, rm) -> FloatArithmetic.fmaddS(s, i[0], i[1], i[2], rm),
                    (s, i, rm) -> SoftFloat.multiplyAdd(SINGLE, s, i[0], i[1], i[2], rm)),
            single(
                    "fmsub",
                    3,
                    (s, i, rm) -> FloatArithmetic.fmsubS(s, i[0], i[1], i[2], rm),
                    (s, i, rm) -> SoftFloat.multiplyAdd(SINGLE, s, i[0], i[1], neg(SINGLE, i[2]), rm)),
            single(
                    "fnmsub",
                    3,
                    (s, i, rm) -> FloatArithmetic.fnmsubS(s, i[0], i[1], i[2], rm),
                    (s, i, rm) -> SoftFloat.multiplyAdd(SINGLE, s, neg(SINGLE, i[0]), i[1], i[2], rm)),
            single(
                    "fnmadd",
                    3,
                    (s, i, rm) -> FloatArithmetic.fnmaddS(s, i[0], i[1], i[2], rm),
                    (s, i, rm) -> SoftFloat.multiplyAdd(SINGLE, s, neg(SINGLE, i[0]), i[1], neg(SINGLE, i[2]), rm)),
            row(
                    "fmin.s",
                    Kind.SINGLE,
                    2,
                    Kind.SINGLE,
                    false,
                    (s, i, rm) -> FloatArithmetic.fminS(s, i[0], i[1]),
                    (s, i, rm) -> SoftFloat.minimum(SINGLE, s, i[0], i[1])),
            row(
                    "fmax.s",
                    Kind.SINGLE,
                    2,
                    Kind.SINGLE,
                    false,
                    (s, i, rm) -> FloatArithmetic.fmaxS(s, i[0], i[1]),
                    (s, i, rm) -> SoftFloat.maximum(SINGLE, s, i[0], i[1])),
            compare(
                    "feq.s",
                    Kind.SINGLE,
                    (s, i, rm) -> FloatArithmetic.feqS(s, i[0], i[1]),
                    (s, i, rm) -> bit(SoftFloat.isEqual(SINGLE, s, i[0], i[1]))),
            compare(
                    "flt.s",
                    Kind.SINGLE,
                    (s, i, rm) -> FloatArithmetic.fltS(s, i[0], i[1]),
                    (s, i, rm) -> bit(SoftFloat.isLess(SINGLE, s, i[0], i[1]))),
            compare(
                    "fle.s",
                    Kind.SINGLE,
                    (s, i, rm) -> FloatArithmetic.fleS(s, i[0], i[1]),
                    (s, i, rm) -> bit(SoftFloat.isLessOrEqual(SINGLE, s, i[0], i[1]))),
            convert(
                    "fcvt.w.s",
                    Kind.SINGLE,
                    Kind.WORD,
                    (s, i, rm) -> FloatArithmetic.fcvtWS(s, i[0], rm),
                    (s, i, rm) -> SoftFloat.toInteger(SINGLE, s, i[0], W, rm)),
            convert(
                    "fcvt.wu.s",
                    Kind.SINGLE,
                    Kind.WORD,
                    (s, i, rm) -> FloatArithmetic.fcvtWuS(s, i[0], rm),
                    (s, i, rm) -> SoftFloat.toInteger(SINGLE, s, i[0], WU, rm)),
            convert(
                    "fcvt.l.s",
                    Kind.SINGLE,
                    Kind.LONG,
                    (s, i, rm) -> FloatArithmetic.fcvtLS(s, i[0], rm),
                    (s, i, rm) -> SoftFloat.toInteger(SINGLE, s, i[0], L, rm)),
            convert(
                    "fcvt.lu.s",
                    Kind.SINGLE,
                    Kind.LONG,
                    (s, i, rm) -> FloatArithmetic.fcvtLuS(s, i[0], rm),
                    (s, i, rm) -> SoftFloat.toInteger(SINGLE, s, i[0], LU, rm)),
            convert(
                    "fcvt.s.w",
                    Kind.WORD,
                    Kind.SINGLE,
                    (s, i, rm) -> FloatArithmetic.fcvtSW(s, i[0], rm),
                    (s, i, rm) -> SoftFloat.fromInteger(SINGLE, s, Kind.WORD.register(i[0]), W, rm)),
            convert(
                    "fcvt.s.wu",
                    Kind.WORD,
                    Kind.SINGLE,
                    (s, i, rm) -> FloatArithmetic.fcvtSWu(s, i[0], rm),
                    (s, i, rm) -> SoftFloat.fromInteger(SINGLE, s, i[0], WU, rm)),
            convert(
                    "fcvt.s.l",
                    Kind.LONG,
                    Kind.SINGLE,
                    (s, i, rm) -> FloatArithmetic.fcvtSL(s, i[0], rm),
                    (s, i, rm) -> SoftFloat.fromInteger(SINGLE, s, i[0], L, rm)),
            convert(
                    "fcvt.s.lu",
                    Kind.LONG,
                    Kind.SINGLE,
                    (s, i, rm) -> FloatArithmetic.fcvtSLu(s, i[0], rm),
                    (s, i, rm) -> SoftFloat.fromInteger(SINGLE, s, i[0], LU, rm)),
            real(
                    "fadd",
                    2,
                    (s, i, rm) -> FloatArithmetic.faddD(s, i[0], i[1], rm),
                    (s, i, rm) -> SoftFloat.add(DOUBLE, s, i[0], i[1], rm)),
            real(
                    "fsub",
                    2,
                    (s, i, rm) -> FloatArithmetic.fsubD(s, i[0], i[1], rm),
                    (s, i, rm) -> SoftFloat.subtract(DOUBLE, s, i[0], i[1], rm)),
            real(
                    "fmul",
                    2,
                    (s, i, rm) -> FloatArithmetic.fmulD(s, i[0], i[1], rm),
                    (s, i, rm) -> SoftFloat.multiply(DOUBLE, s, i[0], i[1], rm)),
            real(
                    "fdiv",
                    2,
                    (s, i, rm) -> FloatArithmetic.fdivD(s, i[0], i[1], rm),
                    (s, i, rm) -> SoftFloat.divide(DOUBLE, s, i[0], i[1], rm)),
            real(
                    "fsqrt",
                    1,
                    (s, i, rm) -> FloatArithmetic.fsqrtD(s, i[0], rm),
                    (s, i, rm) -> SoftFloat.squareRoot(DOUBLE, s, i[0], rm)),
            real(
                    "fmadd",
                    3,
                    (s, i, rm) -> FloatArithmetic.fmaddD(s, i[0], i[1], i[2], rm),
                    (s, i, rm) -> SoftFloat.multiplyAdd(DOUBLE, s, i[0], i[1], i[2], rm)),
            real(
                    "fmsub",
                    3,
                    (s, i, rm) -> FloatArithmetic.fmsubD(s, i[0], i[1], i[2], rm),
                    (s, i, rm) -> SoftFloat.multiplyAdd(DOUBLE, s, i[0], i[1], neg(DOUBLE, i[2]), rm)),
            real(
                    "fnmsub",
                    3,
                    (s, i, rm) -> FloatArithmetic.fnmsubD(s, i[0], i[1], i[2], rm),
                    (s, i, rm) -> SoftFloat.multiplyAdd(DOUBLE, s, neg(DOUBLE, i[0]), i[1], i[2], rm)),
            real(
                    "fnmadd",
                    3,
                    (s, i, rm) -> FloatArithmetic.fnmaddD(s, i[0], i[1], i[2], rm),
                    (s, i, rm) -> SoftFloat.multiplyAdd(DOUBLE, s, neg(DOUBLE, i[0]), i[1], neg(DOUBLE, i[2]), rm)),
            row(
                    "fmin.d",
                    Kind.DOUBLE,
                    2,
                    Kind.DOUBLE,
                    false,
                    (s, i, rm) -> FloatArithmetic.fminD(s, i[0], i[1]),
                    (s, i, rm) -> SoftFloat.minimum(DOUBLE, s, i[0], i[1])),
            row(
                    "fmax.d",
                    Kind.DOUBLE,
                    2,
                    Kind.DOUBLE,
                    false,
                    (s, i, rm) -> FloatArithmetic.fmaxD(s, i[0], i[1]),
                    (s, i, rm) -> SoftFloat.maximum(DOUBLE, s, i[0], i[1])),
            compare(
                    "feq.d",
                    Kind.DOUBLE,
                    (s, i, rm) -> FloatArithmetic.feqD(s, i[0], i[1]),
                    (s, i, rm) -> bit(SoftFloat.isEqual(DOUBLE, s, i[0], i[1]))),
            compare(
                    "flt.d",
                    Kind.DOUBLE,
                    (s, i, rm) -> FloatArithmetic.fltD(s, i[0], i[1]),
                    (s, i, rm) -> bit(SoftFloat.isLess(DOUBLE, s, i[0], i[1]))),
            compare(
                    "fle.d",
                    Kind.DOUBLE,
                    (s, i, rm) -> FloatArithmetic.fleD(s, i[0], i[1]),
                    (s, i, rm) -> bit(SoftFloat.isLessOrEqual(DOUBLE, s, i[0], i[1]))),
            convert(
                    "fcvt.w.d",
                    Kind.DOUBLE,
                    Kind.WORD,
                    (s, i, rm) -> FloatArithmetic.fcvtWD(s, i[0], rm),
                    (s, i, rm) -> SoftFloat.toInteger(DOUBLE, s, i[0], W, rm)),
            convert(
                    "fcvt.wu.d",
                    Kind.DOUBLE,
                    Kind.WORD,
                    (s, i, rm) -> FloatArithmetic.fcvtWuD(s, i[0], rm),
                    (s, i, rm) -> SoftFloat.toInteger(DOUBLE, s, i[0], WU, rm)),
            convert(
                    "fcvt.l.d",
                    Kind.DOUBLE,
                    Kind.LONG,
                    (s, i, rm) -> FloatArithmetic.fcvtLD(s, i[0], rm),
                    (s, i, rm) -> SoftFloat.toInteger(DOUBLE, s, i[0], L, rm)),
            convert(
                    "fcvt.lu.d",
                    Kind.DOUBLE,
                    Kind.LONG,
                    (s, i, rm) -> FloatArithmetic.fcvtLuD(s, i[0], rm),
                    (s, i, rm) -> SoftFloat.toInteger(DOUBLE, s, i[0], LU, rm)),
            row(
                    "fcvt.d.w",
                    Kind.WORD,
                    1,
                    Kind.DOUBLE,
                    false,
                    (s, i, rm) -> FloatArithmetic.fcvtDW(i[0]),
                    (s, i, rm) -> SoftFloat.fromInteger(DOUBLE, s, Kind.WORD.register(i[0]), W, rm)),
            row(
                    "fcvt.d.wu",
                    Kind.WORD,
                    1,
                    Kind.DOUBLE,
                    false,
                    (s, i, rm) -> FloatArithmetic.fcvtDWu(i[0]),
                    (s, i, rm) -> SoftFloat.fromInteger(DOUBLE, s, i[0], WU, rm)),
            convert(
                    "fcvt.d.l",
                    Kind.LONG,
                    Kind.DOUBLE,
                    (s, i, rm) -> FloatArithmetic.fcvtDL(s, i[0], rm),
                    (s, i, rm) -> SoftFloat.fromInteger(DOUBLE, s, i[0], L, rm)),
            convert(
                    "fcvt.d.lu",
                    Kind.LONG,
                    Kind.DOUBLE,
                    (s, i, rm) -> FloatArithmetic.fcvtDLu(s, i[0], rm),
                    (s, i, rm) -> SoftFloat.fromInteger(DOUBLE, s, i[0], LU, rm)),
            convert(
                    "fcvt.s.d",
                    Kind.DOUBLE,
                    Kind.SINGLE,
                    (s, i, rm) -> FloatArithmetic.fcvtSD(s, i[0], rm),
                    (s, i, rm) -> SoftFloat.convert(DOUBLE, s, i[0], SINGLE, rm)),
            row(
                    "fcvt.d.s",
                    Kind.SINGLE,
                    1,
                    Kind.DOUBLE,
                    false,
                    (s, i, rm) -> FloatArithmetic.fcvtDS(s, i[0]),
                    (s, i, rm) -> SoftFloat.convert(SINGLE, s, i[0], DOUBLE, rm)));
}
