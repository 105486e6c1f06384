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

    /**
     * The same device once more: two runs of one script must come out alike.
     *
     * @param dialect what its program may say, and which of its faults are known; the rest of it is about the reference model
     */
    record Itself(Dialect dialect) implements Oracle {}

    /**
     * Nothing but the device's death, hanging, or complaint.
     *
     * @param dialect what its program may say, and which of its faults are known
     */
    record None(Dialect dialect) implements Oracle {}

    /**
     * {@return what checks scripts on a device}
     *
     * @param settings what the rig is made of
     * @param device makes the device under test
     */
    default ScriptCheck check(RigSettings settings, DeviceUnderTest.Factory device) {
        return switch (this) {
            case Reference reference -> new DifferentialRun(settings, device).in(reference.dialect());
            case Itself itself ->
                DifferentialRun.ofItself(settings, device).in(itself.dialect().ofStandardErrorAndFindings());
            case None none -> new SurvivalRun(settings, device, none.dialect());
        };
    }

    /** {@return what the device may do otherwise than the standard has it} */
    Dialect dialect();

    /** {@return whether the device is compared with the reference to the last bit} */
    default boolean isExact() {
        return equals(reference());
    }
}
