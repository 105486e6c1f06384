package dev.semblance.machine.cpu;

/**
 * The exception an instruction raised, on its way to the hart. One per hart, used again and again: it carries no stack
 * trace and must be handled before the next instruction.
 */
final class Trap extends Exception {
    private static final long serialVersionUID = 1L;

    private int cause;
    private long value;

    Trap() {
        super("guest trap", null, false, false);
    }

    /** {@return this trap, set to a cause of {@link Cause} and the value for stval} */
    Trap with(int cause, long value) {
        this.cause = cause;
        this.value = value;
        return this;
    }

    int cause() {
        return cause;
    }

    long value() {
        return value;
    }
}
