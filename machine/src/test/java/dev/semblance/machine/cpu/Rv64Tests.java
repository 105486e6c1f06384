package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.bus.MmioDevice;
import dev.semblance.machine.profile.Isa;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is different with 64 bits: CSRs and traps (privileged architecture, chapter 12), atomics, devices. */
class Rv64Tests {

    private static TestHart hart(String source) {
        TestHart hart = new TestHart(Isa.RV64GC).load(0x2000, source).at(0x2000);
        hart.state.stvec = 0x1000;
        return hart;
    }

    // ---- CSRs ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"sscratch", "scause", "stval"})
    void registersOfTheSupervisorHave64Bits(String csr) {
        TestHart hart = hart("csrrw a1, " + csr + ", a0\ncsrr a1, " + csr).set("a0", 0x8123_4567_89ab_cdefL);
        hart.step(2);
        assertThat(hart.getLong("a1")).isEqualTo(0x8123_4567_89ab_cdefL);
    }

    @Test
    void theTrapVectorHas64BitsAndTwoModes() {
        TestHart hart = hart("csrw stvec, a0\ncsrr a1, stvec").set("a0", 0x8123_4567_89ab_cdefL);
        hart.step(2);
        assertThat(hart.getLong("a1")).isEqualTo(0x8123_4567_89ab_cdedL);
    }

    /** 12.1.1.2: UXL is 2, for a U-mode of 64 bits, and is not written; nor is anything that is not there. */
    @Test
    void theStatusHasUxlAndNothingOfWhatIsNotThere() {
        TestHart hart = hart("csrw sstatus, a0\ncsrr a1, sstatus\ncsrw sstatus, zero\ncsrr a2, sstatus")
                .set("a0", -1);
        hart.step(4);
        long writable = 1 << 1 | 1 << 5 | 1 << 8 | 3 << 13 | 1 << 18 | 1 << 19;
        assertThat(hart.getLong("a1")).isEqualTo(Long.MIN_VALUE | 2L << 32 | writable);
        assertThat(hart.getLong("a2")).isEqualTo(2L << 32);
    }

    @Test
    void interruptRegistersHaveTheBitsOfTheSupervisorAlone() {
        TestHart hart =
                hart("csrw sie, a0\ncsrr a1, sie\ncsrw sip, a0\ncsrr a2, sip").set("a0", -1);
        hart.step(4);
        assertThat(hart.getLong("a1")).isEqualTo(0x222);
        assertThat(hart.getLong("a2")).as("SSIP alone is written").isEqualTo(2);
    }

    /** Unprivileged ISA, 8.1: on RV64 the counters are read as a whole, and those of the upper halves are not there. */
    @Test
    void countersAreReadAsAWhole() {
        TestHart hart = hart("csrr a0, cycle\ncsrr a1, time\ncsrr a2, instret");
        hart.state.cycle = 0x5_0000_0000L;
        hart.state.unretired = 0x1_0000_0000L;
        hart.hart.run(0x5_0000_0003L);
        assertThat(hart.getLong("a0")).isEqualTo(0x5_0000_0000L);
        assertThat(hart.getLong("a1")).isEqualTo(0x5_0000_0001L);
        assertThat(hart.getLong("a2")).isEqualTo(0x4_0000_0002L);
    }

    @ParameterizedTest(name = "{0} of {1}: {2}")
    @CsvSource({
        "cycleh, RV64GC, false",
        "timeh, RV64GC, false",
        "instreth, RV64GC, false",
        "cycleh, RV32GC, true",
        "timeh, RV32GC, true",
        "instreth, RV32GC, true",
        "cycle, RV64GC, true",
        "cycle, RV32GC, true",
        "cycle, RV32IMA, false",
        "cycleh, RV32IMA, false",
        "0xc03, RV64GC, false",
        "0x10a, RV64GC, false",
        "0x14d, RV64GC, false",
        "0x300, RV64GC, false"
    })
    void upperHalvesAreOf32BitsAndCyclesOfZicntr(String csr, Isa isa, boolean exists) {
        TestHart hart = new TestHart(isa).load(0x2000, "csrr a0, " + csr).at(0x2000);
        hart.state.stvec = 0x1000;
        hart.step(1);
        assertThat(hart.state.pc).isEqualTo(exists ? 0x2004 : 0x1000);
    }

