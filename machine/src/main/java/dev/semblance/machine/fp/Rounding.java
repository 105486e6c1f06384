package dev.semblance.machine.fp;

import static dev.semblance.machine.fp.FloatStatus.NX;
import static dev.semblance.machine.fp.FloatStatus.OF;
import static dev.semblance.machine.fp.FloatStatus.UF;

/** From the exact value of a result, or enough of it, to a number of a format (IEEE 754-2019, 4.3 and 7). */
final class Rounding {

    private Rounding() {}

    /**
     * {@return bits shifted right, the last one set if any that was shifted out is set}
     *
     * @param bits unsigned
     * @param distance 0 or more
     */
    static long jam(long bits, int distance) {
        if (distance == 0) {
            return bits;
        }
        if (distance > 63) {
            return sticky(bits);
        }
        return bits >>> distance | sticky(bits << -distance);
    }

    /** 1 for bits that are not all 0. */
    static long sticky(long bits) {
        return bits != 0 ? 1 : 0;
    }

    /**
     * {@return whether a magnitude becomes the next larger one}
     *
     * @param mode {@link RoundingMode#RNE} to {@link RoundingMode#RMM}
     * @param negative the sign of the number
     * @param odd the last bit that is kept
     * @param rest the bits that are not, as a number that is not negative
     * @param half the rest of a number in the middle
     */
    static boolean roundsUp(int mode, boolean negative, boolean odd, long rest, long half) {
        return switch (mode) {
            case RoundingMode.RNE -> rest > half || rest == half && odd;
            case RoundingMode.RDN -> negative && rest != 0;
            case RoundingMode.RUP -> !negative && rest != 0;
            case RoundingMode.RMM -> rest >= half;
            default -> false;
        };
    }

    /**
     * {@return a number rounded to a format} Raises NX, UF and OF.
     *
     * @param format of the result
     * @param status whose flags are raised
     * @param negative the sign
     * @param exponent of the first bit, of any size
     * @param significand the bits, the first one being bit 63, the last one sticky
     * @param mode {@link RoundingMode#RNE} to {@link RoundingMode#RMM}
     */
    static long round(
            FloatFormat format, FloatStatus status, boolean negative, int exponent, long significand, int mode) {
        boolean subnormal = exponent < format.minExponent();
        long bits = subnormal ? jam(significand, format.minExponent() - exponent) : significand;
        long rest = bits & restMask(format);
        if (rest != 0) {
            boolean tiny = subnormal && isTiny(format, negative, exponent, significand, mode);
            status.flags |= tiny ? UF | NX : NX;
        }
        long kept = increased(format, negative, bits, mode);
        // Where rounding carries out of the significand, it counts the exponent up, also from subnormal to normal.
        long biased = subnormal ? 0 : exponent + format.bias() - 1L;
        long magnitude = (biased << format.precision() - 1) + kept;
        if (exponent > format.bias() || magnitude >= format.infinity()) {
            return overflow(format, status, negative, mode);
        }
        return format.zero(negative) | magnitude;
    }

    /** The bits that are kept, plus 1 if the others say so. */
    private static long increased(FloatFormat format, boolean negative, long bits, int mode) {
        long rest = bits & restMask(format);
        long kept = bits >>> 64 - format.precision();
        return roundsUp(mode, negative, (kept & 1) != 0, rest, 1L << 63 - format.precision()) ? kept + 1 : kept;
    }

    private static long restMask(FloatFormat format) {
        return (1L << 64 - format.precision()) - 1;
    }

    /**
     * 20.2: tininess is detected after rounding: a number below the smallest normal one is not tiny if it becomes that one
     * when it is rounded as if exponents had no bound.
     */
    private static boolean isTiny(FloatFormat format, boolean negative, int exponent, long significand, int mode) {
        return exponent < format.minExponent() - 1
                || increased(format, negative, significand, mode) != format.hiddenBit() << 1;
    }

    /** IEEE 754-2019, 7.4. */
    private static long overflow(FloatFormat format, FloatStatus status, boolean negative, int mode) {
        status.flags |= OF | NX;
        boolean toInfinity = switch (mode) {
            case RoundingMode.RTZ -> false;
            case RoundingMode.RDN -> negative;
            case RoundingMode.RUP -> !negative;
            default -> true;
        };
        return format.zero(negative) | (toInfinity ? format.infinity() : format.infinity() - 1);
    }
}
