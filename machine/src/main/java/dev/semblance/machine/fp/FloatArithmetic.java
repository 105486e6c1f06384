package dev.semblance.machine.fp;

import static dev.semblance.machine.fp.FloatFormat.DOUBLE;
import static dev.semblance.machine.fp.FloatFormat.SINGLE;

/**
 * What each instruction of F and D computes (RISC-V unprivileged ISA, chapters 20 and 21): a method for each, named as its
 * mnemonic, so that every execution core shares them. Loads and stores are memory's; FLW boxes as {@link #fmvWX} does.
 *
 * <p>Floating-point registers are 64 bits. A single is NaN-boxed: the upper 32 bits are ones; a register where they are not
 * counts as the canonical NaN (21.2), but for FMV.X.W, which takes its bits. Integers are as a register of RV64 holds them,
 * results of 32 bits sign-extended, unsigned ones too; RV32 has the conversions from and to 32 bits alone.
 *
 * <p>A method has the status as its first parameter where it may raise flags, and the rounding mode as its last where rounding
 * may change the result; the mode is {@link RoundingMode#RNE} to {@link RoundingMode#RMM}, resolved
 * ({@link RoundingMode#resolve}).
 *
 * <p>{@link SoftFloat} says what is right. The host computes instead where a guest cannot tell: see {@link HostArithmetic}.
 */
public final class FloatArithmetic {

    private static final long BOX = 0xffff_ffffL << 32;
    private static final long LOW = 0xffff_ffffL;

    private FloatArithmetic() {}

    // ---- registers ----------------------------------------------------------------------------------------------

    private static long box(long single) {
        return BOX | single;
    }

    private static long box(float single) {
        return BOX | Float.floatToRawIntBits(single) & LOW;
    }

    private static long unbox(long register) {
        return (register & BOX) == BOX ? register & LOW : SINGLE.canonicalNaN();
    }

    private static float single(long register) {
        return Float.intBitsToFloat((int) unbox(register));
    }

    private static double real(long register) {
        return Double.longBitsToDouble(register);
    }

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    // ---- arithmetic ---------------------------------------------------------------------------------------------

    /** FADD.S: a + b. */
    public static long faddS(FloatStatus s, long a, long b, int rm) {
        if (HostArithmetic.rounds(s, rm)) {
            float result = single(a) + single(b);
            if (HostArithmetic.isSum(result)) {
                return box(result);
            }
        }
        return box(SoftFloat.add(SINGLE, s, unbox(a), unbox(b), rm));
    }

    /** FADD.D: a + b. */
    public static long faddD(FloatStatus s, long a, long b, int rm) {
        if (HostArithmetic.rounds(s, rm)) {
            double result = real(a) + real(b);
            if (HostArithmetic.isSum(result)) {
                return bits(result);
            }
        }
        return SoftFloat.add(DOUBLE, s, a, b, rm);
    }

    /** FSUB.S: a - b. */
    public static long fsubS(FloatStatus s, long a, long b, int rm) {
        if (HostArithmetic.rounds(s, rm)) {
            float result = single(a) - single(b);
            if (HostArithmetic.isSum(result)) {
                return box(result);
            }
        }
        return box(SoftFloat.subtract(SINGLE, s, unbox(a), unbox(b), rm));
    }

    /** FSUB.D: a - b. */
    public static long fsubD(FloatStatus s, long a, long b, int rm) {
        if (HostArithmetic.rounds(s, rm)) {
            double result = real(a) - real(b);
            if (HostArithmetic.isSum(result)) {
                return bits(result);
            }
        }
        return SoftFloat.subtract(DOUBLE, s, a, b, rm);
    }

    /** FMUL.S: a * b. */
    public static long fmulS(FloatStatus s, long a, long b, int rm) {
        if (HostArithmetic.rounds(s, rm)) {
            float result = single(a) * single(b);
            if (HostArithmetic.isPlain(result)) {
                return box(result);
            }
        }
        return box(SoftFloat.multiply(SINGLE, s, unbox(a), unbox(b), rm));
    }

