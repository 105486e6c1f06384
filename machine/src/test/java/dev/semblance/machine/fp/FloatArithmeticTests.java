package dev.semblance.machine.fp;

import static dev.semblance.machine.fp.FloatStatus.DZ;
import static dev.semblance.machine.fp.FloatStatus.NV;
import static dev.semblance.machine.fp.FloatStatus.NX;
import static dev.semblance.machine.fp.FloatStatus.OF;
import static dev.semblance.machine.fp.FloatStatus.UF;
import static dev.semblance.machine.fp.RoundingMode.RDN;
import static dev.semblance.machine.fp.RoundingMode.RMM;
import static dev.semblance.machine.fp.RoundingMode.RNE;
import static dev.semblance.machine.fp.RoundingMode.RTZ;
import static dev.semblance.machine.fp.RoundingMode.RUP;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sentences of the RISC-V unprivileged ISA, chapters 20 (F) and 21 (D). */
class FloatArithmeticTests {

    private static final long NAN_S = 0xffff_ffff_7fc0_0000L;
    private static final long NAN_D = 0x7ff8_0000_0000_0000L;
    private static final long QUIET_S = s(0xffc0_0123);
    private static final long QUIET_D = 0xfff8_0000_0000_0123L;
    private static final long SIGNALING_S = s(0x7f80_0001);
    private static final long SIGNALING_D = 0x7ff0_0000_0000_0001L;
    private static final long ONE_S = s(1f);
    private static final long ONE_D = d(1);
    private static final long INFINITY_S = s(Float.POSITIVE_INFINITY);
    private static final long INFINITY_D = d(Double.POSITIVE_INFINITY);

    /** 1.0, but for the box: the upper half is not all ones. */
    private static final List<Long> UNBOXED =
            List.of(0x3f80_0000L, 0xffff_fffe_3f80_0000L, 0x7fff_ffff_3f80_0000L, 0x1_3f80_0000L);

    private final FloatStatus status = new FloatStatus();

    private static long s(float value) {
        return s(Float.floatToRawIntBits(value));
    }

    private static long s(int bits) {
        return bits | 0xffff_ffffL << 32;
    }

    private static long d(double value) {
        return Double.doubleToRawLongBits(value);
    }

    private void raises(int flags) {
        assertThat(status.flags()).isEqualTo(flags);
        status.setFlags(0);
    }

    // ---- the set ------------------------------------------------------------------------------------------------

    /** 35: RV32F, RV64F, RV32D and RV64D, without loads and stores. */
    @Test
    void everyInstructionHasAMethodNamedAsItsMnemonic() {
        Stream<String> both = Stream.of(
                        "fmadd fmsub fnmsub fnmadd fadd fsub fmul fdiv fsqrt fsgnj fsgnjn fsgnjx fmin fmax feq flt fle fclass"
                                + " fcvt.w fcvt.wu fcvt.l fcvt.lu")
                .flatMap(names -> Arrays.stream(names.split(" ", -1)))
                .flatMap(name -> Stream.of(name + ".s", name + ".d"));
        Stream<String> others = Stream.of(
                        "fcvt.s.w fcvt.s.wu fcvt.s.l fcvt.s.lu fcvt.d.w fcvt.d.wu fcvt.d.l fcvt.d.lu fcvt.s.d fcvt.d.s"
                                + " fmv.x.w fmv.w.x fmv.x.d fmv.d.x")
                .flatMap(names -> Arrays.stream(names.split(" ", -1)));
        List<String> expected =
                Stream.concat(both, others).map(FloatArithmeticTests::camelCase).toList();
        List<String> methods = Arrays.stream(FloatArithmetic.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(Method::getName)
                .toList();
        assertThat(methods).containsExactlyInAnyOrderElementsOf(expected).hasSize(58);
    }

    private static String camelCase(String mnemonic) {
        String[] words = mnemonic.split("\\.", -1);
        StringBuilder name = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            name.append(words[i].substring(0, 1).toUpperCase(Locale.ROOT)).append(words[i].substring(1));
        }
        return name.toString();
    }

    // ---- NaN boxing (21.2) --------------------------------------------------------------------------------------

