package dev.semblance.machine.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RISC-V unprivileged ISA, chapter 35: the listings of RV32I, Zifencei, Zicsr, RV32M and RV32A. */
class InstructionSetTests {

    private static List<Instruction> legal() {
        return InstructionSet.all().subList(0, Op.ILLEGAL);
    }

    @Test
    void anInstructionsNumberIsItsPlaceInTheTable() {
        for (int place = 0; place < InstructionSet.all().size(); place++) {
            assertThat(InstructionSet.all().get(place).op()).isEqualTo(place);
        }
        assertThat(InstructionSet.all()).hasSize(Op.ILLEGAL + 1);
    }

    @Test
    void everyNumberInOpIsNamedAsItsMnemonic() throws ReflectiveOperationException {
        int named = 0;
        for (Field field : Op.class.getFields()) {
            if (Modifier.isPublic(field.getModifiers()) && field.getType() == int.class) {
                String mnemonic = InstructionSet.all().get(field.getInt(null)).mnemonic();
                assertThat(mnemonic.replace('.', '_').toUpperCase(Locale.ROOT)).isEqualTo(field.getName());
                named++;
            }
        }
        assertThat(named).isEqualTo(InstructionSet.all().size());
    }

    @Test
    void noTwoInstructionsShareAnEncoding() {
        for (Instruction one : legal()) {
            assertThat(one.match() & ~one.mask()).as(one.mnemonic()).isZero();
            for (Instruction other : legal()) {
                if (one.op() != other.op()) {
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

        assertThat(InstructionSet.find(bits).op() == Op.ILLEGAL).isEqualTo(!control);
        if (!control) {
            assertThat(Decoded.op(Decoded.decode(bits))).isEqualTo(Op.ILLEGAL);
            assertThat(Decoded.immediate(Decoded.decode(bits)))
                    .as("kept for stval")
                    .isEqualTo(bits);
        }
    }

    /** 2.7: the fields of FENCE that mean nothing yet are ignored, so that later code runs on today's machines. */
    @Test
    void everyKindOfFenceIsAFence() {
        for (int bits : new int[] {0x0ff0_000f, 0x8330_000f, 0x0100_000f, 0x0000_000f, 0x0ff5_058f}) {
            assertThat(InstructionSet.find(bits).mnemonic()).isEqualTo("fence");
        }
        assertThat(InstructionSet.find(0xfff5_158f).mnemonic()).isEqualTo("fence.i");
    }

    /** 14.1: aq and rl change nothing that one hart in order could show. */
    @Test
    void acquireAndReleaseBitsAreAccepted() {
        for (Instruction instruction : legal()) {
            if (instruction.mnemonic().endsWith(".w")) {
                for (int ordering = 0; ordering < 4; ordering++) {
                    assertThat(InstructionSet.find(instruction.match() | ordering << 25))
                            .isSameAs(instruction);
                }
            }
        }
    }
}
