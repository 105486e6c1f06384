package dev.semblance.machine.cpu;

/** Translated code came to something else than the interpreter: a fault of this program, whose message says where, and what both came to. */
public final class CoreDifferenceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CoreDifferenceException(String message) {
        super(message);
    }
}
