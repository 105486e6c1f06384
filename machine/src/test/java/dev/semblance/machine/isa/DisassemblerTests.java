package dev.semblance.machine.isa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.profile.Isa;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected texts are what binutils' objdump writes with {@code -M no-aliases}, but for targets and shift counts. */
class DisassemblerTests {

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "123455b7|lui a1, 0x12345",
                "fffff517|auipc a0, 0xfffff",
                "fff00513|addi a0, zero, -1",
                "01f51513|slli a0, a0, 31",
                "40b50533|sub a0, a0, a1",
                "ffc12083|lw ra, -4(sp)",
                "fe112e23|sw ra, -4(sp)",
                "fe000ee3|beq zero, zero, 0xffc",
                "0080006f|jal zero, 0x1008",
                "00008067|jalr zero, 0(ra)",
                "30529073|csrrw zero, 0x305, t0",
                "10016073|csrrsi zero, 0x100, 2",
                "02b55533|divu a0, a0, a1",
                "00c5a52f|amoadd.w a0, a2, (a1)",
                "1005a52f|lr.w a0, (a1)",
                "18c5a52f|sc.w a0, a2, (a1)",
                "12b50073|sfence.vma a0, a1",
                "10500073|wfi",
                "00000000|.word 0x00000000",
                "ffffffff|.word 0xffffffff",
            })
    void instructionsAreWrittenAsAssemblyHasThem(String hex, String text) {
        assertThat(Disassembler.disassemble(InstructionSet.of(Isa.RV32IMA), Integer.parseUnsignedInt(hex, 16), 0x1000))
                .isEqualTo(text);
    }

    @Test
    void targetsWrapAt32Bits() {
        assertThat(Disassembler.disassemble(
                        InstructionSet.of(Isa.RV32IMA), Encoder.encode("jal", 0, 0, 0, 16), 0xffff_fff8L))
                .isEqualTo("jal zero, 0x8");
        assertThat(Disassembler.disassemble(InstructionSet.of(Isa.RV32IMA), Encoder.encode("jal", 0, 0, 0, -8), 4))
                .isEqualTo("jal zero, 0xfffffffc");
    }

    @Test
    void registersGoByTheirAbiNames() {
        for (int x = 0; x < 32; x++) {
            assertThat(Assembler.register(Disassembler.register(x))).isEqualTo(x);
        }
    }
}