    @Test
    void scounterenHas32BitsThatAreZeroExtendedAndClosesCountersOneByOne() {
        TestHart hart = hart("csrw scounteren, a0\ncsrr a1, scounteren").set("a0", -1);
        hart.step(2);
        assertThat(hart.getLong("a1")).isBetween(7L, 0xffff_ffffL);

        for (int open = 0; open < 8; open++) {
            for (int counter = 0; counter < 3; counter++) {
                TestHart user = hart("csrrs a0, " + (0xc00 + counter) + ", zero");
                user.state.scounteren = open;
                user.enter(Privilege.USER, 0x2000).step(1);
                boolean isOpen = (open >> counter & 1) != 0;
                assertThat(user.state.pc).as("counter %d of %d", counter, open).isEqualTo(isOpen ? 0x2004 : 0x1000);
            }
        }
    }

    // ---- traps --------------------------------------------------------------------------------------------------

    /** 12.1.8: the interrupt bit is the highest of scause, bit 63. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 9})
    void theCauseOfAnInterruptHasBit63(int interrupt) {
        for (boolean vectored : new boolean[] {false, true}) {
            TestHart hart = hart("nop").load(0x1000, "nop\n".repeat(16));
            hart.state.stvec = 0x1000 | (vectored ? 1 : 0);
            hart.state.sie = 0x222;
            hart.state.sstatus = HartState.SIE;
            hart.state.sip = 1L << interrupt;
            hart.step(1);
            assertThat(hart.state.scause).isEqualTo(Long.MIN_VALUE | interrupt);
            assertThat(hart.state.sepc).isEqualTo(0x2000);
            assertThat(hart.state.stval).isZero();
            assertThat(hart.state.pc)
                    .as("behind the first instruction")
                    .isEqualTo(0x1004 + (vectored ? 4 * interrupt : 0));
        }
    }

    @Test
    void aTrapKeepsThePreviousModeAndReturnsToIt() {
        TestHart hart = hart("ecall").load(0x1000, "csrr a0, sstatus\nsret");
        hart.state.sstatus = HartState.SPIE;
        hart.enter(Privilege.USER, 0x2000);
        hart.step(1);
        assertThat(hart.state.scause).isEqualTo(Cause.ECALL_FROM_USER);
        assertThat(hart.state.privilege).isEqualTo(Privilege.SUPERVISOR);
        hart.step(1);
        assertThat(hart.getLong("a0") & ~(2L << 32))
                .as("SPP clear, SPIE from SIE, SIE clear")
                .isEqualTo(HartState.SPIE);
        hart.step(1);
        assertThat(hart.state.privilege).isEqualTo(Privilege.USER);
        assertThat(hart.state.pc).isEqualTo(0x2000);
        assertThat(hart.state.sstatus & (HartState.SIE | HartState.SPIE | HartState.SPP))
                .isEqualTo(HartState.SIE | HartState.SPIE);
    }

    /** stval of an address has all its bits; one of a breakpoint is its address (12.1.9). */
    @Test
    void addressesInTrapValuesHave64Bits() {
        TestHart hart = hart("sd a1, -8(a0)").set("a0", 0x7fff_ffff_8000_0000L);
        hart.step(1);
        hart.assertTrapped64(Cause.STORE_ACCESS_FAULT, 0x2000, 0x7fff_ffff_7fff_fff8L);

        TestHart illegal = hart(".word 0xffffffff");
        illegal.step(1);
        illegal.assertTrapped64(Cause.ILLEGAL_INSTRUCTION, 0x2000, 0xffff_ffffL);
    }

    // ---- atomics ------------------------------------------------------------------------------------------------

    @Test
    void doublewordsAreReservedStoredAndChangedAsAWhole() {
        TestHart hart = hart(
                "lr.d a1, a0\nsc.d a2, a3, a0\namoadd.d a4, a5, a0\nld a6, 0(a0)\namominu.d a7, a5, a0\nld s2, 0(a0)");
        hart.ram.putLong(0x3000, 0x8000_0001_0000_0002L);
        hart.set("a0", 0x3000).set("a3", 0x7fff_ffff_ffff_fff0L).set("a5", 0x20).step(6);
        assertThat(hart.getLong("a1")).isEqualTo(0x8000_0001_0000_0002L);
        assertThat(hart.getLong("a2")).isZero();
        assertThat(hart.getLong("a4")).isEqualTo(0x7fff_ffff_ffff_fff0L);
        assertThat(hart.getLong("a6")).isEqualTo(0x8000_0000_0000_0010L);
        assertThat(hart.getLong("a7")).isEqualTo(0x8000_0000_0000_0010L);
        assertThat(hart.getLong("s2")).isEqualTo(0x20);
    }

