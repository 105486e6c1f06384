package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.semblance.machine.isa.Encoder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unprivileged ISA, 2.5. */
class ControlTransferTests {

    private static final int[] VALUES = {0, 1, -1, Integer.MIN_VALUE, Integer.MIN_VALUE + 1, Integer.MAX_VALUE};

    private record Branch(String mnemonic, IntBinaryOperator taken) {}

    @TestFactory
    Stream<DynamicTest> branchesCompareAllPairsOfExtremes() {
        return Stream.of(
                        new Branch("beq", (a, b) -> a == b ? 1 : 0),
                        new Branch("bne", (a, b) -> a != b ? 1 : 0),
                        new Branch("blt", (a, b) -> a < b ? 1 : 0),
                        new Branch("bge", (a, b) -> a >= b ? 1 : 0),
                        new Branch("bltu", (a, b) -> Integer.compareUnsigned(a, b) < 0 ? 1 : 0),
                        new Branch("bgeu", (a, b) -> Integer.compareUnsigned(a, b) >= 0 ? 1 : 0))
                .map(branch -> dynamicTest(branch.mnemonic, () -> {
                    for (int a : VALUES) {
                        for (int b : VALUES) {
                            TestHart hart = TestHart.with(branch.mnemonic + " a0, a1, 0x800")
                                    .set("a0", a)
                                    .set("a1", b)
                                    .step(1);
                            assertThat(hart.state.pc())
                                    .as("%s %d %d", branch.mnemonic, a, b)
                                    .isEqualTo(branch.taken.applyAsInt(a, b) == 1 ? 0x800 : 4);
                        }
                    }
                }));
    }

    @ParameterizedTest
    @ValueSource(ints = {-4096, -4, 4, 4092})
    void branchesReachTheEndsOfTheirRange(int offset) {
        TestHart hart = new TestHart().at(0x4000);
        hart.ram.putInt(0x4000, Encoder.encode("beq", 0, 0, 0, offset));

        assertThat(hart.step(1).state.pc()).isEqualTo(0x4000 + offset);
    }

    @ParameterizedTest
    @ValueSource(ints = {-(1 << 20), -4, 4, (1 << 20) - 4})
    void jalReachesTheEndsOfItsRangeAndLinks(int offset) {
        TestHart hart = new TestHart().at(0x20_0000);
        hart.ram.putInt(0x20_0000, Encoder.encode("jal", 1, 0, 0, offset));

        assertThat(hart.step(1).state.pc()).isEqualTo(0x20_0000 + offset);
        assertThat(hart.get("ra")).isEqualTo(0x20_0004);
    }

    @Test
    void jalrClearsTheLowestBitOfTheSum() {
        TestHart hart = TestHart.with("jalr ra, 3(a0)").set("a0", 0x7fe).step(1);

        assertThat(hart.state.pc()).isEqualTo(0x800);
        assertThat(hart.get("ra")).isEqualTo(4);
    }

    @Test
    void jalrReadsItsBaseBeforeItWritesTheLink() {
        TestHart hart = TestHart.with("jalr a0, -16(a0)").set("a0", 0x810).step(1);

        assertThat(hart.state.pc()).isEqualTo(0x800);
        assertThat(hart.get("a0")).isEqualTo(4);
    }

    @Test
    void jalrWrapsAt32Bits() {
        TestHart hart = TestHart.with("jalr ra, 16(a0)").set("a0", -8).step(1);

        assertThat(hart.state.pc()).isEqualTo(8);
    }

    @Test
    void jumpsThatLinkToX0LinkNowhere() {
        TestHart hart =
                TestHart.with("j 8\nnop\njalr zero, 16(zero)\nnop\necall").run();

        assertThat(hart.get("zero")).isZero();
        assertThat(hart.state.instret()).isEqualTo(3);
    }

    /** The exception is reported on the jump, with the target in stval, and rd is left as it was. */
    @TestFactory
    Stream<DynamicTest> aMisalignedTargetRaisesCause0OnTheJumpItself() {
        List<DynamicTest> tests = new ArrayList<>();
        for (String jump : List.of(
                "jal ra, 0x306", "jalr ra, 2(a0)", "jalr ra, 3(a0)", "beq zero, zero, 0x306", "bgeu a0, zero, 0x306")) {
            for (String before : List.of("", "addi a1, a1, 1\n")) {
                tests.add(dynamicTest(before.isEmpty() ? jump : "mid-block " + jump, () -> {
                    TestHart hart = new TestHart().load(0x200, before + jump);
                    hart.at(0x200).set("a0", 0x304).set("ra", 77);
                    hart.state.stvec = 0x1000;
                    long at = before.isEmpty() ? 0x200 : 0x204;
                    hart.step(before.isEmpty() ? 1 : 2);

                    hart.assertTrapped(Cause.INSTRUCTION_MISALIGNED, at, 0x306);
                    assertThat(hart.get("ra")).isEqualTo(77);
                    assertThat(hart.state.cycle() - hart.state.instret()).isEqualTo(1);
                }));
            }
        }
        return tests.stream();
    }

    @Test
    void aBranchNotTakenMayHaveAMisalignedTarget() {
        TestHart hart = TestHart.with("bne zero, zero, 0x306\necall").run();

        assertThat(hart.state.instret()).isEqualTo(2);
    }

    /** A block's links must not outlive what decided them: the same jump goes both ways, many times. */
    @Test
    void loopsAndAlternatingBranchesGoTheRightWayEveryTime() {
        TestHart hart = TestHart.with("""
                li a0, 100
                loop: andi a1, a0, 1
                beq a1, zero, even
                addi a2, a2, 1
                j next
                even: addi a3, a3, 1
                next: addi a0, a0, -1
                bne a0, zero, loop
                ecall""").run();

        assertThat(hart.get("a2")).isEqualTo(50);
        assertThat(hart.get("a3")).isEqualTo(50);
        assertThat(hart.state.instret()).isEqualTo(2 + 50 * 6 + 50 * 5 + 1);
    }

    @Test
    void executionRunsOnOverTheEndOfAPageAndOfALongBlock() {
        StringBuilder source = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            source.append("addi a0, a0, 1\n");
        }
        TestHart hart = new TestHart()
                .load(0x1000 - 400, source + "ecall")
                .at(0x1000 - 400)
                .run();

        assertThat(hart.get("a0")).isEqualTo(200);
        assertThat(hart.state.pc()).isEqualTo(0x1000 - 400 + 804);
    }

    @Test
    void aTargetOutsideRamFaultsAtTheTargetAndTheLinkIsWritten() {
        TestHart hart = TestHart.with("jalr ra, 0(a0)").set("a0", 0xf000_0000);
        hart.state.stvec = 0x1000;
        hart.step(2);

        hart.assertTrapped(Cause.INSTRUCTION_ACCESS_FAULT, 0xf000_0000, 0xf000_0000);
        assertThat(hart.get("ra")).isEqualTo(4);
        assertThat(hart.state.instret()).isEqualTo(1);
    }
}
