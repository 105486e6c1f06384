package dev.semblance.machine.fp;

/**
 * An integer that floating-point numbers are converted from and to (RISC-V unprivileged ISA, 20.7).
 *
 * @param width 32 or 64 bits
 * @param unsigned whether it has no sign
 */
record IntegerFormat(int width, boolean unsigned) {
    static final IntegerFormat W = new IntegerFormat(32, false);
    static final IntegerFormat WU = new IntegerFormat(32, true);
    static final IntegerFormat L = new IntegerFormat(64, false);
    static final IntegerFormat LU = new IntegerFormat(64, true);

    /** The largest absolute value, as an unsigned number, of a positive or negative integer. */
    long limit(boolean negative) {
        long largest = -1L >>> 64 - width + (unsigned ? 0 : 1);
        return !negative ? largest : unsigned ? 0 : largest + 1;
    }

    /** As a register of 64 bits holds it: sign-extended from 32 bits, unsigned ones too. */
    long register(boolean negative, long magnitude) {
        long value = negative ? -magnitude : magnitude;
        return width == 32 ? (int) value : value;
    }

    boolean isNegative(long register) {
        return !unsigned && register < 0;
    }
}
