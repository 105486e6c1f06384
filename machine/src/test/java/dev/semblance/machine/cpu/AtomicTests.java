package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Unprivileged ISA, chapter 14. */
class AtomicTests {

    private static final int WORD = 0x2000;

    @ParameterizedTest(name = "{0} {1} {2} stores {3}")
    @CsvSource({
        "amoswap.w, 00000001, 80000000, 80000000",
        "amoadd.w,  7fffffff, 00000001, 80000000",
        "amoadd.w,  ffffffff, 00000001, 00000000",
        "amoxor.w,  ff00ff00, 0ff00ff0, f0f0f0f0",
        "amoand.w,  ff00ff00, 0ff00ff0, 0f000f00",
        "amoor.w,   ff00ff00, 0ff00ff0, fff0fff0",
        "amomin.w,  80000000, 7fffffff, 80000000",
        "amomin.w,  00000000, ffffffff, ffffffff",
        "amomax.w,  80000000, 7fffffff, 7fffffff",
        "amomax.w,  00000000, ffffffff, 00000000",
        "amominu.w, 80000000, 7fffffff, 7fffffff",
        "amominu.w, 00000000, ffffffff, 00000000",
        "amomaxu.w, 80000000, 7fffffff, 80000000",
        "amomaxu.w, 00000000, ffffffff, ffffffff",
        "amomaxu.w, 00000005, 00000005, 00000005",
    })
    void anAmoReturnsTheOldWordAndStoresTheNewOne(String mnemonic, String memory, String register, String stored) {
        int old = Integer.parseUnsignedInt(memory, 16);
        int operand = Integer.parseUnsignedInt(register, 16);
        int result = Integer.parseUnsignedInt(stored, 16);

        TestHart hart = TestHart.with(String.format(Locale.ROOT, "%s a0, a2, (a1)\necall", mnemonic));
        hart.set("a1", WORD).set("a2", operand).ram.putInt(WORD, old);
        hart.run();
        assertThat(hart.get("a0")).isEqualTo(old);
        assertThat(hart.ram.getInt(WORD)).isEqualTo(result);

        hart = TestHart.with(String.format(Locale.ROOT, "%s a2, a2, (a1)\necall", mnemonic));
        hart.set("a1", WORD).set("a2", operand).ram.putInt(WORD, old);
        hart.run();
        assertThat(hart.get("a2")).as("rd is rs2").isEqualTo(old);
        assertThat(hart.ram.getInt(WORD)).isEqualTo(result);

        hart = TestHart.with(String.format(Locale.ROOT, "%s zero, a2, (a1)\necall", mnemonic));
        hart.set("a1", WORD).set("a2", operand).ram.putInt(WORD, old);
        hart.run();
        assertThat(hart.get("zero")).isZero();
        assertThat(hart.ram.getInt(WORD)).as("rd is x0").isEqualTo(result);
    }

    @ParameterizedTest(name = "{0} at {1} is cause {2}")
    @CsvSource({
        "'lr.w a0, (a1)',         0x2002,     4",
        "'sc.w a0, a2, (a1)',     0x2001,     6",
        "'amoadd.w a0, a2, (a1)', 0x2002,     6",
        "'lr.w a0, (a1)',         0x01000000, 5",
        "'sc.w a0, a2, (a1)',     0x01000000, 7",
        "'amoor.w a0, a2, (a1)',  0xf0000000, 7",
    })
    void badAddressesTrapAsLoadsForLrAndAsStoresForTheRest(String instruction, String address, int cause) {
        TestHart hart = TestHart.with(instruction).set("a0", 99).set("a1", Long.decode(address));
        hart.state.stvec = 0x1000;
        hart.step(1);

        hart.assertTrapped(cause, 0, Long.decode(address));
        assertThat(hart.get("a0")).isEqualTo(99);
    }

    private static TestHart reserved(String then) {
        TestHart hart = TestHart.with("lr.w a0, (a1)\n" + then + "\nsc.w a3, a2, (a1)\necall");
        hart.set("a1", WORD).set("a2", 22).set("a3", 99).set("a4", WORD + 4);
        hart.ram.putInt(WORD, -11);
        hart.state.stvec = 0x1000;
        return hart;
    }

    private static void assertStored(TestHart hart, boolean stored) {
        assertThat(hart.get("a3")).as("what SC says").isEqualTo(stored ? 0 : 1);
        assertThat(hart.ram.getInt(WORD)).isEqualTo(stored ? 22 : -11);
    }

