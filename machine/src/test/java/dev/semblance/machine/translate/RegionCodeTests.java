package dev.semblance.machine.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.isa.Decoded;
import dev.semblance.machine.isa.Instruction;
import dev.semblance.machine.isa.InstructionSet;
import dev.semblance.machine.isa.Op;
import dev.semblance.machine.profile.Isa;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A method of a class file has fewer than 65,536 bytes (Java Virtual Machine Specification, 4.7.3). How many a region has at most is known before it is
 * made, whatever is in it.
 */
class RegionCodeTests {

    private static final Operations OPERATIONS = new Operations();

    /** As the execution core cuts them. */
    private static final int LONGEST_RUN = 64;

    private static int length(RegionShape shape) {
        return RegionCode.methodLength(
                RegionCode.of(shape, Effort.QUICK, OPERATIONS).classFile());
    }

    /** Runs of some bits over and over, from the start of a page on. */
    private static RegionShape runs(Isa isa, int bits, int count) {
        InstructionSet instructions = InstructionSet.of(isa);
        long decoded = instructions.decode(bits);
        int size = instructions.isLong(bits) ? 4 : 2;
        int length = Op.endsBlock(Decoded.op(decoded)) ? 1 : LONGEST_RUN;
        long[] code = new long[length];
        int[] offsets = new int[length + 1];
        for (int i = 0; i < length; i++) {
            code[i] = Decoded.fromBlockStart(decoded, size * i);
            offsets[i + 1] = size * (i + 1);
        }
        RegionShape shape = new RegionShape(isa);
        for (int i = 0; i < count; i++) {
            shape.enterAt(size * i * length);
            shape.add(size * i * length, code, offsets);
        }
        return shape;
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void noInstructionIsLongerThanIsSaidBefore(Isa isa) {
        SplittableRandom random = new SplittableRandom(1);
        for (Instruction row : InstructionSet.all()) {
            for (int round = 0; round < 8; round++) {
                int bits = row.match() | random.nextInt() & ~row.mask();
                // What is one run cannot be made smaller.
                RegionShape shape = runs(isa, bits, 1);
                assertThat(RegionCode.longest(shape))
                        .as("%s, 0x%x", row.mnemonic(), bits)
                        .isBetween((long) length(shape), 65_535L);
            }
        }
    }

    @Test
    void whatWouldBeTooLongIsMadeSmallerBefore() {
        // jalr t0, 4(t0)
        RegionShape calls = runs(Isa.RV64GC, 0x0042_82e7, 300);
        assertThat(calls.entries()).hasSize(300);
        assertThat(RegionCode.longest(calls)).isGreaterThan(65_535);
        RegionCode.Made made = RegionCode.of(calls, Effort.FULL, OPERATIONS);
        assertThat(made.shape().isEntry(0)).isTrue();
        assertThat(made.shape().instructions()).isBetween(10, 100);
        assertThat(RegionCode.longest(made.shape())).isGreaterThan(RegionCode.methodLength(made.classFile()));
    }
}
