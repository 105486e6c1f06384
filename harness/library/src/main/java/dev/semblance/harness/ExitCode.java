package dev.semblance.harness;

import java.util.Collection;

/** How a command ends, as the shell sees it. Declared from the gravest to the best. */
public enum ExitCode {
    /** A mistake of ours. */
    INTERNAL(70, "internal error"),
    /** Ended by the user before it was done; what was being written is complete as far as it goes, or gone. */
    INTERRUPTED(130, "ended by Ctrl-C (143: by SIGTERM)"),
    /** The command line, a scenario or an input file is not usable as given, or an output cannot be written. */
    USAGE(2, "usage error, an input that cannot be read, or an output that cannot be written"),
    /** A trace is damaged. */
    CORRUPT(3, "corrupt trace"),
    /** A trace was cut off; what is left of it passed. */
    TORN(4, "torn trace whose readable part passed"),
    /** A trace needs another version, configuration, or images that are not here; or a target is there and cannot be used. */
    INCOMPATIBLE(5, "incompatible version, configuration or images, or a target that cannot be used"),
    /** A scenario waited for something that did not happen. */
    SCENARIO_FAILED(6, "a scenario step failed"),
    /** A picture differs from its golden, or a replay from its recording; or a guest does nothing any more but trap. */
    MISMATCH(
            1,
            "a picture or a replay differs from what was recorded, lint or fuzz found something, or a guest is stuck"),
    /** There is no golden to compare with. */
    GOLDEN_MISSING(7, "a golden picture is missing"),
    /** All is well. */
    PASS(0, "pass");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** {@return the number given to the shell} */
    public int code() {
        return code;
    }

    /** {@return what the code means, as {@code --help} says it} */
    public String meaning() {
        return meaning;
    }

    /**
     * {@return how a command ends that ends in an exception of the library}
     *
     * @param problem what was thrown
     */
    public static ExitCode of(SemblanceException problem) {
        return switch (problem) {
            case IncompatibleException unused -> INCOMPATIBLE;
            case DamagedImageException unused -> INCOMPATIBLE;
            case UnusableTargetException unused -> INCOMPATIBLE;
            case CorruptInputException unused -> CORRUPT;
            case WorkInterruptedException unused -> INTERRUPTED;
            default -> USAGE;
        };
    }

    /**
     * {@return the graver of the two}
     *
     * @param other another code
     */
    public ExitCode orGraver(ExitCode other) {
        return compareTo(other) <= 0 ? this : other;
    }

    /**
     * {@return a difference if there is one, else the gravest of the codes: what a bisection over several files needs, to
     * which a difference says more than a file that cannot be replayed} A usage error stays one.
     *
     * @param codes what each file ended with
     */
    public static ExitCode differencesFirst(Collection<ExitCode> codes) {
        ExitCode gravest = gravest(codes);
        return gravest == USAGE
                ? USAGE
                : codes.stream()
                        .filter(code -> code == MISMATCH || code == GOLDEN_MISSING)
                        .reduce(ExitCode::orGraver)
                        .orElse(gravest);
    }

    /**
     * {@return the gravest of the codes, {@link #PASS} if there are none: what a command over several files ends with}
     *
     * @param codes what each file ended with
     */
    public static ExitCode gravest(Collection<ExitCode> codes) {
        return codes.stream().reduce(PASS, ExitCode::orGraver);
    }
}
