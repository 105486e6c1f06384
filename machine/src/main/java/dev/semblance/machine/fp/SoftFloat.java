package dev.semblance.machine.fp;

import static dev.semblance.machine.fp.FloatStatus.DZ;
import static dev.semblance.machine.fp.FloatStatus.NV;
import static dev.semblance.machine.fp.FloatStatus.NX;
import static dev.semblance.machine.fp.Rounding.round;
import static dev.semblance.machine.fp.Rounding.sticky;

/**
 * IEEE 754 arithmetic on bits with nothing but integers: every rounding mode, every flag, NaNs as RISC-V wants them. It is
 * what the instructions mean; {@link FloatArithmetic} lets the host compute where that cannot be told from this.
 *
 * <p>A finite number other than 0 is taken apart into its sign, the exponent of its first bit, and 64 bits of which that is
 * the first. Modes are {@link RoundingMode#RNE} to {@link RoundingMode#RMM}; flags are raised in the status, and none is ever
 * cleared.
 */
final class SoftFloat {

    /** Bits of a quotient that one step of a division finds: a remainder of 53 bits, so shifted, is still positive. */
    private static final int QUOTIENT_STEP = 10;

    private static final int QUOTIENT_BITS = 60;

    /** Bits of a root: those of a double, one that is rounded off, and some more. */
    private static final int ROOT_BITS = 57;

    private SoftFloat() {}

    private static long invalid(FloatFormat f, FloatStatus status) {
        status.flags |= NV;
        return f.canonicalNaN();
    }

    /** What comes of operands of which one is a NaN: a signalling one is an invalid operation. */
    private static long ofNaNs(FloatFormat f, FloatStatus status, long a, long b) {
        raiseIfSignaling(f, status, a, b);
        return f.canonicalNaN();
    }

    private static void raiseIfSignaling(FloatFormat f, FloatStatus status, long a, long b) {
        if (f.isSignaling(a) || f.isSignaling(b)) {
            status.flags |= NV;
        }
    }

    private static boolean anyNaN(FloatFormat f, long a, long b) {
        return f.isNaN(a) || f.isNaN(b);
    }

    /** IEEE 754-2019, 6.3: a sum that is exactly 0 of numbers that are not is positive, and negative when rounding down. */
    private static long zeroSum(FloatFormat f, int mode) {
        return f.zero(mode == RoundingMode.RDN);
    }

    /** A sum of which both operands are 0. */
    private static long sumOfZeros(FloatFormat f, long a, long b, int mode) {
        return a == b ? a : zeroSum(f, mode);
    }

    // ---- sums ---------------------------------------------------------------------------------------------------

    /** a + b. */
    static long add(FloatFormat f, FloatStatus status, long a, long b, int mode) {
        if (anyNaN(f, a, b)) {
            return ofNaNs(f, status, a, b);
        }
        if (f.isInfinite(a)) {
            return f.isInfinite(b) && a != b ? invalid(f, status) : a;
        }
        if (f.isInfinite(b)) {
            return b;
        }
        if (f.isZero(a)) {
            return f.isZero(b) ? sumOfZeros(f, a, b, mode) : b;
        }
        if (f.isZero(b)) {
            return a;
        }
        boolean ascending = f.magnitude(a) < f.magnitude(b);
        return addSmaller(f, status, ascending ? b : a, ascending ? a : b, mode);
    }

    /** A sum of finite numbers other than 0, the magnitude of the second being no larger. */
    private static long addSmaller(FloatFormat f, FloatStatus status, long a, long b, int mode) {
        int exponent = f.exponent(a);
        // One bit to the right makes room for a carry; those of a number are 53 at most, so none is lost.
        long larger = f.significand(a) >>> 1;
        long smaller = Rounding.jam(f.significand(b) >>> 1, exponent - f.exponent(b));
        long sum = f.isNegative(a) == f.isNegative(b) ? larger + smaller : larger - smaller;
        if (sum == 0) {
            return zeroSum(f, mode);
        }
        int zeros = Long.numberOfLeadingZeros(sum);
        return round(f, status, f.isNegative(a), exponent + 1 - zeros, sum << zeros, mode);
    }

    /** a - b. */
    static long subtract(FloatFormat f, FloatStatus status, long a, long b, int mode) {
        return add(f, status, a, b ^ f.signBit(), mode);
    }

    // ---- products, quotients, roots -----------------------------------------------------------------------------

