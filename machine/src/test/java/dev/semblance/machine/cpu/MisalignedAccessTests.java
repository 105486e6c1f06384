package dev.semblance.machine.cpu;

import static dev.semblance.machine.cpu.Sv39Space.ALL;
import static dev.semblance.machine.cpu.Sv39Space.CODE;
import static dev.semblance.machine.cpu.Sv39Space.DATA;
import static dev.semblance.machine.cpu.Sv39Space.GIB;
import static dev.semblance.machine.cpu.Sv39Space.MIDDLE;
import static dev.semblance.machine.cpu.Sv39Space.entry;
import static dev.semblance.machine.cpu.Sv39Space.hart;
import static dev.semblance.machine.cpu.Sv39Space.last;
import static dev.semblance.machine.cpu.Sv39Space.middle;
import static dev.semblance.machine.cpu.Sv39Space.root;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.bus.MmioDevice;
import dev.semblance.machine.isa.Encoder;
import dev.semblance.machine.profile.Isa;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Unprivileged ISA, 2.6: harts of {@code gc} do misaligned loads and stores of memory; devices and atomics trap. */
class MisalignedAccessTests {

    private static final long PATTERN = 0x8877_6655_4433_2211L;

    /** A page at 1 GiB and the next one, whose frames do not follow each other. */
    private static TestHart twoPages(String source) {
        TestHart hart = hart(source);
        last(hart, 0, entry(DATA, ALL));
        last(hart, 1, entry(DATA + 0x5000, ALL));
        return hart;
    }

