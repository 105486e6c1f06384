package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.bus.MmioDevice;
import dev.semblance.machine.isa.Encoder;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Unprivileged ISA, chapter 5: after FENCE.I a hart fetches what was stored before. This hart does so from the next
 * instruction on, always: how far it had decoded ahead must not show.
 */
class SelfModifyingCodeTests {

    private static final int ADD_ONE = Encoder.encode("addi", 10, 10, 0, 1);
    private static final int ADD_HUNDRED = Encoder.encode("addi", 10, 10, 0, 100);

    /** Runs a subroutine, changes its only instruction by {@code change}, runs it again. */
    private static TestHart twice(String change, long subroutine) {
        TestHart hart = TestHart.with(String.format(Locale.ROOT, """
                jalr ra, 0(s0)
                jalr ra, 0(s0)
                %s
                jalr ra, 0(s0)
                ecall""", change));
        hart.load(subroutine, "addi a0, a0, 1\nret").set("s0", subroutine).set("s1", ADD_HUNDRED);
        return hart;
    }

    @ParameterizedTest(name = "{0} at {1}")
    @CsvSource({
        "'sw s1, 0(s0)', 0x100",
        "'sw s1, 0(s0)', 0x3000",
        "'sw s1, 0(s0)\nfence.i', 0x100",
        "'sw s1, 0(s0)\nfence.i', 0x3000",
        "'amoswap.w zero, s1, (s0)', 0x3000",
        "'lr.w t0, (s0)\nsc.w t0, s1, (s0)', 0x3000",
        "'lw t0, 64(s0)\nsw t0, 64(s0)\nsw s1, 0(s0)', 0x3000",
        "'sb t0, 64(s0)\nsw s1, 0(s0)', 0x3000",
    })
    void aStoreIntoCodeThatHasRunIsFetchedNextTime(String change, String subroutine) {
        TestHart hart = twice(change, Long.decode(subroutine)).run();

        assertThat(hart.get("a0")).isEqualTo(102);
    }

    @Test
    void bytesAndHalfWordsChangeCodeToo() {
        TestHart hart = twice("li t0, 0x645\nsh t0, 2(s0)", 0x3000).run();
        assertThat(hart.get("a0")).as("addi a0, a0, 100").isEqualTo(102);

        hart = twice("li t0, 6\nsb t0, 3(s0)", 0x3000).run();
        assertThat(hart.get("a0")).as("addi a0, a0, 0x61").isEqualTo(2 + 0x61);
    }

