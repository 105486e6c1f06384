package dev.semblance.machine.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What integer instructions compute, in whole numbers without bounds (unprivileged ISA, chapters 2, 4, 13 and 14). */
class SemanticsProperties {

    private static final BigInteger TWO = BigInteger.TWO;
    private static final BigInteger ONES = TWO.pow(64).subtract(BigInteger.ONE);

    /** 64 bits, those that matter more often. */
    @Provide
    static Arbitrary<Long> values() {
        Arbitrary<Long> bits = Arbitraries.longs().withDistribution(net.jqwik.api.RandomDistribution.uniform());
        return Arbitraries.oneOf(
                bits,
                Arbitraries.of(0L, 1L, -1L, 2L, Long.MIN_VALUE, Long.MAX_VALUE, (long) Integer.MIN_VALUE, 0x7fff_ffffL),
                Arbitraries.of(0xffff_ffffL, 0x8000_0000L, 0x1_0000_0000L, -0x8000_0001L, 31L, 32L, 63L, 64L),
                Arbitraries.integers().map(Integer::longValue),
                Arbitraries.longs().between(-70, 70),
                Arbitraries.integers().between(0, 63).map(shift -> 1L << shift),
                Arbitraries.integers().between(0, 63).map(shift -> -1L << shift));
    }

    private static BigInteger signed(long value, int xlen) {
        BigInteger low = unsigned(value, xlen);
        return low.testBit(xlen - 1) ? low.subtract(TWO.pow(xlen)) : low;
    }

    private static BigInteger unsigned(long value, int xlen) {
        return BigInteger.valueOf(value).mod(TWO.pow(xlen));
    }

    /** The register that holds a number modulo 2^xlen: sign-extended. */
    private static long register(BigInteger number, int xlen) {
        BigInteger low = number.mod(TWO.pow(xlen));
        return (low.testBit(xlen - 1) ? low.subtract(TWO.pow(xlen)) : low).longValueExact();
    }

    private static BigInteger flag(boolean is) {
        return is ? BigInteger.ONE : BigInteger.ZERO;
    }

    /** Truncating division; by zero, all ones (13.2, table 11). Overflow is what the modulus makes of it. */
    private static BigInteger quotient(BigInteger a, BigInteger b) {
        return b.signum() == 0 ? ONES : a.divide(b);
    }

    private static BigInteger remainder(BigInteger a, BigInteger b) {
        return b.signum() == 0 ? a : a.remainder(b);
    }

    /** What an operation of either width gives, by the text of the manual; a number that is yet to be cut to the width. */
    private static BigInteger expected(String name, long x, long y, int xlen) {
        BigInteger a = signed(x, xlen);
        BigInteger b = signed(y, xlen);
        BigInteger ua = unsigned(x, xlen);
        BigInteger ub = unsigned(y, xlen);
        int shift = (int) (y & xlen - 1);
        return switch (name) {
            case "add" -> a.add(b);
            case "sub" -> a.subtract(b);
            case "sll" -> a.multiply(TWO.pow(shift));
            case "srl" -> ua.divide(TWO.pow(shift));
            case "sra" -> a.subtract(a.mod(TWO.pow(shift))).divide(TWO.pow(shift));
            case "mul" -> a.multiply(b);
            case "mulh" -> a.multiply(b).shiftRight(xlen);
            case "mulhsu" -> a.multiply(ub).shiftRight(xlen);
            case "mulhu" -> ua.multiply(ub).shiftRight(xlen);
            case "div" -> quotient(a, b);
            case "divu" -> quotient(ua, ub);
            case "rem" -> remainder(a, b);
            case "remu" -> remainder(ua, ub);
            case "slt" -> flag(a.compareTo(b) < 0);
            case "sltu" -> flag(ua.compareTo(ub) < 0);
            case "xor" -> a.xor(b);
            case "or" -> a.or(b);
            case "and" -> a.and(b);
            case "lui", "second" -> b;
            case "auipc" -> a.add(b);
            case "min" -> a.min(b);
            case "max" -> a.max(b);
            case "minu" -> ua.min(ub);
            case "maxu" -> ua.max(ub);
            case "equal" -> flag(a.equals(b));
            case "notEqual" -> flag(!a.equals(b));
            case "less" -> flag(a.compareTo(b) < 0);
            case "notLess" -> flag(a.compareTo(b) >= 0);
            case "lessUnsigned" -> flag(ua.compareTo(ub) < 0);
            case "notLessUnsigned" -> flag(ua.compareTo(ub) >= 0);
            default -> throw new IllegalStateException("no formula for " + name);
        };
    }