    /** a * b. */
    static long multiply(FloatFormat f, FloatStatus status, long a, long b, int mode) {
        if (anyNaN(f, a, b)) {
            return ofNaNs(f, status, a, b);
        }
        boolean negative = f.isNegative(a) != f.isNegative(b);
        if (f.isInfinite(a) || f.isInfinite(b)) {
            return f.isZero(a) || f.isZero(b) ? invalid(f, status) : f.infinity(negative);
        }
        if (f.isZero(a) || f.isZero(b)) {
            return f.zero(negative);
        }
        long x = f.significand(a);
        long y = f.significand(b);
        int exponent = f.exponent(a) + f.exponent(b) + 1;
        return roundWide(f, status, negative, exponent, Math.unsignedMultiplyHigh(x, y), x * y, mode);
    }

    /**
     * Rounds a number of 128 bits other than 0.
     *
     * @param exponent of bit 127, whether that is set or not
     */
    private static long roundWide(
            FloatFormat f, FloatStatus status, boolean negative, int exponent, long high, long low, int mode) {
        if (high == 0) {
            int zeros = Long.numberOfLeadingZeros(low);
            return round(f, status, negative, exponent - 64 - zeros, low << zeros, mode);
        }
        int zeros = Long.numberOfLeadingZeros(high);
        // Twice, since a shift by 64 is none.
        long bits = high << zeros | low >>> 1 >>> 63 - zeros;
        return round(f, status, negative, exponent - zeros, bits | sticky(low << zeros), mode);
    }

    /** a / b. */
    static long divide(FloatFormat f, FloatStatus status, long a, long b, int mode) {
        if (anyNaN(f, a, b)) {
            return ofNaNs(f, status, a, b);
        }
        boolean negative = f.isNegative(a) != f.isNegative(b);
        if (f.isInfinite(a)) {
            return f.isInfinite(b) ? invalid(f, status) : f.infinity(negative);
        }
        if (f.isZero(b)) {
            return divideByZero(f, status, a, negative);
        }
        if (f.isInfinite(b) || f.isZero(a)) {
            return f.zero(negative);
        }
        return divideFinite(f, status, negative, a, b, mode);
    }

    private static long divideByZero(FloatFormat f, FloatStatus status, long a, boolean negative) {
        if (f.isZero(a)) {
            return invalid(f, status);
        }
        status.flags |= DZ;
        return f.infinity(negative);
    }

    private static long divideFinite(FloatFormat f, FloatStatus status, boolean negative, long a, long b, int mode) {
        long dividend = f.significand(a) >>> 11;
        long divisor = f.significand(b) >>> 11;
        long quotient = dividend / divisor;
        long rest = dividend % divisor;
        for (int bits = 0; bits < QUOTIENT_BITS; bits += QUOTIENT_STEP) {
            rest <<= QUOTIENT_STEP;
            quotient = quotient << QUOTIENT_STEP | rest / divisor;
            rest %= divisor;
        }
        int zeros = Long.numberOfLeadingZeros(quotient);
        int exponent = f.exponent(a) - f.exponent(b) + (63 - QUOTIENT_BITS) - zeros;
        return round(f, status, negative, exponent, quotient << zeros | sticky(rest), mode);
    }

    /** The square root of a; that of -0 is -0. */
    static long squareRoot(FloatFormat f, FloatStatus status, long a, int mode) {
        if (f.isNaN(a)) {
            return ofNaNs(f, status, a, a);
        }
        if (f.isZero(a)) {
            return a;
        }
        if (f.isNegative(a)) {
            return invalid(f, status);
        }
        return f.isInfinite(a) ? a : squareRootFinite(f, status, a, mode);
    }

    /** Digit by digit: each takes two more bits of the radicand, of which 54 are before the point that an even exponent puts. */
    private static long squareRootFinite(FloatFormat f, FloatStatus status, long a, int mode) {
        int exponent = f.exponent(a);
        long radicand = f.significand(a) >>> ((exponent & 1) != 0 ? 10 : 11);
        long root = 0;
        long rest = 0;
        for (int digit = 0; digit < ROOT_BITS; digit++) {
            long next = digit < 27 ? radicand >>> 52 - 2 * digit & 3 : 0;
            rest = rest << 2 | next;
            long trial = root << 2 | 1;
            root <<= 1;
            if (rest >= trial) {
                rest -= trial;
                root |= 1;
            }
        }
        return round(f, status, false, exponent >> 1, root << 64 - ROOT_BITS | sticky(rest), mode);
    }

