package dev.semblance.machine.isa;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RISC-V unprivileged ISA, chapter 6 (Zicsr): pseudoinstructions. */
class CsrAccessTests {

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "30401073, csrw mie",
        "30051073, csrw mstatus",
        "300515f3, csrrw mstatus",
        "30002573, csrr mstatus",
        "3002a573, csrrs mstatus",
        "3002a073, csrs mstatus",
        "3002b073, csrc mstatus",
        "3002b573, csrrc mstatus",
        "30445073, csrwi mie",
        "30446073, csrsi mie",
        "304475f3, csrrci mie",
        "30406573, csrr mie",
        "3a001073, csrw pmpcfg0",
        "3bf01073, csrw pmpaddr15",
        "3f001073, csrw csr 0x3f0",
        "7c001073, csrw csr 0x7c0",
    })
    void anAccessIsNamedAsAssemblyNamesIt(String hex, String expected) {
        int bits = Integer.parseUnsignedInt(hex, 16);
        assertThat(Disassembler.isCsrAccess(bits)).isTrue();
        assertThat(Disassembler.csrAccess(bits)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000073", "10200073", "30200073", "30404073", "00000013", "30401013"})
    void otherInstructionsAreNoAccess(String hex) {
        assertThat(Disassembler.isCsrAccess(Integer.parseUnsignedInt(hex, 16))).isFalse();
    }
}