    /** FMUL.D: a * b. */
    public static long fmulD(FloatStatus s, long a, long b, int rm) {
        if (HostArithmetic.rounds(s, rm)) {
            double result = real(a) * real(b);
            if (HostArithmetic.isPlain(result)) {
                return bits(result);
            }
        }
        return SoftFloat.multiply(DOUBLE, s, a, b, rm);
    }

    /** FDIV.S: a / b. */
    public static long fdivS(FloatStatus s, long a, long b, int rm) {
        if (HostArithmetic.rounds(s, rm)) {
            float result = single(a) / single(b);
            if (HostArithmetic.isPlain(result)) {
                return box(result);
            }
        }
        return box(SoftFloat.divide(SINGLE, s, unbox(a), unbox(b), rm));
    }

    /** FDIV.D: a / b. */
    public static long fdivD(FloatStatus s, long a, long b, int rm) {
        if (HostArithmetic.rounds(s, rm)) {
            double result = real(a) / real(b);
            if (HostArithmetic.isPlain(result)) {
                return bits(result);
            }
        }
        return SoftFloat.divide(DOUBLE, s, a, b, rm);
    }

    /** FSQRT.S: the square root of a. */
    public static long fsqrtS(FloatStatus s, long a, int rm) {
        if (HostArithmetic.rounds(s, rm)) {
            float result = (float) Math.sqrt(single(a));
            if (HostArithmetic.isPlain(result)) {
                return box(result);
            }
        }
        return box(SoftFloat.squareRoot(SINGLE, s, unbox(a), rm));
    }

    /** FSQRT.D: the square root of a. */
    public static long fsqrtD(FloatStatus s, long a, int rm) {
        if (HostArithmetic.rounds(s, rm)) {
            double result = Math.sqrt(real(a));
            if (HostArithmetic.isPlain(result)) {
                return bits(result);
            }
        }
        return SoftFloat.squareRoot(DOUBLE, s, a, rm);
    }

    // ---- fused: the forms differ in the signs of operands, never in that of the result --------------------------

    private static long fusedS(FloatStatus s, long x, long y, long z, int rm) {
        if (HostArithmetic.rounds(s, rm)) {
            float result = Math.fma(
                    Float.intBitsToFloat((int) x), Float.intBitsToFloat((int) y), Float.intBitsToFloat((int) z));
            if (HostArithmetic.isPlain(result)) {
                return box(result);
            }
        }
        return box(SoftFloat.multiplyAdd(SINGLE, s, x, y, z, rm));
    }

    private static long fusedD(FloatStatus s, long a, long b, long c, int rm) {
        if (HostArithmetic.rounds(s, rm)) {
            double result = Math.fma(real(a), real(b), real(c));
            if (HostArithmetic.isPlain(result)) {
                return bits(result);
            }
        }
        return SoftFloat.multiplyAdd(DOUBLE, s, a, b, c, rm);
    }

    /** FMADD.S: a * b + c. */
    public static long fmaddS(FloatStatus s, long a, long b, long c, int rm) {
        return fusedS(s, unbox(a), unbox(b), unbox(c), rm);
    }

    /** FMSUB.S: a * b - c. */
    public static long fmsubS(FloatStatus s, long a, long b, long c, int rm) {
        return fusedS(s, unbox(a), unbox(b), unbox(c) ^ SINGLE.signBit(), rm);
    }

    /** FNMSUB.S: -(a * b) + c. */
    public static long fnmsubS(FloatStatus s, long a, long b, long c, int rm) {
        return fusedS(s, unbox(a) ^ SINGLE.signBit(), unbox(b), unbox(c), rm);
    }