    /** 21.2: an operand that is not a valid box is taken as the canonical NaN, which is quiet. */
    @Test
    void anOperandThatIsNotBoxedIsTheCanonicalNaN() {
        int seen = 0;
        for (FloatInstruction instruction : FloatInstruction.ALL) {
            for (int place = 0;
                    instruction.operand() == FloatInstruction.Kind.SINGLE && place < instruction.operands();
                    place++) {
                for (long register : UNBOXED) {
                    long[] in = {ONE_S, ONE_S, ONE_S};
                    in[place] = NAN_S;
                    long expected = instruction.method().of(status, in, RNE);
                    int flags = status.flags();
                    status.setFlags(0);
                    in[place] = register;
                    assertThat(instruction.method().of(status, in, RNE))
                            .as(instruction.mnemonic())
                            .isEqualTo(expected);
                    raises(flags);
                    status.setFlags(NX);
                    assertThat(instruction.method().of(status, in, RNE))
                            .as(instruction.mnemonic())
                            .isEqualTo(expected);
                    raises(flags | NX);
                    seen++;
                }
            }
        }
        assertThat(seen).isEqualTo(4 * 36);
    }

    /** 21.2: sign injection and classification look at boxes too. */
    @Test
    void signInjectionAndClassificationOfWhatIsNotBoxedAreThoseOfTheCanonicalNaN() {
        for (long register : UNBOXED) {
            assertThat(FloatArithmetic.fsgnjS(register, s(-1f))).isEqualTo(s(0xffc0_0000));
            assertThat(FloatArithmetic.fsgnjS(s(-1f), register)).isEqualTo(ONE_S);
            assertThat(FloatArithmetic.fsgnjnS(register, ONE_S)).isEqualTo(s(0xffc0_0000));
            assertThat(FloatArithmetic.fsgnjnS(ONE_S, register | 0x8000_0000L)).isEqualTo(s(-1f));
            assertThat(FloatArithmetic.fsgnjxS(register, s(-1f))).isEqualTo(s(0xffc0_0000));
            assertThat(FloatArithmetic.fsgnjxS(s(-1f), register | 0x8000_0000L)).isEqualTo(s(-1f));
            assertThat(FloatArithmetic.fclassS(register)).isEqualTo(1 << 9);
        }
    }

    /** 21.2: every instruction that writes a single sets the upper bits to ones. */
    @Test
    void everySingleIsWrittenBoxed() {
        int seen = 0;
        for (FloatInstruction instruction : FloatInstruction.ALL) {
            if (instruction.result() == FloatInstruction.Kind.SINGLE) {
                for (long value : new long[] {0, ONE_S, s(-1f), NAN_S, ONE_D, INFINITY_D, NAN_D}) {
                    for (int flags = 0; flags <= NX; flags++) {
                        status.setFlags(flags);
                        long[] in = {value, value, value};
                        assertThat(instruction.method().of(status, in, RNE) >> 32)
                                .as(instruction.mnemonic())
                                .isEqualTo(-1);
                    }
                }
                seen++;
            }
        }
        assertThat(seen).isEqualTo(16);
        assertThat(FloatArithmetic.fsgnjS(0, 0) >> 32).isEqualTo(-1);
        assertThat(FloatArithmetic.fsgnjnS(ONE_S, ONE_S) >> 32).isEqualTo(-1);
        assertThat(FloatArithmetic.fsgnjxS(ONE_S, s(-1f)) >> 32).isEqualTo(-1);
    }

    /** 20.7: FMV.X.W takes the low bits as they are, and extends their sign; FMV.W.X boxes them. */
    @Test
    void movesBetweenRegistersKeepAllBits() {
        assertThat(FloatArithmetic.fmvXW(0x1234_5678_8000_0001L)).isEqualTo(0xffff_ffff_8000_0001L);
        assertThat(FloatArithmetic.fmvXW(0xffff_ffff_7f80_0001L)).isEqualTo(0x7f80_0001L);
        assertThat(FloatArithmetic.fmvWX(0x1234_5678_7f80_0001L)).isEqualTo(SIGNALING_S);
        assertThat(FloatArithmetic.fmvWX(-1)).isEqualTo(-1);
        assertThat(FloatArithmetic.fmvXD(SIGNALING_D)).isEqualTo(SIGNALING_D);
        assertThat(FloatArithmetic.fmvDX(SIGNALING_D)).isEqualTo(SIGNALING_D);
    }

