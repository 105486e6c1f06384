package dev.semblance.machine.device;

import dev.semblance.machine.bus.InterruptLine;
import dev.semblance.machine.bus.MmioDevice;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import java.util.ArrayDeque;
import java.util.OptionalInt;

/**
 * A 16550A serial port (National Semiconductor PC16550D data sheet), byte registers without a shift, on a line of
 * infinite speed: what the guest sends leaves at once, and what the host sends waits in an unbounded queue and enters
 * the receiver whenever it has room (16 bytes, or 1 with the FIFOs off), so nothing is ever lost.
 *
 * <p>Three loads change state, as in the data sheet: RBR takes a byte, IIR acknowledges the transmitter interrupt it
 * reports, and LSR and MSR clear their error and change bits. Accesses wider than a byte read as 0 and are ignored.
 */
public final class Uart16550 implements MmioDevice, Stateful {

    private static final int FIFO_SIZE = 16;

    private static final int IER_RECEIVED = 1;
    private static final int IER_TRANSMIT_EMPTY = 1 << 1;
    private static final int IER_LINE_STATUS = 1 << 2;
    private static final int IER_MODEM_STATUS = 1 << 3;

    private static final int IIR_NONE = 0x1;
    private static final int IIR_MODEM_STATUS = 0x0;
    private static final int IIR_TRANSMIT_EMPTY = 0x2;
    private static final int IIR_RECEIVED = 0x4;
    private static final int IIR_LINE_STATUS = 0x6;
    private static final int IIR_RECEIVE_TIMEOUT = 0xc;
    private static final int IIR_FIFOS_ENABLED = 0xc0;

    private static final int FCR_ENABLE = 1;
    private static final int FCR_CLEAR_RECEIVER = 1 << 1;
    /** What is not done once: on, DMA mode, trigger level. */
    private static final int FCR_KEPT = 0xc9;

    private static final int LCR_DLAB = 1 << 7;
    private static final int MCR_LOOP = 1 << 4;
    private static final int LSR_DATA_READY = 1;
    private static final int LSR_OVERRUN = 1 << 1;
    private static final int LSR_TRANSMITTER_EMPTY = 0x60;
    private static final int MSR_RING = 1 << 6;
    /** Carrier, data set ready, clear to send. */
    private static final int MSR_CONNECTED = 0xb0;

    /** So many looks for input in a row, with nothing else done at the port, are a guest that waits for some. */
    private static final int WAITING_LOOKS = 64;

    private final InterruptLine interrupt;
    private final ConsoleSink output;
    private final ArrayDeque<Byte> hostQueue = new ArrayDeque<>();
    private final ArrayDeque<Byte> receiver = new ArrayDeque<>(FIFO_SIZE);

    private int interruptEnable;
    private int fifoControl;
    private int lineControl;
    private int modemControl;
    private int modemStatus = MSR_CONNECTED;
    private int divisor;
    private int scratch;
    private boolean overrun;
    private boolean transmitInterrupt;

    /** How many times in a row the guest has looked for input. For the host alone: the guest cannot see it. */
    private int looks;

    /**
     * Makes a port after power-on.
     *
     * @param interrupt the wire to the interrupt controller
     * @param output what the guest sends
     */
    public Uart16550(InterruptLine interrupt, ConsoleSink output) {
        this.interrupt = interrupt;
        this.output = output;
    }

    /**
     * Sends bytes from the host to the guest.
     *
     * @param bytes what comes in
     */
    public void receive(byte[] bytes) {
        for (byte value : bytes) {
            hostQueue.add(value);
        }
        update();
    }

    /** {@return how many bytes from the host the guest has not read yet} */
    public int unread() {
        return hostQueue.size() + receiver.size();
    }

    /**
     * {@return whether the guest takes input now: it has turned the receiver's interrupt on, or it keeps looking} Before that
     * a driver has yet to set the port up, and clears it then.
     */
    public boolean isListening() {
        return (interruptEnable & IER_RECEIVED) != 0 || looks >= WAITING_LOOKS;
    }

