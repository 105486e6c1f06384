package dev.semblance.machine.isa;

import dev.semblance.machine.profile.Isa;

/** The harts that have an instruction. */
public enum Scope {
    /** All of them: I, M and A, as both widths have them. */
    BASE,
    /** Those of 32 bits. */
    RV32,
    /** Those of 64 bits. */
    RV64,
    /** Those with F. */
    F,
    /** Those with D. */
    D,
    /** Those with F and 64 bits. */
    F_RV64,
    /** Those with D and 64 bits. */
    D_RV64;

    /**
     * {@return whether a hart is among them}
     *
     * @param isa what the hart has
     */
    public boolean includes(Isa isa) {
        return switch (this) {
            case BASE -> true;
            case RV32 -> !isa.is64();
            case RV64 -> isa.is64();
            case F, D -> isa.hasFloat();
            case F_RV64, D_RV64 -> isa.hasFloat() && isa.is64();
        };
    }

    /** {@return whether it is of harts with floating point} */
    public boolean isFloat() {
        return switch (this) {
            case BASE, RV32, RV64 -> false;
            case F, D, F_RV64, D_RV64 -> true;
        };
    }
}
