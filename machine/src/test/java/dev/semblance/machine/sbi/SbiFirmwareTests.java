package dev.semblance.machine.sbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.bus.Bus;
import dev.semblance.machine.cpu.Hart;
import dev.semblance.machine.cpu.PageTables;
import dev.semblance.machine.isa.Assembler;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.time.CycleTimeline;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SBI specification 2.0, by chapter; what semu adds stands in the conformance notes. */
class SbiFirmwareTests {

    private static final int BASE = 0x10;
    private static final int TIME = 0x54494D45;
    private static final int IPI = 0x735049;
    private static final int RFENCE = 0x52464E43;
    private static final int HSM = 0x48534D;
    private static final int SRST = 0x53525354;
    private static final int DBCN = 0x4442434E;
    private static final int PUTCHAR = 1;
    private static final int GETCHAR = 2;

    private static final int SUCCESS = 0;
    private static final int FAILED = -1;
    private static final int NOT_SUPPORTED = -2;
    private static final int INVALID_PARAM = -3;
    private static final int ALREADY_AVAILABLE = -6;

    private final Ram ram = new Ram(16 << 20);
    private final CycleTimeline timeline = new CycleTimeline();
    private final List<Long> timers = new ArrayList<>();
    private final List<SbiFirmware.Reset> resets = new ArrayList<>();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final ArrayDeque<Integer> typed = new ArrayDeque<>();
    private final SbiFirmware firmware = new SbiFirmware(
            timers::add,
            resets::add,
            ram,
            written::write,
            () -> typed.isEmpty() ? OptionalInt.empty() : OptionalInt.of(typed.remove()));
    private final Hart hart = new Hart(Isa.RV32IMA, ram, new Bus(), timeline, firmware, timeline::now);

    private void program(String source) {
        int[] words = Assembler.assemble(0, source);
        for (int i = 0; i < words.length; i++) {
            ram.putInt(4L * i, words[i]);
        }
    }

    /** Makes a call by an ECALL at 0; returns a0, and leaves a1 in the hart. */
    private int call(int extension, int function, int... arguments) {
        program("ecall");
        hart.enter(0, 0, 0);
        for (int register = 10; register < 16; register++) {
            hart.state().setX(register, register - 10 < arguments.length ? arguments[register - 10] : 0x7777);
        }
        hart.state().setX(16, function);
        hart.state().setX(17, extension);
        long[] before = new long[32];
        for (int register = 0; register < 32; register++) {
            before[register] = hart.state().x(register);
        }
        hart.run(hart.state().cycle() + 1);
        assertThat(hart.state().pc()).isEqualTo(4);
        for (int register = 0; register < 32; register++) {
            if (register != 10 && register != 11) {
                // 3: everything but a0 and a1 is preserved.
                assertThat(hart.state().x(register)).as("x%d", register).isEqualTo(before[register]);
            }
        }
        return (int) hart.state().x(10);
    }

    private int value() {
        return (int) hart.state().x(11);
    }

    // ---- 4: base ---------------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "function {0} gives {1}")
    @CsvSource({"0, 02000000", "1, 00000999", "2, 00000001", "4, 12345678", "5, 80000001", "6, 00000001"})
    void theBaseExtensionTellsWhatThisIs(int function, String expected) {
        assertThat(call(BASE, function)).isEqualTo(SUCCESS);
        assertThat(value()).isEqualTo(Integer.parseUnsignedInt(expected, 16));
    }

    @Test
    void probingFindsWhatIsThereAndNothingElse() {
        for (int extension : new int[] {BASE, TIME, IPI, RFENCE, HSM, SRST}) {
            assertThat(call(BASE, 3, extension)).isEqualTo(SUCCESS);
            assertThat(value()).as("0x%x", extension).isEqualTo(1);
        }
        int performance = 0x504D55;
        int suspend = 0x53555350;
        for (int extension : new int[] {0, 3, 8, 0x11, -1, performance, suspend}) {
            assertThat(call(BASE, 3, extension)).isEqualTo(SUCCESS);
            assertThat(value()).as("0x%x", extension).isZero();
        }
    }