    /** FNMADD.S: -(a * b) - c. */
    public static long fnmaddS(FloatStatus s, long a, long b, long c, int rm) {
        return fusedS(s, unbox(a) ^ SINGLE.signBit(), unbox(b), unbox(c) ^ SINGLE.signBit(), rm);
    }

    /** FMADD.D: a * b + c. */
    public static long fmaddD(FloatStatus s, long a, long b, long c, int rm) {
        return fusedD(s, a, b, c, rm);
    }

    /** FMSUB.D: a * b - c. */
    public static long fmsubD(FloatStatus s, long a, long b, long c, int rm) {
        return fusedD(s, a, b, c ^ DOUBLE.signBit(), rm);
    }

    /** FNMSUB.D: -(a * b) + c. */
    public static long fnmsubD(FloatStatus s, long a, long b, long c, int rm) {
        return fusedD(s, a ^ DOUBLE.signBit(), b, c, rm);
    }

    /** FNMADD.D: -(a * b) - c. */
    public static long fnmaddD(FloatStatus s, long a, long b, long c, int rm) {
        return fusedD(s, a ^ DOUBLE.signBit(), b, c ^ DOUBLE.signBit(), rm);
    }

    // ---- signs, minimum and maximum, comparisons, class ---------------------------------------------------------

    /** FSGNJ.S: a with the sign of b; NaNs keep their bits. */
    public static long fsgnjS(long a, long b) {
        return box(SINGLE.magnitude(unbox(a)) | unbox(b) & SINGLE.signBit());
    }

    /** FSGNJN.S: a with the opposite of the sign of b; NaNs keep their bits. */
    public static long fsgnjnS(long a, long b) {
        return box(SINGLE.magnitude(unbox(a)) | ~unbox(b) & SINGLE.signBit());
    }

    /** FSGNJX.S: a, negated if b is negative; NaNs keep their bits. */
    public static long fsgnjxS(long a, long b) {
        return box(unbox(a) ^ unbox(b) & SINGLE.signBit());
    }

    /** FMIN.S: the lesser of a and b; of a number and a NaN the number. */
    public static long fminS(FloatStatus s, long a, long b) {
        return box(SoftFloat.minimum(SINGLE, s, unbox(a), unbox(b)));
    }

    /** FMAX.S: the greater of a and b; of a number and a NaN the number. */
    public static long fmaxS(FloatStatus s, long a, long b) {
        return box(SoftFloat.maximum(SINGLE, s, unbox(a), unbox(b)));
    }

    /** FEQ.S: 1 if a = b, 0 if not or if one is a NaN. */
    public static long feqS(FloatStatus s, long a, long b) {
        return SoftFloat.isEqual(SINGLE, s, unbox(a), unbox(b)) ? 1 : 0;
    }

    /** FLT.S: 1 if a < b, 0 if not or if one is a NaN. */
    public static long fltS(FloatStatus s, long a, long b) {
        return SoftFloat.isLess(SINGLE, s, unbox(a), unbox(b)) ? 1 : 0;
    }

    /** FLE.S: 1 if a <= b, 0 if not or if one is a NaN. */
    public static long fleS(FloatStatus s, long a, long b) {
        return SoftFloat.isLessOrEqual(SINGLE, s, unbox(a), unbox(b)) ? 1 : 0;
    }

    /** FCLASS.S: one bit of 0 to 9. */
    public static long fclassS(long a) {
        return SINGLE.classify(unbox(a));
    }

    /** FSGNJ.D: a with the sign of b; NaNs keep their bits. */
    public static long fsgnjD(long a, long b) {
        return DOUBLE.magnitude(a) | b & DOUBLE.signBit();
    }

    /** FSGNJN.D: a with the opposite of the sign of b; NaNs keep their bits. */
    public static long fsgnjnD(long a, long b) {
        return DOUBLE.magnitude(a) | ~b & DOUBLE.signBit();
    }

