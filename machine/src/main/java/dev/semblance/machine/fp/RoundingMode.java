package dev.semblance.machine.fp;

/** Rounding modes, as the rm field of an instruction and frm have them (RISC-V unprivileged ISA, 20.2). 5 and 6 are reserved. */
public final class RoundingMode {
    /** To nearest, ties to even. */
    public static final int RNE = 0;
    /** Towards zero. */
    public static final int RTZ = 1;
    /** Down, towards negative infinity. */
    public static final int RDN = 2;
    /** Up, towards positive infinity. */
    public static final int RUP = 3;
    /** To nearest, ties away from zero. */
    public static final int RMM = 4;
    /** In an instruction: what frm says. In frm it is reserved. */
    public static final int DYN = 7;

    /** What {@link #resolve} returns for an instruction that is illegal. */
    public static final int ILLEGAL = -1;

    private RoundingMode() {}

    /**
     * {@return the mode that an instruction rounds in, {@link #RNE} to {@link #RMM}; {@link #ILLEGAL} where it names a
     * reserved one, itself or by frm} Such an instruction is illegal whatever its operands are.
     *
     * @param rm the field of the instruction, 0 to 7
     * @param frm the dynamic rounding mode, 0 to 7
     */
    public static int resolve(int rm, int frm) {
        int mode = rm == DYN ? frm : rm;
        return mode <= RMM ? mode : ILLEGAL;
    }
}