    /**
     * Takes the byte that the guest would read next past the registers, as firmware does; empty if there is none.
     *
     * @return the byte, 0 to 255, or empty
     */
    public OptionalInt take() {
        Byte value = receiver.poll();
        looks = WAITING_LOOKS;
        update();
        return value == null ? OptionalInt.empty() : OptionalInt.of(value & 0xff);
    }

    @Override
    public int load(int offset, int width) {
        if (width != 1) {
            return 0;
        }
        boolean look = offset == 5 || offset == 0 && !divisorAccess();
        looks = look ? Math.min(looks + 1, WAITING_LOOKS) : 0;
        int value = switch (offset) {
            case 0 -> divisorAccess() ? divisor & 0xff : takeReceived();
            case 1 -> divisorAccess() ? divisor >> 8 : interruptEnable;
            case 2 -> identifyInterrupt();
            case 3 -> lineControl;
            case 4 -> modemControl;
            case 5 -> takeLineStatus();
            case 6 -> takeModemStatus();
            case 7 -> scratch;
            default -> 0;
        };
        update();
        return value;
    }

    @Override
    public void store(int offset, int width, int value) {
        if (width != 1) {
            return;
        }
        int bits = value & 0xff;
        looks = 0;
        switch (offset) {
            case 0 -> {
                if (divisorAccess()) {
                    divisor = divisor & 0xff00 | bits;
                } else {
                    transmit((byte) value);
                }
            }
            case 1 -> {
                if (divisorAccess()) {
                    divisor = divisor & 0xff | bits << 8;
                } else {
                    enableInterrupts(bits & 0xf);
                }
            }
            case 2 -> controlFifos(bits);
            case 3 -> lineControl = bits;
            case 4 -> controlModem(bits & 0x1f);
            case 7 -> scratch = bits;
            default -> {
                // LSR is for factory tests only, MSR is read-only, and the rest of the window is empty.
            }
        }
        update();
    }

    private boolean divisorAccess() {
        return (lineControl & LCR_DLAB) != 0;
    }

    private boolean fifosEnabled() {
        return (fifoControl & FCR_ENABLE) != 0;
    }

    private int receiverSize() {
        return fifosEnabled() ? FIFO_SIZE : 1;
    }

    private int takeReceived() {
        Byte value = receiver.poll();
        return value == null ? 0 : value & 0xff;
    }

    private void transmit(byte value) {
        if ((modemControl & MCR_LOOP) == 0) {
            output.put(value);
        } else if (receiver.size() < receiverSize()) {
            receiver.add(value);
        } else {
            overrun = true;
        }
        transmitInterrupt = true;
    }

    private void enableInterrupts(int bits) {
        // The holding register is always empty, so enabling its interrupt raises it; Linux counts on that to start
        // sending.
        if ((bits & ~interruptEnable & IER_TRANSMIT_EMPTY) != 0) {
            transmitInterrupt = true;
        }
        interruptEnable = bits;
    }

    private void controlFifos(int bits) {
        boolean switched = ((bits ^ fifoControl) & FCR_ENABLE) != 0;
        if (switched || (bits & FCR_CLEAR_RECEIVER) != 0) {
            receiver.clear();
        }
        // The other bits count only while the FIFOs are on.
        fifoControl = (bits & FCR_ENABLE) != 0 ? bits & FCR_KEPT : 0;
    }

    private void controlModem(int bits) {
        modemControl = bits;
        int lines = modemLines();
        int changed = (lines ^ modemStatus) >> 4;
        boolean ringEnded = (modemStatus & MSR_RING) != 0 && (lines & MSR_RING) == 0;
        modemStatus = lines | modemStatus & 0xf | changed & 0xb | (ringEnded ? 4 : 0);
    }

