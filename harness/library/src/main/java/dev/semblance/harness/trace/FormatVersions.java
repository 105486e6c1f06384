package dev.semblance.harness.trace;

import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.DisplayChange;
import dev.semblance.harness.trace.TraceEvent.End;
import dev.semblance.harness.trace.TraceEvent.Fault;
import dev.semblance.harness.trace.TraceEvent.QueueReset;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.RingFault;

/** What came into the format with which version (docs/TRACE_FORMAT.md, "Versions"). */
final class FormatVersions {

    /** The version that everything belongs to that is not named here. */
    static final int FIRST = 1;

    private static final int STUCK = 2;

    private static final int QUEUE_FEATURES = 3;

    private static final int DISPLAYS = 3;

    private static final int TABLET = 3;

    /** A reader that did not know where RAM begins would find everything outside of it. */
    private static final int RAM_BASE = 3;

    /** What the guest's memory and its displays are like, and whose time it is, is in no event: a reader has to know the keys. */
    private static final int FOREIGN_GUESTS = 4;

    /** The machine of such a trace does not begin at power-on, and its first events never happened in it. */
    private static final int PARENT = 5;

    /** The device ID of input devices (VIRTIO 1.2, 5). */
    private static final int INPUT_DEVICE = 18;

    private static final int STORED_STATE = 5;

    private FormatVersions() {}

    /** {@return the lowest version that has what a manifest says} */
    static int of(TraceManifest manifest) {
        return manifest.storedState().isPresent()
                ? Math.max(STORED_STATE, leastReader(manifest))
                : leastReader(manifest);
    }

    /** {@return the lowest version that has what a manifest says, as far as readers may not skip it} */
    static int leastReader(TraceManifest manifest) {
        if (manifest.parent().isPresent()) {
            return PARENT;
        }
        boolean off = manifest.displayModes().stream().anyMatch(mode -> !mode.hasDisplay());
        boolean tablet = manifest.devices().stream()
                .anyMatch(device ->
                        device.virtioId() == INPUT_DEVICE && device.kind().equals(TraceManifest.Device.TABLET));
        boolean foreign = manifest.memory().isPresent()
                || manifest.largerViews().isPresent()
                || manifest.clock().isPresent();
        if (foreign) {
            return FOREIGN_GUESTS;
        }
        int ram = manifest.ramBase().isPresent() ? RAM_BASE : FIRST;
        return Math.max(ram, Math.max(off ? DISPLAYS : FIRST, tablet ? TABLET : FIRST));
    }

    /** {@return the lowest version that has an event} A trace has the version of the newest thing in it. */
    static int of(TraceEvent event) {
        return switch (event) {
            case End end -> end.reason() == End.Reason.STUCK ? STUCK : FIRST;
            case QueueReset reset -> QUEUE_FEATURES;
            case DisplayChange change -> DISPLAYS;
            case Command command ->
                command.descriptors().stream().anyMatch(Descriptor::isIndirect) ? QUEUE_FEATURES : FIRST;
            case Fault fault -> fault.reason() == RingFault.Reason.INDIRECT_MALFORMED ? QUEUE_FEATURES : FIRST;
            default -> FIRST;
        };
    }
}