    @Test
    void aStoreOverTheNextInstructionIsSeenByIt() {
        TestHart hart = TestHart.with("""
                sw s1, 4(zero)
                addi a0, a0, 1
                ecall""").set("s1", ADD_HUNDRED).run();

        assertThat(hart.get("a0")).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 30})
    void aStoreFurtherAheadInTheSameBlockIsSeenThere(int distance) {
        StringBuilder source =
                new StringBuilder(String.format(Locale.ROOT, "nop\nsw s1, %d(zero)\n", 4 + 4 * distance));
        for (int i = 0; i < 40; i++) {
            source.append("addi a0, a0, 1\n");
        }
        TestHart hart = TestHart.with(source + "ecall").set("s1", ADD_HUNDRED).run();

        assertThat(hart.get("a0")).isEqualTo(139);
        assertThat(hart.state.instret()).isEqualTo(43);
    }

    /** Blocks that follow one another by a direct jump, or along a page's end, must not remember each other over pages. */
    @ParameterizedTest
    @ValueSource(ints = {0x3000, 0x2ff8})
    void codeInAnotherPageIsSeenToHaveChangedHoweverItIsReached(int entry) {
        TestHart hart = TestHart.with(String.format(Locale.ROOT, """
                loop: j 0x%x
                addi a1, a1, -1
                beq a1, t1, store
                bne a1, zero, loop
                ecall
                store: sw s1, 0(s0)
                j loop""", entry))
                .load(0x2ff8, "nop\nnop")
                .load(0x3000, "addi a0, a0, 1\nj 4");
        hart.set("a1", 6).set("t1", 3).set("s0", 0x3000).set("s1", ADD_HUNDRED).run();

        assertThat(hart.get("a0")).isEqualTo(303);
    }

    @Test
    void aLoopThatRewritesItselfEveryTimeRoundRunsWhatItWrote() {
        TestHart hart = TestHart.with("""
                li a1, 50
                loop: lw t0, 0x18(zero)
                add t0, t0, t1
                sw t0, 0x18(zero)
                addi a1, a1, -1
                addi a0, a0, 0
                bne a1, zero, loop
                ecall""").set("t1", 1 << 20).run();

        assertThat(hart.get("a0")).as("1 + 2 + ... + 50").isEqualTo(1275);
    }

    @Test
    void aDeviceThatWritesCodeIsSeen() {
        TestHart hart = twice("sw zero, 0(s2)", 0x3000).set("s2", 0xf000_0000);
        hart.bus.map(0xf000_0000L, 4096, new MmioDevice() {
            @Override
            public int load(int offset, int width) {
                return 0;
            }

            @Override
            public void store(int offset, int width, int value) {
                byte[] bytes = {0x13, 0x05, 0x45, 0x06};
                hart.ram.write(0x3000, bytes, 0, bytes.length);
            }
        });
        hart.run();

        assertThat(hart.get("a0")).isEqualTo(102);
    }

    @Test
    void aDeadlineThatRewritesTheRunningLoopIsSeenAtItsCycle() {
        TestHart hart = TestHart.with("loop: addi a0, a0, 1\nj loop");
        hart.timeline.schedule(21, () -> hart.ram.putInt(0, ADD_HUNDRED));
        hart.step(24);

        assertThat(hart.get("a0")).isEqualTo(11 + 100);
    }

    @Test
    void theHostMayRewriteCodeBetweenRuns() {
        TestHart hart = TestHart.with("loop: addi a0, a0, 1\nj loop").step(20);
        hart.ram.putInt(0, ADD_HUNDRED);
        hart.step(2);

        assertThat(hart.get("a0")).isEqualTo(110);
    }

    /** The page is protected wherever it is mapped: a store through another address still ends the blocks. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStoreThroughAnotherAddressOfTheSamePageIsSeen(boolean storedBefore) {
        int all = PageTables.V | PageTables.R | PageTables.W | PageTables.X | PageTables.A | PageTables.D;
        TestHart hart = twice("sw s1, 0(s2)", 0x3000).set("s2", 0x4000_0000);
        hart.load(0x2000, "sw zero, 64(s2)\njalr zero, 0(zero)");
        new PageTables(hart.ram)
                .map(0, 0, all)
                .map(0x2000, 0x2000, all)
                .map(0x3000, 0x3000, all)
                .map(0x4000_0000L, 0x3000, all);
        hart.at(storedBefore ? 0x2000 : 0);
        hart.state.satp = PageTables.satp();
        hart.run();

        assertThat(hart.get("a0")).isEqualTo(102);
    }

    /** Also if the other address was stored to in another mode, whose TLB is another one. */
    @Test
    void aStoreInTheOtherModeIsSeen() {
        int all = PageTables.V | PageTables.R | PageTables.W | PageTables.X | PageTables.A | PageTables.D;
        TestHart hart = new TestHart();
        new PageTables(hart.ram)
                .map(0x1000, 0x1000, all)
                .map(0x2000, 0x2000, all | PageTables.U)
                .map(0x5000, 0x3000, all | PageTables.U)
                .map(0x3000, 0x3000, all);
        // U-mode stores to the page, S-mode runs it, U-mode stores again, S-mode must run the new code.
        hart.load(0x2000, "sw s1, 0(s2)\necall\nsw s3, 0(s2)\necall")
                .load(0x1000, """
                        jalr ra, 0(s0)
                        csrr t0, sepc
                        addi t0, t0, 4
                        csrw sepc, t0
                        sret""")
                .load(0x3004, "ret");
        hart.set("s0", 0x3000).set("s1", ADD_ONE).set("s2", 0x5000).set("s3", ADD_HUNDRED);
        hart.state.stvec = 0x1000;
        hart.enter(Privilege.USER, 0x2000);
        hart.state.satp = PageTables.satp();
        hart.step(18);

        assertThat(hart.get("a0")).isEqualTo(101);
        assertThat(hart.state.pc()).isEqualTo(0x2010);
    }

    /** Code that was zeros, and thus shared a page of zeros, is illegal until it is written. */
    @Test
    void aPageThatWasNeverWrittenCanBecomeCode() {
        TestHart hart = TestHart.with("jalr zero, 0(s0)").load(0x1000, "sw s1, 0(s0)\ncsrr t0, scause\nsret");
        hart.set("s0", 0x6000).set("s1", ADD_HUNDRED);
        hart.state.stvec = 0x1000;
        hart.step(6);

        assertThat(hart.get("t0")).isEqualTo(Cause.ILLEGAL_INSTRUCTION);
        assertThat(hart.get("a0")).isEqualTo(100);
    }
}