    // ---- NaNs (20.3) --------------------------------------------------------------------------------------------

    /** 20.3: a result that is a NaN is the canonical one, whatever the operands; signalling ones raise NV. */
    @Test
    void aResultThatIsANaNIsCanonical() {
        int seen = 0;
        for (FloatInstruction instruction : FloatInstruction.ALL) {
            boolean minimum = instruction.mnemonic().startsWith("fm")
                    && instruction.operands() == 2
                    && !instruction.mnemonic().startsWith("fmul");
            boolean toFloat = instruction.result() == FloatInstruction.Kind.SINGLE
                    || instruction.result() == FloatInstruction.Kind.DOUBLE;
            boolean single = instruction.operand() == FloatInstruction.Kind.SINGLE;
            boolean fromFloat = single || instruction.operand() == FloatInstruction.Kind.DOUBLE;
            for (int place = 0; fromFloat && toFloat && !minimum && place < instruction.operands(); place++) {
                long one = single ? ONE_S : ONE_D;
                long canonical = instruction.result() == FloatInstruction.Kind.SINGLE ? NAN_S : NAN_D;
                long[] in = {one, one, one};
                in[place] = single ? QUIET_S : QUIET_D;
                assertThat(instruction.method().of(status, in, RNE)).isEqualTo(canonical);
                raises(0);
                in[place] = single ? SIGNALING_S : SIGNALING_D;
                assertThat(instruction.method().of(status, in, RNE)).isEqualTo(canonical);
                raises(NV);
                seen++;
            }
        }
        assertThat(seen).isEqualTo(2 * (4 * 2 + 1 + 4 * 3) + 2);
    }

    // ---- arithmetic (20.6) --------------------------------------------------------------------------------------

    @Test
    void dividingByZeroRaisesDzAndOnlyIfTheDividendIsAFiniteNumber() {
        assertThat(FloatArithmetic.fdivD(status, ONE_D, d(-0.0), RNE)).isEqualTo(d(Double.NEGATIVE_INFINITY));
        raises(DZ);
        assertThat(FloatArithmetic.fdivS(status, s(-1f), s(-0f), RNE)).isEqualTo(INFINITY_S);
        raises(DZ);
        assertThat(FloatArithmetic.fdivD(status, d(0), d(0), RNE)).isEqualTo(NAN_D);
        raises(NV);
        assertThat(FloatArithmetic.fdivD(status, INFINITY_D, d(-0.0), RNE)).isEqualTo(d(Double.NEGATIVE_INFINITY));
        raises(0);
    }

    @Test
    void infinityLessInfinityAndZeroTimesInfinityAreInvalid() {
        assertThat(FloatArithmetic.fsubS(status, INFINITY_S, INFINITY_S, RNE)).isEqualTo(NAN_S);
        raises(NV);
        assertThat(FloatArithmetic.faddD(status, INFINITY_D, INFINITY_D, RNE)).isEqualTo(INFINITY_D);
        raises(0);
        assertThat(FloatArithmetic.fmulD(status, INFINITY_D, d(-0.0), RNE)).isEqualTo(NAN_D);
        raises(NV);
    }

    @Test
    void theRootOfANegativeNumberIsInvalidAndThatOfMinusZeroIsMinusZero() {
        assertThat(FloatArithmetic.fsqrtD(status, d(-4), RNE)).isEqualTo(NAN_D);
        raises(NV);
        assertThat(FloatArithmetic.fsqrtS(status, s(-0f), RNE)).isEqualTo(s(-0f));
        assertThat(FloatArithmetic.fsqrtS(status, s(4f), RNE)).isEqualTo(s(2f));
        raises(0);
    }