    // ---- fused --------------------------------------------------------------------------------------------------

    /** a * b + c, rounded once. */
    static long multiplyAdd(FloatFormat f, FloatStatus status, long a, long b, long c, int mode) {
        // 20.6: invalid also where c is a quiet NaN.
        if (f.isInfinite(a) && f.isZero(b) || f.isZero(a) && f.isInfinite(b)) {
            return invalid(f, status);
        }
        if (anyNaN(f, a, b) || f.isNaN(c)) {
            raiseIfSignaling(f, status, c, c);
            return ofNaNs(f, status, a, b);
        }
        boolean negative = f.isNegative(a) != f.isNegative(b);
        if (f.isInfinite(a) || f.isInfinite(b)) {
            boolean opposed = f.isInfinite(c) && f.isNegative(c) != negative;
            return opposed ? invalid(f, status) : f.infinity(negative);
        }
        if (f.isInfinite(c)) {
            return c;
        }
        if (f.isZero(a) || f.isZero(b)) {
            return f.isZero(c) ? sumOfZeros(f, f.zero(negative), c, mode) : c;
        }
        return f.isZero(c) ? multiply(f, status, a, b, mode) : multiplyAddFinite(f, status, negative, a, b, c, mode);
    }

    /** Product and c as 128 bits, of which bit 127 is free for a carry; the one with the smaller exponent shifted right. */
    private static long multiplyAddFinite(
            FloatFormat f, FloatStatus status, boolean negative, long a, long b, long c, int mode) {
        long x = f.significand(a);
        long y = f.significand(b);
        // The last 22 bits of the product are 0: halving loses none.
        long high = Math.unsignedMultiplyHigh(x, y);
        long low = high << 63 | x * y >>> 1;
        high >>>= 1;
        long other = f.significand(c) >>> 1;
        int ofProduct = f.exponent(a) + f.exponent(b) + 2;
        int ofOther = f.exponent(c) + 1;
        int exponent = Math.max(ofProduct, ofOther);
        return sumWide(
                f,
                status,
                negative,
                f.isNegative(c) != negative,
                exponent,
                shiftedHigh(high, exponent - ofProduct),
                shiftedLow(high, low, exponent - ofProduct),
                shiftedHigh(other, exponent - ofOther),
                shiftedLow(other, 0, exponent - ofOther),
                mode);
    }

    private static long shiftedHigh(long high, int distance) {
        return distance < 64 ? high >>> distance : 0;
    }

    private static long shiftedLow(long high, long low, int distance) {
        if (distance == 0) {
            return low;
        }
        return distance < 64
                ? high << -distance | Rounding.jam(low, distance)
                : Rounding.jam(high, distance - 64) | sticky(low);
    }

    /**
     * The sum or the difference of two magnitudes of 127 bits.
     *
     * @param negative the sign of the first, and so of the result unless a difference takes more away than there is
     * @param exponent of bit 127
     */
    private static long sumWide(
            FloatFormat f,
            FloatStatus status,
            boolean negative,
            boolean difference,
            int exponent,
            long high,
            long low,
            long otherHigh,
            long otherLow,
            int mode) {
        if (!difference) {
            long sum = low + otherLow;
            int carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
            return roundWide(f, status, negative, exponent, high + otherHigh + carry, sum, mode);
        }
        long rest = low - otherLow;
        int borrow = Long.compareUnsigned(low, otherLow) < 0 ? 1 : 0;
        long restHigh = high - otherHigh - borrow;
        if ((restHigh | rest) == 0) {
            return zeroSum(f, mode);
        }
        return restHigh < 0
                ? roundWide(f, status, !negative, exponent, ~restHigh + (rest == 0 ? 1 : 0), -rest, mode)
                : roundWide(f, status, negative, exponent, restHigh, rest, mode);
    }

    // ---- conversions --------------------------------------------------------------------------------------------

    /** The value of a register, taken as an integer, as a number. */
    static long fromInteger(FloatFormat f, FloatStatus status, long register, IntegerFormat from, int mode) {
        if (register == 0) {
            return 0;
        }
        boolean negative = from.isNegative(register);
        long magnitude = negative ? -register : register;
        int zeros = Long.numberOfLeadingZeros(magnitude);
        return round(f, status, negative, 63 - zeros, magnitude << zeros, mode);
    }