    @ParameterizedTest(name = "extension {0}, function {1}")
    @CsvSource({
        "0x10, 7",
        "0x10, -1",
        "0x54494D45, 1",
        "0x735049, 1",
        "0x52464E43, 3",
        "0x52464E43, -1",
        "0x48534D, 4",
        "0x53525354, 1",
        "0, 0",
        "3, 0",
        "8, 0",
        "0x4442434E, 3",
        "0x4442434E, -1",
        "-1, 0",
        "0x504D55, 0"
    })
    void whatIsNotThereIsNotSupported(String extension, int function) {
        assertThat(call((int) (long) Long.decode(extension), function, 0, 0)).isEqualTo(NOT_SUPPORTED);
        assertThat(value()).isZero();
        assertThat(resets).isEmpty();
        assertThat(timers).isEmpty();
    }

    // ---- 6: timer --------------------------------------------------------------------------------------------------

    @Test
    void setTimerTakes64Bits() {
        assertThat(call(TIME, 0, 0x8765_4321, 0x1234_5678)).isEqualTo(SUCCESS);
        assertThat(call(TIME, 0, -1, -1)).isEqualTo(SUCCESS);
        assertThat(call(TIME, 0, 5, 0)).isEqualTo(SUCCESS);

        assertThat(timers).containsExactly(0x1234_5678_8765_4321L, -1L, 5L);
    }

    // ---- 7: IPI, 8: RFENCE: the hart mask of 3.1 -------------------------------------------------------------------

    @ParameterizedTest(name = "mask {0}, base {1}: error {2}, sent {3}")
    @CsvSource({
        "1, 0, 0, true",
        "0, -1, 0, true",
        "0xffffffff, -1, 0, true",
        "0, 0, 0, false",
        "0, 5, 0, false",
        "2, 0, -3, false",
        "3, 0, -3, false",
        "1, 1, -3, false",
        "1, -2, -3, false",
    })
    void anIpiReachesTheHartsThatTheMaskNames(String mask, int base, int error, boolean sent) {
        assertThat(call(IPI, 0, (int) (long) Long.decode(mask), base)).isEqualTo(error);

        program("csrr a0, sip");
        hart.enter(0, 0, 0);
        hart.run(hart.state().cycle() + 1);
        assertThat(hart.state().x(10)).isEqualTo(sent ? 2 : 0);
    }

    @ParameterizedTest(name = "function {0}, mask {1}, base {2}")
    @CsvSource({
        "1, 1, 0, true",
        "2, 1, 0, true",
        "1, 0, -1, true",
        "0, 1, 0, false",
        "1, 0, 0, false",
        "1, 2, 0, false",
    })
    void aRemoteFenceMakesAChangedMappingSeen(int function, int mask, int base, boolean flushed) {
        int all = PageTables.V | PageTables.R | PageTables.W | PageTables.X | PageTables.A | PageTables.D;
        PageTables tables = new PageTables(ram).map(0, 0, all).map(0x5000, 0x6000, all);
        ram.putInt(0x6000, 1);
        ram.putInt(0x7000, 2);
        program("""
                csrw satp, t0
                lw t1, 0(t2)
                li a7, 0x52464e43
                ecall
                lw t1, 0(t2)""");
        hart.enter(0, mask, base);
        hart.state().setX(5, PageTables.satp());
        hart.state().setX(7, 0x5000);
        hart.state().setX(16, function);
        hart.state().setX(13, 4096);
        hart.run(4);
        assertThat(hart.state().x(6)).isEqualTo(1);
        tables.map(0x5000, 0x7000, all);
        hart.run(6);

        assertThat((int) hart.state().x(10)).isEqualTo(mask == 2 ? INVALID_PARAM : SUCCESS);
        // Without a flush the TLB still has the old page: the control that this test needs.
        assertThat(hart.state().x(6)).isEqualTo(flushed ? 2 : 1);
    }