    /** IEEE 754-2019, 6.3: the sign of a sum that is exactly 0. */
    @ParameterizedTest
    @ValueSource(ints = {RNE, RTZ, RDN, RUP, RMM})
    void whatIsLeftOfEqualNumbersIsMinusZeroOnlyWhenRoundingDown(int rm) {
        assertThat(FloatArithmetic.fsubD(status, ONE_D, ONE_D, rm)).isEqualTo(rm == RDN ? d(-0.0) : d(0));
        assertThat(FloatArithmetic.faddS(status, s(0f), s(-0f), rm)).isEqualTo(rm == RDN ? s(-0f) : s(0f));
        assertThat(FloatArithmetic.faddS(status, s(-0f), s(-0f), rm)).isEqualTo(s(-0f));
        assertThat(FloatArithmetic.fmsubD(status, d(3), d(5), d(15), rm)).isEqualTo(rm == RDN ? d(-0.0) : d(0));
        raises(0);
    }

    /** 20.6: inf * 0 is invalid also where the addend is a quiet NaN. */
    @Test
    void aFusedProductOfInfinityAndZeroIsInvalidWhateverIsAdded() {
        assertThat(FloatArithmetic.fmaddS(status, INFINITY_S, s(0f), QUIET_S, RNE))
                .isEqualTo(NAN_S);
        raises(NV);
        assertThat(FloatArithmetic.fnmaddD(status, d(0), INFINITY_D, QUIET_D, RNE))
                .isEqualTo(NAN_D);
        raises(NV);
        assertThat(FloatArithmetic.fmaddD(status, ONE_D, ONE_D, QUIET_D, RNE)).isEqualTo(NAN_D);
        raises(0);
    }

    /** 20.6: the negated forms negate what is rounded, so that rounding up is up for the result. */
    @Test
    void fusedFormsRoundAfterTheyNegate() {
        long third = d(1 + 0x1p-52);
        assertThat(FloatArithmetic.fmaddD(status, third, third, d(0), RUP)).isEqualTo(d(1 + 0x3p-52));
        assertThat(FloatArithmetic.fnmaddD(status, third, third, d(0), RUP)).isEqualTo(d(-1 - 0x2p-52));
        assertThat(FloatArithmetic.fmsubD(status, d(3), d(5), d(1), RNE)).isEqualTo(d(14));
        assertThat(FloatArithmetic.fnmsubD(status, d(3), d(5), d(1), RNE)).isEqualTo(d(-14));
        assertThat(FloatArithmetic.fnmaddD(status, d(3), d(5), d(1), RNE)).isEqualTo(d(-16));
        assertThat(FloatArithmetic.fmsubS(status, s(3f), s(5f), s(1f), RNE)).isEqualTo(s(14f));
        assertThat(FloatArithmetic.fnmsubS(status, s(3f), s(5f), s(1f), RNE)).isEqualTo(s(-14f));
        assertThat(FloatArithmetic.fnmaddS(status, s(3f), s(5f), s(1f), RNE)).isEqualTo(s(-16f));
    }

    /** 20.6: no bit of a product is dropped, however far below the last place of the sum: it decides where the rest is a half. */
    @Test
    void aFusedProductDecidesByItsLastBits() {
        // 2^53 times their product is 1 + 780895395 * 2^-105.
        long a = d(0x1.6b6dd157cfa63p0);
        long b = d(0x1.68a75807e40c1p-54);
        for (int before = 0; before <= NX; before++) {
            assertThat(FloatArithmetic.fmaddD(with(before), a, b, ONE_D, RNE)).isEqualTo(d(Math.nextUp(1.0)));
            assertThat(FloatArithmetic.fnmsubD(with(before), a, b - (1L << 52), ONE_D, RNE))
                    .isEqualTo(d(Math.nextDown(1.0)));
        }
    }

    /** IEEE 754-2019, 7.4: what overflow gives hangs on the mode and the sign. */
    @ParameterizedTest
    @CsvSource({"0, true, true", "1, false, false", "2, false, true", "3, true, false", "4, true, true"})
    void overflowGivesInfinityOrTheLargestNumber(int rm, boolean positiveToInfinity, boolean negativeToInfinity) {
        long large = d(Double.MAX_VALUE);
        assertThat(FloatArithmetic.fmulD(status, large, large, rm)).isEqualTo(positiveToInfinity ? INFINITY_D : large);
        raises(OF | NX);
        assertThat(FloatArithmetic.fcvtSD(status, d(-1e200), rm))
                .isEqualTo(s(negativeToInfinity ? Float.NEGATIVE_INFINITY : -Float.MAX_VALUE));
        raises(OF | NX);
    }

