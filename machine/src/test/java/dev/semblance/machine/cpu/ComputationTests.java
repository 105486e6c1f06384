package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.semblance.machine.isa.Encoder;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What each computational instruction gives for the operands at which it is easily got wrong. */
class ComputationTests {

    private static final Pattern SPACES = Pattern.compile("\\s+");

    /** Mnemonic, rs1, rs2, result. Unprivileged ISA, 2.4.2. */
    private static final String RV32I_REGISTER = """
            add  00000001 00000002 00000003
            add  7fffffff 00000001 80000000
            add  ffffffff 00000001 00000000
            add  80000000 80000000 00000000
            sub  00000000 00000001 ffffffff
            sub  80000000 00000001 7fffffff
            sub  00000000 80000000 80000000
            sll  00000001 0000001f 80000000
            sll  00000001 00000020 00000001
            sll  00000001 ffffffff 80000000
            sll  ffffffff 00000000 ffffffff
            srl  80000000 0000001f 00000001
            srl  80000000 00000020 80000000
            srl  ffffffff 00000001 7fffffff
            srl  ffffffff ffffffe0 ffffffff
            sra  80000000 0000001f ffffffff
            sra  80000000 00000021 c0000000
            sra  7fffffff 0000001f 00000000
            slt  ffffffff 00000000 00000001
            slt  00000000 ffffffff 00000000
            slt  80000000 7fffffff 00000001
            slt  00000005 00000005 00000000
            sltu ffffffff 00000000 00000000
            sltu 00000000 ffffffff 00000001
            sltu 7fffffff 80000000 00000001
            sltu 80000000 7fffffff 00000000
            sltu 80000000 80000000 00000000
            xor  ff00ff00 0ff00ff0 f0f0f0f0
            or   ff00ff00 0ff00ff0 fff0fff0
            and  ff00ff00 0ff00ff0 0f000f00
            and  80000000 ffffffff 80000000
            """;

    /** The same for chapter 13, table 5 (division by zero and overflow) and 13.1 (products). */
    private static final String RV32M = """
            mul    00000007 00000006 0000002a
            mul    ffffffff ffffffff 00000001
            mul    80000000 80000000 00000000
            mul    0000ffff 00010001 ffffffff
            mulh   ffffffff ffffffff 00000000
            mulh   80000000 80000000 40000000
            mulh   80000000 7fffffff c0000000
            mulh   7fffffff 7fffffff 3fffffff
            mulh   ffffffff 00000001 ffffffff
            mulhu  ffffffff ffffffff fffffffe
            mulhu  80000000 80000000 40000000
            mulhu  80000000 00000002 00000001
            mulhu  ffffffff 00000001 00000000
            mulhsu ffffffff ffffffff ffffffff
            mulhsu 80000000 ffffffff 80000000
            mulhsu 80000000 80000000 c0000000
            mulhsu 7fffffff ffffffff 7ffffffe
            mulhsu 00000001 ffffffff 00000000
            mulhsu ffffffff 00000001 ffffffff
            div    00000014 00000006 00000003
            div    ffffffec 00000006 fffffffd
            div    00000014 fffffffa fffffffd
            div    ffffffec fffffffa 00000003
            div    00000014 00000000 ffffffff
            div    00000000 00000000 ffffffff
            div    80000000 00000000 ffffffff
            div    80000000 ffffffff 80000000
            div    80000000 00000001 80000000
            divu   ffffffec 00000006 2aaaaaa7
            divu   80000000 ffffffff 00000000
            divu   ffffffff 00000000 ffffffff
            divu   00000000 00000000 ffffffff
            divu   ffffffff 80000000 00000001
            rem    00000014 00000006 00000002
            rem    ffffffec 00000006 fffffffe
            rem    00000014 fffffffa 00000002
            rem    ffffffec fffffffa fffffffe
            rem    ffffffec 00000000 ffffffec
            rem    00000000 00000000 00000000
            rem    80000000 ffffffff 00000000
            remu   ffffffec 00000006 00000002
            remu   80000000 ffffffff 80000000
            remu   80000005 00000000 80000005
            remu   ffffffff 80000000 7fffffff
            """;

    /** Mnemonic, rs1, immediate in decimal, result. Unprivileged ISA, 2.4.1. */
    private static final String RV32I_IMMEDIATE = """
            addi  00000001 2047  00000800
            addi  00000000 -2048 fffff800
            addi  7fffffff 1     80000000
            addi  80000000 -1    7fffffff
            slti  ffffffff 0     00000001
            slti  fffff800 -2048 00000000
            slti  80000000 -2048 00000001
            slti  7fffffff 2047  00000000
            sltiu 00000000 1     00000001
            sltiu 00000001 1     00000000
            sltiu fffffffe -1    00000001
            sltiu ffffffff -1    00000000
            sltiu 7fffffff -2048 00000001
            sltiu fffff800 -2048 00000000
            xori  00ff00ff -1    ff00ff00
            xori  ffffffff 2047  fffff800
            ori   00000000 -2048 fffff800
            ori   80000000 1     80000001
            andi  ffffffff -2048 fffff800
            andi  87654321 2047  00000321
            slli  00000001 31    80000000
            slli  80000001 0     80000001
            slli  80000001 1     00000002
            srli  80000000 31    00000001
            srli  ffffffff 4     0fffffff
            srli  80000001 0     80000001
            srai  80000000 31    ffffffff
            srai  7fffffff 31    00000000
            srai  80000000 4     f8000000
            """;