    // ---- 9: hart state management
    // ------------------------------------------------------------------------------------

    @Test
    void theOnlyHartIsStartedAndCannotStop() {
        assertThat(call(HSM, 0, 0, 0x2000, 0)).isEqualTo(ALREADY_AVAILABLE);
        assertThat(call(HSM, 0, 1, 0x2000, 0)).isEqualTo(INVALID_PARAM);
        assertThat(call(HSM, 1)).isEqualTo(FAILED);
        assertThat(call(HSM, 2, 0)).isEqualTo(SUCCESS);
        assertThat(value()).as("STARTED").isZero();
        assertThat(call(HSM, 2, 1)).isEqualTo(INVALID_PARAM);
        assertThat(call(HSM, 2, -1)).isEqualTo(INVALID_PARAM);
    }

    /** 9.4, table: type 0 is the one that every platform has. */
    @Test
    void aRetentiveSuspendWaitsForAnInterruptAndReturns() {
        program("""
                li t0, 0x222
                csrw sie, t0
                li a7, 0x48534d
                ecall
                csrr s0, time""");
        hart.enter(0, 0, 0x2000);
        hart.state().setX(16, 3);
        timeline.schedule(1000, () -> hart.timerInterrupt().set(true));
        hart.run(1001);

        assertThat(hart.state().x(8)).isEqualTo(1000);
        assertThat(hart.state().x(10)).isEqualTo(SUCCESS);
        assertThat(hart.state().instret()).isEqualTo(7);
    }

    @ParameterizedTest(name = "type {0}: {1}")
    @CsvSource({"0x80000000, -2", "1, -3", "0x0fffffff, -3", "0x10000000, -3", "0x80000001, -3", "0xffffffff, -3"})
    void otherSuspendTypesAreRefusedAtOnce(String type, int error) {
        assertThat(call(HSM, 3, (int) (long) Long.decode(type), 0x2000, 0)).isEqualTo(error);
        program("nop");
        hart.enter(0, 0, 0);

        assertThat(hart.run(hart.state().cycle() + 1)).isEqualTo(Hart.Stop.LIMIT);
        assertThat(hart.state().pc()).as("it does not wait").isEqualTo(4);
    }

    // ---- 5: legacy console, 12: debug console -----------------------------------------------------------------------

    /** 4.4; a kernel that finds a console takes another way through its boot than on semu. */
    @ParameterizedTest
    @ValueSource(ints = {DBCN, PUTCHAR, GETCHAR})
    void theConsoleIsToldOfOnlyWhereItIsAnnounced(int extension) {
        assertThat(call(BASE, 3, extension)).isEqualTo(SUCCESS);
        assertThat(value()).isZero();
        firmware.announceConsole();
        assertThat(call(BASE, 3, extension)).isEqualTo(SUCCESS);
        assertThat(value()).isEqualTo(1);
    }

    /** 5.2, 5.3: a legacy call answers in a0 alone. */
    @Test
    void theLegacyCallsMoveOneByteAndLeaveA1() {
        typed.add(0xff);
        assertThat(call(PUTCHAR, 0, 0x141, 77)).isEqualTo(SUCCESS);
        assertThat(value()).isEqualTo(77);
        assertThat(call(GETCHAR, 9, 5, 78)).isEqualTo(0xff);
        assertThat(value()).isEqualTo(78);
        assertThat(call(GETCHAR, 0, 5, 79)).as("nothing waits").isEqualTo(-1);
        assertThat(value()).isEqualTo(79);
        assertThat(written.toString(StandardCharsets.ISO_8859_1)).isEqualTo("A");
    }