    /** 20.2: tininess is detected after rounding; an exact subnormal number underflows nothing. */
    @Test
    void aNumberThatRoundsToTheSmallestNormalOneIsNotTiny() {
        long below = d(1 - 0x1p-53);
        assertThat(FloatArithmetic.fmulD(status, d(Double.MIN_NORMAL), below, RNE))
                .isEqualTo(d(Double.MIN_NORMAL));
        raises(UF | NX);
        assertThat(FloatArithmetic.fmaddD(status, d(0x1p-1000), d(0x1p-1000), d(0x1.ffffffffffffep-1023), RUP))
                .isEqualTo(d(Double.MIN_NORMAL));
        raises(UF | NX);
        assertThat(FloatArithmetic.fcvtSD(status, d(0x1.fffffep-127), RNE)).isEqualTo(s(Float.MIN_NORMAL));
        raises(UF | NX);
        assertThat(FloatArithmetic.fcvtSD(status, d(0x1.ffffffp-127), RNE)).isEqualTo(s(Float.MIN_NORMAL));
        raises(NX);
        assertThat(FloatArithmetic.fmulD(status, d(Double.MIN_NORMAL), d(0.5), RNE))
                .isEqualTo(d(0x1p-1023));
        raises(0);
        assertThat(FloatArithmetic.fmulD(status, d(Double.MIN_VALUE), d(0.5), RUP))
                .isEqualTo(d(Double.MIN_VALUE));
        raises(UF | NX);
    }

    // ---- minimum and maximum (20.6) -----------------------------------------------------------------------------

    @Test
    void minusZeroIsLessThanZero() {
        assertThat(FloatArithmetic.fminS(status, s(0f), s(-0f))).isEqualTo(s(-0f));
        assertThat(FloatArithmetic.fminD(status, d(-0.0), d(0))).isEqualTo(d(-0.0));
        assertThat(FloatArithmetic.fmaxS(status, s(-0f), s(0f))).isEqualTo(s(0f));
        assertThat(FloatArithmetic.fmaxD(status, d(0), d(-0.0))).isEqualTo(d(0));
        raises(0);
    }

    @Test
    void theLesserAndTheGreaterOfNumbersAreFoundForAllSigns() {
        double[] ascending = {Double.NEGATIVE_INFINITY, -2, -1, -Double.MIN_VALUE, Float.MIN_VALUE, 1, 2, 1e300};
        for (int i = 0; i < ascending.length; i++) {
            for (int j = 0; j < ascending.length; j++) {
                long a = d(ascending[i]);
                long b = d(ascending[j]);
                assertThat(FloatArithmetic.fminD(status, a, b)).isEqualTo(d(ascending[Math.min(i, j)]));
                assertThat(FloatArithmetic.fmaxD(status, a, b)).isEqualTo(d(ascending[Math.max(i, j)]));
                assertThat(FloatArithmetic.fltD(status, a, b)).isEqualTo(i < j ? 1 : 0);
                assertThat(FloatArithmetic.fleD(status, a, b)).isEqualTo(i <= j ? 1 : 0);
                assertThat(FloatArithmetic.feqD(status, a, b)).isEqualTo(i == j ? 1 : 0);
            }
        }
        raises(0);
    }

    @Test
    void ofANumberAndANaNItIsTheNumberAndOfTwoTheCanonicalNaN() {
        assertThat(FloatArithmetic.fminS(status, QUIET_S, ONE_S)).isEqualTo(ONE_S);
        assertThat(FloatArithmetic.fmaxS(status, ONE_S, QUIET_S)).isEqualTo(ONE_S);
        assertThat(FloatArithmetic.fmaxD(status, QUIET_D, INFINITY_D)).isEqualTo(INFINITY_D);
        assertThat(FloatArithmetic.fminS(status, QUIET_S, QUIET_S)).isEqualTo(NAN_S);
        assertThat(FloatArithmetic.fmaxD(status, QUIET_D, QUIET_D)).isEqualTo(NAN_D);
        raises(0);
    }