    /** FSGNJX.D: a, negated if b is negative; NaNs keep their bits. */
    public static long fsgnjxD(long a, long b) {
        return a ^ b & DOUBLE.signBit();
    }

    /** FMIN.D: the lesser of a and b; of a number and a NaN the number. */
    public static long fminD(FloatStatus s, long a, long b) {
        return SoftFloat.minimum(DOUBLE, s, a, b);
    }

    /** FMAX.D: the greater of a and b; of a number and a NaN the number. */
    public static long fmaxD(FloatStatus s, long a, long b) {
        return SoftFloat.maximum(DOUBLE, s, a, b);
    }

    /** FEQ.D: 1 if a = b, 0 if not or if one is a NaN. */
    public static long feqD(FloatStatus s, long a, long b) {
        return SoftFloat.isEqual(DOUBLE, s, a, b) ? 1 : 0;
    }

    /** FLT.D: 1 if a < b, 0 if not or if one is a NaN. */
    public static long fltD(FloatStatus s, long a, long b) {
        return SoftFloat.isLess(DOUBLE, s, a, b) ? 1 : 0;
    }

    /** FLE.D: 1 if a <= b, 0 if not or if one is a NaN. */
    public static long fleD(FloatStatus s, long a, long b) {
        return SoftFloat.isLessOrEqual(DOUBLE, s, a, b) ? 1 : 0;
    }

    /** FCLASS.D: one bit of 0 to 9. */
    public static long fclassD(long a) {
        return DOUBLE.classify(a);
    }

    // ---- to integers: casts of C round towards zero --------------------------------------------

    /** FCVT.W.S. */
    public static long fcvtWS(FloatStatus s, long a, int rm) {
        double value = single(a);
        return HostArithmetic.truncates(rm, value, -0x1.00000002p31, 0x1p31)
                ? HostArithmetic.truncated(s, value)
                : SoftFloat.toInteger(SINGLE, s, unbox(a), IntegerFormat.W, rm);
    }

    /** FCVT.WU.S. */
    public static long fcvtWuS(FloatStatus s, long a, int rm) {
        double value = single(a);
        return HostArithmetic.truncates(rm, value, -1, 0x1p32)
                ? (int) HostArithmetic.truncated(s, value)
                : SoftFloat.toInteger(SINGLE, s, unbox(a), IntegerFormat.WU, rm);
    }

    /** FCVT.L.S. */
    public static long fcvtLS(FloatStatus s, long a, int rm) {
        double value = single(a);
        return HostArithmetic.truncates(rm, value, -0x1.0000000000001p63, 0x1p63)
                ? HostArithmetic.truncated(s, value)
                : SoftFloat.toInteger(SINGLE, s, unbox(a), IntegerFormat.L, rm);
    }

    /** FCVT.LU.S. */
    public static long fcvtLuS(FloatStatus s, long a, int rm) {
        double value = single(a);
        return HostArithmetic.truncates(rm, value, -1, 0x1p63)
                ? HostArithmetic.truncated(s, value)
                : SoftFloat.toInteger(SINGLE, s, unbox(a), IntegerFormat.LU, rm);
    }

    /** FCVT.W.D. */
    public static long fcvtWD(FloatStatus s, long a, int rm) {
        double value = real(a);
        return HostArithmetic.truncates(rm, value, -0x1.00000002p31, 0x1p31)
                ? HostArithmetic.truncated(s, value)
                : SoftFloat.toInteger(DOUBLE, s, a, IntegerFormat.W, rm);
    }

    /** FCVT.WU.D. */
    public static long fcvtWuD(FloatStatus s, long a, int rm) {
        double value = real(a);
        return HostArithmetic.truncates(rm, value, -1, 0x1p32)
                ? (int) HostArithmetic.truncated(s, value)
                : SoftFloat.toInteger(DOUBLE, s, a, IntegerFormat.WU, rm);
    }