    /** A number as an integer; 20.7: the nearest that there is, and NV, where it has no such value; NaNs count as positive. */
    static long toInteger(FloatFormat f, FloatStatus status, long a, IntegerFormat to, int mode) {
        boolean negative = f.isNegative(a) && !f.isNaN(a);
        if (f.isZero(a)) {
            return 0;
        }
        int exponent = f.isNaN(a) || f.isInfinite(a) ? 64 : f.exponent(a);
        if (exponent > 63) {
            return noSuchInteger(status, to, negative);
        }
        long significand = f.significand(a);
        long integer = exponent < 0 ? 0 : significand >>> 63 - exponent;
        long fraction = fraction(significand, exponent);
        // The fraction has 64 bits; halved it compares as a positive number.
        long half = fraction >>> 1 | fraction & 1;
        if (Rounding.roundsUp(mode, negative, (integer & 1) != 0, half, 1L << 62)) {
            integer++;
        }
        if (Long.compareUnsigned(integer, to.limit(negative)) > 0) {
            return noSuchInteger(status, to, negative);
        }
        if (fraction != 0) {
            status.flags |= NX;
        }
        return to.register(negative, integer);
    }

    /** The bits behind the point, the first being bit 63, the last one sticky. */
    private static long fraction(long significand, int exponent) {
        if (exponent < 0) {
            return Rounding.jam(significand, -1 - exponent);
        }
        return exponent == 63 ? 0 : significand << exponent + 1;
    }

    private static long noSuchInteger(FloatStatus status, IntegerFormat to, boolean negative) {
        status.flags |= NV;
        return to.register(negative, to.limit(negative));
    }

    /** A number of one format in another. */
    static long convert(FloatFormat from, FloatStatus status, long a, FloatFormat to, int mode) {
        if (from.isNaN(a)) {
            raiseIfSignaling(from, status, a, a);
            return to.canonicalNaN();
        }
        boolean negative = from.isNegative(a);
        if (from.isInfinite(a)) {
            return to.infinity(negative);
        }
        if (from.isZero(a)) {
            return to.zero(negative);
        }
        return round(to, status, negative, from.exponent(a), from.significand(a), mode);
    }

    // ---- comparisons --------------------------------------------------------------------------------------------

    /** Quiet: only signalling NaNs are invalid. */
    static boolean isEqual(FloatFormat f, FloatStatus status, long a, long b) {
        if (anyNaN(f, a, b)) {
            raiseIfSignaling(f, status, a, b);
            return false;
        }
        return sameNumber(f, a, b);
    }

    /** Signalling: any NaN is invalid. */
    static boolean isLess(FloatFormat f, FloatStatus status, long a, long b) {
        if (anyNaN(f, a, b)) {
            status.flags |= NV;
            return false;
        }
        return f.precedes(a, b) && !sameNumber(f, a, b);
    }

    /** Signalling: any NaN is invalid. */
    static boolean isLessOrEqual(FloatFormat f, FloatStatus status, long a, long b) {
        if (anyNaN(f, a, b)) {
            status.flags |= NV;
            return false;
        }
        return f.precedes(a, b) || sameNumber(f, a, b);
    }

    private static boolean sameNumber(FloatFormat f, long a, long b) {
        return a == b || f.isZero(a) && f.isZero(b);
    }

    /** IEEE 754-2019, minimumNumber: -0 is less than 0, and of a number and a NaN it is the number. */
    static long minimum(FloatFormat f, FloatStatus status, long a, long b) {
        if (anyNaN(f, a, b)) {
            return theNumber(f, status, a, b);
        }
        return f.precedes(b, a) ? b : a;
    }

    /** IEEE 754-2019, maximumNumber: 0 is more than -0, and of a number and a NaN it is the number. */
    static long maximum(FloatFormat f, FloatStatus status, long a, long b) {
        if (anyNaN(f, a, b)) {
            return theNumber(f, status, a, b);
        }
        return f.precedes(a, b) ? b : a;
    }

    private static long theNumber(FloatFormat f, FloatStatus status, long a, long b) {
        raiseIfSignaling(f, status, a, b);
        if (!f.isNaN(a)) {
            return a;
        }
        return f.isNaN(b) ? f.canonicalNaN() : b;
    }
}
