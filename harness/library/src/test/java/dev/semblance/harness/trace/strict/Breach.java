package dev.semblance.harness.trace.strict;

/** A rule of docs/TRACE_FORMAT.md that a file breaks. */
final class Breach extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean incompatible;

    private Breach(String rule, boolean incompatible) {
        super(rule);
        this.incompatible = incompatible;
    }

    static Breach corrupt(String rule) {
        return new Breach(rule, false);
    }

    static Breach incompatible(String rule) {
        return new Breach(rule, true);
    }

    boolean isIncompatible() {
        return incompatible;
    }

    /** Refuses the file where a rule is not kept. */
    static void unless(boolean kept, String rule) throws Breach {
        if (!kept) {
            throw corrupt(rule);
        }
    }
}
