package dev.semblance.machine.fp;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** IEEE 754-2019: subnormal numbers are numbers, and a fused multiplication and addition rounds once. */
class HostArithmeticTests {

    private static final String SUBNORMAL_RESULT = "gives 0 where a result is subnormal";
    private static final String SUBNORMAL_OPERAND = "takes subnormal operands for 0";
    private static final String ROUNDING = "does not round to nearest, ties to even";
    private static final String FUSED = "rounds twice";

    private static double flushed(double value) {
        return Math.abs(value) < Double.MIN_NORMAL ? 0 : value;
    }

    private static float flushed(float value) {
        return Math.abs(value) < Float.MIN_NORMAL ? 0 : value;
    }

    private static void refuses(HostArithmetic.Unit unit, String what) {
        assertThatIllegalStateException()
                .isThrownBy(() -> HostArithmetic.require(unit))
                .withMessageContaining(what)
                .withMessageContaining("run without that library");
    }

    @Test
    void thisHostDoesWhatJavaPromises() {
        assertThatCode(HostArithmetic::requireIeee).doesNotThrowAnyException();
    }

    @Test
    void aUnitThatFlushesResultsToZeroIsRefused() {
        refuses(
                new HostArithmetic.Unit() {
                    @Override
                    public double multiply(double a, double b) {
                        return flushed(a * b);
                    }
                },
                SUBNORMAL_RESULT);
        refuses(
                new HostArithmetic.Unit() {
                    @Override
                    public float multiply(float a, float b) {
                        return flushed(a * b);
                    }
                },
                SUBNORMAL_RESULT);
        refuses(
                new HostArithmetic.Unit() {
                    @Override
                    public double fma(double a, double b, double c) {
                        return flushed(Math.fma(a, b, c));
                    }
                },
                SUBNORMAL_RESULT);
        refuses(
                new HostArithmetic.Unit() {
                    @Override
                    public float fma(float a, float b, float c) {
                        return flushed(Math.fma(a, b, c));
                    }
                },
                SUBNORMAL_RESULT);
    }

    @Test
    void aUnitThatFlushesOperandsToZeroIsRefused() {
        refuses(
                new HostArithmetic.Unit() {
                    @Override
                    public double multiply(double a, double b) {
                        return flushed(a) * flushed(b);
                    }
                },
                SUBNORMAL_OPERAND);
        refuses(
                new HostArithmetic.Unit() {
                    @Override
                    public float multiply(float a, float b) {
                        return flushed(a) * flushed(b);
                    }
                },
                SUBNORMAL_OPERAND);
    }

    /** Down, towards zero, up, and with more bits first. */
    @Test
    void aUnitThatRoundsOtherwiseIsRefused() {
        refuses(
                new HostArithmetic.Unit() {
                    @Override
                    public double add(double a, double b) {
                        double sum = a + b;
                        return exact(a, b).compareTo(new BigDecimal(sum)) < 0 ? Math.nextDown(sum) : sum;
                    }
                },
                ROUNDING);
        refuses(
                new HostArithmetic.Unit() {
                    @Override
                    public double add(double a, double b) {
                        double sum = a + b;
                        return exact(a, b).compareTo(new BigDecimal(sum)) > 0 ? Math.nextUp(sum) : sum;
                    }
                },
                ROUNDING);
        refuses(
                new HostArithmetic.Unit() {
                    @Override
                    public float add(float a, float b) {
                        float sum = a + b;
                        return exact(a, b).compareTo(new BigDecimal(sum)) < 0 ? Math.nextDown(sum) : sum;
                    }
                },
                ROUNDING);
        refuses(
                new HostArithmetic.Unit() {
                    @Override
                    public float add(float a, float b) {
                        float sum = a + b;
                        return exact(a, b).compareTo(new BigDecimal(sum)) > 0 ? Math.nextUp(sum) : sum;
                    }
                },
                ROUNDING);
        refuses(
                new HostArithmetic.Unit() {
                    @Override
                    public double add(double a, double b) {
                        // The 64 bits that the registers of an x87 have.
                        return a + Math.scalb(Math.rint(Math.scalb(b, 63)), -63);
                    }
                },
                ROUNDING);
    }

    private static BigDecimal exact(double a, double b) {
        return new BigDecimal(a).add(new BigDecimal(b));
    }

    @Test
    void aUnitThatRoundsTheProductOfAFusedOperationIsRefused() {
        refuses(
                new HostArithmetic.Unit() {
                    @Override
                    public double fma(double a, double b, double c) {
                        return a * b + c;
                    }
                },
                FUSED);
        refuses(
                new HostArithmetic.Unit() {
                    @Override
                    public float fma(float a, float b, float c) {
                        return a * b + c;
                    }
                },
                FUSED);
    }
}
