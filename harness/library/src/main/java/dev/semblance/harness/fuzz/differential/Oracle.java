package dev.semblance.harness.fuzz.differential;

import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.dialect.Dialect;

/** What tells whether a device does right. */
public sealed interface Oracle {

    /** {@return the reference model, whose answers and pictures must be the device's} */
    static Oracle reference() {
        return new Reference(Dialect.STANDARD);
    }

    /**
     * The reference model.
     *
     * @param dialect what the device may do otherwise
     */
    record Reference(Dialect dialect) implements Oracle {}

    /** The same device once more: two runs of one script must come out alike. */
    record Itself() implements Oracle {}

    /** Nothing but the device's death, hanging, or complaint. */
    record None() implements Oracle {}

    /**
     * {@return what checks scripts on a device}
     *
     * @param settings what the rig is made of
     * @param device makes the device under test
     */
    default ScriptCheck check(RigSettings settings, DeviceUnderTest.Factory device) {
        return switch (this) {
            case Reference reference -> new DifferentialRun(settings, device).in(reference.dialect());
            case Itself itself -> DifferentialRun.ofItself(settings, device);
            case None none -> new SurvivalRun(settings, device);
        };
    }

    /** {@return what the device may do otherwise than the standard has it} */
    default Dialect dialect() {
        return Dialect.STANDARD;
    }

    /** {@return whether the device is compared with the reference to the last bit} */
    default boolean isExact() {
        return equals(reference());
    }
}
