package dev.semblance.machine.fp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.fp.FloatInstruction.Kind;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What the host computes cannot be told from what {@link SoftFloat} does. */
class FloatArithmeticProperties {

    /** An instruction with values as operands. */
    record Sample(FloatInstruction instruction, long a, long b, long c, int mode, int flags) {}

    private static Arbitrary<Long> fractions(int bits) {
        long all = (1L << bits) - 1;
        Arbitrary<Integer> place = Arbitraries.integers().between(0, bits - 1);
        return Arbitraries.oneOf(
                Arbitraries.of(
                        0L, 1L, 2L, 3L, all, all - 1, 1L << bits - 1, (1L << bits - 1) - 1, (1L << bits - 1) + 1),
                place.map(bit -> 1L << bit),
                place.map(bit -> all << bit & all),
                // The lower half one more or less than a power of two: products and quotients near the middle.
                Combinators.combine(place, place).as((one, other) -> (1L << one) + (1L << other) & all),
                Combinators.combine(place, place).as((one, other) -> (1L << one) - (1L << other) & all),
                Arbitraries.longs().map(random -> random & all));
    }

    /** The exponent's field at its ends, around 1, where integers begin and end, and anywhere. */
    private static Arbitrary<Integer> exponents(int bits) {
        int most = (1 << bits) - 1;
        int bias = most >> 1;
        return Arbitraries.oneOf(
                Arbitraries.of(0, 1, 2, most, most - 1, most - 2),
                Arbitraries.integers().between(bias - 2, bias + 2),
                Arbitraries.integers().between(bias - 60, bias + 66),
                Arbitraries.integers().between(bias / 2 - 3, bias / 2 + 3),
                Arbitraries.integers().between(bias + bias / 2 - 3, bias + bias / 2 + 3),
                Arbitraries.integers().between(0, most));
    }

    private static Arbitrary<Long> floats(int fractionBits, int exponentBits) {
        return Combinators.combine(Arbitraries.of(0L, 1L), exponents(exponentBits), fractions(fractionBits))
                .as((sign, exponent, fraction) -> (sign << exponentBits | exponent) << fractionBits | fraction);
    }

    private static Arbitrary<Long> integers(int width) {
        long all = -1L >>> 64 - width;
        Arbitrary<Integer> place = Arbitraries.integers().between(0, width - 1);
        return Arbitraries.oneOf(
                Combinators.combine(place, Arbitraries.integers().between(-3, 3))
                        .as((bit, more) -> (1L << bit) + more & all),
                Combinators.combine(place, place).as((one, other) -> (1L << one) - (1L << other) & all),
                Combinators.combine(place, Arbitraries.longs()).as((bit, random) -> (random & all) >>> bit));
    }

    private static Arbitrary<Long> values(Kind kind) {
        return switch (kind) {
            case SINGLE -> floats(23, 8);
            case DOUBLE -> floats(52, 11);
            case WORD -> integers(32);
            case LONG -> integers(64);
        };
    }

    /** Operands, of which one is often made of others so that little is left of a sum, or just the middle is. */
    private static Arbitrary<long[]> operands(Kind kind) {
        Arbitrary<Long> values = values(kind);
        Arbitrary<Integer> relation = Arbitraries.integers().between(0, 5);
        Arbitrary<Integer> some = Arbitraries.integers().between(-2, 2);
        return Combinators.combine(values, values, values, relation, some).as((a, b, c, related, more) -> {
            long mask = -1L >>> 64 - kind.width;
            return switch (related) {
                case 0 -> new long[] {a, a + more & mask, c};
                case 1 -> new long[] {a, halfOfLastPlace(kind, a) + more & mask, c};
                case 2 -> new long[] {a, b, negatedProduct(kind, a, b) + more & mask};
                default -> new long[] {a, b, c};
            };
        });
    }

    private static long halfOfLastPlace(Kind kind, long bits) {
        return switch (kind) {
            case SINGLE -> bits - (24L << 23) & 0xff80_0000L;
            case DOUBLE -> bits - (53L << 52) & -1L << 52;
            case WORD, LONG -> bits;
        };
    }

    private static long negatedProduct(Kind kind, long a, long b) {
        return switch (kind) {
            case SINGLE ->
                Float.floatToRawIntBits(-Float.intBitsToFloat((int) a) * Float.intBitsToFloat((int) b)) & 0xffff_ffffL;
            case DOUBLE -> Double.doubleToRawLongBits(-Double.longBitsToDouble(a) * Double.longBitsToDouble(b));
            case WORD, LONG -> a;
        };
    }

    @Provide
    Arbitrary<Sample> samples() {
        return Arbitraries.of(FloatInstruction.ALL)
                .flatMap(instruction -> Combinators.combine(
                                operands(instruction.operand()),
                                Arbitraries.integers().between(0, 4),
                                // NX set and the mode of Java, with which the host computes, are half of all.
                                Arbitraries.oneOf(
                                        Arbitraries.just(1),
                                        Arbitraries.integers().between(0, 31)),
                                Arbitraries.of(true, false))
                        .as((in, mode, flags, host) ->
                                new Sample(instruction, in[0], in[1], in[2], host ? 0 : mode, flags)));
    }

    @Property(tries = 50_000, edgeCases = EdgeCasesMode.NONE)
    void bitsAndFlagsAreThoseOfIntegerArithmetic(@ForAll("samples") Sample sample) {
        FloatInstruction instruction = sample.instruction;
        long[] values = {sample.a, sample.b, sample.c};
        long[] registers = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            registers[i] = instruction.operand().register(values[i]);
        }
        FloatStatus expected = new FloatStatus();
        expected.setFlags(sample.flags);
        FloatStatus status = new FloatStatus();
        status.setFlags(sample.flags);

        long result = instruction.method().of(status, registers, sample.mode);
        long reference = instruction.reference().of(expected, values, sample.mode);

        assertThat(result).isEqualTo(instruction.result().register(reference));
        assertThat(status.flags()).isEqualTo(expected.flags());
    }

    /** 20.2: flags accrue; an instruction raises the same ones whatever is set before, and clears none. */
    @Property(tries = 3000, edgeCases = EdgeCasesMode.NONE)
    void flagsAccrueAndChangeNoResult(@ForAll("samples") Sample sample) {
        FloatInstruction instruction = sample.instruction;
        long[] registers = {
            instruction.operand().register(sample.a),
            instruction.operand().register(sample.b),
            instruction.operand().register(sample.c)
        };
        FloatStatus clear = new FloatStatus();
        long result = instruction.method().of(clear, registers, sample.mode);
        for (int before = 0; before < 32; before++) {
            FloatStatus status = new FloatStatus();
            status.setFlags(before);
            assertThat(instruction.method().of(status, registers, sample.mode)).isEqualTo(result);
            assertThat(status.flags()).isEqualTo(clear.flags() | before);
        }
    }
}