    @Test
    void aSignallingNaNIsInvalidForMinimumAndMaximumAndIsPassedOverAllTheSame() {
        assertThat(FloatArithmetic.fminS(status, SIGNALING_S, ONE_S)).isEqualTo(ONE_S);
        raises(NV);
        assertThat(FloatArithmetic.fmaxD(status, ONE_D, SIGNALING_D)).isEqualTo(ONE_D);
        raises(NV);
        assertThat(FloatArithmetic.fmaxD(status, QUIET_D, SIGNALING_D)).isEqualTo(NAN_D);
        raises(NV);
    }

    // ---- comparisons (20.8) -------------------------------------------------------------------------------------

    @Test
    void equalityIsQuietAndTheOthersSignal() {
        assertThat(FloatArithmetic.feqS(status, QUIET_S, QUIET_S)).isZero();
        raises(0);
        assertThat(FloatArithmetic.feqD(status, ONE_D, SIGNALING_D)).isZero();
        raises(NV);
        assertThat(FloatArithmetic.fltD(status, QUIET_D, ONE_D)).isZero();
        raises(NV);
        assertThat(FloatArithmetic.fleS(status, ONE_S, QUIET_S)).isZero();
        raises(NV);
    }

    @Test
    void zerosOfBothSignsAreEqual() {
        assertThat(FloatArithmetic.feqS(status, s(0f), s(-0f))).isEqualTo(1);
        assertThat(FloatArithmetic.fltD(status, d(-0.0), d(0))).isZero();
        assertThat(FloatArithmetic.fleD(status, d(0), d(-0.0))).isEqualTo(1);
        raises(0);
    }

    // ---- sign injection (20.7) and class (20.9) -----------------------------------------------------------------

    /** 20.7: NaNs keep their bits, and no flag is raised. */
    @Test
    void signInjectionTakesTheSignAloneOfTheSecondOperand() {
        assertThat(FloatArithmetic.fsgnjS(s(-3f), ONE_S)).isEqualTo(s(3f));
        assertThat(FloatArithmetic.fsgnjnS(s(3f), ONE_S)).isEqualTo(s(-3f));
        assertThat(FloatArithmetic.fsgnjnS(s(3f), s(-1f))).isEqualTo(s(3f));
        assertThat(FloatArithmetic.fsgnjxS(s(-3f), s(-1f))).isEqualTo(s(3f));
        assertThat(FloatArithmetic.fsgnjxS(s(-3f), ONE_S)).isEqualTo(s(-3f));
        assertThat(FloatArithmetic.fsgnjD(SIGNALING_D, d(-1))).isEqualTo(SIGNALING_D | 1L << 63);
        assertThat(FloatArithmetic.fsgnjnD(d(-2), d(-5))).isEqualTo(d(2));
        assertThat(FloatArithmetic.fsgnjnD(d(2), d(5))).isEqualTo(d(-2));
        assertThat(FloatArithmetic.fsgnjxD(d(2), d(-5))).isEqualTo(d(-2));
        assertThat(FloatArithmetic.fsgnjxD(QUIET_D, QUIET_D)).isEqualTo(QUIET_D & Long.MAX_VALUE);
    }

    @ParameterizedTest(name = "{0}: bit {2}")
    @CsvSource({
        "ff800000, fff0000000000000, 0",
        "ff7fffff, ffefffffffffffff, 1",
        "80800000, 8010000000000000, 1",
        "807fffff, 800fffffffffffff, 2",
        "80000001, 8000000000000001, 2",
        "80000000, 8000000000000000, 3",
        "00000000, 0000000000000000, 4",
        "00000001, 0000000000000001, 5",
        "007fffff, 000fffffffffffff, 5",
        "00800000, 0010000000000000, 6",
        "7f7fffff, 7fefffffffffffff, 6",
        "7f800000, 7ff0000000000000, 7",
        "7f800001, 7ff0000000000001, 8",
        "ffbfffff, fff7ffffffffffff, 8",
        "7fc00000, 7ff8000000000000, 9",
        "ffffffff, ffffffffffffffff, 9",
    })
    void theClassOfANumberIsOneBit(String single, String real, int bit) {
        assertThat(FloatArithmetic.fclassS(s(Integer.parseUnsignedInt(single, 16))))
                .isEqualTo(1L << bit);
        assertThat(FloatArithmetic.fclassD(Long.parseUnsignedLong(real, 16))).isEqualTo(1L << bit);
    }

