package dev.semblance.machine.isa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.profile.Isa;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Encodings made by {@link Encoder} come back out of the decoder and through the disassembler. */
class DecoderProperties {

    /** An instruction with operands, the immediate as the instruction sees it. */
    record Sample(Instruction instruction, int rd, int rs1, int rs2, int immediate) {

        /** lui and auipc are written with the upper 20 bits alone. */
        int bits() {
            int written = instruction.format() == Format.U ? immediate >>> 12 : immediate;
            return Encoder.encode(instruction.mnemonic(), rd, rs1, rs2, written);
        }
    }

    private static List<Instruction> legal() {
        return InstructionSet.all().stream()
                .filter(row -> row.op() != Op.ILLEGAL && row.scope().includes(Isa.RV32IMA))
                .toList();
    }

    private static Arbitrary<Integer> immediates(Format format) {
        return switch (format) {
            case I, LOAD, S -> Arbitraries.integers().between(-2048, 2047);
            case SHIFT -> Arbitraries.integers().between(0, 31);
            case B -> Arbitraries.integers().between(-2048, 2047).map(half -> 2 * half);
            case J -> Arbitraries.integers().between(-(1 << 19), (1 << 19) - 1).map(half -> 2 * half);
            case U -> Arbitraries.integers().map(value -> value & 0xffff_f000);
            case CSR, CSR_IMMEDIATE -> Arbitraries.integers().between(0, 0xfff);
            default -> Arbitraries.just(0);
        };
    }

    @Provide
    Arbitrary<Sample> samples() {
        Arbitrary<Integer> register = Arbitraries.integers().between(0, 31);
        return Arbitraries.of(legal())
                .flatMap(instruction -> Combinators.combine(
                                register, register, register, immediates(instruction.format()))
                        .as((rd, rs1, rs2, immediate) -> new Sample(instruction, rd, rs1, rs2, immediate)));
    }

    @Property(tries = 5000, edgeCases = EdgeCasesMode.MIXIN)
    void decodingGivesBackWhatWasEncoded(@ForAll("samples") Sample sample) {
        Format format = sample.instruction.format();
        long decoded = InstructionSet.of(Isa.RV32IMA).decode(sample.bits());

        assertThat(Decoded.op(decoded)).isEqualTo(sample.instruction.op());
        assertThat(Decoded.immediate(decoded)).isEqualTo(sample.immediate);
        boolean writes = switch (format) {
            case R, I, SHIFT, LOAD, U, J, CSR, CSR_IMMEDIATE, AMO, LOAD_RESERVED -> true;
            default -> false;
        };
        if (writes) {
            assertThat(Decoded.rd(decoded)).isEqualTo(sample.rd == 0 ? Decoded.SINK : sample.rd);
        }
        boolean readsFirst = format != Format.U && format != Format.J && format != Format.NONE;
        if (readsFirst) {
            assertThat(Decoded.rs1(decoded)).isEqualTo(sample.rs1);
        }
        boolean readsSecond = switch (format) {
            case R, S, B, AMO, FENCE_VMA -> true;
            default -> false;
        };
        if (readsSecond) {
            assertThat(Decoded.rs2(decoded)).isEqualTo(sample.rs2);
        }
    }

    @Property(tries = 3000, edgeCases = EdgeCasesMode.MIXIN)
    void whatIsDisassembledAssemblesToTheSameBits(@ForAll("samples") Sample sample, @ForAll int address) {
        int pc = address & ~3;
        String text = Disassembler.disassemble(InstructionSet.of(Isa.RV32IMA), sample.bits(), pc);

        assertThat(Assembler.assemble(pc, text)).as(text).containsExactly(sample.bits());
    }

    /** Every 32 bits are something: the index by opcode and funct3 finds just what a search of the table finds. */
    @Property(tries = 5000)
    void theIndexFindsWhatASearchFinds(@ForAll int bits) {
        assertSameAsSearch(bits);
        assertSameAsSearch(bits & 0xfff0_7073 | 0x73);
        assertSameAsSearch(bits & 0xfe00_7fff & ~0x50 | 0x33);
    }

    private static void assertSameAsSearch(int bits) {
        Instruction searched = legal().stream()
                .filter(row -> row.matches(bits))
                .findFirst()
                .orElse(InstructionSet.all().getLast());
        assertThat(InstructionSet.of(Isa.RV32IMA).find(bits)).isSameAs(searched);
    }

    /** 2.3: immediates at their ends, sign-extended from bit 31 of the encoding. */
    @Example
    void immediatesOfEveryFormatReachTheirEnds() {
        record Ends(String mnemonic, int... values) {}
        Stream.of(
                        new Ends("addi", -2048, -1, 0, 2047),
                        new Ends("lw", -2048, -1, 0, 2047),
                        new Ends("jalr", -2048, -1, 0, 2047),
                        new Ends("sw", -2048, -1, 0, 31, 32, 2047),
                        new Ends("beq", -4096, -2, 0, 2, 30, 32, 2046, 2048, 4094),
                        new Ends("jal", -1048576, -2, 0, 2, 2046, 2048, 4094, 4096, 1048574),
                        new Ends("slli", 0, 1, 31),
                        new Ends("csrrw", 0, 0x7ff, 0x800, 0xfff))
                .forEach(ends -> {
                    for (int value : ends.values) {
                        int bits = Encoder.encode(ends.mnemonic, 1, 2, 3, value);
                        assertThat(Decoded.immediate(
                                        InstructionSet.of(Isa.RV32IMA).decode(bits)))
                                .as("%s with %d", ends.mnemonic, value)
                                .isEqualTo(value);
                    }
                });
        assertThat(Decoded.immediate(InstructionSet.of(Isa.RV32IMA).decode(Encoder.encode("lui", 1, 0, 0, 0xfffff))))
                .isEqualTo(-4096);
        assertThat(Decoded.immediate(InstructionSet.of(Isa.RV32IMA).decode(Encoder.encode("auipc", 1, 0, 0, 0x80000))))
                .isEqualTo(Integer.MIN_VALUE);
    }
}