    private static Method method(String name) {
        return Arrays.stream(Semantics.class.getDeclaredMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no method " + name));
    }

    private static long call(Method method, long a, long b) {
        try {
            Object result = method.getParameterCount() == 1
                    ? method.invoke(null, b)
                    : method.getParameterTypes()[1] == int.class
                            ? method.invoke(null, a, (int) b)
                            : method.invoke(null, a, b);
            return result instanceof Boolean taken ? (taken ? 1 : 0) : (Long) result;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the names of the methods that integer rows name. */
    private static Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (Instruction row : InstructionSet.all()) {
            boolean integer = row.scope() == Scope.BASE || row.scope() == Scope.RV32 || row.scope() == Scope.RV64;
            if (integer && !row.semantics().isEmpty()) {
                names.add(row.semantics());
            }
        }
        return names;
    }

    /** Those whose name ends in w compute with 32 bits; the rest with all, also on a hart of 32 whose registers are sign-extended. */
    @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE)
    void everyOperationIsTheFormulaOfTheManual(@ForAll("values") long a, @ForAll("values") long b) {
        int seen = 0;
        for (String name : names()) {
            boolean narrow = name.endsWith("w");
            String formula = narrow ? name.substring(0, name.length() - 1) : name;
            int xlen = narrow ? 32 : 64;
            boolean keepsUpperHalves = name.equals("mulhw") || name.equals("mulhsuw") || name.equals("mulhuw");
            // MULH and its kin of 32 bits have operands that registers of 32 bits hold: sign-extended.
            long x = keepsUpperHalves ? (int) a : a;
            long y = keepsUpperHalves ? (int) b : b;
            assertThat(call(method(name), x, y))
                    .as("%s(0x%x, 0x%x)", name, x, y)
                    .isEqualTo(register(expected(formula, x, y, xlen), xlen));
            seen++;
        }
        assertThat(seen).isGreaterThan(40);
    }

    /** What is defined on all bits is right for 32 if the operands are sign-extended, as registers of RV32 are. */
    @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
    void operationsThatBothWidthsShareAreThoseOf32Bits(@ForAll("values") long a, @ForAll("values") long b) {
        long x = (int) a;
        long y = (int) b;
        int seen = 0;
        for (Instruction row : InstructionSet.all()) {
            if (row.scope() == Scope.BASE && !row.semantics().isEmpty() && row.op() != Op.AUIPC) {
                // Of an AMO that adds, the low 32 bits are stored.
                long result = call(method(row.semantics()), x, y);
                assertThat(row.op() == Op.AMOADD_W || row.op() == Op.AMOADD_D ? (int) result : result)
                        .as("%s(0x%x, 0x%x)", row.semantics(), x, y)
                        .isEqualTo(register(expected(row.semantics(), x, y, 32), 32));
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(25);
    }

    @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
    void anAmoStoresWhatItsRowSays(@ForAll("values") long memory, @ForAll("values") long operand) {
        int seen = 0;
        for (Instruction row : InstructionSet.all()) {
            if (row.format() == Format.AMO && !row.semantics().isEmpty()) {
                assertThat(Semantics.amo(row.op(), memory, operand))
                        .isEqualTo(register(expected(row.semantics(), memory, operand, 64), 64));
                seen++;
            }
        }
        assertThat(seen).isEqualTo(18);
    }

    @Example
    void everyMethodIsOfSomeRow() {
        Set<String> methods = new TreeSet<>();
        for (Method method : Semantics.class.getDeclaredMethods()) {
            if (Modifier.isPublic(method.getModifiers()) && !method.getName().equals("amo")) {
                methods.add(method.getName());
            }
        }
        assertThat(names()).isEqualTo(methods);
    }
}
