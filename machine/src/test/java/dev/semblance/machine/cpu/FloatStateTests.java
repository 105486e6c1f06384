package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.isa.Assembler;
import dev.semblance.machine.isa.Instruction;
import dev.semblance.machine.isa.InstructionSet;
import dev.semblance.machine.isa.Op;
import dev.semblance.machine.isa.Scope;
import dev.semblance.machine.profile.Isa;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** sstatus.FS (privileged architecture, 3.1.6.6), fcsr and rounding modes (unprivileged ISA, 20.2) on the hart. */
class FloatStateTests {

    private static final long INITIAL = 1 << 13;
    private static final long CLEAN = 2 << 13;
    private static final long DIRTY = 3 << 13;
    private static final long ONE = Double.doubleToRawLongBits(1);
    private static final long THREE = Double.doubleToRawLongBits(3);

    private static TestHart hart(Isa isa, long fs, String source) {
        TestHart hart = new TestHart(isa).load(0x2000, source).at(0x2000);
        hart.state.sstatus = fs;
        hart.state.stvec = 0x1000;
        hart.state.f[10] = ONE;
        hart.state.f[11] = THREE;
        return hart.set("a0", 0x3000);
    }

    private static TestHart hart(long fs, String source) {
        return hart(Isa.RV64GC, fs, source);
    }

    /** While FS is Off, everything that touches floating-point state is illegal, whatever else it would do. */
    @ParameterizedTest
    @EnumSource(
            value = Isa.class,
            names = {"RV32GC", "RV64GC"})
    void whileTheStateIsOffEveryInstructionOfItIsIllegal(Isa isa) {
        int seen = 0;
        for (Instruction row : InstructionSet.all()) {
            boolean isFloat = row.scope() != Scope.BASE && row.scope() != Scope.RV32 && row.scope() != Scope.RV64;
            if (isFloat && row.scope().includes(isa)) {
                TestHart hart = hart(isa, 0, "");
                // Registers 10 and 11, and an address that would fault.
                int bits = row.match() | (10 << 7 | 10 << 15 | 11 << 20) & ~row.mask();
                hart.set("a0", 0x1001).ram.putInt(0x2000, bits);
                long before = hart.state.f[10];
                hart.step(1);
                assertThat(hart.state.scause).as(row.mnemonic()).isEqualTo(Cause.ILLEGAL_INSTRUCTION);
                assertThat(hart.state.stval).as(row.mnemonic()).isEqualTo(isa.canonical(bits & 0xffff_ffffL));
                assertThat(hart.state.f[10]).isEqualTo(before);
                assertThat(hart.getLong("a0")).isEqualTo(0x1001);
                assertThat(hart.state.sstatus & DIRTY).isZero();
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(isa.is64() ? 70 : 60);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x2108, 0xa108, 0x2502, 0xa02a})
    void compressedLoadsAndStoresAreIllegalThenToo(int parcel) {
        TestHart hart = hart(0, "").parcels(0x2000, parcel).set("sp", 0x3000);
        hart.step(1);
        hart.assertTrapped64(Cause.ILLEGAL_INSTRUCTION, 0x2000, parcel);
        hart = hart(INITIAL, "").parcels(0x2000, parcel).set("sp", 0x3000);
        hart.step(1);
        assertThat(hart.state.pc).isEqualTo(0x2002);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "fld fa0, 0(a0)|true",
                "flw fa0, 0(a0)|true",
                "fsd fa0, 0(a0)|false",
                "fsw fa0, 0(a0)|false",
                "fadd.d fa0, fa0, fa0|true",
                "fsgnj.d fa0, fa0, fa0|true",
                "fmv.d.x fa0, a0|true",
                "fcvt.d.l fa0, a0|true",
                "fmv.x.d a1, fa0|false",
                "fclass.d a1, fa0|false",
                "feq.d a1, fa0, fa0|false",
                "fcvt.l.d a1, fa0|false",
                "csrr a1, fcsr|false",
                "csrr a1, frm|false",
                "csrrsi a1, fflags, 0|false",
                "csrrci a1, fflags, 0|false",
                "csrrwi a1, fflags, 0|true",
                "csrrsi a1, fflags, 1|true",
                "csrrci zero, frm, 1|true",
                "csrw fcsr, zero|true",
                "csrs fcsr, a0|true",
                "addi a1, a1, 1|false",
            })
    void theStateIsDirtyAfterExactlyWhatWritesIt(String instruction, boolean writes) {
        for (long before : new long[] {INITIAL, CLEAN}) {
            // In the middle of a run, so that neither its beginning nor its end does it.
            TestHart hart = hart(before, "addi a2, a2, 1\n" + instruction + "\naddi a2, a2, 1\naddi a2, a2, 1");
            hart.step(1);
            assertThat(hart.state.sstatus & DIRTY).isEqualTo(before);
            hart.step(1);
            assertThat(hart.state.sstatus & DIRTY).isEqualTo(writes ? DIRTY : before);
            TestHart inOneGo = hart(before, "addi a2, a2, 1\n" + instruction + "\naddi a2, a2, 1\naddi a2, a2, 1");
            inOneGo.step(4);
            assertThat(inOneGo.state.sstatus & DIRTY).isEqualTo(writes ? DIRTY : before);
        }
    }