    /** 14.2, 14.4: words in memory are sign-extended into registers, and only they are changed. */
    @Test
    void atomicsOfWordsLeaveTheOtherHalfAlone() {
        TestHart hart = hart("lr.w a1, a0\nsc.w a2, a3, a0\namomaxu.w a4, a5, a0\namomin.w a6, a7, a0");
        hart.ram.putLong(0x3000, 0x1111_1111_8000_0000L);
        hart.set("a0", 0x3000)
                .set("a3", 0xffff_ffff_0000_0005L)
                .set("a5", 0x1_ffff_fff0L)
                .set("a7", 0x0_7fff_ffffL)
                .step(4);
        assertThat(hart.getLong("a1")).isEqualTo(-0x8000_0000L);
        assertThat(hart.getLong("a2")).isZero();
        assertThat(hart.getLong("a4")).isEqualTo(5);
        assertThat(hart.getLong("a6"))
                .as("0xfffffff0, the larger of the two without signs")
                .isEqualTo(-16);
        assertThat(hart.ram.getLong(0x3000)).isEqualTo(0x1111_1111_ffff_fff0L);
    }

    /** 14.2: an SC pairs with the latest LR, at an address of which it holds all bytes; it ends the reservation anyhow. */
    @Test
    void aStoreConditionalElsewhereFailsAndEndsTheReservation() {
        TestHart hart = hart("lr.w a1, a0\nsc.d a2, a3, a4\nsc.w a5, a3, a0")
                .set("a0", 0x3004)
                .set("a4", 0x3000)
                .set("a3", -1);
        hart.step(3);
        assertThat(hart.getLong("a2")).isEqualTo(1);
        assertThat(hart.getLong("a5")).isEqualTo(1);
        assertThat(hart.ram.getLong(0x3000)).isZero();
    }

    @Test
    void aDevicesWriteIntoTheReservedDoublewordEndsTheReservation() {
        for (int at = -4; at < 12; at += 4) {
            TestHart hart =
                    hart("lr.d a1, a0\nsc.d a2, a3, a0").set("a0", 0x3000).set("a3", 7);
            hart.step(1);
            hart.ram.putInt(0x3000 + at, 1);
            hart.step(1);
            assertThat(hart.getLong("a2")).as("at %d", at).isEqualTo(at >= 0 && at < 8 ? 1 : 0);
        }
    }

    // ---- devices ------------------------------------------------------------------------------------------------

    private record Access(long cycle, int offset, int width, int value) {}

    /** A doubleword of a device is its two words, the lower one first, at the cycle of the instruction. */
    @Test
    void aDoublewordOfADeviceIsTwoWordsLowOneFirst() {
        TestHart hart = hart("nop\nld a1, 8(a0)\nsd a2, 16(a0)\nlwu a3, 4(a0)\nlw a4, 4(a0)\naddi a5, zero, 1");
        List<Access> accesses = new ArrayList<>();
        hart.bus.map(1L << 34, 0x1000, new MmioDevice() {
            @Override
            public int load(int offset, int width) {
                accesses.add(new Access(hart.timeline.now(), offset, width, 0));
                return 0x8000_0000 | offset;
            }

            @Override
            public void store(int offset, int width, int value) {
                accesses.add(new Access(hart.timeline.now(), offset, width, value));
            }
        });
        hart.set("a0", 1L << 34).set("a2", 0x1111_1111_2222_2222L).step(6);
        assertThat(hart.getLong("a1")).isEqualTo(0x8000_000c_8000_0008L);
        assertThat(hart.getLong("a3")).isEqualTo(0x8000_0004L);
        assertThat(hart.getLong("a4")).isEqualTo(0x8000_0004);
        assertThat(hart.getLong("a5")).isEqualTo(1);
        assertThat(accesses)
                .containsExactly(
                        new Access(1, 8, 4, 0),
                        new Access(1, 12, 4, 0),
                        new Access(2, 16, 4, 0x2222_2222),
                        new Access(2, 20, 4, 0x1111_1111),
                        new Access(3, 4, 4, 0),
                        new Access(4, 4, 4, 0));
    }

    @Test
    void aDoublewordOfWhichAHalfIsNotThereIsAFaultAndTouchesNothing() {
        TestHart hart = hart("sd a1, 0(a0)").set("a0", 1L << 34);
        List<Integer> stores = new ArrayList<>();
        hart.bus.map(1L << 34, 4, new MmioDevice() {
            @Override
            public int load(int offset, int width) {
                return 0;
            }

            @Override
            public void store(int offset, int width, int value) {
                stores.add(offset);
            }
        });
        hart.step(1);
        hart.assertTrapped64(Cause.STORE_ACCESS_FAULT, 0x2000, 1L << 34);
        assertThat(stores).isEmpty();
    }
}