    // ---- conversions (20.7, 21.5) -------------------------------------------------------------------------------

    /** 20.7: the results of invalid conversions; 32 bits are sign-extended, unsigned ones too. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "NaN, 7fffffff, ffffffffffffffff, 7fffffffffffffff, ffffffffffffffff",
        "Infinity, 7fffffff, ffffffffffffffff, 7fffffffffffffff, ffffffffffffffff",
        "1e30, 7fffffff, ffffffffffffffff, 7fffffffffffffff, ffffffffffffffff",
        "-Infinity, ffffffff80000000, 0, 8000000000000000, 0",
        "-1e30, ffffffff80000000, 0, 8000000000000000, 0",
    })
    void whatNoIntegerIsSaturates(double value, String w, String wu, String l, String lu) {
        for (int rm = RNE; rm <= RMM; rm++) {
            for (int before = 0; before <= NX; before++) {
                List<Long> results = List.of(
                        invalid(before, FloatArithmetic.fcvtWD(with(before), d(value), rm)),
                        invalid(before, FloatArithmetic.fcvtWuD(with(before), d(value), rm)),
                        invalid(before, FloatArithmetic.fcvtLD(with(before), d(value), rm)),
                        invalid(before, FloatArithmetic.fcvtLuD(with(before), d(value), rm)),
                        invalid(before, FloatArithmetic.fcvtWS(with(before), s((float) value), rm)),
                        invalid(before, FloatArithmetic.fcvtWuS(with(before), s((float) value), rm)),
                        invalid(before, FloatArithmetic.fcvtLS(with(before), s((float) value), rm)),
                        invalid(before, FloatArithmetic.fcvtLuS(with(before), s((float) value), rm)));
                List<Long> four = Stream.of(w, wu, l, lu)
                        .map(hex -> Long.parseUnsignedLong(hex, 16))
                        .toList();
                assertThat(results.subList(0, 4)).isEqualTo(four);
                assertThat(results.subList(4, 8)).isEqualTo(four);
            }
        }
    }

    private FloatStatus with(int flags) {
        status.setFlags(flags);
        return status;
    }

    /** NV excludes NX. */
    private long invalid(int before, long result) {
        raises(NV | before);
        return result;
    }

    /** 20.7: each side of the limits, where a number is invalid only if its rounded value is. */
    @Test
    void limitsOfConversionsAreThoseOfTheRoundedValue() {
        assertThat(FloatArithmetic.fcvtWD(status, d(0x1p31 - 0.5), RTZ)).isEqualTo(Integer.MAX_VALUE);
        raises(NX);
        assertThat(FloatArithmetic.fcvtWD(status, d(0x1p31 - 0.5), RNE)).isEqualTo(Integer.MAX_VALUE);
        raises(NV);
        assertThat(FloatArithmetic.fcvtWD(status, d(0x1p31), RTZ)).isEqualTo(Integer.MAX_VALUE);
        raises(NV);
        assertThat(FloatArithmetic.fcvtWD(status, d(-0x1p31 - 0.5), RTZ)).isEqualTo(Integer.MIN_VALUE);
        raises(NX);
        assertThat(FloatArithmetic.fcvtWD(status, d(-0x1p31 - 0.5), RDN)).isEqualTo(Integer.MIN_VALUE);
        raises(NV);
        assertThat(FloatArithmetic.fcvtWD(status, d(-0x1p31 - 1), RTZ)).isEqualTo(Integer.MIN_VALUE);
        raises(NV);
        assertThat(FloatArithmetic.fcvtWuD(status, d(0x1p32 - 1), RTZ)).isEqualTo(-1);
        raises(0);
        assertThat(FloatArithmetic.fcvtWuD(status, d(0x1p32 - 0.25), RUP)).isEqualTo(-1);
        raises(NV);
        assertThat(FloatArithmetic.fcvtWuD(status, d(0x1p32), RTZ)).isEqualTo(-1);
        raises(NV);
        assertThat(FloatArithmetic.fcvtLD(status, d(-0x1p63), RTZ)).isEqualTo(Long.MIN_VALUE);
        raises(0);
        assertThat(FloatArithmetic.fcvtLD(status, d(Math.nextDown(-0x1p63)), RTZ))
                .isEqualTo(Long.MIN_VALUE);
        raises(NV);
        assertThat(FloatArithmetic.fcvtLS(status, s(0x1p63f), RTZ)).isEqualTo(Long.MAX_VALUE);
        raises(NV);
        assertThat(FloatArithmetic.fcvtLuD(status, d(0x1p63), RTZ)).isEqualTo(Long.MIN_VALUE);
        raises(0);
        assertThat(FloatArithmetic.fcvtLuD(status, d(Math.nextDown(0x1p64)), RTZ))
                .isEqualTo(-2048);
        raises(0);
        assertThat(FloatArithmetic.fcvtLuS(status, s(0x1p64f), RTZ)).isEqualTo(-1);
        raises(NV);
    }