    /** FCVT.L.D. */
    public static long fcvtLD(FloatStatus s, long a, int rm) {
        double value = real(a);
        return HostArithmetic.truncates(rm, value, -0x1.0000000000001p63, 0x1p63)
                ? HostArithmetic.truncated(s, value)
                : SoftFloat.toInteger(DOUBLE, s, a, IntegerFormat.L, rm);
    }

    /** FCVT.LU.D. */
    public static long fcvtLuD(FloatStatus s, long a, int rm) {
        double value = real(a);
        return HostArithmetic.truncates(rm, value, -1, 0x1p63)
                ? HostArithmetic.truncated(s, value)
                : SoftFloat.toInteger(DOUBLE, s, a, IntegerFormat.LU, rm);
    }

    // ---- from integers ------------------------------------------------------------------------------------------

    private static long signed(long register) {
        return (int) register;
    }

    private static long unsigned(long register) {
        return register & LOW;
    }

    /** FCVT.S.W. */
    public static long fcvtSW(FloatStatus s, long a, int rm) {
        return fcvtSL(s, signed(a), rm);
    }

    /** FCVT.S.WU. */
    public static long fcvtSWu(FloatStatus s, long a, int rm) {
        return fcvtSL(s, unsigned(a), rm);
    }

    /** FCVT.S.L. */
    public static long fcvtSL(FloatStatus s, long a, int rm) {
        return HostArithmetic.rounds(s, rm)
                ? box((float) a)
                : box(SoftFloat.fromInteger(SINGLE, s, a, IntegerFormat.L, rm));
    }

    /** FCVT.S.LU. */
    public static long fcvtSLu(FloatStatus s, long a, int rm) {
        return a >= 0 ? fcvtSL(s, a, rm) : box(SoftFloat.fromInteger(SINGLE, s, a, IntegerFormat.LU, rm));
    }

    /** FCVT.D.W: exact. */
    public static long fcvtDW(long a) {
        return bits((int) a);
    }

    /** FCVT.D.WU: exact. */
    public static long fcvtDWu(long a) {
        return bits((double) unsigned(a));
    }

    /** FCVT.D.L. */
    public static long fcvtDL(FloatStatus s, long a, int rm) {
        return HostArithmetic.rounds(s, rm)
                ? bits((double) a)
                : SoftFloat.fromInteger(DOUBLE, s, a, IntegerFormat.L, rm);
    }

    /** FCVT.D.LU. */
    public static long fcvtDLu(FloatStatus s, long a, int rm) {
        return a >= 0 ? fcvtDL(s, a, rm) : SoftFloat.fromInteger(DOUBLE, s, a, IntegerFormat.LU, rm);
    }

    // ---- between formats, and moves -----------------------------------------------------------------------------

    /** FCVT.S.D. */
    public static long fcvtSD(FloatStatus s, long a, int rm) {
        if (HostArithmetic.rounds(s, rm)) {
            float result = (float) real(a);
            if (HostArithmetic.isPlain(result)) {
                return box(result);
            }
        }
        return box(SoftFloat.convert(DOUBLE, s, a, SINGLE, rm));
    }

    /** FCVT.D.S: exact. */
    public static long fcvtDS(FloatStatus s, long a) {
        float value = single(a);
        return Float.isNaN(value)
                ? SoftFloat.convert(SINGLE, s, unbox(a), DOUBLE, RoundingMode.RNE)
                : bits((double) value);
    }

    /** FMV.X.W: the low 32 bits, sign-extended, boxed or not. */
    public static long fmvXW(long a) {
        return (int) a;
    }

    /** FMV.W.X: the low 32 bits, boxed. */
    public static long fmvWX(long a) {
        return box(unsigned(a));
    }

    /** FMV.X.D: RV64 only. */
    public static long fmvXD(long a) {
        return a;
    }

    /** FMV.D.X: RV64 only. */
    public static long fmvDX(long a) {
        return a;
    }
}
