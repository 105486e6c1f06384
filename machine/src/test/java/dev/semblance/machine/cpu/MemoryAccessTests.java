package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.bus.MmioDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Unprivileged ISA, 2.6; causes and stval: privileged architecture, 12.1.9. */
class MemoryAccessTests {

    private static final long DEVICE = 0xf000_0000L;

    @ParameterizedTest(name = "{0} of 80ff7f81 at {1} is {2}")
    @CsvSource({
        "lb,  0, ffffff81", "lb,  1, 0000007f", "lb,  2, ffffffff", "lb, 3, ffffff80",
        "lbu, 0, 00000081", "lbu, 1, 0000007f", "lbu, 2, 000000ff", "lbu, 3, 00000080",
        "lh,  0, 00007f81", "lh,  2, ffff80ff", "lhu, 0, 00007f81", "lhu, 2, 000080ff",
        "lw,  0, 80ff7f81"
    })
    void loadsExtendAsTheirNameSays(String mnemonic, int offset, String expected) {
        TestHart hart = TestHart.with(String.format(
                        Locale.ROOT, "%s a0, %d(a1)\n%s a2, %d(a1)\necall", mnemonic, offset, mnemonic, offset))
                .set("a1", 0x2000);
        hart.ram.putInt(0x2000, 0x80ff_7f81);
        hart.run();

        int value = Integer.parseUnsignedInt(expected, 16);
        assertThat(hart.get("a0")).as("first access").isEqualTo(value);
        assertThat(hart.get("a2")).as("through the TLB").isEqualTo(value);
    }

    @ParameterizedTest(name = "{0} at {1}")
    @CsvSource({
        "sb, 0, 4444448d",
        "sb, 1, 44448d44",
        "sb, 2, 448d4444",
        "sb, 3, 8d444444",
        "sh, 0, 4444cc8d",
        "sh, 2, cc8d4444",
        "sw, 0, aabbcc8d"
    })
    void storesWriteTheirWidthAndNoMore(String mnemonic, int offset, String expected) {
        for (int before = 0; before < 2; before++) {
            TestHart hart =
                    TestHart.with(String.format(Locale.ROOT, "sw a2, 64(a1)\n%s a0, %d(a1)\necall", mnemonic, offset));
            hart.set("a0", 0xaabb_cc8d).set("a1", 0x2000);
            // The second time round the first store has not filled the TLB for the second.
            hart.at(4L * before);
            hart.ram.putInt(0x2000 - 4, 0x4444_4444);
            hart.ram.putInt(0x2000, 0x4444_4444);
            hart.ram.putInt(0x2004, 0x4444_4444);
            hart.run();

            assertThat(hart.ram.getInt(0x2000)).isEqualTo(Integer.parseUnsignedInt(expected, 16));
            assertThat(hart.ram.getInt(0x2000 - 4)).isEqualTo(0x4444_4444);
            assertThat(hart.ram.getInt(0x2004)).isEqualTo(0x4444_4444);
        }
    }

    @Test
    void addressesWrapAt32Bits() {
        TestHart hart = TestHart.with("lw a0, 16(a1)\nsw a1, 20(a1)\necall").set("a1", -8);
        hart.run();

        assertThat(hart.get("a0")).as("the word at 8").isEqualTo(hart.ram.getInt(8));
        assertThat(hart.ram.getInt(12)).isEqualTo(-8);
    }

    /** 2.6: a load into x0 still reads, and still raises what it raises. */
    @Test
    void aLoadIntoX0StillAccesses() {
        List<Integer> loads = new ArrayList<>();
        TestHart hart = TestHart.with("lw zero, 8(a1)\nlw zero, 1(zero)").set("a1", DEVICE);
        hart.bus.map(DEVICE, 4096, device(loads, new ArrayList<>()));
        hart.state.stvec = 0x1000;
        hart.step(2);

        assertThat(loads).containsExactly(8);
        hart.assertTrapped(Cause.LOAD_MISALIGNED, 4, 1);
    }