    @Test
    void scAfterLrOfTheSameWordSucceeds() {
        TestHart hart = reserved("addi t0, t0, 1").run();

        assertThat(hart.get("a0")).isEqualTo(-11);
        assertStored(hart, true);
    }

    @Test
    void scWithoutLrFails() {
        TestHart hart = reserved("nop").at(4).run();

        assertStored(hart, false);
    }

    @Test
    void scToAnotherWordFailsAndSpendsTheReservation() {
        TestHart hart = reserved("sc.w t0, a2, (a4)").run();

        assertThat(hart.get("t0")).isEqualTo(1);
        assertThat(hart.ram.getInt(WORD + 4)).isZero();
        assertStored(hart, false);
    }

    @Test
    void aSecondScFails() {
        TestHart hart = reserved("sc.w t0, a1, (a1)").run();

        assertThat(hart.get("t0")).isZero();
        assertThat(hart.get("a3")).isEqualTo(1);
        assertThat(hart.ram.getInt(WORD)).isEqualTo(WORD);
    }

    @Test
    void aLaterLrTakesTheReservationWithIt() {
        assertStored(reserved("lr.w t0, (a4)").run(), false);
        assertStored(reserved("lr.w t0, (a4)\nlr.w t0, (a1)").run(), true);
    }

    /** Software that handles a trap must not find another thread's reservation: the SC of a preempted one fails. */
    @Test
    void anExceptionBetweenLrAndScMakesItFail() {
        TestHart hart = reserved("ebreak").load(0x1000, "csrr t0, sepc\naddi t0, t0, 4\ncsrw sepc, t0\nsret");
        hart.state.sstatus = HartState.SPP;

        assertStored(hart.run(), false);
    }

    @Test
    void aHandlersScDoesNotFindTheReservationOfWhatItInterrupted() {
        TestHart hart = reserved("ebreak").load(0x1000, "sc.w a3, a2, (a1)\necall");

        assertStored(hart.run(), false);
    }

    @Test
    void anInterruptBetweenLrAndScMakesItFail() {
        TestHart hart = reserved("nop").load(0x1000, "csrrci zero, sip, 2\nsret");
        hart.state.sie = 2;
        hart.state.sstatus = HartState.SIE;
        hart.timeline.schedule(1, () -> hart.hart.softwareInterrupt().set(true));

        assertStored(hart.run(), false);
    }

    /** 14.2: an SC must fail if a device has written to the reserved bytes in between, even the value that was there. */
    @Test
    void aDeviceWriteToTheReservedWordMakesScFail() {
        TestHart word = reserved("nop");
        word.timeline.schedule(1, () -> word.ram.putInt(WORD, -11));
        assertStored(word.run(), false);

        TestHart lastByte = reserved("nop");
        lastByte.timeline.schedule(1, () -> lastByte.ram.putByte(WORD + 3, (byte) 0xff));
        assertStored(lastByte.run(), false);

        TestHart across = reserved("nop");
        across.timeline.schedule(1, () -> across.ram.write(0x1f00, new byte[0x101], 0, 0x101));
        across.run();
        assertThat(across.get("a3")).isEqualTo(1);
    }

    @Test
    void aDeviceWriteElsewhereLeavesTheReservation() {
        TestHart hart = reserved("nop");
        hart.timeline.schedule(1, () -> {
            hart.ram.putInt(WORD + 4, 1);
            hart.ram.putInt(WORD - 4, 1);
            hart.ram.putByte(WORD - 1, (byte) 1);
            hart.ram.write(WORD + 4, new byte[64], 0, 64);
            hart.ram.write(WORD, new byte[64], 0, 0);
        });

        assertStored(hart.run(), true);
    }

    /** Whether the TLB held the page must not show: a store of the hart's own never takes its reservation. */
    @Test
    void theHartsOwnStoresLeaveTheReservationAlone() {
        for (String first : new String[] {"nop", "sb zero, 64(a1)"}) {
            TestHart hart = TestHart.with(first + """

                    lr.w a0, (a1)
                    sw a0, 0(a1)
                    amoadd.w zero, zero, (a1)
                    sc.w a3, a2, (a1)
                    ecall""");
            hart.set("a1", WORD).set("a2", 22).ram.putInt(WORD, -11);
            hart.run();

            assertStored(hart, true);
        }
    }
}