    /** 12.1, 12.3 */
    @Test
    void theDebugConsoleWritesBytesOfMemoryAndSingleOnes() {
        byte[] text = "hello, world".getBytes(StandardCharsets.ISO_8859_1);
        ram.write(0x5003, text, 0, text.length);
        assertThat(call(DBCN, 0, text.length, 0x5003, 0)).isEqualTo(SUCCESS);
        assertThat(value()).isEqualTo(text.length);
        assertThat(call(DBCN, 2, 0xffff_ff21)).isEqualTo(SUCCESS);
        assertThat(value()).isZero();
        assertThat(call(DBCN, 0, 0, 0x5003, 0)).isEqualTo(SUCCESS);
        assertThat(value()).isZero();
        assertThat(written.toString(StandardCharsets.ISO_8859_1)).isEqualTo("hello, world!");
    }

    /** 12.1: "it may do partial writes": a call is one cycle, however long what it names is. */
    @Test
    void aLongWriteIsDoneInParts() {
        assertThat(call(DBCN, 0, 16 << 20, 0, 0)).isEqualTo(SUCCESS);
        assertThat(value()).isEqualTo(SbiConsole.MOST_BYTES);
        assertThat(written.size()).isEqualTo(SbiConsole.MOST_BYTES);
    }

    /** 12.2 */
    @Test
    void theDebugConsoleReadsWhatWaitsAndNoMore() {
        assertThat(call(DBCN, 1, 8, 0x5000, 0)).isEqualTo(SUCCESS);
        assertThat(value()).isZero();
        "xyz".chars().forEach(typed::add);
        ram.putInt(0x5000, -1);
        assertThat(call(DBCN, 1, 2, 0x5000, 0)).isEqualTo(SUCCESS);
        assertThat(value()).isEqualTo(2);
        assertThat(ram.getInt(0x5000)).isEqualTo(0xffff_0000 | 'y' << 8 | 'x');
        assertThat(call(DBCN, 1, 9000, 0x5000, 0)).isEqualTo(SUCCESS);
        assertThat(value()).isEqualTo(1);
        assertThat(typed).isEmpty();
    }

    /** 12.1, 3.2: what is not memory is no place for bytes, and nothing of it is moved. */
    @ParameterizedTest(name = "{0} bytes at {2}:{1}")
    @CsvSource({
        "1, 0x01000000, 0",
        "2, 0x00ffffff, 0",
        "1, 0xf4000000, 0",
        "1, 0, 1",
        "1, 0, 0x80000000",
        "0xffffffff, 0, 0",
        "0xffffffff, 0xffffffff, 0xffffffff",
        "0, 0x01000001, 0",
        "0x01000001, 0, 0",
        "16, 0xfffffff8, 0xffffffff"
    })
    void anAddressThatIsNotMemoryIsInvalid(String length, String low, String high) {
        typed.add((int) 'x');
        for (int function : new int[] {0, 1}) {
            int error = call(
                    DBCN,
                    function,
                    Long.decode(length).intValue(),
                    Long.decode(low).intValue(),
                    Long.decode(high).intValue());
            assertThat(error).isEqualTo(INVALID_PARAM);
            assertThat(value()).isZero();
        }
        assertThat(written.size()).isZero();
        assertThat(typed).hasSize(1);
    }

    // ---- 10: system reset
    // --------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "type {0}: {1}")
    @CsvSource({"0, SHUTDOWN", "1, REBOOT", "2, REBOOT"})
    void resetTypesMeanShutdownOrReboot(int type, SbiFirmware.Reset expected) {
        call(SRST, 0, type, 0);
        call(SRST, 0, type, 1);

        assertThat(resets).containsExactly(expected, expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, -1, 0x1000_0000, 0xf000_0000})
    void reservedTypesAndReasonsAreInvalid(int number) {
        assertThat(call(SRST, 0, number, 0)).isEqualTo(INVALID_PARAM);
        assertThat(call(SRST, 0, 0, number)).isEqualTo(INVALID_PARAM);
        assertThat(resets).isEmpty();
    }
}