    /** {@return CTS, DSR, RI and DCD, which in loopback show RTS, DTR, OUT1 and OUT2} */
    private int modemLines() {
        int bits = modemControl;
        return (bits & MCR_LOOP) == 0
                ? MSR_CONNECTED
                : (bits & 2) << 3 | (bits & 1) << 5 | (bits & 4) << 4 | (bits & 8) << 4;
    }

    private int takeLineStatus() {
        int status = LSR_TRANSMITTER_EMPTY | (receiver.isEmpty() ? 0 : LSR_DATA_READY) | (overrun ? LSR_OVERRUN : 0);
        overrun = false;
        return status;
    }

    private int takeModemStatus() {
        int status = modemStatus;
        modemStatus &= 0xf0;
        return status;
    }

    /** {@return the cause of the interrupt with the highest priority} */
    private int cause() {
        if (overrun && (interruptEnable & IER_LINE_STATUS) != 0) {
            return IIR_LINE_STATUS;
        }
        if (!receiver.isEmpty() && (interruptEnable & IER_RECEIVED) != 0) {
            // Below the trigger level nothing more is on its way, so the character timeout has come at once.
            return receiver.size() >= triggerLevel() ? IIR_RECEIVED : IIR_RECEIVE_TIMEOUT;
        }
        if (transmitInterrupt && (interruptEnable & IER_TRANSMIT_EMPTY) != 0) {
            return IIR_TRANSMIT_EMPTY;
        }
        if ((modemStatus & 0xf) != 0 && (interruptEnable & IER_MODEM_STATUS) != 0) {
            return IIR_MODEM_STATUS;
        }
        return IIR_NONE;
    }

    private int triggerLevel() {
        return switch (fifoControl >> 6) {
            case 1 -> 4;
            case 2 -> 8;
            case 3 -> 14;
            default -> 1;
        };
    }

    private int identifyInterrupt() {
        int cause = cause();
        if (cause == IIR_TRANSMIT_EMPTY) {
            transmitInterrupt = false;
        }
        return cause | (fifosEnabled() ? IIR_FIFOS_ENABLED : 0);
    }

    /** Moves what the host sent into the receiver and drives the interrupt line. */
    private void update() {
        // In loopback the receiver is cut off from the line.
        while (takesMore() && !hostQueue.isEmpty()) {
            receiver.add(hostQueue.remove());
        }
        interrupt.set(cause() != IIR_NONE);
    }

    private boolean takesMore() {
        return (modemControl & MCR_LOOP) == 0 && receiver.size() < receiverSize();
    }

    @Override
    public void state(StateExchange s) {
        s.part("UART", 1);
        interruptEnable = s.digested(interruptEnable, 0, 0xf);
        fifoControl = s.digested(fifoControl, 0, 0xff);
        s.require(
                fifoControl == 0 || fifosEnabled() && (fifoControl & ~FCR_KEPT) == 0,
                "its FIFOs are neither on nor off");
        lineControl = s.digested(lineControl, 0, 0xff);
        modemControl = s.digested(modemControl, 0, 0x1f);
        modemStatus = s.digested(modemStatus, 0, 0xff);
        s.require((modemStatus & 0xf0) == modemLines(), "its modem's lines are not those that it has");
        divisor = s.digested(divisor, 0, 0xffff);
        scratch = s.digested(scratch, 0, 0xff);
        overrun = s.digested(overrun);
        transmitInterrupt = s.digested(transmitInterrupt);
        exchange(s, receiver, receiverSize());
        exchange(s, hostQueue, Integer.MAX_VALUE);
        s.require(hostQueue.isEmpty() || !takesMore(), "what was sent to it has not come");
        looks = s.saved(looks, 0, WAITING_LOOKS);
    }

    private static void exchange(StateExchange s, ArrayDeque<Byte> queue, int most) {
        int count = s.digestedCount(queue.size(), most);
        s.items(queue, count, (byte) 0, value -> (byte) s.digested(value, Byte.MIN_VALUE, Byte.MAX_VALUE));
    }
}