    /** A comparison or conversion that writes no floating-point register dirties the state if it raises a flag. */
    @Test
    void aRaisedFlagMakesTheStateDirtyAndOneThatWasRaisedDoesNot() {
        TestHart hart = hart(CLEAN, "flt.d a1, fa0, fa1\nfcvt.l.d a1, fa0");
        hart.state.f[10] = Double.doubleToRawLongBits(Double.NaN);
        hart.step(1);
        assertThat(hart.state.sstatus & DIRTY).isEqualTo(DIRTY);
        assertThat(hart.state.fcsr.flags()).isEqualTo(16);
        hart.state.sstatus = CLEAN;
        hart.step(1);
        assertThat(hart.state.sstatus & DIRTY).as("nothing changed").isEqualTo(CLEAN);
    }

    @Test
    void aLoadThatFaultsLeavesTheStateClean() {
        TestHart hart = hart(CLEAN, "fld fa0, 0(a0)").set("a0", 1L << 40);
        hart.step(1);
        hart.assertTrapped64(Cause.LOAD_ACCESS_FAULT, 0x2000, 1L << 40);
        assertThat(hart.state.sstatus & DIRTY).isEqualTo(CLEAN);
        assertThat(hart.state.f[10]).isEqualTo(ONE);
    }

    /** 3.1.6.6: SD is a read-only bit, the highest, that says that FS is Dirty. */
    @ParameterizedTest
    @EnumSource(
            value = Isa.class,
            names = {"RV32GC", "RV64GC"})
    void theHighestBitOfTheStatusSaysThatTheStateIsDirty(Isa isa) {
        for (long fs : new long[] {0, INITIAL, CLEAN, DIRTY}) {
            TestHart hart = hart(isa, 0, "csrw sstatus, a1\ncsrr a2, sstatus\ncsrw sstatus, a3\ncsrr a4, sstatus");
            hart.set("a1", fs).set("a3", 1L << isa.xlen() - 1).step(4);
            long sd = fs == DIRTY ? isa.canonical(1L << isa.xlen() - 1) : 0;
            long uxl = isa.is64() ? 2L << 32 : 0;
            assertThat(hart.getLong("a2")).isEqualTo(sd | uxl | fs);
            assertThat(hart.getLong("a4")).as("SD is not written").isEqualTo(uxl);
        }
    }

    @Test
    void withoutFloatingPointTheStateIsAlwaysOff() {
        TestHart hart = hart(Isa.RV32IMA, 0, "csrw sstatus, a1\ncsrr a2, sstatus\ncsrr a3, fcsr");
        hart.set("a1", DIRTY).step(3);
        assertThat(hart.get("a2")).isZero();
        assertThat(hart.state.scause).isEqualTo(Cause.ILLEGAL_INSTRUCTION);
    }

    // ---- rounding -----------------------------------------------------------------------------------------------

    /** 20.2: 5 and 6 are reserved in an instruction, and so are 5 to 7 in frm once an instruction asks for it. */
    @Test
    void reservedRoundingModesAreIllegalBeforeOperandsAreLookedAt() {
        int fadd = Assembler.assemble(0, "fadd.d fa0, fa0, fa1")[0] & ~0x7000;
        for (int rm = 0; rm < 8; rm++) {
            for (int frm = 0; frm < 8; frm++) {
                TestHart hart = hart(CLEAN, "");
                hart.state.fcsr.setFcsr(frm << 5);
                hart.ram.putInt(0x2000, fadd | rm << 12);
                hart.step(1);
                boolean legal = rm < 5 || rm == 7 && frm < 5;
                if (legal) {
                    assertThat(hart.state.f[10]).isEqualTo(Double.doubleToRawLongBits(4));
                } else {
                    hart.assertTrapped64(Cause.ILLEGAL_INSTRUCTION, 0x2000, fadd | rm << 12);
                    assertThat(hart.state.f[10]).isEqualTo(ONE);
                    assertThat(hart.state.sstatus & DIRTY).isEqualTo(CLEAN);
                }
            }
        }
    }

