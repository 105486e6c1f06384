package dev.semblance.machine.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.bus.Wire;
import dev.semblance.machine.state.StateBytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** PC16550D data sheet, and what Linux's 8250 driver needs of it. */
class Uart16550Tests {

    private static final int RBR = 0;
    private static final int THR = 0;
    private static final int IER = 1;
    private static final int IIR = 2;
    private static final int FCR = 2;
    private static final int LCR = 3;
    private static final int MCR = 4;
    private static final int LSR = 5;
    private static final int MSR = 6;
    private static final int SCR = 7;

    private final Wire interrupt = new Wire();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final Uart16550 uart = new Uart16550(interrupt, sent::write);

    private int load(int register) {
        return uart.load(register, 1);
    }

    private void store(int register, int value) {
        uart.store(register, 1, value);
    }

    private void type(String text) {
        uart.receive(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void whatIsWrittenToThrLeavesAtOnce() {
        store(THR, 'o');
        store(THR, 'k');

        assertThat(sent.toString(StandardCharsets.US_ASCII)).isEqualTo("ok");
        assertThat(load(LSR)).isEqualTo(0x60);
    }

    @Test
    void receivedBytesAreReadInOrderAndDataReadyFallsWithTheLast() {
        type("hi");

        assertThat(load(LSR)).isEqualTo(0x61);
        assertThat(load(RBR)).isEqualTo('h');
        assertThat(load(LSR)).isEqualTo(0x61);
        assertThat(load(RBR)).isEqualTo('i');
        assertThat(load(LSR)).isEqualTo(0x60);
        assertThat(load(RBR)).isZero();
    }

    @Test
    void nothingIsLostHoweverMuchTheHostSends() {
        store(FCR, 1);
        type("x".repeat(1000) + "y");

        for (int i = 0; i < 1000; i++) {
            assertThat(load(RBR)).isEqualTo('x');
        }
        assertThat(uart.unread()).isEqualTo(1);
        assertThat(load(RBR)).isEqualTo('y');
        assertThat(load(LSR)).isEqualTo(0x60);
    }

    /** Clearing the FIFO drops the 16 bytes in it, or the one without FIFOs, and not what the host still holds. */
    @Test
    void clearingTheFifoDropsWhatIsInItAlone() {
        store(FCR, 1);
        type("0123456789abcdefGH");
        store(FCR, 3);

        assertThat(load(RBR)).isEqualTo('G');
        assertThat(load(RBR)).isEqualTo('H');
        assertThat(load(LSR)).isEqualTo(0x60);
    }

    @Test
    void theFifosAreShownInIir() {
        assertThat(load(IIR)).isEqualTo(0x01);
        store(FCR, 0xc1);
        assertThat(load(IIR)).isEqualTo(0xc1);
        store(FCR, 0);
        assertThat(load(IIR)).isEqualTo(0x01);
    }

    @Test
    void receivedDataInterruptsUntilItIsRead() {
        store(IER, 1);
        assertThat(interrupt.isHigh()).isFalse();

        type("a");
        assertThat(interrupt.isHigh()).isTrue();
        store(FCR, 1);
        type("b");
        assertThat(load(IIR)).as("trigger level 1").isEqualTo(0xc4);
        load(RBR);
        assertThat(interrupt.isHigh()).isFalse();
        assertThat(load(IIR)).isEqualTo(0xc1);
    }

    @Test
    void belowTheTriggerLevelTheTimeoutInterruptsInstead() {
        store(FCR, 0x41);
        store(IER, 1);
        type("abc");
        assertThat(interrupt.isHigh()).isTrue();
        assertThat(load(IIR)).isEqualTo(0xcc);

        type("d");
        assertThat(load(IIR)).isEqualTo(0xc4);
    }

    @Test
    void enablingTheTransmitterInterruptRaisesItAndReadingIirTakesIt() {
        store(IER, 2);
        assertThat(interrupt.isHigh()).isTrue();
        assertThat(load(IIR)).isEqualTo(0x02);
        assertThat(interrupt.isHigh()).isFalse();
        assertThat(load(IIR)).isEqualTo(0x01);

        store(IER, 2);
        assertThat(interrupt.isHigh()).as("it was enabled already").isFalse();

        store(THR, 'a');
        assertThat(interrupt.isHigh()).isTrue();
        assertThat(load(IIR)).isEqualTo(0x02);

        store(IER, 0);
        store(IER, 2);
        assertThat(interrupt.isHigh()).as("Linux's UART_BUG_THRE test").isTrue();
    }

    @Test
    void receivedDataComesBeforeTheTransmitterAndLeavesItsInterruptPending() {
        store(IER, 3);
        type("a");

        assertThat(load(IIR)).isEqualTo(0x04);
        assertThat(load(IIR)).isEqualTo(0x04);
        load(RBR);
        assertThat(load(IIR)).isEqualTo(0x02);
        assertThat(load(IIR)).isEqualTo(0x01);
    }

    @Test
    void dlabShowsTheDivisorInPlaceOfDataAndInterruptEnable() {
        store(IER, 5);
        store(LCR, 0x83);
        store(0, 0x34);
        store(1, 0x12);

        assertThat(sent.size()).isZero();
        assertThat(load(0)).isEqualTo(0x34);
        assertThat(load(1)).isEqualTo(0x12);
        store(LCR, 0x03);
        assertThat(load(IER)).isEqualTo(5);
        assertThat(load(LCR)).isEqualTo(3);
    }

    @Test
    void theScratchRegisterKeepsAByte() {
        store(SCR, 0x5a);
        assertThat(load(SCR)).isEqualTo(0x5a);
    }

    @Test
    void theOtherSideIsConnected() {
        assertThat(load(MSR)).isEqualTo(0xb0);
    }

    @Test
    void loopbackShowsTheModemOutputsAndReturnsWhatIsSent() {
        store(MCR, 0x1a);
        assertThat(load(MSR) & 0xf0).as("RTS is CTS, OUT2 is DCD").isEqualTo(0x90);
        assertThat(load(MSR)).as("the changes were taken").isEqualTo(0x90);

        store(THR, 'z');
        assertThat(sent.size()).isZero();
        assertThat(load(RBR)).isEqualTo('z');
    }

    @Test
    void inLoopbackTheHostWaitsAndAFullReceiverOverruns() {
        store(IER, 4);
        store(MCR, 0x10);
        type("h");
        store(THR, 'a');
        store(THR, 'b');

        assertThat(load(IIR)).isEqualTo(0x06);
        assertThat(load(LSR)).isEqualTo(0x63);
        assertThat(load(LSR)).isEqualTo(0x61);
        assertThat(interrupt.isHigh()).isFalse();
        store(MCR, 0);
        assertThat(load(RBR)).isEqualTo('a');
        assertThat(load(RBR)).isEqualTo('h');
    }

    @Test
    void aModemChangeInterruptsUntilMsrIsRead() {
        store(IER, 8);
        store(MCR, 0x10);
        assertThat(interrupt.isHigh()).isTrue();
        assertThat(load(IIR)).isEqualTo(0x00);
        assertThat(load(MSR)).isEqualTo(0x0b);
        assertThat(interrupt.isHigh()).isFalse();
    }

    @Test
    void readingAnythingElseChangesNothing() {
        type("abc");
        store(IER, 3);
        List<String> before = StateBytes.of(uart);

        for (int register : new int[] {IER, LCR, MCR, SCR, 8, 0xffff}) {
            load(register);
        }
        for (int register = 0; register < 8; register++) {
            assertThat(uart.load(register & ~3, 4)).isZero();
            assertThat(uart.load(register & ~1, 2)).isZero();
            uart.store(register & ~3, 4, -1);
        }
        store(LSR, 0xff);
        store(MSR, 0xff);
        store(9, 0xff);

        assertThat(StateBytes.of(uart)).isEqualTo(before);
    }

    // ---- what the host wants to know ------------------------------------------------------------------------------

    /** A driver turns the receiver's interrupt on when the port is set up, and clears the receiver before. */
    @Test
    void theGuestListensWhileTheReceiversInterruptIsOn() {
        assertThat(uart.isListening()).isFalse();
        store(IER, 2);
        assertThat(uart.isListening()).isFalse();
        store(IER, 3);
        assertThat(uart.isListening()).isTrue();
        store(IER, 0);
        assertThat(uart.isListening()).isFalse();
    }

    /** A program without interrupts looks at LSR or RBR over and over; a console that only writes looks once a byte. */
    @Test
    void theGuestListensWhileItDoesNothingButLook() {
        for (int i = 0; i < 1000; i++) {
            load(LSR);
            store(THR, 'x');
        }
        assertThat(uart.isListening()).isFalse();
        for (int i = 0; i < 64; i++) {
            assertThat(uart.isListening()).isFalse();
            load(i % 2 == 0 ? LSR : RBR);
        }
        assertThat(uart.isListening()).isTrue();
        load(SCR);
        assertThat(uart.isListening()).isFalse();
        store(LCR, 0x80);
        for (int i = 0; i < 100; i++) {
            load(RBR);
        }
        assertThat(uart.isListening()).as("the divisor is no input").isFalse();
    }

    @Test
    void firmwareTakesWhatTheGuestWouldRead() {
        store(FCR, 1);
        type("0123456789abcdefXYZ");
        assertThat(load(RBR)).isEqualTo('0');
        for (char expected : "123456789abcdefXYZ".toCharArray()) {
            assertThat(uart.take()).hasValue(expected);
        }
        assertThat(uart.take()).isEmpty();
        assertThat(uart.isListening()).isTrue();
        assertThat(load(LSR) & 1).isZero();
    }
}