    private static long physical(long address) {
        return address < GIB + 0x1000 ? address - GIB + DATA : address - GIB - 0x1000 + DATA + 0x5000;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"lh, 2, true", "lhu, 2, false", "lw, 4, true", "lwu, 4, false", "ld, 8, true"})
    void aLoadTakesItsBytesFromAnyAddress(String mnemonic, int width, boolean signed) {
        for (int offset = 1; offset < 0x1008; offset += offset == 9 ? 0xfee : 1) {
            TestHart hart = twoPages(mnemonic + " a1, 0(a0)").set("a0", GIB + offset);
            long expected = 0;
            for (int i = width - 1; i >= 0; i--) {
                int value = 0x80 | (offset + 3 * i) & 0x7f;
                hart.ram.putByte(physical(GIB + offset + i), (byte) value);
                expected = expected << 8 | value;
            }
            int unused = 64 - 8 * width;
            hart.step(1);
            assertThat(hart.getLong("a1"))
                    .as("%s at 0x%x", mnemonic, offset)
                    .isEqualTo(signed ? expected << unused >> unused : expected);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"sh, 2", "sw, 4", "sd, 8"})
    void aStorePutsItsBytesAtAnyAddressAndTouchesNoOther(String mnemonic, int width) {
        for (int offset = 1; offset < 0x1008; offset += offset == 9 ? 0xfee : 1) {
            TestHart hart =
                    twoPages(mnemonic + " a1, 0(a0)").set("a0", GIB + offset).set("a1", PATTERN);
            hart.step(1);
            for (int at = Math.max(0, offset - 10); at < offset + 20; at++) {
                int i = at - offset;
                int expected = i >= 0 && i < width ? (int) (PATTERN >>> 8 * i) & 0xff : 0;
                assertThat(hart.ram.getByte(physical(GIB + at)) & 0xff)
                        .as("0x%x of 0x%x", at, offset)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void floatingPointLoadsAndStoresAreMisalignedToo() {
        TestHart hart = twoPages("fld fa0, 0(a0)\nfsd fa0, 0(a1)\nflw fa1, 0(a0)\nfsw fa1, 1(a2)");
        hart.state.sstatus |= HartState.FS;
        for (int i = 0; i < 8; i++) {
            hart.ram.putByte(physical(GIB + 0xffd + i), (byte) (PATTERN >> 8 * i));
        }
        hart.set("a0", GIB + 0xffd).set("a1", GIB + 0x23).set("a2", GIB + 0x40).step(4);
        assertThat(hart.state.f[10]).isEqualTo(PATTERN);
        assertThat(hart.state.f[11]).isEqualTo(0xffff_ffff_4433_2211L);
        assertThat(hart.ram.getByte(DATA + 0x23)).isEqualTo((byte) 0x11);
        assertThat(hart.ram.getByte(DATA + 0x2a)).isEqualTo((byte) 0x88);
        assertThat(hart.ram.getInt(DATA + 0x40)).isEqualTo(0x3322_1100);
    }

    /** 12.1.9: stval is the address of the part of the access that faulted; an access that faults stores nothing. */
    @ParameterizedTest
    @ValueSource(ints = {0xff9, 0xffa, 0xffc, 0xffe, 0xfff})
    void whenTheSecondPageFaultsNothingIsStored(int offset) {
        TestHart hart = twoPages("sd a1, 0(a0)").set("a0", GIB + offset).set("a1", PATTERN);
        last(hart, 1, 0);
        hart.step(1);
        hart.assertTrapped64(Cause.STORE_PAGE_FAULT, CODE, GIB + 0x1000);
        for (int at = offset; at < 0x1000; at++) {
            assertThat(hart.ram.getByte(physical(GIB + at))).isZero();
        }

        TestHart loading = twoPages("ld a1, 0(a0)").set("a0", GIB + offset).set("a1", 99);
        last(loading, 1, 0);
        loading.step(1);
        loading.assertTrapped64(Cause.LOAD_PAGE_FAULT, CODE, GIB + 0x1000);
        assertThat(loading.getLong("a1")).isEqualTo(99);
    }

    @Test
    void whenTheFirstPageFaultsItIsTheFirstByteThatIsNamed() {
        for (long second : new long[] {0, entry(DATA, ALL)}) {
            TestHart hart = twoPages("sd a1, 0(a0)").set("a0", GIB + 0xffd).set("a1", PATTERN);
            last(last(hart, 0, 0), 1, second);
            hart.step(1);
            hart.assertTrapped64(Cause.STORE_PAGE_FAULT, CODE, GIB + 0xffd);
            assertThat(hart.ram.getLong(DATA)).isZero();
        }
    }

    @Test
    void aReadOnlySecondPageKeepsTheFirstAsItWas() {
        TestHart hart = twoPages("sw a1, 0(a0)").set("a0", GIB + 0xffe).set("a1", PATTERN);
        last(hart, 1, entry(DATA + 0x5000, PageTables.V | PageTables.R));
        hart.step(1);
        hart.assertTrapped64(Cause.STORE_PAGE_FAULT, CODE, GIB + 0x1000);
        assertThat(hart.ram.getShort(DATA + 0xffe)).isZero();
    }

    /** The address behind the last one is the first: bits 63 to 0 wrap (unprivileged ISA, 1.4). */
    @Test
    void anAccessAtTheEndOfTheAddressSpaceGoesOnAtItsBeginning() {
        TestHart hart = hart("ld a1, 0(a0)").set("a0", -3);
        root(hart, 511, entry(MIDDLE, PageTables.V));
        middle(hart, 511, entry(Sv39Space.LAST, PageTables.V));
        last(hart, 511, entry(DATA, ALL));
        hart.ram.putInt(DATA + 0xffc, 0x3322_11aa);
        hart.ram.putLong(0, 0x88_7766_5544L);
        hart.step(1);
        assertThat(hart.getLong("a1")).isEqualTo(PATTERN);
    }

    @ParameterizedTest
    @EnumSource(
            value = Isa.class,
            names = {"RV32GC", "RV64GC"})
    void anAccessOverTheEndOfMemoryIsAnAccessFaultThere(Isa isa) {
        TestHart hart = new TestHart(isa).load(CODE, "sw a1, 0(a0)").at(CODE);
        boolean[] reached = new boolean[1];
        hart.bus.map(TestHart.RAM_SIZE, 4096, recorder(reached));
        hart.state.stvec = 0x1000;
        hart.set("a0", TestHart.RAM_SIZE - 2).set("a1", -1).step(1);
        hart.assertTrapped(Cause.STORE_ACCESS_FAULT, CODE, TestHart.RAM_SIZE);
        assertThat(hart.ram.getShort(TestHart.RAM_SIZE - 2)).isZero();
        assertThat(reached).containsExactly(false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"lh a1, 1(a0)", "lw a1, 2(a0)", "ld a1, 4(a0)", "sh a1, 3(a0)", "sd a1, 1(a0)", "lwu a1, 6(a0)"})
    void aMisalignedAccessNeverReachesADevice(String access) {
        TestHart hart = new TestHart(Isa.RV64GC).load(CODE, access).at(CODE);
        boolean[] reached = new boolean[1];
        hart.bus.map(1L << 32, 4096, recorder(reached));
        hart.state.stvec = 0x1000;
        hart.set("a0", 1L << 32).set("a1", 99).step(1);
        assertThat(hart.state.scause)
                .isEqualTo(access.startsWith("s") ? Cause.STORE_ACCESS_FAULT : Cause.LOAD_ACCESS_FAULT);
        assertThat(hart.state.stval).isBetween(1L << 32, (1L << 32) + 8);
        assertThat(hart.getLong("a1")).isEqualTo(99);
        assertThat(reached).containsExactly(false);
    }

    /** 12.1.9: stval is an address of the part that caused the fault. QEMU 7.2 rounds that of a load down to its size, out of the access. */
    @ParameterizedTest(name = "{0} at +{1}")
    @CsvSource({
        "'lh a1, 0(a0)', 1",
        "'lw a1, 0(a0)', 2",
        "'ld a1, 0(a0)', 5",
        "'fld fa1, 0(a0)', 3",
        "'sh a1, 0(a0)', 1",
        "'sw a1, 0(a0)', 3",
        "'sd a1, 0(a0)', 4",
        "'fsd fa1, 0(a0)', 6"
    })
    void aMisalignedAccessWhereThereIsNothingNamesItsFirstByte(String access, int offset) {
        long nothing = 1L << 32;
        TestHart hart = TestHart.with64("").load(CODE, access).at(CODE);
        hart.state.stvec = 0x1000;
        hart.set("a0", nothing + offset).step(1);
        boolean stores = access.startsWith("s") || access.startsWith("fs");
        hart.assertTrapped64(stores ? Cause.STORE_ACCESS_FAULT : Cause.LOAD_ACCESS_FAULT, CODE, nothing + offset);
    }

    private static MmioDevice recorder(boolean[] reached) {
        return new MmioDevice() {
            @Override
            public int load(int offset, int width) {
                reached[0] = true;
                return 0;
            }

            @Override
            public void store(int offset, int width, int value) {
                reached[0] = true;
            }
        };
    }

    /** 14.2, 14.4: the address of LR, SC and the AMOs is a multiple of their size. */
    @ParameterizedTest(name = "{0} at {1}")
    @CsvSource({
        "'lr.w a1, a0', 2, 4",
        "'lr.d a1, a0', 4, 4",
        "'sc.w a1, a2, a0', 1, 6",
        "'sc.d a1, a2, a0', 4, 6",
        "'amoadd.w a1, a2, a0', 2, 6",
        "'amoadd.d a1, a2, a0', 4, 6",
        "'amoswap.d a1, a2, a0', 1, 6"
    })
    void atomicsTrapWhereverTheyAreMisaligned(String access, int offset, int cause) {
        TestHart hart = twoPages(access).set("a0", GIB + offset).set("a1", 99);
        hart.step(1);
        hart.assertTrapped64(cause, CODE, GIB + offset);
        assertThat(hart.getLong("a1")).isEqualTo(99);
    }

    @Test
    void aMisalignedStoreIntoTheCodeAheadIsExecuted() {
        TestHart hart = TestHart.with64("""
                sw a1, 6(zero)
                addi a0, a0, 1
                addi a0, a0, 1
                ecall""");
        int encoding = Encoder.encode("addi", 10, 10, 0, 100);
        // The upper half of the second instruction and the lower half of the third.
        hart.set("a1", encoding >>> 16 | (long) (encoding & 0xffff) << 16).run();
        assertThat(hart.getLong("a0")).isEqualTo(101);
    }
}
