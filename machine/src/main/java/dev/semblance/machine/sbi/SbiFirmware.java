package dev.semblance.machine.sbi;

import dev.semblance.machine.cpu.EnvironmentCall;
import dev.semblance.machine.cpu.Hart;
import dev.semblance.machine.cpu.HartState;
import dev.semblance.machine.device.ConsoleSink;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * The supervisor binary interface, version 2.0, as semu has it: BASE, TIME, IPI, RFENCE, HSM and SRST for one hart; and,
 * which semu has not, a console: DBCN, and of the legacy calls console_putchar and console_getchar. Every other call
 * returns SBI_ERR_NOT_SUPPORTED.
 *
 * <p>The console is always served, but BASE tells of it only after {@link #announceConsole}: a kernel that is told of it
 * takes another way through its boot than on semu.
 */
public final class SbiFirmware implements EnvironmentCall, Stateful {

    /** What the guest asked for through SRST. */
    public enum Reset {
        /** System reset type 0. */
        SHUTDOWN,
        /** Types 1 (cold) and 2 (warm). */
        REBOOT
    }

    private static final int BASE = 0x10;
    private static final int TIME = 0x5449_4D45;
    private static final int IPI = 0x0073_5049;
    private static final int RFENCE = 0x5246_4E43;
    private static final int HSM = 0x0048_534D;
    private static final int SRST = 0x5352_5354;
    private static final int DBCN = 0x4442_434E;
    private static final int LEGACY_PUTCHAR = 1;
    private static final int LEGACY_GETCHAR = 2;

    private static final int SPEC_VERSION = 2 << 24;
    private static final int IMPLEMENTATION_ID = 0x999;
    private static final int IMPLEMENTATION_VERSION = 1;
    private static final int MVENDORID = 0x1234_5678;
    private static final int MARCHID = 0x8000_0001;
    private static final int MIMPID = 1;

    private static final int SUCCESS = 0;
    private static final int ERR_FAILED = -1;
    private static final int ERR_NOT_SUPPORTED = -2;
    private static final int ERR_INVALID_PARAM = -3;
    private static final int ERR_ALREADY_AVAILABLE = -6;

    private static final int SUSPEND_RETENTIVE = 0;
    private static final int SUSPEND_NON_RETENTIVE = 0x8000_0000;

    private static final int A0 = 10;
    private static final int A1 = 11;
    private static final int A2 = 12;
    private static final int A6 = 16;
    private static final int A7 = 17;

    private final LongConsumer setTimer;
    private final Consumer<Reset> reset;
    private final SbiConsole console;
    private boolean consoleAnnounced;

    /**
     * Makes the firmware.
     *
     * @param setTimer takes the mtime value of the next timer interrupt, unsigned
     * @param reset called when the guest asks for a shutdown or a reboot; the run is to end there
     * @param memory which the debug console's calls name bytes of
     * @param output takes what is written to the console
     * @param input takes the next byte that waits for the guest, 0 to 255, if there is one
     */
    public SbiFirmware(
            LongConsumer setTimer,
            Consumer<Reset> reset,
            GuestMemory memory,
            ConsoleSink output,
            Supplier<OptionalInt> input) {
        this.setTimer = setTimer;
        this.reset = reset;
        this.console = new SbiConsole(memory, output, input);
    }

    /** Makes BASE tell of the console from now on. */
    public void announceConsole() {
        consoleAnnounced = true;
    }

    @Override
    public void state(StateExchange s) {
        s.part("SBI ", 1);
        consoleAnnounced = s.saved(consoleAnnounced);
    }

    /** What goes back in a0 and a1. */
    private record Answer(int error, long value) {
        static final Answer OK = new Answer(SUCCESS, 0);
        static final Answer INVALID_PARAM = new Answer(ERR_INVALID_PARAM, 0);
        static final Answer NOT_SUPPORTED = new Answer(ERR_NOT_SUPPORTED, 0);
    }

    @Override
    public void call(Hart hart) {
        HartState state = hart.state();
        int function = (int) state.x(A6);
        int extension = (int) state.x(A7);
        // The legacy calls answer in a0 alone and leave a1 as it is (SBI 2.0, chapter 5).
        if (extension == LEGACY_PUTCHAR) {
            console.put((int) state.x(A0));
            state.setX(A0, SUCCESS);
            return;
        }
        if (extension == LEGACY_GETCHAR) {
            state.setX(A0, console.take());
            return;
        }
        Answer answer = switch (extension) {
            case BASE -> base(function, (int) state.x(A0));
            case TIME -> time(function, state);
            case IPI -> interprocessorInterrupt(function, hart);
            case RFENCE -> remoteFence(function, hart);
            case HSM -> hartState(function, hart);
            case SRST -> systemReset(function, (int) state.x(A0), (int) state.x(A1));
            case DBCN -> debugConsole(function, state);
            default -> Answer.NOT_SUPPORTED;
        };
        // Errors are negative on either width.
        state.setX(A0, answer.error);
        state.setX(A1, answer.value);
    }

    private Answer base(int function, int argument) {
        return switch (function) {
            case 0 -> new Answer(SUCCESS, SPEC_VERSION);
            case 1 -> new Answer(SUCCESS, IMPLEMENTATION_ID);
            case 2 -> new Answer(SUCCESS, IMPLEMENTATION_VERSION);
            case 3 ->
                new Answer(
                        SUCCESS,
                        switch (argument) {
                            case BASE, TIME, IPI, RFENCE, HSM, SRST -> 1;
                            case DBCN, LEGACY_PUTCHAR, LEGACY_GETCHAR -> consoleAnnounced ? 1 : 0;
                            default -> 0;
                        });
            case 4 -> new Answer(SUCCESS, MVENDORID);
            case 5 -> new Answer(SUCCESS, MARCHID);
            case 6 -> new Answer(SUCCESS, MIMPID);
            default -> Answer.NOT_SUPPORTED;
        };
    }

    private Answer time(int function, HartState state) {
        if (function != 0) {
            return Answer.NOT_SUPPORTED;
        }
        setTimer.accept(state.isa().is64() ? state.x(A0) : state.x(A0) & 0xffff_ffffL | state.x(A1) << 32);
        return Answer.OK;
    }

    private static Answer interprocessorInterrupt(int function, Hart hart) {
        if (function != 0) {
            return Answer.NOT_SUPPORTED;
        }
        return switch (named(hart.state())) {
            case THE_HART -> {
                hart.softwareInterrupt().set(true);
                yield Answer.OK;
            }
            case NOBODY -> Answer.OK;
            case UNKNOWN -> Answer.INVALID_PARAM;
        };
    }

    private static Answer remoteFence(int function, Hart hart) {
        if (function < 0 || function > 2) {
            return Answer.NOT_SUPPORTED;
        }
        return switch (named(hart.state())) {
            case THE_HART -> {
                // FENCE.I, function 0, has nothing to do. The others may forget more than the range they name.
                if (function != 0) {
                    hart.flushTranslations();
                }
                yield Answer.OK;
            }
            case NOBODY -> Answer.OK;
            case UNKNOWN -> Answer.INVALID_PARAM;
        };
    }

    /** Whom a hart mask and its base name, of the one hart there is. */
    private enum Named {
        THE_HART,
        NOBODY,
        UNKNOWN
    }

    /** Reads the hart mask in a0 and its base in a1 (SBI 2.0, 3.1): base -1 names every hart. */
    private static Named named(HartState state) {
        long mask = state.x(A0);
        long base = state.x(A1);
        if (base == -1 || base == 0 && mask == 1) {
            return Named.THE_HART;
        }
        return mask == 0 ? Named.NOBODY : Named.UNKNOWN;
    }

    private static Answer hartState(int function, Hart hart) {
        long id = hart.state().x(A0);
        return switch (function) {
            case 0 -> new Answer(id == 0 ? ERR_ALREADY_AVAILABLE : ERR_INVALID_PARAM, 0);
            // The only hart cannot stop: nobody could start it again.
            case 1 -> new Answer(ERR_FAILED, 0);
            case 2 -> new Answer(id == 0 ? SUCCESS : ERR_INVALID_PARAM, 0);
            case 3 -> suspend(hart);
            default -> Answer.NOT_SUPPORTED;
        };
    }

    /** Only the default retentive suspend type is there; the default non-retentive one is optional, the rest is reserved. */
    private static Answer suspend(Hart hart) {
        return switch ((int) hart.state().x(A0)) {
            case SUSPEND_RETENTIVE -> {
                hart.suspend();
                yield Answer.OK;
            }
            case SUSPEND_NON_RETENTIVE -> Answer.NOT_SUPPORTED;
            default -> Answer.INVALID_PARAM;
        };
    }

    /** SBI 2.0, chapter 12: bytes are named by their number in a0 and a physical address in a1 (low half) and a2. */
    private Answer debugConsole(int function, HartState state) {
        if (function == 2) {
            console.put((int) state.x(A0));
            return Answer.OK;
        }
        if (function < 0 || function > 2) {
            return Answer.NOT_SUPPORTED;
        }
        boolean wide = state.isa().is64();
        long length = wide ? state.x(A0) : state.x(A0) & 0xffff_ffffL;
        long address = wide ? addressOf64(state) : state.x(A1) & 0xffff_ffffL | state.x(A2) << 32;
        if (!console.isMemory(address, length)) {
            return Answer.INVALID_PARAM;
        }
        return new Answer(SUCCESS, function == 0 ? console.write(address, length) : console.read(address, length));
    }

    /** On 64 bits, the high half of an address is one that no machine has: it must be 0, and what is not is outside of memory. */
    private static long addressOf64(HartState state) {
        return state.x(A2) == 0 ? state.x(A1) : -1;
    }

    /** Reasons 0 (none) and 1 (system failure) are defined; all others are reserved or somebody else's. */
    private Answer systemReset(int function, int type, int reason) {
        if (function != 0) {
            return Answer.NOT_SUPPORTED;
        }
        if (type < 0 || type > 2 || reason < 0 || reason > 1) {
            return Answer.INVALID_PARAM;
        }
        reset.accept(type == 0 ? Reset.SHUTDOWN : Reset.REBOOT);
        return Answer.OK;
    }
}