    /** A reserved frm is kept and read back, and does not concern what never rounds. */
    @Test
    void aReservedModeInTheRegisterConcernsOnlyWhatRounds() {
        TestHart hart = hart(
                CLEAN, "csrrwi zero, frm, 7\nfsgnj.d fa2, fa0, fa1\nfeq.d a1, fa0, fa0\nfld fa3, 0(a0)\ncsrr a2, fcsr");
        hart.step(5);
        assertThat(hart.getLong("a1")).isEqualTo(1);
        assertThat(hart.getLong("a2")).isEqualTo(7 << 5);
        assertThat(hart.state.f[12]).isEqualTo(ONE);
    }

    // ---- fcsr ---------------------------------------------------------------------------------------------------

    @Test
    void accessesToTheStatusRegisterDoNotEndARun() {
        for (String access : new String[] {"csrrw", "csrrs", "csrrc"}) {
            for (String register : new String[] {"fflags", "frm", "fcsr"}) {
                int bits = Assembler.assemble(0, access + " a0, " + register + ", a1")[0];
                assertThat(Op.endsBlock(InstructionSet.of(Isa.RV64GC).find(bits).op()))
                        .isFalse();
                int immediate = Assembler.assemble(0, access + "i a0, " + register + ", 3")[0];
                assertThat(Op.endsBlock(
                                InstructionSet.of(Isa.RV64GC).find(immediate).op()))
                        .isFalse();
                assertThat(Op.endsBlock(
                                InstructionSet.of(Isa.RV32IMA).find(bits).op()))
                        .isTrue();
            }
        }
    }

    /** 20.2: fflags is fcsr's bits 4 to 0, frm bits 7 to 5; the rest is 0. Flags accumulate, and a mode that is set is used. */
    @Test
    void flagsAndModeAreReadAndWrittenInTheMiddleOfARun() {
        TestHart hart = hart(CLEAN, """
                fdiv.d fa2, fa0, fa1
                csrrw a1, fflags, zero
                csrrwi a2, frm, 3
                fdiv.d fa3, fa0, fa1
                csrr a3, fcsr
                csrw fcsr, a4
                csrr a5, fcsr
                csrrc a6, fcsr, a6
                csrr a7, fflags
                csrrs s2, frm, s3
                csrr s4, fcsr
                ecall""");
        hart.set("a4", -1).set("a6", 0x81).set("s3", -1).run();
        assertThat(hart.getLong("a1")).as("inexact").isEqualTo(1);
        assertThat(hart.getLong("a2")).as("frm was 0").isZero();
        assertThat(hart.state.f[13]).as("1/3 up").isEqualTo(hart.state.f[12] + 1);
        assertThat(hart.getLong("a3")).isEqualTo(3 << 5 | 1);
        assertThat(hart.getLong("a5")).isEqualTo(0xff);
        assertThat(hart.getLong("a6")).isEqualTo(0xff);
        assertThat(hart.getLong("a7")).isEqualTo(0x1e);
        assertThat(hart.getLong("s2")).isEqualTo(3);
        assertThat(hart.getLong("s4")).isEqualTo(0xfe);
    }

    @Test
    void anAccessInWhichSourceAndDestinationAreOneRegisterSwaps() {
        TestHart hart = hart(CLEAN, "csrrw a1, fcsr, a1\ncsrrw a1, fcsr, a1");
        hart.state.fcsr.setFcsr(0x55);
        hart.set("a1", 0xaa).step(1);
        assertThat(hart.getLong("a1")).isEqualTo(0x55);
        hart.step(1);
        assertThat(hart.getLong("a1")).isEqualTo(0xaa);
    }

    /** In U-mode too: the registers are unprivileged. */
    @Test
    void userModeReachesTheStatusRegister() {
        TestHart hart = hart(CLEAN, "csrrwi a1, fcsr, 5\ncsrr a2, fcsr");
        hart.enter(Privilege.USER, 0x2000);
        hart.step(2);
        assertThat(hart.getLong("a2")).isEqualTo(5);
        assertThat(hart.state.privilege).isEqualTo(Privilege.USER);
    }
}
