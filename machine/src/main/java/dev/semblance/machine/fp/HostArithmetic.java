package dev.semblance.machine.fp;

import static dev.semblance.machine.fp.FloatStatus.NX;

/**
 * When the host's own arithmetic may stand for {@link SoftFloat}'s, since no guest can tell them apart, and whether the host
 * is one that does IEEE 754 at all.
 *
 * <p>A result of the host stands if
 * <ul>
 *   <li>rounding is to nearest, ties to even, which is all that Java has;
 *   <li>NX is set already, so that an exact result need not be told from another;
 *   <li>it lies between the smallest normal number and infinity, so that no other flag is raised and it is no NaN.
 * </ul>
 */
public final class HostArithmetic {

    private static final double DOUBLE_HALF_ULP_OF_1 = 0x1p-53;
    private static final float SINGLE_HALF_ULP_OF_1 = 0x1p-24f;

    /** What is tried of the host: an interface so that tests can have a broken one. */
    interface Unit {
        default double multiply(double a, double b) {
            return a * b;
        }

        default float multiply(float a, float b) {
            return a * b;
        }

        default double add(double a, double b) {
            return a + b;
        }

        default float add(float a, float b) {
            return a + b;
        }

        default double fma(double a, double b, double c) {
            return Math.fma(a, b, c);
        }

        default float fma(float a, float b, float c) {
            return Math.fma(a, b, c);
        }
    }

    private HostArithmetic() {}

    // ---- when it may stand --------------------------------------------------------------------------------------

    static boolean rounds(FloatStatus s, int rm) {
        return rm == RoundingMode.RNE && (s.flags & NX) != 0;
    }

    /** A sum of subnormal size is exact: only infinities and NaNs are excluded. */
    static boolean isSum(double result) {
        return Math.abs(result) < Double.POSITIVE_INFINITY;
    }

    static boolean isSum(float result) {
        return Math.abs(result) < Float.POSITIVE_INFINITY;
    }

    /** The smallest normal number is excluded: it may have been tiny before it was rounded. */
    static boolean isPlain(double result) {
        double magnitude = Math.abs(result);
        return magnitude > Double.MIN_NORMAL && magnitude < Double.POSITIVE_INFINITY;
    }

    static boolean isPlain(float result) {
        float magnitude = Math.abs(result);
        return magnitude > Float.MIN_NORMAL && magnitude < Float.POSITIVE_INFINITY;
    }

    /** Whether a cast converts: it rounds towards zero, and whether that was exact is easily seen. */
    static boolean truncates(int rm, double value, double above, double below) {
        return rm == RoundingMode.RTZ && value > above && value < below;
    }

    /** A number between -2^63 - 1 and 2^63 as an integer, rounded towards zero. */
    static long truncated(FloatStatus s, double value) {
        long integer = (long) value;
        if ((double) integer != value) {
            s.flags |= NX;
        }
        return integer;
    }

    // ---- whether it does IEEE 754 -------------------------------------------------------------------------------

    /**
     * Checks that the host's floating-point unit does what Java promises. It does, unless native code in this process has told
     * it to take subnormal numbers for 0 or to round otherwise; then results would differ from those of other computers.
     * To be called by the thread that runs the machine: such settings are a thread's.
     *
     * @throws IllegalStateException if it does not
     */
    public static void requireIeee() {
        require(new Unit() {});
    }

    static void require(Unit unit) {
        check(
                unit.multiply(Double.MIN_NORMAL, 0.5) == 0x1p-1023
                        && unit.multiply(Float.MIN_NORMAL, 0.5f) == 0x1p-127f
                        && unit.fma(Double.MIN_NORMAL, 0.5, Double.MIN_VALUE) == 0x1.0000000000002p-1023
                        && unit.fma(Float.MIN_NORMAL, 0.5f, Float.MIN_VALUE) == 0x1.000004p-127f,
                "gives 0 where a result is subnormal");
        check(
                unit.multiply(Double.MIN_VALUE, 0x1p100) == 0x1p-974
                        && unit.multiply(Float.MIN_VALUE, 0x1p100f) == 0x1p-49f,
                "takes subnormal operands for 0");
        // A bit above the middle is up; rounded to more bits first, it would be the middle.
        check(
                unit.add(1, DOUBLE_HALF_ULP_OF_1) == 1
                        && unit.add(1, Math.nextUp(DOUBLE_HALF_ULP_OF_1)) == Math.nextUp(1.0)
                        && unit.add(1, SINGLE_HALF_ULP_OF_1) == 1
                        && unit.add(1, Math.nextUp(SINGLE_HALF_ULP_OF_1)) == Math.nextUp(1.0f),
                "does not round to nearest, ties to even");
        check(
                unit.fma(1 + 0x1p-30, 1 + 0x1p-30, -1 - 0x1p-29) == 0x1p-60
                        && unit.fma(1 + 0x1p-12f, 1 + 0x1p-12f, -1 - 0x1p-11f) == 0x1p-24f,
                "rounds twice in a fused multiplication and addition");
    }

    private static void check(boolean right, String wrong) {
        if (!right) {
            throw new IllegalStateException(
                    "this computer's arithmetic " + wrong
                            + ", which Java excludes: a native library in this process has set it so; run without that library");
        }
    }
}