    @ParameterizedTest(name = "{0} {1} is cause {2}")
    @CsvSource({
        "lh, 0x2001, 4",
        "lhu, 0x2003, 4",
        "lw, 0x2001, 4",
        "lw, 0x2002, 4",
        "lw, 0x2ffe, 4",
        "lw, 0xf0000002, 4",
        "sh, 0x2001, 6",
        "sw, 0x2002, 6",
        "sw, 0x2003, 6",
        "sh, 0x2fff, 6",
        "sw, 0xf0000001, 6",
        "lb, 0x01000000, 5",
        "lw, 0x01000000, 5",
        "lhu, 0xeffffffe, 5",
        "lw, 0xf0001000, 5",
        "lw, 0xfffffffc, 5",
        "sb, 0x01000000, 7",
        "sw, 0x01000000, 7",
        "sh, 0xf0001000, 7",
        "sw, 0xfffffffc, 7",
    })
    void badAddressesTrapWithTheAddressInStval(String mnemonic, String address, int cause) {
        boolean store = mnemonic.startsWith("s");
        long at = Long.decode(address);
        // A good access to the same page first, so that a TLB entry is there to be mistaken.
        TestHart hart = TestHart.with(
                        String.format(Locale.ROOT, "sb zero, 0(a2)\nlb t0, 0(a2)\n%s a0, 0(a1)", mnemonic))
                .set("a0", 99)
                .set("a1", at)
                .set("a2", 0x2000);
        List<Integer> accesses = new ArrayList<>();
        hart.bus.map(DEVICE, 4096, device(accesses, accesses));
        hart.state.stvec = 0x1000;
        hart.step(3);

        hart.assertTrapped(cause, 8, at);
        assertThat(hart.get("a0")).as(store ? "the source" : "rd is unwritten").isEqualTo(99);
        assertThat(accesses).isEmpty();
        assertThat(hart.state.cycle()).isEqualTo(3);
        assertThat(hart.state.instret()).isEqualTo(2);
    }

    @Test
    void theLastWordOfRamIsRam() {
        TestHart hart = TestHart.with("sw a1, -4(a1)\nlw a0, -4(a1)\necall").set("a1", TestHart.RAM_SIZE);

        assertThat(hart.run().get("a0")).isEqualTo(TestHart.RAM_SIZE);
    }

    /** A page never written reads as zeros, and does so no longer once it is written to. */
    @Test
    void aPageReadBeforeItsFirstWriteShowsTheWrite() {
        TestHart hart = TestHart.with("""
                lw a0, 0(a1)
                sw a1, 0(a1)
                lw a2, 0(a1)
                ecall""").set("a1", 0x8000);
        hart.run();

        assertThat(hart.get("a0")).isZero();
        assertThat(hart.get("a2")).isEqualTo(0x8000);
    }

    @Test
    void devicesAreAccessedWithTheWidthOfTheInstructionAndLoadsExtend() {
        List<Integer> stores = new ArrayList<>();
        TestHart hart = TestHart.with("""
                lb a0, 5(a5)
                lbu a1, 5(a5)
                lh a2, 6(a5)
                lhu a3, 6(a5)
                lw a4, 4(a5)
                sb a4, 1(a5)
                sh a4, 2(a5)
                sw a4, 4(a5)
                ecall""").set("a5", DEVICE);
        hart.bus.map(DEVICE, 4096, device(new ArrayList<>(), stores));
        hart.run();

        assertThat(hart.get("a0")).isEqualTo((byte) 0x85);
        assertThat(hart.get("a1")).isEqualTo(0x85);
        assertThat(hart.get("a2")).isEqualTo((short) 0x8286);
        assertThat(hart.get("a3")).isEqualTo(0x8286);
        assertThat(hart.get("a4")).isEqualTo(0x8000_0484);
        assertThat(stores).containsExactly(0x101, 0x202, 0x404);
    }

    /** Loads give a recognisable value of the accessed width; stores are noted as width and offset. */
    private static MmioDevice device(List<Integer> loads, List<Integer> stores) {
        return new MmioDevice() {
            @Override
            public int load(int offset, int width) {
                loads.add(offset);
                return switch (width) {
                    case 1 -> 0x80 | offset;
                    case 2 -> 0x8280 | offset;
                    default -> 0x8000_0480 | offset;
                };
            }

            @Override
            public void store(int offset, int width, int value) {
                stores.add(width << 8 | offset);
            }
        };
    }
}