    /** 20.7: a negative number that rounds to 0 is inexact, and not invalid; -1 is invalid. */
    @Test
    void negativeNumbersThatRoundToZeroConvertToUnsigned() {
        assertThat(FloatArithmetic.fcvtWuD(status, d(-0.75), RTZ)).isZero();
        raises(NX);
        assertThat(FloatArithmetic.fcvtLuS(status, s(-0.5f), RNE)).isZero();
        raises(NX);
        assertThat(FloatArithmetic.fcvtWuD(status, d(-0.75), RNE)).isZero();
        raises(NV);
        assertThat(FloatArithmetic.fcvtLuD(status, d(-1), RTZ)).isZero();
        raises(NV);
        assertThat(FloatArithmetic.fcvtLuD(status, d(-0.0), RDN)).isZero();
        raises(0);
    }

    /** 20.7: unsigned words are the low half of a register, whatever is above; signed ones too. */
    @Test
    void wordsAreTheLowHalvesOfRegisters() {
        assertThat(FloatArithmetic.fcvtDW(0x1234_5678_ffff_fffeL)).isEqualTo(d(-2));
        assertThat(FloatArithmetic.fcvtDWu(0x1234_5678_ffff_fffeL)).isEqualTo(d(0xffff_fffeL));
        assertThat(FloatArithmetic.fcvtSW(status, 0x1234_5678_ffff_fffeL, RNE)).isEqualTo(s(-2f));
        raises(0);
        assertThat(FloatArithmetic.fcvtSWu(status, -1, RTZ)).isEqualTo(s(0x0.ffffffp32f));
        raises(NX);
        assertThat(FloatArithmetic.fcvtSWu(status, -1, RNE)).isEqualTo(s(0x1p32f));
        raises(NX);
    }

    @Test
    void unsignedLongsHaveNoSign() {
        assertThat(FloatArithmetic.fcvtDL(status, Long.MIN_VALUE, RNE)).isEqualTo(d(-0x1p63));
        raises(0);
        assertThat(FloatArithmetic.fcvtDLu(status, Long.MIN_VALUE, RNE)).isEqualTo(d(0x1p63));
        raises(0);
        assertThat(FloatArithmetic.fcvtSLu(status, -1, RTZ)).isEqualTo(s(Math.nextDown(0x1p64f)));
        raises(NX);
    }

    /** 21.5: FCVT.D.S never rounds. */
    @Test
    void everySingleIsADouble() {
        assertThat(FloatArithmetic.fcvtDS(status, s(Float.MIN_VALUE))).isEqualTo(d(0x1p-149));
        assertThat(FloatArithmetic.fcvtDS(status, s(-Float.MAX_VALUE))).isEqualTo(d(-Float.MAX_VALUE));
        assertThat(FloatArithmetic.fcvtDS(status, INFINITY_S)).isEqualTo(INFINITY_D);
        assertThat(FloatArithmetic.fcvtDS(status, s(-0f))).isEqualTo(d(-0.0));
        assertThat(FloatArithmetic.fcvtDS(status, QUIET_S)).isEqualTo(NAN_D);
        raises(0);
        assertThat(FloatArithmetic.fcvtDS(status, SIGNALING_S)).isEqualTo(NAN_D);
        raises(NV);
    }
}
