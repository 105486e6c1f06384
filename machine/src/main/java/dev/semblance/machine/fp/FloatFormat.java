package dev.semblance.machine.fp;

/**
 * A binary interchange format of IEEE 754, and what can be read off its bits. Values are the low bits of a long, the bits
 * above them 0. A record, since the compiler of the JVM trusts the fields of records to stay as they are.
 *
 * @param precision bits of a normal number's significand, the hidden one among them
 * @param exponentBits bits of the exponent's field
 */
record FloatFormat(int precision, int exponentBits) {
    static final FloatFormat SINGLE = new FloatFormat(24, 8);
    static final FloatFormat DOUBLE = new FloatFormat(53, 11);

    /** The bit of a normal number that is not stored. */
    long hiddenBit() {
        return 1L << precision - 1;
    }

    long fractionMask() {
        return hiddenBit() - 1;
    }

    long signBit() {
        return 1L << precision + exponentBits - 1;
    }

    /** The exponent of the largest numbers, and what is added to exponents where they are stored. */
    int bias() {
        return (1 << exponentBits - 1) - 1;
    }

    /** The exponent of the smallest normal number. */
    int minExponent() {
        return 1 - bias();
    }

    /** Positive infinity, and so the mask of the exponent's field. */
    long infinity() {
        return (1L << exponentBits) - 1 << precision - 1;
    }

    /** 20.3: the only NaN that arithmetic returns: positive, quiet, nothing else set. */
    long canonicalNaN() {
        return infinity() | quietBit();
    }

    private long quietBit() {
        return hiddenBit() >>> 1;
    }

    long zero(boolean negative) {
        return negative ? signBit() : 0;
    }

    long infinity(boolean negative) {
        return zero(negative) | infinity();
    }

    long magnitude(long value) {
        return value & ~signBit();
    }

    boolean isNegative(long value) {
        return (value & signBit()) != 0;
    }

    boolean isNaN(long value) {
        return magnitude(value) > infinity();
    }

    boolean isSignaling(long value) {
        return isNaN(value) && (value & quietBit()) == 0;
    }

    boolean isInfinite(long value) {
        return magnitude(value) == infinity();
    }

    boolean isZero(long value) {
        return magnitude(value) == 0;
    }

    private boolean isNormal(long value) {
        return (value & infinity()) != 0;
    }

    /** The exponent of the first bit of a finite number other than 0. */
    int exponent(long value) {
        if (isNormal(value)) {
            return (int) (magnitude(value) >>> precision - 1) - bias();
        }
        return minExponent() + (64 - precision) - Long.numberOfLeadingZeros(magnitude(value));
    }

    /** The bits of a finite number other than 0, shifted so that the first one is bit 63. */
    long significand(long value) {
        long fraction = value & fractionMask();
        return isNormal(value)
                ? (fraction | hiddenBit()) << 64 - precision
                : fraction << Long.numberOfLeadingZeros(fraction);
    }

    /** The order of all values but NaNs, with -0 before 0. */
    boolean precedes(long a, long b) {
        if (isNegative(a) != isNegative(b)) {
            return isNegative(a);
        }
        return isNegative(a) ? magnitude(a) > magnitude(b) : magnitude(a) < magnitude(b);
    }

    /** The one bit of FCLASS's result (20.9). */
    int classify(long value) {
        if (isNaN(value)) {
            return isSignaling(value) ? 1 << 8 : 1 << 9;
        }
        // 0 for infinity, 3 for zero; the positive classes are the negative ones the other way round.
        int kind = isInfinite(value) ? 0 : isZero(value) ? 3 : isNormal(value) ? 1 : 2;
        return 1 << (isNegative(value) ? kind : 7 - kind);
    }
}
