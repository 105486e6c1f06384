package dev.semblance.machine.isa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.fp.FloatArithmetic;
import dev.semblance.machine.profile.Isa;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** RISC-V unprivileged ISA, chapter 35: the listings of RV32I, RV64I, Zifencei, Zicsr, M, A, F and D. */
class InstructionSetTests {

    private static List<Instruction> legal(Isa isa) {
        return InstructionSet.all().stream()
                .filter(row -> row.op() != Op.ILLEGAL && row.scope().includes(isa))
                .toList();
    }

    @Test
    void everyNumberOfOpIsDenseAndDoneByARow() throws ReflectiveOperationException {
        SortedSet<Integer> numbers = new TreeSet<>();
        for (Field field : Op.class.getFields()) {
            assertThat(numbers.add(field.getInt(null))).as(field.getName()).isTrue();
        }
        assertThat(numbers).hasSize(Op.ILLEGAL + 1);
        assertThat(numbers.first()).isZero();
        assertThat(numbers.last()).isEqualTo(Op.ILLEGAL).isLessThan(256);
        SortedSet<Integer> done = new TreeSet<>();
        InstructionSet.all().forEach(row -> done.add(row.op()));
        assertThat(done).isEqualTo(numbers);
    }

    /** What a hart of 64 bits calls ADDW and one of 32 bits ADD is one number; all others are named as their mnemonic. */
    @Test
    void anInstructionOf64BitsDoesWhatItsMnemonicSays() throws ReflectiveOperationException {
        for (Instruction row : legal(Isa.RV64GC)) {
            String name = row.mnemonic().replace('.', '_').toUpperCase(Locale.ROOT);
            boolean floatCsr = name.startsWith("CSR") && !Op.endsBlock(row.op());
            assertThat(Op.class.getField(floatCsr ? "F" + name : name).getInt(null))
                    .as(name)
                    .isEqualTo(row.op());
        }
    }

    /** The semantics that a row names is a static method; a hart of 32 bits never names one of 64. */
    @Test
    void everyRowThatComputesNamesAMethod() {
        for (Instruction row : InstructionSet.all()) {
            if (!row.semantics().isEmpty()) {
                Class<?> where = Op.isFloat(row.op()) ? FloatArithmetic.class : Semantics.class;
                assertThat(where.getMethods())
                        .as(row.mnemonic())
                        .anyMatch(method -> method.getName().equals(row.semantics()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void noTwoInstructionsShareAnEncoding(Isa isa) {
        for (Instruction one : legal(isa)) {
            assertThat(one.match() & ~one.mask()).as(one.mnemonic()).isZero();
            for (Instruction other : legal(isa)) {
                // The accesses of floating-point CSRs are a part of those of CSRs, and come first.
                boolean part = one.mnemonic().equals(other.mnemonic());
                if (!one.equals(other) && !part) {
                    assertThat((one.match() ^ other.match()) & one.mask() & other.mask())
                            .as("%s and %s", one.mnemonic(), other.mnemonic())
                            .isNotZero();
                }
            }
        }
    }

    @Test
    void whatMayJumpOrTrapByDesignEndsABlock() {
        List<String> ending = new ArrayList<>();
        for (Instruction instruction : InstructionSet.all()) {
            if (Op.endsBlock(instruction.op())) {
                ending.add(instruction.mnemonic());
            }
        }
        assertThat(ending)
                .containsExactlyInAnyOrder(
                        "beq",
                        "bne",
                        "blt",
                        "bge",
                        "bltu",
                        "bgeu",
                        "jal",
                        "jalr",
                        "fence.i",
                        "ecall",
                        "ebreak",
                        "csrrw",
                        "csrrs",
                        "csrrc",
                        "csrrwi",
                        "csrrsi",
                        "csrrci",
                        "sret",
                        "wfi",
                        "sfence.vma",
                        "illegal");
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "00000000, all zeros (1.5: always illegal)",
        "ffffffff, all ones (1.5: always illegal)",
        "00000001, c.nop: compressed",
        "00004501, c.li a0 0: compressed",
        "80000533, add with funct7 0x40",
        "04000533, add with funct7 2",
        "42000533, mul with the bit of sub",
        "40001533, sll with funct7 0x20",
        "40002533, slt with funct7 0x20",
        "0200b013, sltiu is legal",
        "02051513, slli with shamt bit 5: RV64 only",
        "02055513, srli with shamt bit 5: RV64 only",
        "42055513, srai with shamt bit 5: RV64 only",
        "80051513, slli with funct7 0x40",
        "00003503, ld: RV64 only",
        "00006503, lwu: RV64 only",
        "00007503, load of width 7",
        "00a53023, sd: RV64 only",
        "0000051b, addiw: RV64 only",
        "0000053b, addw: RV64 only",
        "00002063, branch of kind 2",
        "00003063, branch of kind 3",
        "00001567, jalr with funct3 1",
        "0000200f, cbo: no Zicbom",
        "0005352f, amoadd.d: RV64 only",
        "1005352f, lr.d: RV64 only",
        "1015252f, lr.w with rs2",
        "2805252f, amocas.w: no Zacas",
        "00002507, flw: no F",
        "00a52027, fsw: no F",
        "00000553, fadd.s: no F",
        "30200073, mret: no M-mode",
        "7b200073, dret",
        "00200073, uret",
        "10200173, sret with rd",
        "12000173, sfence.vma with rd",
        "00004073, SYSTEM with funct3 4",
        "0000007f, an opcode of 7 ones",
    })
    void whatIsNotInTheSetIsIllegal(String hex, String why) {
        int bits = Integer.parseUnsignedInt(hex, 16);
        boolean control = why.endsWith("is legal");

        assertThat(InstructionSet.of(Isa.RV32IMA).find(bits).op() == Op.ILLEGAL).isEqualTo(!control);
        if (!control) {
            assertThat(Decoded.op(InstructionSet.of(Isa.RV32IMA).decode(bits))).isEqualTo(Op.ILLEGAL);
        }
    }

    /** 2.7: the fields of FENCE that mean nothing yet are ignored, so that later code runs on today's machines. */
    @Test
    void everyKindOfFenceIsAFence() {
        for (int bits : new int[] {0x0ff0_000f, 0x8330_000f, 0x0100_000f, 0x0000_000f, 0x0ff5_058f}) {
            assertThat(InstructionSet.of(Isa.RV32IMA).find(bits).mnemonic()).isEqualTo("fence");
        }
        assertThat(InstructionSet.of(Isa.RV32IMA).find(0xfff5_158f).mnemonic()).isEqualTo("fence.i");
    }

    /** 14.1: aq and rl change nothing that one hart in order could show. */
    @Test
    void acquireAndReleaseBitsAreAccepted() {
        for (Instruction instruction : legal(Isa.RV32IMA)) {
            if (instruction.mnemonic().endsWith(".w")) {
                for (int ordering = 0; ordering < 4; ordering++) {
                    assertThat(InstructionSet.of(Isa.RV32IMA).find(instruction.match() | ordering << 25))
                            .isSameAs(instruction);
                }
            }
        }
    }
}