    @TestFactory
    Stream<DynamicTest> registerInstructions() {
        return Stream.concat(RV32I_REGISTER.lines(), RV32M.lines())
                .map(row -> dynamicTest(row, () -> {
                    List<String> fields = SPACES.splitAsStream(row).toList();
                    int left = hex(fields.get(1));
                    int right = hex(fields.get(2));
                    int result = hex(fields.get(3));
                    String mnemonic = fields.getFirst();
                    assertThat(execute(mnemonic, 10, 11, 12, 0, left, right)).isEqualTo(result);
                    assertThat(execute(mnemonic, 11, 11, 12, 0, left, right))
                            .as("rd is rs1")
                            .isEqualTo(result);
                    assertThat(execute(mnemonic, 12, 11, 12, 0, left, right))
                            .as("rd is rs2")
                            .isEqualTo(result);
                    assertThat(execute(mnemonic, 0, 11, 12, 0, left, right))
                            .as("rd is x0")
                            .isZero();
                    if (left == right) {
                        assertThat(execute(mnemonic, 11, 11, 11, 0, left, right))
                                .as("one register for all")
                                .isEqualTo(result);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> immediateInstructions() {
        return RV32I_IMMEDIATE
                .lines()
                .map(row -> dynamicTest(row, () -> {
                    List<String> fields = SPACES.splitAsStream(row).toList();
                    int left = hex(fields.get(1));
                    int immediate = Integer.parseInt(fields.get(2));
                    int result = hex(fields.get(3));
                    String mnemonic = fields.getFirst();
                    assertThat(execute(mnemonic, 10, 11, 0, immediate, left, 0)).isEqualTo(result);
                    assertThat(execute(mnemonic, 11, 11, 0, immediate, left, 0)).isEqualTo(result);
                    assertThat(execute(mnemonic, 0, 11, 0, immediate, left, 0)).isZero();
                }));
    }

    private static int hex(String digits) {
        return Integer.parseUnsignedInt(digits, 16);
    }

    /** Executes one instruction with x11 and x12 set and returns rd; checks that nothing else has changed. */
    private static int execute(String mnemonic, int rd, int rs1, int rs2, int immediate, int left, int right) {
        TestHart hart = new TestHart();
        hart.ram.putInt(0, Encoder.encode(mnemonic, rd, rs1, rs2, immediate));
        for (int register = 1; register < 32; register++) {
            hart.state.setX(register, 0x5a5a_0000 | register);
        }
        hart.state.setX(11, left);
        hart.state.setX(12, right);
        long[] before = hart.state.x.clone();
        hart.step(1);
        for (int register = 0; register < 32; register++) {
            if (register != rd) {
                assertThat(hart.state.x(register)).as("x%d", register).isEqualTo(before[register]);
            }
        }
        assertThat(hart.state.pc()).isEqualTo(4);
        assertThat(hart.state.instret()).isEqualTo(1);
        long result = hart.state.x(rd);
        assertThat(result).as("registers are sign-extended").isBetween((long) Integer.MIN_VALUE, (long)
                Integer.MAX_VALUE);
        return (int) result;
    }

    /** 2.4.1: LUI fills the low 12 bits with zeros; AUIPC adds to the address of the instruction itself. */
    @Test
    void upperImmediatesReachAllOfTheAddressSpaceAndWrap() {
        TestHart hart = TestHart.with("""
                lui a0, 0xfffff
                lui a1, 0x80000
                auipc a2, 0
                auipc a3, 0xfffff
                auipc a4, 0x7ffff
                lui zero, 0x12345
                auipc zero, 0x12345
                ecall""").run();

        assertThat(hart.get("a0")).isEqualTo(0xffff_f000);
        assertThat(hart.get("a1")).isEqualTo(0x8000_0000);
        assertThat(hart.get("a2")).isEqualTo(8);
        assertThat(hart.get("a3")).isEqualTo(12 - 4096);
        assertThat(hart.get("a4")).isEqualTo(0x7fff_f010);
    }

    @Test
    void auipcWrapsAt32Bits() {
        TestHart hart =
                new TestHart().load(0x2000, "auipc a0, 0xffffe").at(0x2000).step(1);

        assertThat(hart.get("a0")).isZero();
    }

    /** 2.7: with one hart in order FENCE has nothing to do, but takes its cycle. */
    @Test
    void fencesChangeNothingButTheCounters() {
        TestHart hart = TestHart.with("""
                fence
                fence.i
                ecall""").run();

        assertThat(hart.state.instret()).isEqualTo(3);
    }
}
