package dev.semblance.machine.isa;

/** Where an operand or a result of an instruction is. */
public enum RegisterFile {
    /** It has none there, or an immediate. */
    NONE,
    /** An integer register. */
    X,
    /** A floating-point register. */
    F
}
